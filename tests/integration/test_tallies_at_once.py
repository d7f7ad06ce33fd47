"""Several processes that count, export and take in news at the same moment on PostgreSQL."""

import asyncio
from collections.abc import AsyncIterator, Iterable
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import func, select

from hub.contract import Counted, Mode
from hub.store import tables
from hub.store.database import Database
from tests.fakes.books import Books, open_database
from tests.fakes.clock import SteppedClock
from tests.fakes.shop import Shop
from tests.fakes.upstream import Carried
from tests.integration.delivery.carried import RINI, carried_by, markers_in, shows

DAY = date(2026, 1, 1)
CALLS = [Counted(key=f"call:{number}", word="prank", day=DAY) for number in range(300)]
COMPLAINTS, TURNS = 20, 10


@pytest.fixture
async def databases(postgres_url: str) -> AsyncIterator[list[Database]]:
    """Four processes, as far as the database can tell."""
    opened = [open_database(postgres_url) for _ in range(4)]
    yield opened
    for database in opened:
        await database.aclose()


async def count(database: Database, rows: Iterable[Counted]) -> None:
    async with database.begin() as work:
        await work.tallies.count("call112", rows)


async def counted(database: Database) -> tuple[str, int | None]:
    async with database.reading() as connection:
        row = (await connection.execute(select(tables.tallies))).one()
    return row.word, row.talked


@pytest.mark.parametrize("ends_first", ["better", "worse"])
async def test_of_two_counts_of_one_call_the_better_stands_whoever_writes_last(
    databases: list[Database], ends_first: str
) -> None:
    better = Counted(key="call:1", word="answered", day=DAY, rank=2, talked=60)
    worse = Counted(key="call:1", word="abandoned", day=DAY, rank=1)
    first, last = (better, worse) if ends_first == "better" else (worse, better)
    one, two = databases[:2]
    async with one.begin() as work:
        await work.tallies.count("call112", [first])
        # It looks before the first one is committed, finds nothing, and waits to write.
        writing = asyncio.create_task(count(two, [last]))
        await asyncio.sleep(0.3)
        assert not writing.done()
    await writing
    assert await counted(one) == ("answered", 60)


async def test_the_same_calls_in_any_order_from_four_processes_end_in_no_deadlock(
    databases: list[Database],
) -> None:
    async def bring(database: Database, *, backwards: bool) -> None:
        for turn in range(TURNS):
            rows = [replace(call, key=f"{call.key}:{turn}") for call in CALLS]
            await count(database, rows[::-1] if backwards else rows)

    await asyncio.gather(
        *(bring(database, backwards=bool(n % 2)) for n, database in enumerate(databases))
    )
    async with databases[0].reading() as connection:
        found = await connection.scalar(select(func.count()).select_from(tables.tallies))
    assert found == len(CALLS) * TURNS


async def test_an_export_and_news_of_the_same_complaints_both_come_through(
    databases: list[Database], tmp_path: Path
) -> None:
    books = Books(databases[0], SteppedClock())
    shop = Shop(books, tmp_path)
    upstreams = carried_by(Carried(mode=Mode.FILE))
    numbers = [f"X-{number}" for number in range(COMPLAINTS)]
    parcels = [
        await books.promise(await books.complaint(external_id=number)) for number in numbers
    ]
    await shop.hand_over(upstreams).drain()
    path = tmp_path / "a.csv"

    async def news() -> None:
        for number in reversed(numbers):
            await shows(books, upstreams, "verifikasi", at=books.clock(), number=number)

    await asyncio.gather(shop.export(upstreams).run("anywhere", path, who=RINI), news())
    left = markers_in(path)
    assert len(left) == len(set(left))
    carried = {parcel_id[:12] for parcel_id in parcels}
    assert set(left) <= carried
    for parcel_id in parcels:
        assert parcel_id[:12] in left or await books.state(parcel_id) != "handed"
