"""Two thousand old parcels hold up no new one, and new ones do not starve the old."""

import asyncio
import shutil
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import event

from hub.store.database import Database
from hub.store.outbox import FRESH
from tests.fakes.books import LEASE, Books, open_database
from tests.fakes.clock import SteppedClock

HOURS = timedelta(hours=1)


async def some(books: Books, number: int) -> list[str]:
    return [await books.promise(await books.complaint()) for _ in range(number)]


async def leased(books: Books, *, limit: int, fresh: int | None = None) -> list[str]:
    now = books.clock()
    async with books.database.begin() as work:
        found = await work.outbox.lease(
            "anywhere", now=now, until=now + LEASE, owner="a worker", limit=limit, fresh=fresh
        )
    return [parcel.parcel_id for parcel in found]


async def test_half_of_the_places_are_for_what_is_new_and_each_half_goes_by_age(
    books: Books,
) -> None:
    old = await some(books, 6)
    books.clock.pass_time(hours=3)
    new = await some(books, 6)
    assert set(await leased(books, limit=4)) == {*new[:2], *old[:2]}
    assert set(await leased(books, limit=4)) == {*new[2:4], *old[2:4]}


async def test_places_that_one_half_does_not_need_are_the_others(books: Books) -> None:
    old = await some(books, 3)
    assert set(await leased(books, limit=8)) == set(old)
    books.clock.pass_time(hours=3)
    new = await some(books, 3)
    assert set(await leased(books, limit=2, fresh=2)) == set(new[:2])


async def test_what_has_been_tried_or_has_waited_long_is_no_longer_new(books: Books) -> None:
    [old] = await some(books, 1)
    books.clock.pass_time(FRESH)
    [tried] = await some(books, 1)
    parcel = next(each for each in await books.lease(limit=2) if each.parcel_id == tried)
    async with books.database.begin() as work:
        await work.outbox.postpone(parcel, until=books.clock(), code="unreachable", detail="")
        await work.outbox.reclaim("anywhere", now=books.clock(), rest=HOURS, all_leases=True)
    assert await leased(books, limit=1, fresh=1) == [old]


async def test_a_new_one_does_not_overtake_what_is_before_it_in_its_lane(books: Books) -> None:
    about = await books.complaint()
    first = await books.promise(about)
    books.clock.pass_time(hours=3)
    await books.promise(about)
    assert await leased(books, limit=4) == [first]


@settings(
    max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(old=st.integers(0, 12), new=st.integers(0, 12), limit=st.integers(1, 5))
def test_nobody_waits_for_more_than_twice_those_of_its_own_kind_before_it(
    migrated_sqlite: Path, old: int, new: int, limit: int
) -> None:
    """Whatever the number of the others."""
    with TemporaryDirectory() as folder:
        file = shutil.copy(migrated_sqlite, Path(folder) / "hub.db")
        asyncio.run(_in_turn(f"sqlite+aiosqlite:///{file}", old=old, new=new, limit=limit))


async def _in_turn(url: str, *, old: int, new: int, limit: int) -> None:
    database = open_database(url)
    books = Books(database, SteppedClock())
    groups = [await some(books, old)]
    books.clock.pass_time(hours=1)
    groups.append(await some(books, new))
    order: list[str] = []
    odd = True
    while found := await leased(books, limit=limit, fresh=(limit + odd) // 2):
        order += found
        odd = not odd
    await database.aclose()
    assert sorted(order) == sorted([*groups[0], *groups[1]])
    for group in groups:
        for before, parcel_id in enumerate(group):
            # Within a batch there is no order.
            assert order.index(parcel_id) <= 2 * before + 2 * limit


async def test_the_lease_goes_by_the_index_of_what_is_due(database: Database) -> None:
    books = Books(database, SteppedClock())
    asked: list[tuple[str, object]] = []
    await some(books, 1)

    def note(_: object, __: object, sql: str, given: object, *___: object) -> None:
        if sql.startswith("SELECT parcels.id"):
            asked.append((sql, given))

    event.listen(database.engine.sync_engine, "before_cursor_execute", note)
    await leased(books, limit=2, fresh=1)
    event.remove(database.engine.sync_engine, "before_cursor_execute", note)
    assert len(asked) == 2
    explain = "EXPLAIN QUERY PLAN" if database.is_sqlite else "EXPLAIN"
    async with database.engine.begin() as connection:
        if not database.is_sqlite:
            # One row is read faster without any index; thousands are not.
            await connection.exec_driver_sql("SET LOCAL enable_seqscan = off")
        for sql, given_values in asked:
            rows = await connection.exec_driver_sql(f"{explain} {sql}", given_values)  # type: ignore[arg-type]
            plan = "\n".join(str(row) for row in rows)
            assert "ix_parcels_due" in plan, plan
