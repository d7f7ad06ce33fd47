"""The few statements whose dialects differ."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Table
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncConnection


async def insert_new(
    connection: AsyncConnection, table: Table, values: Mapping[str, Any]
) -> int | None:
    """Insert a row and return its id; None if a unique key says it is there already.

    Two workers inserting the same key at once: the second waits for the first and gets None.
    """
    statement = _insert(connection, table).values(**values).on_conflict_do_nothing()
    row = (await connection.execute(statement.returning(table.c.id))).first()
    return None if row is None else int(row[0])


async def upsert(
    connection: AsyncConnection, table: Table, *, key: str, values: Mapping[str, Any]
) -> None:
    """Insert, or overwrite the named columns of the row with the same `key`."""
    statement = _insert(connection, table).values(**values)
    changed = {name: statement.excluded[name] for name in values if name != key}
    await connection.execute(
        statement.on_conflict_do_update(index_elements=[key], set_=changed)
        if changed
        else statement.on_conflict_do_nothing()
    )


async def upsert_all(
    connection: AsyncConnection,
    table: Table,
    *,
    keys: Sequence[str],
    rows: Sequence[Mapping[str, Any]],
) -> None:
    """Insert or overwrite many rows at once; all have the same columns, no two the same keys."""
    statement = _insert(connection, table)
    changed = {name: statement.excluded[name] for name in rows[0] if name not in keys}
    await connection.execute(
        statement.on_conflict_do_update(index_elements=list(keys), set_=changed),
        [dict(row) for row in rows],
    )


async def next_number(connection: AsyncConnection, table: Table, name: str) -> int:
    """Count up the counter `name`, without gaps and without two callers getting the same number."""
    statement = _insert(connection, table).values(name=name, value=1)
    counted = statement.on_conflict_do_update(
        index_elements=["name"], set_={"value": table.c.value + 1}
    ).returning(table.c.value)
    return int((await connection.execute(counted)).scalar_one())


def _insert(connection: AsyncConnection, table: Table) -> "postgresql.Insert | sqlite.Insert":
    if connection.dialect.name == "postgresql":
        return postgresql.insert(table)
    return sqlite.insert(table)
