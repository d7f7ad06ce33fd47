"""What a checker may look at: the imitations' own journal, and what the hub's public API answers."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from tests.faults.simulated import words

UPSTREAMS = ("sp4n", "laporgub")
CHAT = "whatsapp"
_CAUSES = frozenset({"followed_up", "referral_asked"})

Json = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Happening:
    """A line of the journal."""

    number: int
    at: datetime
    where: str
    kind: str
    facts: Json = field(default_factory=dict)

    def fact(self, name: str) -> str:
        """A fact as text; empty where there is none."""
        value = self.facts.get(name)
        return "" if value is None else str(value)


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """Both sides when a day is over.

    `complaints` are the answers of /complaints/{ticket}, `parcels` what /parcels lists in doubt, given up
    and to be carried, `cards`, `health` and `agreement` the answers under these names.
    """

    journal: Sequence[Happening]
    complaints: Sequence[Json]
    parcels: Sequence[Json] = ()
    cards: Sequence[Json] = ()
    health: Sequence[Json] = ()
    agreement: Json = field(default_factory=dict)

    def of(self, *kinds: str) -> Iterator[Happening]:
        """All lines of some kinds, oldest first."""
        return (each for each in self.journal if each.kind in kinds)

    def officers_moves(self) -> Iterator[Happening]:
        """Moves that people made there; what a follow-up of ours moved is our own doing."""
        before: Happening | None = None
        for each in self.journal:
            if each.kind == "moved" and not _is_caused_by(before, each):
                yield each
            before = each

    def shown_there(self) -> dict[tuple[str, str], str]:
        """The last word each channel showed, by channel and their number."""
        last = {
            (each.where, each.fact("external_id")): words.BEGINS[each.where]
            for each in self.of("filed")
        }
        for each in self.of("moved"):
            last[each.where, each.fact("external_id")] = each.fact("status")
        return last

    def faults(self) -> Iterator[Happening]:
        """Everything that was made to fail."""
        return self.of("fault")


def _is_caused_by(before: Happening | None, moved: Happening) -> bool:
    return (
        before is not None
        and before.kind in _CAUSES
        and before.where == moved.where
        and before.fact("external_id") == moved.fact("external_id")
        # They do both in one go; what comes later was done by somebody else.
        and before.at == moved.at
    )


def happening(event: Json) -> Happening:
    """A line of the journal as the control API gives it."""
    at = event["at"]
    moment = at if isinstance(at, datetime) else datetime.fromisoformat(at)
    return Happening(
        int(event["number"]), moment, str(event["imitation"]), str(event["kind"]), event["facts"]
    )


def moment(text: Any) -> datetime:
    """A time of the API."""
    return text if isinstance(text, datetime) else datetime.fromisoformat(str(text))


def end_of(message: object) -> str:
    """The API shows no more of a long id, because whole ids of some channels spell a number."""
    return str(message)[-8:]


def standing(complaints: Iterable[Json]) -> Iterator[Json]:
    """Those that speak for themselves; what was merged away has another ticket now."""
    return (each for each in complaints if not each.get("merged_into"))


@dataclass(frozen=True, slots=True)
class Sent:
    """A parcel with the ticket it was promised for, by the marks it may carry there."""

    ticket: str
    parcel: Json

    @property
    def where(self) -> str:
        """The channel it goes to."""
        return str(self.parcel["connector"])

    @property
    def orders(self) -> int:
        """How often a person said: once more."""
        words_of_people = {"not_there", "replayed"}
        return sum(
            each["phase"] == "person" and each["outcome"] in words_of_people
            for each in self.parcel["tries"]
        )

    @property
    def is_settled_by_person(self) -> bool:
        """Whether nothing but somebody's word says that it arrived."""
        return any(
            each["phase"] == "person" and each["outcome"] == "settled"
            for each in self.parcel["tries"]
        )


class Post:
    """All parcels of the day, found by the marks they leave."""

    def __init__(self, complaints: Iterable[Json]) -> None:
        self.sent: list[Sent] = []
        self._by_mark: dict[tuple[str, str], Sent] = {}
        for complaint in complaints:
            for parcel in complaint["parcels"]:
                self._add(Sent(str(complaint["ticket"]), parcel))

    def _add(self, sent: Sent) -> None:
        self.sent.append(sent)
        whole = str(sent.parcel["parcel_id"])
        for mark in (whole, whole[:12]):
            self._by_mark[sent.where, mark] = sent
        if sent.parcel["kind"] == "opening":
            self._by_mark[sent.where, sent.ticket] = sent

    def of_mark(self, where: str, mark: str) -> Sent | None:
        """The parcel that left this mark."""
        return self._by_mark.get((where, mark))
