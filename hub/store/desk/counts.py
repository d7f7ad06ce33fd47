"""What was only counted, by day and word: for the page, the recap and the command line."""

from collections.abc import Collection
from datetime import date

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from hub.store.desk.rows import CountRow
from hub.store.tables import tallies


async def counts(
    connection: AsyncConnection, connector: str, *, since: date, until: date
) -> tuple[CountRow, ...]:
    """Count one channel's days from `since` to `until`, both included; days without any are left out."""
    found = await connection.execute(
        select(
            tallies.c.day,
            tallies.c.word,
            func.count().label("number"),
            func.avg(tallies.c.waited).label("waited"),
            func.avg(tallies.c.talked).label("talked"),
        )
        .where(
            tallies.c.connector == connector,
            tallies.c.day.between(since.isoformat(), until.isoformat()),
        )
        .group_by(tallies.c.day, tallies.c.word)
        .order_by(tallies.c.day, tallies.c.word)
    )
    return tuple(
        CountRow(
            day=date.fromisoformat(row["day"]),
            word=row["word"],
            number=row["number"],
            waited=None if row["waited"] is None else float(row["waited"]),
            talked=None if row["talked"] is None else float(row["talked"]),
        )
        for row in found.mappings()
    )


async def counted_in(connection: AsyncConnection, connectors: Collection[str]) -> dict[str, date]:
    """Find the channels that count anything, each with the last day it counted."""
    last = {}
    for connector in connectors:
        # The index answers each at once; one query over all would walk through all of it.
        found = await connection.execute(
            select(func.max(tallies.c.day)).where(tallies.c.connector == connector)
        )
        if day := found.scalar_one_or_none():
            last[connector] = date.fromisoformat(day)
    return last
