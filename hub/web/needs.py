"""What the web needs from the rest of the hub, in our words. bootstrap hands the real things in."""

from collections.abc import Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from hub.domain.status import Status


class NotKnown(Exception):
    """No such complaint, parcel, connector or card; the message is a sentence in Bahasa Indonesia."""


class NotPossible(Exception):
    """It exists, but this cannot be done with it now; the message says why and what to do instead."""


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


class Knows(Protocol):
    """The connectors there are: name -> title; those that are off, and why; agencies by name."""

    def titles(self) -> Mapping[str, str]: ...
    def off(self) -> Mapping[str, str]: ...
    def agencies(self) -> Sequence[str]: ...


class Clock(Protocol):
    """The time now, aware UTC."""

    def __call__(self) -> datetime: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Needs:
    """Everything, in one argument. `api_keys`: name -> key. `timezone`: IANA name for the pages."""

    webhooks: ReceivesWebhooks
    decides: Decides
    moves: Moves
    uncovers: Uncovers
    desk: ReadsDesk
    connectors: Knows
    clock: Clock
    api_keys: Mapping[str, str]
    secret_key: str
    timezone: str
    city: str
    categories: Mapping[str, str]
