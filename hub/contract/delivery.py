"""What goes out. A connector gets a `Delivery` and answers `Acknowledged` or raises an `UpstreamError`."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from hub.domain.place import Place
from hub.domain.status import Status


@dataclass(frozen=True, slots=True)
class StoredFile:
    """An attachment on our disk: checked, sniffed (`media_type` is what it is, not what it was called)."""

    file_name: str
    media_type: str
    size: int
    path: Path


@dataclass(frozen=True, slots=True)
class Reporter:
    """Identity, only for connectors whose traits say `wants_identity`."""

    name: str | None = field(default=None, repr=False)
    phone: str | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Opening:
    """The upstream does not know this complaint yet: open it there. `category` is canonical."""

    title: str = field(repr=False)
    text: str = field(repr=False)
    said_at: datetime
    category: str | None = None
    place: Place | None = None
    files: tuple[StoredFile, ...] = ()
    anonymous: bool = False
    secret: bool = False
    reporter: Reporter | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class StatusUpdate:
    """The complaint has moved (or was answered again). `is_first`: the recipient's first word from us.

    `by_hub`: no officer wrote the note; the hub tells of reports that were put together or parted.
    """

    status: Status
    at: datetime
    note: str | None = field(default=None, repr=False)
    agency: str | None = None
    is_first: bool = False
    by_hub: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Addition:
    """The citizen said more about a complaint the upstream already knows."""

    text: str = field(repr=False)
    said_at: datetime
    files: tuple[StoredFile, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """One line to a citizen that is about no status; `name` is a key of the mapping's notices."""

    name: str


Content = Opening | StatusUpdate | Addition | Notice


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """News for one upstream.

    `external_id`: their id of the complaint (None in an Opening). `recipient`: the address a
    `Person` of this connector came with. `conversation_open`: free text is still allowed.
    `parcel_id`: 32 hex characters, unique for ever; the marker to be found again by.
    """

    parcel_id: str
    ticket: str
    content: Content
    external_id: str | None = None
    recipient: Mapping[str, str] | None = field(default=None, repr=False)
    route: str | None = None
    conversation_open: bool = False


@dataclass(frozen=True, slots=True)
class Acknowledged:
    """The upstream has it. `external_id`: their id of what the push made (complaint, message, follow-up)."""

    external_id: str | None = None
    facts: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Found:
    """Read back: it is there, under this id. `others`: the ids of further copies of the same push."""

    external_id: str | None = None
    others: tuple[str, ...] = ()

    @classmethod
    def among(cls, ids: Iterable[str | None]) -> "Found":
        """The first of these is it; whatever has another id is a copy of it."""
        first, *more = ids
        others = dict.fromkeys(each for each in more if each is not None and each != first)
        return cls(first, tuple(others))


@dataclass(frozen=True, slots=True)
class Absent:
    """Read back: it is surely not there."""


@dataclass(frozen=True, slots=True)
class Unclear:
    """Read back: the upstream cannot tell; `reason` is shown to the person who must.

    `may_show`: it may be seen there later, so the hub looks a few times before it asks anybody.
    """

    reason: str
    may_show: bool = False


ReadBack = Found | Absent | Unclear
