"""What the use cases need from the outside, as Protocols in our words."""

from collections.abc import Awaitable, Callable, Collection, Iterable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, Protocol

from hub.contract.connector import Connector
from hub.contract.errors import UpstreamError
from hub.contract.mapping import Dictionary
from hub.contract.news import AttachmentRef, Person, Raw, Receipt, Report
from hub.domain.complaint import Complaint, Source
from hub.domain.status import Status

Clock = Callable[[], datetime]


class How(StrEnum):
    """By which way something came in."""

    WEBHOOK = "webhook"
    POLL = "poll"
    INSPECT = "inspect"
    IMPORT = "import"


class State(StrEnum):
    """Where a parcel stands. Only SETTLED and DROPPED are ends; nothing is deleted."""

    WAITING = "waiting"
    LEASED = "leased"
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
    receipt: str | None = None
    needed: bool = False


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
    failures: int


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


@dataclass(frozen=True, slots=True)
class Listening:
    """How to answer a person: the address, and until when free text is allowed."""

    address: Mapping[str, str] = field(repr=False)
    name: str | None = field(repr=False)
    heard_at: datetime | None
    window_closed: bool


class Inbox(Protocol):
    """Raw things, kept first and read later."""

    async def keep(self, connector: str, raw: Raw, *, how: How, at: datetime) -> bool: ...
    async def has(self, connector: str, raw: Raw) -> bool: ...
    async def unreadable_of(self, connector: str, how: How, mentioning: str) -> list[str]: ...
    async def next_unread(self, *, now: datetime) -> InboxItem | None: ...
    async def conclude(self, item_id: int, *, state: str, at: datetime, summary: str) -> None: ...
    async def postpone(self, item_id: int, *, until: datetime, problem: str) -> None: ...
    async def again(self, item_id: int, *, now: datetime) -> bool: ...
    async def prune(self, *, before: datetime) -> int: ...
    async def note_news(
        self, item: InboxItem, *, key: str, kind: str, at: datetime
    ) -> int | None: ...
    async def conclude_news(
        self, news_id: int, *, outcome: str, reason: str | None, complaint_id: int | None
    ) -> None: ...
    async def forget_unreadable(self, item_id: int) -> None: ...


class People(Protocol):
    """Identities, sealed apart from what they said."""

    async def know(
        self, connector: str, person: Person, *, at: datetime, heard_at: datetime | None
    ) -> int: ...
    async def hold(self, connector: str, names: Collection[str]) -> None: ...
    async def rename(
        self,
        connector: str,
        *,
        known: str,
        new: str,
        address: Mapping[str, str],
        replaces: bool,
    ) -> int | None: ...
    async def listening(self, person_id: int) -> Listening: ...
    async def close_window(self, person_id: int) -> None: ...
    async def look(self, person_id: int, *, who: str, why: str, at: datetime) -> None: ...


class Reports(Protocol):
    """What channels brought, in their own words."""

    async def add(
        self,
        connector: str,
        report: Report,
        *,
        at: datetime,
        person_id: int | None,
        turn_id: int | None = None,
        complaint_id: int | None = None,
    ) -> int | None: ...
    async def of_turn(self, turn_id: int) -> list[KeptReport]: ...
    async def get(self, report_ids: Iterable[int]) -> list[KeptReport]: ...
    async def assign(self, report_ids: Iterable[int], complaint_id: int) -> None: ...
    async def complaint_quoted(self, connector: str, external_id: str) -> int | None: ...
    async def latest_complaint_of(
        self, connector: str, person_id: int, route: str
    ) -> tuple[int, datetime] | None: ...


class Turns(Protocol):
    """Gathering of messages."""

    async def extend(
        self,
        connector: str,
        *,
        person_id: int,
        route: str,
        now: datetime,
        due: Callable[[datetime], datetime],
    ) -> int: ...
    async def next_due(self, *, now: datetime) -> Turn | None: ...
    async def close(self, turn_id: int, *, at: datetime) -> None: ...


