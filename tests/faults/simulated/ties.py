"""What belongs together: messages, tickets, numbers there, parcels and cards of one day."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from tests.faults.simulated import words
from tests.faults.simulated.seen import (
    CHAT,
    UPSTREAMS,
    Happening,
    Json,
    Post,
    Seen,
    Sent,
    end_of,
    moment,
)

OPERATOR = "operator"
OPEN = frozenset({"waiting", "leased", "handed", "doubt", "abandoned"})


@dataclass(frozen=True, slots=True)
class Change:
    """A status that somebody decided: an officer there, or an operator here.

    `repeats`: the channel showed that already, so nobody outside can see that it was said again. `place`: its
    number there.
    """

    at: datetime
    status: str
    by: str
    number: int = -1
    tokens: tuple[str, ...] = ()
    repeats: bool = False
    place: str = ""


class Ties:
    """Questions about one day, each answered from the journal or the public API."""

    def __init__(self, seen: Seen) -> None:
        self.seen = seen
        self.post = Post(seen.complaints)
        self.by_ticket = {str(each["ticket"]): each for each in seen.complaints}

    def speaks_for(self, ticket: str) -> Json:
        """The complaint that speaks for a ticket now."""
        complaint = self.by_ticket[ticket]
        while complaint.get("merged_into"):
            complaint = self.by_ticket[str(complaint["merged_into"])]
        return complaint

    @cached_property
    def _families(self) -> dict[str, list[Json]]:
        grouped: dict[str, list[Json]] = defaultdict(list)
        for ticket, complaint in self.by_ticket.items():
            grouped[str(self.speaks_for(ticket)["ticket"])].append(complaint)
        return grouped

    def family(self, complaint: Json) -> list[Json]:
        """A complaint and all that were merged into it."""
        return self._families[str(self.speaks_for(str(complaint["ticket"]))["ticket"])]

    @cached_property
    def complaint_of_message(self) -> dict[tuple[str, str], Json]:
        """Which complaint holds a report, by channel and the end of its id."""
        return {
            (str(report["connector"]), end_of(report["external_id"])): complaint
            for complaint in self.seen.complaints
            for report in complaint["reports"]
        }

    def complaint_with(self, said: Happening) -> Json | None:
        """The complaint that holds what a citizen said."""
        return self.complaint_of_message.get((said.where, end_of(said.fact("message"))))

    def tickets(self, complaint: Json) -> set[str]:
        """All tickets of the family."""
        return {str(each["ticket"]) for each in self.family(complaint)}

    def numbers_there(self, complaint: Json) -> set[tuple[str, str]]:
        """Channel and their number of each place that knows the family."""
        return {
            (str(source["connector"]), str(source["external_id"]))
            for each in self.family(complaint)
            for source in each["sources"]
            if source["connector"] in UPSTREAMS and source["external_id"]
        }

    @cached_property
    def _told(self) -> dict[str, list[Happening]]:
        grouped: dict[str, list[Happening]] = defaultdict(list)
        for told in self.seen.of("told"):
            ticket = words.ticket_in(told.fact("text"))
            if ticket is not None:
                grouped[ticket].append(told)
        return grouped

    def told(self, complaint: Json) -> dict[str, list[Happening]]:
        """What each citizen of the family read about it, oldest first, by conversation."""
        grouped: dict[str, list[Happening]] = defaultdict(list)
        mine = [told for ticket in self.tickets(complaint) for told in self._told[ticket]]
        for told in sorted(mine, key=lambda each: each.number):
            grouped[told.fact("conversation")].append(told)
        return grouped

    def conversations(self, complaint: Json) -> dict[str, Json]:
        """Who wrote of it in the chat, with the complaint that their words made."""
        return {
            said.fact("conversation"): found
            for said in self.seen.of("said")
            if said.where == CHAT
            and (found := self.complaint_with(said)) is not None
            and str(found["ticket"]) in self.tickets(complaint)
        }

    @cached_property
    def _moves(self) -> dict[tuple[str, str], list[Change]]:
        grouped: dict[tuple[str, str], list[Change]] = defaultdict(list)
        shown: dict[tuple[str, str], str | None] = {}
        by_officers = {moved.number for moved in self.seen.officers_moves()}
        for moved in self.seen.of("moved"):
            key = (moved.where, moved.fact("external_id"))
            before = shown.get(key, words.RECEIVED)
            status = shown[key] = words.means(moved.where, moved.fact("status"))
            if status is not None and moved.number in by_officers:
                change = Change(
                    moved.at,
                    status,
                    moved.where,
                    moved.number,
                    repeats=status == before,
                    place=key[1],
                )
                grouped[key].append(change)
        return grouped

    def officers_changes(self, complaint: Json) -> list[Change]:
        """Every move of officers, at all places that know the family."""
        return [
            change for key in sorted(self.numbers_there(complaint)) for change in self._moves[key]
        ]

    def operators_changes(self, complaint: Json) -> Iterator[Change]:
        """Every move of operators, as the public history has it."""
        for each in self.family(complaint):
            for row in each["history"]:
                if str(row["origin"]).startswith(f"{OPERATOR}:") and row["outcome"] == "moved":
                    tokens = tuple(words.tokens_in(str(row["note"] or "")))
                    yield Change(
                        moment(row["known_at"]), str(row["status"]), OPERATOR, tokens=tokens
                    )

    def changes(self, complaint: Json) -> list[Change]:
        """All that anybody decided, by its time."""
        both = [*self.officers_changes(complaint), *self.operators_changes(complaint)]
        return sorted(both, key=lambda change: change.at)

    def decisions(self, complaint: Json) -> list[Change]:
        """The same, and what operators said of what held already: from then on it is their word."""
        said = [
            Change(moment(row["known_at"]), str(row["status"]), OPERATOR)
            for each in self.family(complaint)
            for row in each["history"]
            if str(row["origin"]).startswith(f"{OPERATOR}:") and row["outcome"] == "answered"
        ]
        return sorted([*self.changes(complaint), *said], key=lambda change: change.at)

    def marked(self, where: str, number: str, *kinds: str) -> list[tuple[Happening, Sent | None]]:
        """What we left at one place there, oldest first, with the parcel it came from."""
        return [
            (each, self.post.of_mark(where, each.fact("marker")))
            for each in self.seen.of(*kinds)
            if each.where == where and each.fact("external_id") == number
        ]

    @cached_property
    def _carded(self) -> tuple[set[str], set[str]]:
        parcels = {str(card["parcel_id"]) for card in self.seen.cards if card["parcel_id"]}
        tickets = {str(card["ticket"]) for card in self.seen.cards if card["ticket"]}
        return parcels, tickets

    def is_shown(self, parcel: Json) -> bool:
        """Whether a parcel that is not through has a card of its own."""
        return str(parcel["parcel_id"]) in self._carded[0]

    def asks_about(self, complaint: Json) -> bool:
        """Whether some card asks a person about the family."""
        return bool(self.tickets(complaint) & self._carded[1])

    def waits_for_person(self, complaint: Json, where: str) -> bool:
        """Whether something for that channel is not through, and a card says so."""
        return any(
            sent.where == where and sent.parcel["state"] in OPEN and self.is_shown(sent.parcel)
            for sent in self.post.sent
            if sent.ticket in self.tickets(complaint)
        )
