"""Five mistakes that somebody could make in the hub, each for as long as a day is played."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, ExitStack, contextmanager
from dataclasses import replace
from datetime import datetime
from typing import Any
from weakref import WeakKeyDictionary

from sqlalchemy import select

from hub.contract.news import Page, StatusNews
from hub.intake import accept, statuses
from hub.intake.poll import Poll
from hub.ports import Work
from hub.rows import Parcel, State
from hub.store.outbox import SqlOutbox
from hub.store.tables import parcels
from hub.store.upstreams import SqlUpstreams

Bug = Callable[[], AbstractContextManager[None]]


@contextmanager
def attempt_after_the_answer() -> Iterator[None]:
    """That a push begins is not written down before it leaves: after a crash it looks like never begun."""

    async def begin(
        self: SqlOutbox, parcel: Parcel, *, at: datetime, until: datetime, owner: str
    ) -> bool:
        del at, until
        held = await self._connection.scalar(
            select(parcels.c.id).where(
                parcels.c.id == parcel.id,
                parcels.c.state == State.LEASED,
                parcels.c.lease_owner == owner,
                parcels.c.attempts == parcel.attempts,
            )
        )
        return held is not None

    with _instead((SqlOutbox, "begin", begin)):
        yield


@contextmanager
def echo_not_recognised() -> Iterator[None]:
    """What our own follow-up made them show is taken for news of theirs."""

    def never(*_: Any) -> bool:
        return False

    async def nothing(*_: Any) -> None:
        return

    with _instead((statuses, "_is_echo", never), (statuses, "ours_coming_back", nothing)):
        yield


@contextmanager
def cursor_saved_first() -> Iterator[None]:
    """Where to go on is committed before what the page brought."""
    page, keep = Poll.page, Poll._keep
    later: WeakKeyDictionary[Poll, list[tuple[Page, datetime]]] = WeakKeyDictionary()

    async def remember(self: Poll, work: Work, page: Page, *, at: datetime) -> None:
        del work
        later.setdefault(self, []).append((page, at))

    async def page_then_keep(self: Poll) -> bool:
        has_more = await page(self)
        for brought, at in later.pop(self, []):
            async with self._begin() as work:
                await keep(self, work, brought, at=at)
        return has_more

    with _instead((Poll, "_keep", remember), (Poll, "page", page_then_keep)):
        yield


@contextmanager
def lease_without_expiry() -> Iterator[None]:
    """What a dead process had in its hands stays there."""

    async def reclaim(*_: Any, **__: Any) -> list[Parcel]:
        return []

    async def free_leases(*_: Any, **__: Any) -> None:
        return

    with _instead((SqlOutbox, "reclaim", reclaim), (SqlUpstreams, "free_leases", free_leases)):
        yield


@contextmanager
def order_of_arrival() -> Iterator[None]:
    """Whatever is heard last counts, whenever it happened."""
    take = statuses.take_status

    async def take_as_of_now(
        work: Work, connector: str, news: StatusNews, *, at: datetime, **more: Any
    ) -> Any:
        return await take(work, connector, replace(news, at=at), at=at, **more)

    with _instead((accept, "take_status", take_as_of_now)):
        yield


BUGS: Mapping[str, Bug] = {
    "attempt after the answer": attempt_after_the_answer,
    "echo not recognised": echo_not_recognised,
    "cursor saved first": cursor_saved_first,
    "lease without expiry": lease_without_expiry,
    "order of arrival": order_of_arrival,
}


@contextmanager
def _instead(*changes: tuple[Any, str, Any]) -> Iterator[None]:
    with ExitStack() as back:
        for owner, name, other in changes:
            back.callback(setattr, owner, name, getattr(owner, name))
            setattr(owner, name, other)
        yield
