"""The one canonical complaint and how it moves."""

import re
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from hub.domain.authority import Ends, Rule, Ruling, Word
from hub.domain.place import Place
from hub.domain.status import ALLOWED_MOVES, REOPENS_TO, Status


class Outcome(StrEnum):
    """What came of the wish to move a complaint. Never a crash, never a silent overwrite."""

    MOVED = "moved"
    SAME = "same"
    LATE = "late"
    NOT_ALLOWED = "not_allowed"
    STANDS = "stands"
    HELD = "held"

    @property
    def is_conflict(self) -> bool:
        """Whether two sources now say different things."""
        return self in (Outcome.LATE, Outcome.NOT_ALLOWED, Outcome.STANDS, Outcome.HELD)


@dataclass(slots=True, kw_only=True)
class Complaint:
    """What citizens, cities and provinces talk about, whichever channels it came by.

    `status_at` is the time the source itself gave for the present status, not when we heard of it.
    `merged_into` speaks for it now; `continues` is the ended complaint of the same trouble; `voices`: how
    many people said it. `held_at`: since when channels undo each other, and only a person's word counts.
    """

    id: int
    ticket: str
    title: str = field(repr=False)
    text: str = field(repr=False)
    said_at: datetime
    status: Status
    status_at: datetime
    status_from: str
    category: str | None = None
    place: Place | None = None
    agency: str | None = None
    routed_by: str | None = None
    anonymous: bool = False
    secret: bool = False
    merged_into: int | None = None
    continues: int | None = None
    voices: int = 1
    held_at: datetime | None = None
    held_why: str | None = None

    @property
    def word(self) -> Word:
        """What holds now, since when, and who said so."""
        return Word(self.status, self.status_at, self.status_from)

    def judge(self, status: Status, *, at: datetime, reason: str | None = None) -> Outcome:
        """What would come of moving to `status` at `at`; a `reason` allows re-opening an end."""
        if status is self.status:
            return Outcome.SAME
        if at < self.status_at:
            return Outcome.LATE
        allowed = ALLOWED_MOVES[self.status]
        if self.status.is_final and reason:
            allowed = allowed | REOPENS_TO
        return Outcome.MOVED if status in allowed else Outcome.NOT_ALLOWED

    def heed(self, word: Word, ruling: Ruling) -> None:
        """Go by what a channel said, as far as the rules let it."""
        if ruling.ends is Ends.THEIRS:
            self.status, self.status_at, self.status_from = word.status, word.at, word.origin
        elif ruling.ends is Ends.SAME:
            self.status_at = max(self.status_at, word.at)
            if ruling.rule is Rule.CONFIRMED:
                self.status_from = word.origin

    def move_to(
        self, status: Status, *, at: datetime, origin: str, reason: str | None = None
    ) -> Outcome:
        """Move if that is allowed and not older than what is known; tell what came of it."""
        outcome = self.judge(status, at=at, reason=reason)
        if outcome is Outcome.MOVED:
            self.status, self.status_at, self.status_from = status, at, origin
        elif outcome is Outcome.SAME:
            # Confirmed later: what is older than that is late from now on.
            self.status_at = max(self.status_at, at)
        return outcome


@dataclass(slots=True, kw_only=True)
class Source:
    """The complaint as one channel knows it."""

    id: int
    complaint_id: int
    connector: str
    external_id: str | None
    person_id: int | None = None
    route: str | None = None
    their_status: str | None = None
    shown: Status | None = None
    shown_at: datetime | None = None
    told: Status | None = None
    disagrees: str | None = None
    listens: bool = True
    thread_id: int | None = None


# "Jl. Veteran" and "No. 7" do not end a sentence; neither does anything else this short.
_SENTENCE_END = re.compile(r"(?<=\w{4})[.!?](?=\s)|[!?](?=\s)")


def title_of(text: str, *, longest: int = 90) -> str:
    """A title for words that came without one: their first sentence, cut at a word."""
    line = next((line.strip() for line in text.splitlines() if line.strip()), "")
    sentence = _SENTENCE_END.split(line, maxsplit=1)[0].strip(" .")
    if len(sentence) <= longest:
        return sentence
    return sentence[:longest].rsplit(" ", 1)[0].rstrip(" ,;:") + "…"
