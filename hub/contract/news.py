"""What a connector brings in. All frozen; all times are aware UTC; every `key` is unique per connector."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from enum import StrEnum

from hub.contract.errors import UpstreamError
from hub.domain.place import Place
from hub.domain.status import Status

NOTHING: Mapping[str, str] = {}


@dataclass(frozen=True, slots=True)
class Raw:
    """Bytes as they came, before anybody read them. The same `key` again is the same thing again."""

    key: str
    body: bytes = field(repr=False)
    media_type: str = "application/json"
    external_id: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Counted:
    """Something that is only counted: nothing of it is kept but a day and a word.

    `key` identifies it and is kept as a hash; the same key again counts once, and the higher `rank`
    (else the later one) says which word it counts under. `day` is the local calendar day.
    `waited` and `talked` are seconds.
    """

    key: str = field(repr=False)
    word: str
    day: date
    rank: int = 0
    waited: int | None = None
    talked: int | None = None


@dataclass(frozen=True, slots=True)
class Page:
    """One page of a poll; what it brought and the cursor are committed together by the hub.

    A page with nothing but a remark is allowed. `remarks`: sentences in Bahasa Indonesia for a card.
    """

    raws: tuple[Raw | Counted, ...]
    cursor: str | None
    has_more: bool = False
    remarks: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Person:
    """Who speaks. The hub seals this apart from the content.

    `aliases` identify the person, most stable first, each with its kind in front
    ("user:ID.123", "phone:62811..."); `address` is what the connector needs to answer.
    """

    aliases: tuple[str, ...] = field(repr=False)
    address: Mapping[str, str] = field(repr=False)
    name: str | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class AttachmentRef:
    """A file at the upstream, not fetched yet. `ref` is what `Fetches.fetch` needs; sha256 is hex."""

    ref: str
    kind: str
    media_type: str | None = None
    file_name: str | None = None
    sha256: str | None = None
    size: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """A citizen reports something.

    `joins`: it may be one of several messages of a turn (a chat); the hub gathers them.
    `route`: which of our addresses it came to. `in_reply_to`: their id of the message it quotes.
    `their_status`/`status`: where the channel already keeps one. `marker`: our ticket, if quoted.
    `repeat_within`: the same person about the same category within this time is the same report.
    `wants_news`: whether this channel is to be told how it goes on.
    """

    key: str
    external_id: str
    said_at: datetime
    text: str = field(repr=False)
    title: str | None = field(default=None, repr=False)
    person: Person | None = None
    place: Place | None = None
    category: str | None = None
    attachments: tuple[AttachmentRef, ...] = ()
    route: str | None = None
    in_reply_to: str | None = None
    joins: bool = False
    anonymous: bool = False
    secret: bool = False
    their_status: str | None = None
    status: Status | None = None
    status_at: datetime | None = None
    marker: str | None = None
    repeat_within: timedelta | None = None
    wants_news: bool = True
    facts: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Answer:
    """What an officer wrote. `marker` names our parcel if these are our own words coming back.

    `is_dated` is False where they gave no time of its own and `at` is only the best that is known.
    """

    id: str
    text: str
    at: datetime
    author: str | None = None
    marker: str | None = None
    attachments: tuple[AttachmentRef, ...] = ()
    is_dated: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class StatusNews:
    """The upstream's present word on a complaint. `status` None: the word is unknown to the mapping.

    `by_then`: `at` is only when anything last changed there; it has stood so since then at the latest.
    `overwritten`: it stood so until a push of ours moved it on; it comes before the present word.
    """

    key: str
    external_id: str
    theirs: str
    status: Status | None
    at: datetime
    note: str | None = None
    agency: str | None = None
    answers: tuple[Answer, ...] = ()
    by_then: bool = False
    overwritten: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """A citizen answers something we sent (a button, a list choice, an edit of an earlier message)."""

    key: str
    external_id: str
    said_at: datetime
    text: str = field(repr=False)
    person: Person | None = None
    route: str | None = None
    in_reply_to: str | None = None
    attachments: tuple[AttachmentRef, ...] = ()


class ReceiptState(StrEnum):
    """How far a message of ours got; the order is the lattice's, not the arrival's."""

    SENT = "sent"
    DELIVERED = "delivered"
    READ = "read"
    PLAYED = "played"
    FAILED = "failed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt:
    """What became of a message of ours. `error` says why it failed and what follows from that."""

    key: str
    external_id: str
    state: ReceiptState
    at: datetime
    parcel_id: str | None = None
    error: UpstreamError | None = None
    facts: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class IdentityChanged:
    """A person has a new alias. `replaces`: the old one is no longer theirs."""

    key: str
    known_alias: str = field(repr=False)
    new_alias: str = field(repr=False)
    address: Mapping[str, str] = field(repr=False)
    at: datetime
    replaces: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Ignored:
    """Nothing to do, and why. With `notice` the citizen is told so in one line of the mapping."""

    key: str
    reason: str
    notice: str | None = None
    person: Person | None = None
    route: str | None = None
    said_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Unreadable:
    """This piece cannot be read; its neighbours can. Kept, shown, read again after a fix."""

    key: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Linked:
    """What we had carried there has arrived (a row of an answer file).

    `marker`: our ticket, for a complaint that was opened there, or the marker of our parcel.
    `external_id`: their number of the complaint. `refused`: they did not take it, and why.
    `where`: file, row and column, for the sentence to whoever must put it right.
    """

    key: str
    marker: str
    external_id: str | None = None
    refused: str | None = None
    where: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Alarm:
    """The upstream says something is wrong with our account; one card, in Bahasa Indonesia."""

    key: str
    code: str
    text: str
    next_step: str


News = (
    Report
    | StatusNews
    | Reply
    | Receipt
    | IdentityChanged
    | Linked
    | Counted
    | Ignored
    | Unreadable
    | Alarm
)
