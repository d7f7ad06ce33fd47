"""A record on each kind of database, a clock that is stepped, and an upstream that can be looked at."""

from collections.abc import AsyncIterator, Callable, Mapping
from dataclasses import dataclass
from typing import Any

import pytest
from sqlalchemy import Table, select, update

from hub.intake.accept import Accept
from hub.intake.gather import TurnRules
from hub.intake.looks import LookRules, Looks
from hub.intake.read import ReadInbox
from hub.store.database import Database
from hub.store.tables import sources
from hub.watch.agreement import Repair
from hub.watch.reach import Reach
from tests.fakes.books import Books, open_database
from tests.fakes.clock import SteppedClock
from tests.fakes.upstream import Holder, upstreams_of
from tests.fakes.watched import Watched


@dataclass(kw_only=True)
class Tower:
    """Who looks, in one process; `there` is what it looks at."""

    books: Books
    there: Watched

    @property
    def upstreams(self) -> Mapping[str, Holder]:
        return upstreams_of(self.there)

    def looks(self, **rules: Any) -> Looks:
        return Looks(
            begin=self.books.database.begin, upstream=self.upstreams[self.there.name],
            clock=self.books.clock, rules=LookRules(**rules),
            reach=Reach(begin=self.books.database.begin, clock=self.books.clock),
        )  # fmt: skip

    def repair(self) -> Repair:
        return Repair(
            begin=self.books.database.begin, upstreams=self.upstreams, clock=self.books.clock
        )

    async def knows(self, *external_ids: str, **columns: Any) -> list[int]:
        """Complaints that the channel knows, due to be looked at now."""
        known = [await self.books.complaint(external_id=each) for each in external_ids]
        numbers = [each.source_id for each in known]
        due = {"inspect_due_at": self.books.clock(), "told": "received"}
        await self.change(sources, *numbers, **due | columns)
        return numbers

    async def change(self, table: Table, *numbers: int, **columns: Any) -> None:
        """As a bug or a backup would leave it."""
        async with self.books.database.begin() as work:
            await work.connection.execute(
                update(table).where(table.c.id.in_(numbers)).values(**columns)
            )

    async def row(self, table: Table, number: int) -> Any:
        [row] = await self.rows(table, table.c.id == number)
        return row

    async def rows(self, table: Table, *which: Any) -> list[Any]:
        async with self.books.database.reading() as connection:
            found = await connection.execute(select(table).where(*which).order_by(table.c.id))
            return list(found)

    async def reads(self) -> None:
        accept = Accept(upstreams=self.upstreams, turns=TurnRules())
        read = ReadInbox(begin=self.books.database.begin, accept=accept, clock=self.books.clock)
        while await read.step():
            pass


@pytest.fixture
def clock() -> SteppedClock:
    return SteppedClock()


@pytest.fixture
def there(clock: SteppedClock) -> Watched:
    return Watched(clock)


@pytest.fixture
async def another(
    database_url: str, clock: SteppedClock, there: Watched
) -> AsyncIterator[Callable[[], Tower]]:
    """Another process, as far as the database can tell."""
    opened: list[Database] = []

    def open_one() -> Tower:
        opened.append(open_database(database_url))
        return Tower(books=Books(opened[-1], clock), there=there)

    yield open_one
    for database in opened:
        await database.aclose()


@pytest.fixture
def tower(another: Callable[[], Tower]) -> Tower:
    return another()
