"""The rows of the desk. None holds an identity; `person_id` is all there is to ask for one."""

from dataclasses import dataclass
from datetime import date, datetime

from hub.domain.status import Status
from hub.store.desk.step import Standing


@dataclass(frozen=True, slots=True, kw_only=True)
class ComplaintLine:
    """A complaint in a list; `channels` are the connectors that know it.

    `is_alone`: none of them but the one it came from. `voices`: how many people said it.
    """

    id: int
    ticket: str
    title: str
    status: Status
    category: str | None
    agency: str | None
    opened_at: datetime
    updated_at: datetime
    channels: tuple[str, ...]
    in_step: bool
    is_alone: bool
    voices: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class ComplaintRow:
    """The canonical record.

    `merged_into` is the ticket that speaks for it now, `continues` that of the same trouble before it.
    `held_at`: since when its channels undo each other and nothing moves it but a person.
    """

    id: int
    ticket: str
    title: str
    text: str
    category: str | None
    latitude: float | None
    longitude: float | None
    place: str | None
    anonymous: bool
    secret: bool
    said_at: datetime
    opened_at: datetime
    status: Status
    status_at: datetime
    status_from: str
    agency: str | None
    routed_by: str | None
    updated_at: datetime
    voices: int = 1
    merged_into: str | None = None
    continues: str | None = None
    held_at: datetime | None = None
    held_why: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AttachmentRow:
    """A file of a report; `state` is expected, stored or failed."""

    id: int
    report_id: int
    kind: str
    file_name: str | None
    media_type: str | None
    size: int | None
    state: str
    problem: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportRow:
    """What one channel brought."""

    id: int
    connector: str
    external_id: str
    person_id: int | None
    said_at: datetime
    received_at: datetime
    title: str | None
    text: str
    category: str | None
    latitude: float | None
    longitude: float | None
    place: str | None
    anonymous: bool
    secret: bool
    attachments: tuple[AttachmentRow, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceRow:
    """The complaint as one channel knows it, and how that channel stands to us.

    What does not listen is told nothing.
    """

    id: int
    complaint_id: int
    connector: str
    external_id: str | None
    their_status: str | None
    shown: Status | None
    shown_at: datetime | None
    told: Status | None
    told_at: datetime | None
    disagrees: str | None
    listens: bool
    linked_at: datetime
    linked_by: str
    standing: Standing

    @property
    def in_step(self) -> bool:
        """Whether the channel and the hub agree."""
        return self.standing is Standing.IN_STEP


@dataclass(frozen=True, slots=True, kw_only=True)
class HistoryRow:
    """A move, an answer, or news that could not move the complaint (`outcome` says which).

    `typed_by`: the operator who read it at the channel.
    """

    before: Status | None
    status: Status
    at: datetime
    known_at: datetime
    origin: str
    outcome: str
    note: str | None
    typed_by: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkRow:
    """A number of a source that was put right, with who did it and why."""

    source_id: int
    before: str | None
    after: str
    at: datetime
    who: str
    why: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class AttemptRow:
    """One line of a parcel's append-only record."""

    parcel_id: str
    number: int
    phase: str
    at: datetime
    outcome: str | None
    code: str | None
    detail: str | None
    milliseconds: int | None
    who: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ReceiptRow:
    """How far a message of ours got."""

    parcel_id: str
    state: str
    at: datetime
    code: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ParcelRow:
    """News on its way to one channel, with everything that was tried."""

    parcel_id: str
    marker: str
    connector: str
    kind: str
    status: Status | None
    needed: bool
    state: str
    promised_at: datetime
    due_at: datetime
    attempts: int
    asks_person: bool
    doubt_since: datetime | None
    code: str | None
    detail: str | None
    external_id: str | None
    handed_at: datetime | None
    handed_to: str | None
    batch_id: int | None
    receipt: str | None
    settled_at: datetime | None
    tries: tuple[AttemptRow, ...]
    receipts: tuple[ReceiptRow, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ParcelLine:
    """A parcel that a person may have to settle.

    `their_id`: the complaint's id at the channel. `in_conversation`: it speaks to a citizen in a
    chat, whose last words before it were `said`. `handed_to` copies it there just now.
    """

    id: int
    parcel_id: str
    marker: str
    connector: str
    kind: str
    status: Status | None
    state: str
    asks_person: bool
    promised_at: datetime
    doubt_since: datetime | None
    attempts: int
    code: str | None
    detail: str | None
    handed_at: datetime | None
    handed_to: str | None
    ticket: str | None
    title: str | None
    their_id: str | None
    in_conversation: bool
    said: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class CarriedRow:
    """A parcel that people or files carry. `file_name`: the file it left in, at `left_at`."""

    id: int
    parcel_id: str
    marker: str
    connector: str
    kind: str
    status: Status | None
    state: str
    handed_at: datetime | None
    handed_to: str | None
    ticket: str | None
    title: str | None
    their_id: str | None
    file_name: str | None
    left_at: datetime | None


@dataclass(frozen=True, slots=True)
class ToCarry:
    """How many parcels wait to be carried: `held` by people, `in_files`, or in nobody's hands."""

    total: int
    held: int = 0
    in_files: int = 0

    @property
    def untouched(self) -> int:
        """With how many nobody has begun."""
        return self.total - self.held - self.in_files


@dataclass(frozen=True, slots=True, kw_only=True)
class FileRow:
    """A stored attachment; `path` is relative to the files folder."""

    id: int
    kind: str
    file_name: str | None
    media_type: str | None
    path: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CountRow:
    """How often a word was counted on a day; seconds are means, None where none were told."""

    day: date
    word: str
    number: int
    waited: float | None
    talked: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class CardRow:
    """Something that asks for a person, with the next step."""

    id: int
    kind: str
    connector: str | None
    ticket: str | None
    parcel_id: str | None
    inbox_id: int | None
    text: str
    next_step: str
    opened_at: datetime
    seen: int
    last_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class UnreadableRow:
    """Something that came in and could not be read; the raw bytes are kept."""

    id: int
    connector: str
    how: str
    received_at: datetime
    tries: int
    reason: str | None
