"""What a connector can do. Each ability is its own small Protocol; a connector has those it needs."""

from collections.abc import AsyncIterator, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from pathlib import Path
from typing import Protocol, runtime_checkable

from hub.contract.delivery import Acknowledged, Delivery, ReadBack
from hub.contract.news import Counted, News, Page, Raw
from hub.contract.slip import Number, Slip


class Mode(StrEnum):
    """How news gets to an upstream: the hub pushes it, a file carries it, or a person copies it."""

    API = "api"
    FILE = "file"
    ASSISTED = "assisted"


@dataclass(frozen=True, slots=True)
class Pace:
    """How fast the upstream may be pushed.

    `per_second` in all; to one recipient one each `pair_interval` after `pair_burst` at once.
    """

    per_second: float = 10.0
    pair_interval: timedelta = timedelta()
    pair_burst: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Traits:
    """What the hub must know about an upstream to treat it rightly.

    `speaks_to_citizens`: a push reaches a person. `takes_complaints`: complaints from elsewhere
    are opened here. `needs_every_step`: a status may not be skipped after an abandoned one.
    `conversation_window`: how long after a citizen's message free text is allowed (None: always).
    `receipt_within`: how long a push in doubt may still be settled by a receipt.
    `mode`: how news gets there; only with `API` is `push` called, otherwise `HandsOver` is asked.
    `looks_per_minute`: fewer looks at single complaints than the hub's own budget.
    `done_when_exported`: a row in a file is all there is to do; nobody sends an answer back.
    """

    title: str
    mode: Mode = Mode.API
    done_when_exported: bool = False
    speaks_to_citizens: bool = False
    takes_complaints: bool = False
    needs_every_step: bool = False
    wants_identity: bool = False
    conversation_window: timedelta | None = None
    receipt_within: timedelta = timedelta()
    poll_every: timedelta = timedelta(minutes=5)
    inspect_every: timedelta = timedelta(hours=1)
    looks_per_minute: int | None = None
    pace: Pace = Pace()


class Connector(Protocol):
    """Every connector: a name (its folder's), its traits, and reading what it brought in.

    `read` is pure and total: it yields news and never raises for one bad piece. Only a body
    that is nothing at all (not JSON, no envelope) raises `UnreadableError`.
    """

    @property
    def name(self) -> str: ...
    @property
    def traits(self) -> Traits: ...
    def read(self, raw: Raw) -> Iterable[News]: ...
    async def aclose(self) -> None: ...


@runtime_checkable
class Receives(Protocol):
    """The upstream calls us. Both raise `BadSignature`."""

    def challenge(self, query: Mapping[str, str]) -> str: ...
    def verify(self, headers: Mapping[str, str], body: bytes) -> None: ...


@runtime_checkable
class Polls(Protocol):
    """We ask the upstream for what is new since `cursor`; None the first time."""

    async def poll(self, cursor: str | None) -> Page: ...


@runtime_checkable
class Inspects(Protocol):
    """We look at one complaint there. The key carries a fingerprint: unchanged content, same key."""

    async def inspect(self, external_id: str) -> Raw: ...


@runtime_checkable
class Pushes(Protocol):
    """One call, one attempt."""

    async def push(self, delivery: Delivery) -> Acknowledged: ...


@runtime_checkable
class ReadsBack(Protocol):
    """Looks whether a push in doubt arrived, by our marker."""

    async def find(self, delivery: Delivery) -> ReadBack: ...


@runtime_checkable
class Fetches(Protocol):
    """Yields the bytes of an attachment. Raises `NotFound` where it is gone for good."""

    def fetch(self, ref: str, *, route: str | None) -> AsyncIterator[bytes]: ...


@runtime_checkable
class HandsOver(Protocol):
    """People or files carry the news there, where `traits.mode` says so. Both methods are pure.

    A connector has them in every mode: what was handed out before the mode changed is still shown.
    `slip` raises `Unsendable` or `Unmapped`. `number` puts a typed number right, and never refuses it.
    """

    def slip(self, delivery: Delivery) -> Slip: ...
    def number(self, typed: str) -> Number: ...


@dataclass(frozen=True, slots=True)
class ImportFile:
    """A file taken apart: how many rows, what they hold in order, and remarks on what was odd.

    A row is either a `Raw`, kept and read like everything, or `Counted`, of which nothing else is kept.
    `remarks` also say which layout was recognised, and by what.
    """

    total: int
    raws: Iterator[Raw | Counted]
    remarks: tuple[str, ...] = ()


@runtime_checkable
class Imports(Protocol):
    """Takes an export file of the upstream apart into raws. Raises `UnreadableError` with a sentence."""

    def open_export(self, path: Path) -> ImportFile: ...


@dataclass(frozen=True, slots=True)
class Master:
    """A row of the upstream's own tables (an institution, a template)."""

    id: str
    name: str


@runtime_checkable
class KeepsMasters(Protocol):
    """The upstream has tables that our mapping refers to; the hub keeps a copy, refreshed daily.

    `check_masters` compares mapping and settings with the copy and returns sentences that say what to do.
    """

    async def masters(self) -> Mapping[str, tuple[Master, ...]]: ...
    def check_masters(self, masters: Mapping[str, tuple[Master, ...]]) -> tuple[str, ...]: ...
