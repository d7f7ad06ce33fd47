"""The few statements whose dialects differ."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Float, Table, case, func
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncConnection

# What a column becomes, given the row that is there and the row that was to be inserted.
Merge = Callable[[Any, Any], Any]


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
    merged: Mapping[str, Merge],
) -> None:
    """Insert rows, no two with the same keys; `merged` says what becomes of one that is there."""
    statement = _insert(connection, table)
    changed = {name: merge(table.c, statement.excluded) for name, merge in merged.items()}
    await connection.execute(
        statement.on_conflict_do_update(index_elements=list(keys), set_=changed),
        [dict(row) for row in rows],
    )


def larger(old: Any, new: Any) -> Any:
    """The larger of two columns that may hold nothing; the dialects disagree on what MAX makes of that."""
    return case((old.is_(None), new), (new.is_(None), old), (new > old, new), else_=old)


def seconds_between(
    connection: AsyncConnection, start: ColumnElement[Any], end: ColumnElement[Any]
) -> ColumnElement[float]:
    """How many seconds lie between two times."""
    if connection.dialect.name == "postgresql":
        return func.extract("epoch", end - start).cast(Float)
    return (func.julianday(end) - func.julianday(start)) * 86400.0


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
