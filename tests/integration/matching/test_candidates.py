"""Finding what shares keys with a report: what is found, in which order, and at which cost."""

import random
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import Select, insert, text
from sqlalchemy.ext.asyncio import AsyncConnection

from hub.rows import Candidate
from hub.store.candidates import MOST, NEWEST_OF_A_KEY, ON_POSTGRES, ON_SQLITE, seconds
from hub.store.database import Database
from hub.store.matching_tables import gists, match_keys
from hub.store.tables import reports
from tests.fakes.books import open_database
from tests.integration.matching.kept import LONG_AFTER, LONG_AGO, NIGHT, Shelf, after, report_row

# The widest that a key may be, and one that is nothing special.
LEAST, LARGEST, OTHER = -(2**63), 2**63 - 1, 4711


@pytest.fixture
def shelf(database: Database) -> Shelf:
    return Shelf(database)


async def test_what_shares_more_weight_comes_first(shelf: Shelf) -> None:
    complaint = await shelf.complaint()
    light = await shelf.known(complaint, LEAST, OTHER)
    heavy = await shelf.known(complaint, LARGEST)

    assert await shelf.find({LEAST: 0.5, OTHER: 0.25, LARGEST: 2.0}) == [
        Candidate(
            report_id=report_id,
            complaint_id=complaint,
            version=1,
            gist=f"gist {report_id}",
            shared=shared,
        )
        for report_id, shared in ((heavy, 2.0), (light, 0.75))
    ]


async def test_among_equals_the_newest_comes_first_whenever_it_was_brought(shelf: Shelf) -> None:
    complaint = await shelf.complaint()
    newer = await shelf.known(complaint, OTHER, said_at=after(hours=2))
    older = await shelf.known(complaint, OTHER, said_at=after(hours=1))
    assert await shelf.found({OTHER: 1.0}) == [newer, older]


async def test_what_was_said_at_another_time_is_not_found(shelf: Shelf) -> None:
    complaint = await shelf.complaint()
    for seconds_off in (-1, 3601):
        await shelf.known(complaint, OTHER, said_at=after(seconds=seconds_off))
    edges = [await shelf.known(complaint, OTHER, said_at=after(hours=hours)) for hours in (1, 0)]
    assert await shelf.found({OTHER: 1.0}, since=NIGHT, until=after(hours=1)) == edges


async def test_a_report_without_a_complaint_is_none(shelf: Shelf) -> None:
    await shelf.known(None, OTHER)
    assert await shelf.find({OTHER: 1.0}) == []


async def test_without_keys_nothing_is_found_or_kept(shelf: Shelf) -> None:
    await shelf.known(await shelf.complaint())
    assert await shelf.find({}) == []


async def test_its_own_reports_take_nobodys_place(shelf: Shelf) -> None:
    complaint = await shelf.complaint()
    own = tuple([await shelf.known(complaint, OTHER, LEAST) for _ in range(3)])
    others = [await shelf.known(complaint, OTHER) for _ in range(MOST + 1)]
    found = await shelf.found({OTHER: 1.0, LEAST: 1.0}, apart_from=own)
    assert found == others[:0:-1]


async def test_of_a_key_that_everybody_shares_only_the_newest_count(shelf: Shelf) -> None:
    complaint = await shelf.complaint()
    first = await shelf.known(complaint, OTHER, LEAST)
    second = await shelf.known(complaint, OTHER, LARGEST)
    for minute in range(1, NEWEST_OF_A_KEY):
        await shelf.known(complaint, OTHER, said_at=after(minutes=minute))
    found = {
        one.report_id: one.shared
        for one in await shelf.find({OTHER: 1.0, LEAST: 4.0, LARGEST: 4.0})
    }
    # Both said it at the same second; the one that came later is the newer one.
    assert (found[first], found[second]) == (4.0, 5.0)


async def test_a_report_read_again_is_found_by_what_it_says_now(shelf: Shelf) -> None:
    report = await shelf.known(await shelf.complaint(), OTHER)
    async with shelf.database.begin() as work:
        await work.matches.keep_gist(
            report, version=2, said_at=NIGHT, gist="read again", keys={OTHER, LEAST}
        )
        await work.matches.add_keys(report, said_at=NIGHT, keys={LEAST, LARGEST})
    (found,) = await shelf.find({OTHER: 1.0, LEAST: 1.0, LARGEST: 1.0})
    assert (found.version, found.gist, found.shared) == (2, "read again", 3.0)


async def test_both_databases_find_what_counting_by_hand_finds(database: Database) -> None:
    chance = random.Random(4)  # noqa: S311 - no secret
    rows = await _fill(database, reports_=400, chance=chance)
    for _ in range(20):
        # Halves add up exactly, in whatever order.
        keys = {chance.randrange(30): chance.randrange(1, 9) / 2 for _ in range(12)}
        since = after(minutes=chance.randrange(300))
        found = await Shelf(database).find(keys, since=since, until=since + timedelta(hours=2))
        until = since + timedelta(hours=2)
        assert [(one.report_id, one.shared) for one in found] == _by_hand(
            rows, keys, seconds(since), seconds(until)
        )