class Files(Protocol):
    """Attachments: expected, fetched, stored."""

    async def expect(
        self,
        connector: str,
        report_id: int,
        refs: Sequence[AttachmentRef],
        *,
        route: str | None,
        at: datetime,
    ) -> None: ...
    async def take_due(
        self, *, now: datetime, until: datetime, limit: int
    ) -> list[ExpectedFile]: ...
    async def stored(
        self, file_id: int, *, path: str, media_type: str, size: int
    ) -> int | None: ...
    async def postpone(self, file_id: int, *, until: datetime, problem: str) -> None: ...
    async def failed(self, file_id: int, *, problem: str) -> int | None: ...
    async def of_reports(self, report_ids: Iterable[int]) -> list[FileRow]: ...
    async def get(self, file_ids: Iterable[int]) -> list[FileRow]: ...


class Complaints(Protocol):
    """The canonical record and its sources."""

    async def next_ticket(self, *, at: datetime) -> str: ...
    async def add(self, complaint: Complaint, *, at: datetime) -> int: ...
    async def get(self, complaint_id: int) -> Complaint: ...
    async def by_ticket(self, ticket: str) -> Complaint | None: ...
    async def save(self, complaint: Complaint, *, at: datetime) -> None: ...
    async def add_history(
        self,
        complaint_id: int,
        *,
        before: Status | None,
        status: Status,
        at: datetime,
        known_at: datetime,
        origin: str,
        outcome: str,
        note: str | None,
    ) -> None: ...
    async def add_source(
        self,
        complaint_id: int,
        *,
        connector: str,
        external_id: str | None,
        at: datetime,
        by: str,
        person_id: int | None = None,
        route: str | None = None,
        their_status: str | None = None,
        shown: Status | None = None,
    ) -> int: ...
    async def source(self, connector: str, external_id: str) -> Source | None: ...
    async def source_by_id(self, source_id: int) -> Source | None: ...
    async def sources(self, complaint_id: int) -> list[Source]: ...
    async def save_source(self, source: Source) -> None: ...
    async def link(
        self,
        source_id: int,
        external_id: str,
        *,
        at: datetime,
        by: str,
        inspect_at: datetime | None,
    ) -> None: ...
    async def note_answer(self, source_id: int, answer_id: str, *, at: datetime) -> bool: ...
    async def told(self, source_id: int, status: Status, *, at: datetime) -> None: ...
    async def untold(self, source_id: int) -> None: ...
    async def take_inspections(
        self, connector: str, *, now: datetime, until: datetime, limit: int
    ) -> list[Inspection]: ...
    async def inspected(
        self, source_id: int, *, due_at: datetime | None, failures: int
    ) -> None: ...


class Outbox(Protocol):
    """Promises. The truth is the row and its due time."""

    async def promise(self, promise: Promise, *, at: datetime) -> str: ...
    async def lease(
        self, connector: str, *, now: datetime, until: datetime, owner: str, limit: int
    ) -> list[Parcel]: ...
    async def begin(self, parcel: Parcel, *, at: datetime, owner: str) -> bool: ...
    async def settle(self, parcel_id: str, *, external_id: str | None, at: datetime) -> bool: ...
    async def release(self, parcel: Parcel, *, until: datetime) -> None: ...
    async def postpone(
        self, parcel: Parcel, *, until: datetime, code: str, detail: str
    ) -> None: ...
    async def abandon(self, parcel: Parcel, *, code: str, detail: str, at: datetime) -> None: ...
    async def fail(self, parcel: Parcel, *, code: str, detail: str, at: datetime) -> None: ...
    async def doubt(
        self, parcel: Parcel, *, until: datetime, code: str, detail: str, at: datetime
    ) -> None: ...
    async def ask_person(self, parcel: Parcel, *, reason: str) -> None: ...
    async def again(
        self, parcel_id: str, *, when: State, now: datetime, fresh: bool = False
    ) -> None: ...
    async def hasten_opening(self, complaint_id: int, *, now: datetime) -> None: ...
    async def carrying(self, complaint_id: int, connector: str) -> list[Parcel]: ...
    async def sent_behind(self, complaint_id: int, connector: str) -> set[int]: ...
    async def is_superseded(self, parcel: Parcel) -> bool: ...
    async def drop(self, parcel_id: str, *, at: datetime) -> None: ...
    async def take_doubts(
        self, connector: str, *, now: datetime, until: datetime, limit: int
    ) -> list[Parcel]: ...
    async def reclaim(
        self, connector: str, *, now: datetime, rest: timedelta, all_leases: bool = False
    ) -> list[Parcel]: ...
    async def get(self, parcel_id: str) -> Parcel | None: ...
    async def by_marker(self, connector: str, marker: str) -> Parcel | None: ...
    async def by_external_id(self, connector: str, external_id: str) -> Parcel | None: ...
    async def opening_of(self, complaint_id: int, connector: str) -> Parcel | None: ...
    async def attempt(
        self,
        parcel: Parcel,
        *,
        phase: str,
        at: datetime,
        outcome: str | None = None,
        code: str | None = None,
        detail: str | None = None,
        milliseconds: int | None = None,
        who: str | None = None,
    ) -> None: ...
    async def add_receipt(
        self, connector: str, receipt: Receipt, *, parcel_id: str | None
    ) -> None: ...
    async def orphan_receipts(self, connector: str, external_id: str) -> list[str]: ...
    async def raise_receipt(self, parcel_id: str, state: str) -> None: ...


