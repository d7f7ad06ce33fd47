"""What the web needs from the rest of the hub, in our words. bootstrap hands the real things in."""

from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any, Protocol

from hub.contract import Mode, Slip
from hub.domain.status import Status
from hub.domain.wards import Wards


class NotKnown(Exception):
    """No such complaint, parcel, connector or card; the message is a sentence in Bahasa Indonesia."""


class NotPossible(Exception):
    """It exists, but this cannot be done with it now; the message says why and what to do instead."""


class OddNumber(NotPossible):
    """The number looks wrong: the message asks whether it is meant, `number` is what would be kept."""

    def __init__(self, sentence: str, number: str) -> None:
        super().__init__(sentence)
        self.number = number


class ReceivesWebhooks(Protocol):
    """Raises `hub.contract.BadSignature`, or `NotKnown` for an unknown or silent connector."""

    def challenge(self, connector: str, query: Mapping[str, str]) -> str: ...
    async def receive(self, connector: str, headers: Mapping[str, str], body: bytes) -> None: ...


class Decides(Protocol):
    """What a person settles. `who` is the operator's name; all raise `NotKnown` / `NotPossible`."""

    async def found(self, parcel_id: str, *, external_id: str | None, who: str) -> None: ...
    async def send_again(self, parcel_id: str, *, who: str) -> None: ...
    async def replay(self, parcel_id: str, *, who: str) -> None: ...
    async def drop(self, parcel_id: str, *, who: str, why: str) -> None: ...
    async def pause(self, connector: str, *, who: str) -> None: ...
    async def resume(self, connector: str, *, who: str) -> None: ...
    async def read_again(self, inbox_id: int, *, who: str) -> None: ...
    async def let_go(self, inbox_id: int, *, who: str, why: str) -> None: ...
    async def close_card(self, card_id: int, *, who: str) -> None: ...


class Moves(Protocol):
    """An operator opens or moves a complaint; returns the ticket."""

    async def move(
        self,
        ticket: str,
        status: Status,
        *,
        note: str | None,
        reason: str | None,
        agency: str | None,
        who: str,
    ) -> str: ...
    async def open(
        self,
        *,
        text: str,
        title: str | None,
        category: str | None,
        place: str | None,
        latitude: float | None,
        longitude: float | None,
        who: str,
        request_key: str | None,
    ) -> str: ...


@dataclass(frozen=True, slots=True)
class Laid:
    """What an operator copies; where no slip can be made, `why` says it."""

    slip: Slip | None
    why: str | None
    held_by: str | None = None


class Carries(Protocol):
    """What people carry to a channel by hand; all raise `NotKnown` / `NotPossible`.

    `done` and `correct` raise `OddNumber` unless `is_sure`. `wrong`: which number is put right, where
    the channel has several.
    """

    async def lay(self, parcel_id: str) -> Laid: ...
    async def take(self, parcel_id: str, *, who: str) -> None: ...
    async def put_back(self, parcel_id: str, *, who: str, why: str) -> None: ...
    async def done(
        self, parcel_id: str, *, number: str | None, who: str, is_sure: bool = False
    ) -> None: ...
    async def refused(self, parcel_id: str, *, why: str, who: str) -> None: ...
    async def correct(
        self, ticket: str, connector: str, *, number: str, why: str, who: str,
        is_sure: bool = False, wrong: str | None = None,
    ) -> None: ...  # fmt: skip


class TakesTyped(Protocol):
    """A status that an operator read at a channel; returns what came of it, as a sentence.

    `number`: which one was read, where the channel has several.
    """

    async def status(
        self,
        ticket: str,
        connector: str,
        *,
        word: str,
        note: str | None,
        at: datetime | None,
        who: str,
        number: str | None = None,
    ) -> str: ...


@dataclass(frozen=True, slots=True)
class Merged:
    """What became one: the ticket that stays, the one that speaks no more, and the row of the ledger."""

    merge_id: int
    stays: str
    lost: str


class Compares(Protocol):
    """What a person decides about reports that may be the same; all raise `NotKnown` / `NotPossible`.

    `again`: what was decided waits once more; `undo` parts what was merged and returns the ticket parted.
    """

    async def same(self, match_id: int, *, who: str) -> Merged: ...
    async def different(self, match_id: int, *, who: str) -> None: ...
    async def later(self, match_id: int, *, who: str) -> None: ...
    async def again(self, match_id: int, *, who: str) -> None: ...
    async def undo(self, merge_id: int, *, who: str, why: str) -> str: ...
    async def merge_tickets(self, stays: str, lost: str, *, who: str) -> Merged: ...


class DecidesConflicts(Protocol):
    """What holds where channels contradict; the ticket. Both raise `NotKnown` / `NotPossible`.

    `release`: of a complaint whose channels undo each other; their words count again. `holds`: what held
    when the person looked; refused if that has changed.
    """

    async def decide(
        self,
        conflict_id: int,
        *,
        status: Status,
        who: str,
        why: str | None = None,
        holds: Status | None = None,
    ) -> str: ...
    async def release(
        self,
        ticket: str,
        *,
        status: Status,
        who: str,
        why: str | None = None,
        holds: Status | None = None,
    ) -> str: ...


@dataclass(frozen=True, slots=True)
class Identity:
    """Who reported, uncovered for one look that has been written down."""

    name: str | None
    contact: Mapping[str, str]


class Uncovers(Protocol):
    """Shows an identity and writes the look down."""

    async def uncover(self, person_id: int, *, who: str, why: str) -> Identity: ...


class ReadsDesk(Protocol):
    """Opens a read-only connection for the queries of `hub.store.desk`."""

    def reading(self) -> AbstractAsyncContextManager[Any]: ...


@dataclass(frozen=True, slots=True)
class Channel:
    """How a channel is served. `is_carried`: its news can be carried by hand, its numbers typed.

    `status_words`: what it may call the status of a complaint.
    """

    mode: Mode = Mode.API
    is_carried: bool = False
    status_words: tuple[str, ...] = ()


class Knows(Protocol):
    """The connectors there are: name -> title; those that are off, and why; agencies by name."""

    def channel(self, connector: str) -> Channel: ...
    def titles(self) -> Mapping[str, str]: ...
    def off(self) -> Mapping[str, str]: ...
    def agencies(self) -> Sequence[str]: ...


class Clock(Protocol):
    """The time now, aware UTC."""

    def __call__(self) -> datetime: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Needs:
    """Everything, in one argument. `api_keys`: name -> key. `timezone`: IANA name for the pages.

    `files_dir`: where attachments lie. `reasons`: by the name of a route that leads
    nowhere, why it does. `urgent_routes`: those that only emergencies take. `wards`: the outlines
    of the kelurahan, for maps. `trouble`: what is wrong with the database, as a sentence.
    """

    webhooks: ReceivesWebhooks
    decides: Decides
    compares: Compares
    conflicts: DecidesConflicts
    moves: Moves
    uncovers: Uncovers
    carries: Carries
    typed: TakesTyped
    desk: ReadsDesk
    connectors: Knows
    clock: Clock
    api_keys: Mapping[str, str]
    secret_key: str
    timezone: str
    city: str
    categories: Mapping[str, str]
    files_dir: Path
    reasons: Mapping[str, str] = field(default_factory=dict)
    urgent_routes: frozenset[str] = frozenset()
    wards: Wards = field(default_factory=Wards.none)
    trouble: Callable[[], str | None] = lambda: None
