"""Filling an empty store with many reports at once, the way its database likes it."""

import asyncio
import os
import sqlite3
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path
from typing import Any

import asyncpg
from sqlalchemy import make_url

from hub.store.candidates import seconds
from tests.bench.matching.scale_data import City, worded

STEP = 50_000
TEXTS = "CREATE TABLE bench_texts (id BIGINT PRIMARY KEY, ward TEXT, at BIGINT, incident TEXT, text TEXT)"
BLOCK = "CREATE INDEX bench_block ON bench_texts (ward, at)"
LOOSE = "CREATE TABLE bench_keys (key BIGINT, said_at BIGINT, report_id BIGINT)"
# In the order of the index: a million random places would be written to otherwise.
SORTED = "INSERT INTO match_keys SELECT key, said_at, report_id FROM bench_keys ORDER BY 1, 2, 3"
AFTER = (SORTED, "DROP TABLE bench_keys", BLOCK, "ANALYZE")
COLUMNS = {
    "complaints": (
        "id ticket title text anonymous secret said_at opened_at status status_at status_from updated_at"
    ),
    "reports": "id connector external_id complaint_id said_at received_at text anonymous secret facts",
    "gists": "report_id version said_at gist",
    "bench_keys": "key said_at report_id",
    "bench_texts": "id ward at incident text",
}
Rows = list[tuple[Any, ...]]


def fill(url: str, city: City, number: int) -> None:
    """Store `number` complaints of one report each, and the probes' reports, which have no gist yet."""
    if url.startswith("sqlite"):
        _fill_sqlite(make_url(url).database or "", city, number)
    else:
        asyncio.run(_fill_postgres(url.replace("+asyncpg", ""), city, number))


def _fill_sqlite(path: str, city: City, number: int) -> None:
    database = sqlite3.connect(path)
    database.execute("PRAGMA synchronous = OFF")
    for statement in (TEXTS, LOOSE):
        database.execute(statement)
    for table, columns, rows in _rows(
        city, number, lambda at: at.replace(tzinfo=None).isoformat(" ", "microseconds")
    ):
        marks = ", ".join("?" * len(columns))
        database.executemany(f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({marks})", rows)  # noqa: S608
    for statement in AFTER:
        database.execute(statement)
    database.commit()
    database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    database.close()
    # Otherwise the first checkpoint that is measured would wait for all that was filled in.
    with Path(path).open("rb") as file:
        os.fsync(file)


async def _fill_postgres(url: str, city: City, number: int) -> None:
    database = await asyncpg.connect(url)
    for statement in (
        TEXTS,
        LOOSE,
        "SET maintenance_work_mem = '256MB'",
        "SET work_mem = '256MB'",
    ):
        await database.execute(statement)
    for table, columns, rows in _rows(city, number, lambda at: at):
        await database.copy_records_to_table(table, columns=columns, records=rows)
    for statement in (*AFTER, "VACUUM ANALYZE", "CHECKPOINT"):
        await database.execute(statement, timeout=3600)
    await database.close()


def _rows(
    city: City, number: int, time: Callable[[datetime], Any]
) -> Iterator[tuple[str, Sequence[str], Rows]]:
    stored = city.stored(number)
    while batch := list(islice(stored, STEP)):
        tables: dict[str, Rows] = {name: [] for name in COLUMNS}
        for row, known, back in batch:
            said = known.told.said_at - back
            at, epoch = time(said.astimezone(UTC)), seconds(said)
            text = worded(known, back)
            gist = known.json.replace(f'"at":{known.gist.at}', f'"at":{epoch}', 1)
            tables["complaints"].append((
                row, f"PKL-{row}", "", text, False, False, at, at, "received", at, known.told.channel, at,
            ))  # fmt: skip
            tables["reports"].append(
                _report(row, known.told.channel, at=at, text=text, complaint=row)
            )
            tables["gists"].append((row, 1, at, gist))
            tables["bench_keys"].extend((key, epoch, row) for key in known.keys)
            tables["bench_texts"].append((row, ward_of(known.gist), epoch, known.incident, text))
        yield from _named(tables)
    probes = [
        _report(
            number + row, probe.told.channel, at=time(probe.told.said_at), text=probe.told.text
        )
        for row, probe in enumerate(city.probes, 1)
    ]
    yield from _named({"reports": probes})


def ward_of(gist: Any) -> str:
    """The kelurahan a report is filed under; empty where nothing tells."""
    pin = gist.spot.pin
    return min(gist.spot.wards, default="") or (pin.ward if pin else None) or ""


def _report(
    row: int, channel: str, *, at: Any, text: str, complaint: int | None = None
) -> tuple[Any, ...]:
    return row, channel, f"bench-{row}", complaint, at, at, text, False, False, "{}"


def _named(tables: dict[str, Rows]) -> Iterable[tuple[str, Sequence[str], Rows]]:
    return ((name, COLUMNS[name].split(), rows) for name, rows in tables.items())