class Upstreams(Protocol):
    """How it goes with each upstream, and where its poll stands."""

    async def heard(self, connector: str, *, at: datetime) -> None: ...
    async def heard_at(self, connector: str) -> datetime | None: ...
    async def reached(self, connector: str, *, at: datetime) -> bool: ...
    async def lost(self, connector: str, *, at: datetime) -> bool: ...
    async def pause(
        self,
        connector: str,
        *,
        until: datetime | None,
        code: str,
        detail: str,
        by: str | None = None,
    ) -> None: ...
    async def resume(self, connector: str) -> bool: ...
    async def end_pause(self, connector: str, *, now: datetime) -> bool: ...
    async def paused_until(self, connector: str, *, now: datetime) -> datetime | None: ...
    async def take_poll(
        self, connector: str, *, now: datetime, until: datetime
    ) -> tuple[bool, str | None, int]: ...
    async def polled(
        self, connector: str, *, cursor: str | None, due_at: datetime, failures: int
    ) -> None: ...
    async def free_leases(self, *, now: datetime) -> None: ...
    async def take_masters(self, connector: str, *, now: datetime, until: datetime) -> bool: ...
    async def save_masters(
        self, connector: str, masters: Mapping[str, Any], *, at: datetime, due_at: datetime
    ) -> None: ...
    async def masters(self, connector: str) -> Mapping[str, Any] | None: ...


class Cards(Protocol):
    """What waits for a person."""

    async def open(self, card: Card, *, at: datetime) -> bool: ...
    async def close(self, key: str, *, at: datetime, by: str) -> bool: ...
    async def close_by_id(self, card_id: int, *, at: datetime, by: str) -> bool: ...


class Work(Protocol):
    """One transaction. What is nudged is looked at after the commit."""

    @property
    def inbox(self) -> Inbox: ...
    @property
    def people(self) -> People: ...
    @property
    def reports(self) -> Reports: ...
    @property
    def turns(self) -> Turns: ...
    @property
    def files(self) -> Files: ...
    @property
    def complaints(self) -> Complaints: ...
    @property
    def outbox(self) -> Outbox: ...
    @property
    def upstreams(self) -> Upstreams: ...
    @property
    def cards(self) -> Cards: ...
    def nudge(self, topic: Topic, connector: str = "") -> None: ...


Begin = Callable[[], AbstractAsyncContextManager[Work]]
Nudge = Callable[[Topic, str], Awaitable[None] | None]


class Upstream(Protocol):
    """A connector with its mapping, as the registry built it."""

    @property
    def connector(self) -> Connector: ...
    @property
    def mapping(self) -> Dictionary: ...


class Reaches(Protocol):
    """Told after every exchange with an upstream how it went."""

    async def succeeded(self, connector: str) -> None: ...
    async def failed(self, connector: str, error: UpstreamError) -> None: ...
