"""What passes between the use cases and the store: rows and words, frozen, with no behaviour."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from hub.contract.news import Raw
from hub.domain.authority import Ends, Rule, Word
from hub.domain.status import Status

MARKER_LENGTH = 12
# The code of a parcel that somebody carried there in vain.
REFUSED_THERE = "refused_there"


class How(StrEnum):
    """By which way something came in."""

    WEBHOOK = "webhook"
    POLL = "poll"
    INSPECT = "inspect"
    IMPORT = "import"


class State(StrEnum):
    """Where a parcel stands. Only SETTLED and DROPPED are ends; nothing is deleted.

    HANDED: it is out of our hands; a person copies it there, or a file carries it.
    """

    WAITING = "waiting"
    LEASED = "leased"
    HANDED = "handed"
    DOUBT = "doubt"
    SETTLED = "settled"
    ABANDONED = "abandoned"
    DROPPED = "dropped"


class Kind(StrEnum):
    """What a parcel carries."""

    OPENING = "opening"
    STATUS = "status"
    ADDITION = "addition"
    NOTICE = "notice"


class Topic(StrEnum):
    """What somebody should look at right after a commit."""

    INBOX = "inbox"
    OUTBOX = "outbox"
    TURNS = "turns"
    FILES = "files"


@dataclass(frozen=True, slots=True)
class InboxItem:
    """A raw thing waiting to be read."""

    id: int
    connector: str
    how: How
    raw: Raw
    tries: int
    received_at: datetime


@dataclass(frozen=True, slots=True)
class Turn:
    """Several messages of one person that are one thing said."""

    id: int
    connector: str
    person_id: int
    route: str
    opened_at: datetime


@dataclass(frozen=True, slots=True)
class KeptReport:
    """A report as stored."""

    id: int
    connector: str
    external_id: str
    complaint_id: int | None
    person_id: int | None
    route: str | None
    said_at: datetime
    title: str | None
    text: str
    category: str | None
    latitude: float | None
    longitude: float | None
    place: str | None
    anonymous: bool
    secret: bool
    file_count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Promise:
    """News for one upstream, to be delivered after the commit. `lane`: what must stay in order."""

    connector: str
    kind: Kind
    lane: str
    content: Mapping[str, Any]
    complaint_id: int | None = None
    source_id: int | None = None
    person_id: int | None = None
    route: str | None = None
    needed: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Parcel:
    """A promise on its way."""

    id: int
    parcel_id: str
    connector: str
    kind: Kind
    lane: str
    content: Mapping[str, Any]
    state: State
    promised_at: datetime
    attempts: int
    complaint_id: int | None
    source_id: int | None
    person_id: int | None
    route: str | None
    begun: bool
    external_id: str | None
    doubt_since: datetime | None = None
    looks: int = 0
    receipt: str | None = None
    needed: bool = False
    handed_to: str | None = None
    batch_id: int | None = None

    @property
    def marker(self) -> str:
        """What an upstream is given of our id, to be found again by."""
        return self.parcel_id[:MARKER_LENGTH]


@dataclass(frozen=True, slots=True, kw_only=True)
class Batch:
    """Parcels that left in one file. `sha256` is None until the file has been written."""

    id: int
    connector: str
    file_name: str
    made_at: datetime
    made_by: str
    sha256: str | None


@dataclass(frozen=True, slots=True)
class Tallied:
    """What a batch of counted things was: not seen before, under another word before, or the same."""

    new: int = 0
    changed: int = 0
    same: int = 0


@dataclass(frozen=True, slots=True)
class ExpectedFile:
    """An attachment still to be fetched."""

    id: int
    connector: str
    ref: str
    route: str | None
    kind: str
    declared_sha256: str | None
    tries: int
    asked_at: datetime
    report_id: int
    person_id: int | None


@dataclass(frozen=True, slots=True)
class Inspection:
    """A source that is due to be looked at."""

    source_id: int
    external_id: str
    status: Status
    opened_at: datetime
    status_at: datetime
    failures: int
    apart: bool  # it shows, or was told, something else than the complaint


@dataclass(frozen=True, slots=True)
class FileRow:
    """An attachment as far as it has come."""

    id: int
    kind: str
    state: str
    file_name: str | None
    media_type: str | None
    size: int | None
    path: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """One thing a person should do. The same `key` again makes no second card."""

    key: str
    kind: str
    text: str
    next_step: str
    connector: str | None = None
    complaint_id: int | None = None
    parcel_id: str | None = None
    inbox_id: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """A report that shares keys with a new one. `gist` is JSON that only the reader understands."""

    report_id: int
    complaint_id: int
    version: int
    gist: str = field(repr=False)
    shared: float  # how many keys it shares, weighted


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """The verdict on one report against one complaint, as kept. `state` as in the table."""

    id: int
    report_id: int
    complaint_id: int
    verdict: str
    score: float
    evidence: Sequence[Mapping[str, Any]]
    returns: bool
    at: datetime
    state: str
    decided_by: str | None
    decided_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Merge:
    """A row of the ledger: what was re-pointed, on which evidence, by whom."""

    id: int
    kind: str  # join | merge
    complaint_id: int
    lost_id: int | None
    report_ids: Sequence[int]
    source_ids: Sequence[int]
    before: Mapping[str, Any]
    score: float | None
    evidence: Sequence[Mapping[str, Any]]
    who: str
    at: datetime
    undone_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Heard:
    """A row of a complaint's history: who said it, and what came of it."""

    id: int
    status: Status
    at: datetime
    origin: str
    outcome: str
    source_id: int | None


@dataclass(frozen=True, slots=True)
class Listening:
    """How to answer a person: the address, and until when free text is allowed."""

    address: Mapping[str, str] = field(repr=False)
    name: str | None = field(repr=False)
    heard_at: datetime | None
    window_closed: bool


@dataclass(frozen=True, slots=True)
class Gate:
    """What lies on the way to an upstream: a pause, a silence, a return that was a moment ago.

    A pause that has run out stands here until a call goes well.
    """

    paused_until: datetime | None = None
    lost_since: datetime | None = None
    resumed_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Conflict:
    """Who said what else than the complaint, and which rule decided. `ahead`: how fast their clock was."""

    id: int
    complaint_id: int
    source_id: int
    connector: str
    at: datetime
    rule: Rule
    outcome: Ends
    ours: Word
    theirs: Word
    their_word: str
    ahead: timedelta
    reason: str
    ended_at: datetime | None = None
    decided: Status | None = None
    decided_by: str | None = None