async def test_the_index_is_searched_and_nothing_is_scanned_on_sqlite(sqlite_url: str) -> None:
    plan = await _plan(sqlite_url, "EXPLAIN QUERY PLAN")
    assert any(
        "SEARCH match_keys USING PRIMARY KEY (key=? AND said_at>? AND said_at<?)" in line
        for line in plan
    )
    assert not [line for line in plan if "SCAN" in line and any(name in line for name in _STORED)]
    for table in ("gists", "reports"):
        assert any(f"SEARCH {table} USING INTEGER PRIMARY KEY" in line for line in plan)


async def test_the_index_is_searched_and_nothing_is_scanned_on_postgres(postgres_url: str) -> None:
    plan = await _plan(postgres_url, "EXPLAIN")
    assert any("Index Only Scan Backward using pk_match_keys" in line for line in plan)
    assert not [line for line in plan if "Seq Scan" in line]


async def test_a_flood_under_one_key_costs_no_more(sqlite_url: str) -> None:
    database = open_database(sqlite_url)
    try:
        await _fill(database, reports_=NEWEST_OF_A_KEY, keys_each=0, flood=OTHER)
        before = await _steps(database, {OTHER: 1.0})
        await _fill(database, reports_=3000, keys_each=0, flood=OTHER)
        # Deeper by a page, not longer by three thousand rows.
        assert await _steps(database, {OTHER: 1.0}) <= before * 1.1
    finally:
        await database.aclose()


_STORED = ("match_keys", "gists", "reports")


async def _fill(
    database: Database,
    *,
    reports_: int,
    keys_each: int = 5,
    flood: int | None = None,
    padding: str = "",
    chance: random.Random | None = None,
) -> list[tuple[int, int, int]]:
    """Fill the index quickly; returns its rows."""
    chance = chance or random.Random(8112)  # noqa: S311 - no secret
    complaint = await Shelf(database).complaint(ticket=f"PKL-{reports_}")
    said, gist_rows, key_rows = [], [], []
    for number in range(reports_):
        # Few enough minutes that many are said at the same one.
        at = after(minutes=chance.randrange(400))
        report_id = reports_ * 10 + number
        said.append(report_row(report_id, complaint) | {"said_at": at, "text": padding})
        gist_rows.append({"report_id": report_id, "version": 1, "said_at": at, "gist": padding})
        keys = set(chance.sample(range(30), keys_each)) | ({flood} if flood else set())
        key_rows += [{"key": key, "said_at": seconds(at), "report_id": report_id} for key in keys]
    async with database.begin() as work:
        for table, rows in ((reports, said), (gists, gist_rows), (match_keys, key_rows)):
            await work.connection.execute(insert(table), rows)
    return [(row["key"], row["said_at"], row["report_id"]) for row in key_rows]


def _by_hand(
    rows: list[tuple[int, int, int]], keys: Mapping[int, float], since: int, until: int
) -> list[tuple[int, float]]:
    shared: dict[tuple[int, int], float] = {}
    for key, weight in keys.items():
        theirs = [(at, report) for one, at, report in rows if one == key and since <= at <= until]
        for each in sorted(theirs)[-NEWEST_OF_A_KEY:]:
            shared[each] = shared.get(each, 0.0) + weight
    best = sorted(((weight, *each) for each, weight in shared.items()), reverse=True)
    return [(report, weight) for weight, _, report in best[:MOST]]


async def _plan(url: str, explain: str) -> list[str]:
    database = open_database(url)
    try:
        # Enough that walking through all of it would not be the quicker way.
        await _fill(database, reports_=4000, padding="lampu mati " * 100)
        async with database.begin() as work:
            if database.is_sqlite:
                return await _explained(work.connection, ON_SQLITE, explain, {"keys": '{"1": 1}'})
            for table in _STORED:
                await work.connection.execute(text(f"ANALYZE {table}"))
            keys = {"keys": list(range(25)), "weights": [1.0] * 25}
            return await _explained(work.connection, ON_POSTGRES, explain, keys)
    finally:
        await database.aclose()


async def _explained(
    connection: AsyncConnection, statement: Select[Any], explain: str, keys: Mapping[str, Any]
) -> list[str]:
    times = {"since": seconds(LONG_AGO), "until": seconds(LONG_AFTER), "most": MOST}
    compiled = statement.compile(dialect=connection.dialect)
    values = compiled.construct_params({**keys, **times})
    given = tuple(values[name] for name in compiled.positiontup or ())
    found = await connection.exec_driver_sql(f"{explain} {compiled}", given)
    return [str(row[-1]) for row in found]


async def _steps(database: Database, keys: Mapping[int, float]) -> int:
    """How many steps SQLite's machine takes, in tens."""
    taken = 0

    def step() -> int:
        nonlocal taken
        taken += 1
        return 0

    async with database.begin() as work:
        driver = (await work.connection.get_raw_connection()).driver_connection
        assert driver is not None
        await driver.set_progress_handler(step, 10)
        await work.matches.candidates(keys, since=LONG_AGO, until=LONG_AFTER, apart_from=())
        await driver.set_progress_handler(None, 0)
    return taken
