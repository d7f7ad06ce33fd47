"""What stands in the database, row by row."""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import Table, select

from hub.store import tables
from hub.store.database import Database

# Everything a repetition could have changed; `inbox` and `upstreams` note that something came.
LASTING = (
    tables.complaints, tables.reports, tables.parcels, tables.history, tables.sources,
    tables.attachments, tables.people, tables.aliases, tables.turns, tables.answers,
    tables.news, tables.receipts, tables.attempts,
)  # fmt: skip


async def rows_of(database: Database, table: Table, *which: Any) -> list[Any]:
    """All rows that fit, oldest first."""
    async with database.reading() as connection:
        found = await connection.execute(select(table).where(*which).order_by(table.c.id))
        return list(found.all())


async def snapshot(database: Database, only: Iterable[Table] = LASTING) -> dict[str, list[Any]]:
    """Every row of every table that must not change by itself."""
    return {table.name: [tuple(row) for row in await rows_of(database, table)] for table in only}
