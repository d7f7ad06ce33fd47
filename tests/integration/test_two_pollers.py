"""Two workers ask one upstream: each page is fetched by one of them, and a dead one leaves no hole."""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta

import pytest
from sqlalchemy import select

from hub.contract import Page, Raw, Traits
from hub.intake.poll import LEASE, Poll, PollRules
from hub.store.database import Database
from hub.store.tables import inbox
from hub.watch.reach import Reach
from tests.fakes.books import open_database
from tests.fakes.clock import SteppedClock
from tests.fakes.upstream import Holder, Silent

EVERY = timedelta(minutes=1)
PAGES = 5


class Chronicle(Silent):
    """Has five pages of two entries, counts who asks for which, and can be slow."""

    def __init__(self) -> None:
        super().__init__(traits=Traits(title="Anywhere", poll_every=EVERY))
        self.asked: list[str | None] = []
        self.was_asked = asyncio.Event()
        self.goes_on = asyncio.Event()
        self.goes_on.set()

    async def poll(self, cursor: str | None) -> Page:
        self.asked.append(cursor)
        self.was_asked.set()
        await asyncio.sleep(0.01)
        await self.goes_on.wait()
        number = int(cursor or 0)
        if number == PAGES:
            return Page((), cursor=cursor)
        raws = tuple(Raw(key=f"entry:{number}:{each}", body=b"{}") for each in range(2))
        return Page(raws, cursor=str(number + 1), has_more=number + 1 < PAGES)


@pytest.fixture
async def databases(database_url: str) -> AsyncIterator[list[Database]]:
    """Each worker has its own way to the same one."""
    opened = [open_database(database_url) for _ in range(2)]
    yield opened
    for database in opened:
        await database.aclose()


@pytest.fixture
def clock() -> SteppedClock:
    return SteppedClock()


def pollers(
    databases: list[Database], chronicle: Chronicle, clock: SteppedClock
) -> tuple[Poll, Poll]:
    one, other = (
        Poll(
            begin=database.begin, upstream=Holder(chronicle), clock=clock,
            reach=Reach(begin=database.begin, clock=clock), rules=PollRules(),
        )
        for database in databases
    )  # fmt: skip
    return one, other


async def kept(database: Database) -> list[str]:
    async with database.reading() as connection:
        return list(await connection.scalars(select(inbox.c.key).order_by(inbox.c.id)))


async def until_nothing_is_due(poller: Poll) -> None:
    while await poller.page():
        pass


async def test_each_page_is_fetched_once_and_each_due_time_asks_once(
    databases: list[Database], clock: SteppedClock
) -> None:
    chronicle = Chronicle()
    both = pollers(databases, chronicle, clock)
    for _ in range(PAGES + 3):
        # However often they are woken.
        for _ in range(3):
            await asyncio.gather(*(until_nothing_is_due(poller) for poller in both))
        clock.pass_time(EVERY)

    in_order = [None, *(str(number) for number in range(1, PAGES))]
    assert chronicle.asked[:PAGES] == in_order
    assert chronicle.asked[PAGES:] == [str(PAGES)] * (len(chronicle.asked) - PAGES)
    assert len(chronicle.asked) <= PAGES + PAGES + 3, "at most once for each due time"
    entries = await kept(databases[0])
    assert len(entries) == len(set(entries)) == 2 * PAGES


async def test_a_poller_that_dies_in_the_middle_of_its_page_costs_its_lease_and_no_entry(
    databases: list[Database], clock: SteppedClock
) -> None:
    chronicle = Chronicle()
    one, other = pollers(databases, chronicle, clock)
    chronicle.goes_on.clear()
    dying = asyncio.create_task(one.page())
    await chronicle.was_asked.wait()
    dying.cancel()
    await asyncio.gather(dying, return_exceptions=True)
    chronicle.goes_on.set()

    clock.pass_time(LEASE - timedelta(seconds=1))
    assert await other.page() is False
    assert chronicle.asked == [None], "the lease still stands"
    clock.pass_time(seconds=1)
    await until_nothing_is_due(other)
    assert chronicle.asked[:3] == [None, None, "1"], "the same page again"
    assert len(await kept(databases[1])) == 2 * PAGES
