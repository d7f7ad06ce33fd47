"""The call centre's own database, read only: rows after a cursor, in the cursor's order.

The one module outside of the hub's store that speaks SQL. It reads in transactions that cannot write.
"""

import asyncio
import re
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import asdict, replace
from datetime import datetime
from typing import Any
from urllib.parse import quote

import asyncpg
import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError, SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine

from connectors.call112.pages import Mark, Portion, Rows
from connectors.call112.position import Position, Value, text_of, typed, value_of
from connectors.call112.rows import Cells, cells_of
from connectors.call112.settings import Settings
from hub.contract import (
    Counted,
    Raw,
    Unauthorized,
    Unavailable,
    Unreachable,
    UnreadableError,
    UpstreamError,
)

LONGEST_SECONDS = 60
LONGEST_TEXT = 200
# Wrong password, no right: SQLSTATE of PostgreSQL, numbers of MySQL.
_NO_ENTRY = re.compile(r"28\w{3}|42501|1044|1045|1142|1143|1698")
_NO_CONNECTION = re.compile(r"08\w{3}|57P\w\w|2002|2003|2006|2013")
_LONG_NUMBER = re.compile(r"\d{6,}")

# More rows with one value of the cursor are not held in memory at once.
MOST_ROWS = 50_000

# The cells, and what the cursor column says of the row.
RecordOf = Callable[[Cells, str], Raw | Counted]
Lacking = Callable[[Sequence[str]], Sequence[str]]


class Database:
    """A table, a view or a SELECT, and the column that only grows."""

    name = "database"

    def __init__(
        self,
        settings: Settings,
        *,
        record_of: RecordOf,
        lacking: Lacking = lambda _: (),
        most_rows: int = MOST_ROWS,
    ) -> None:
        self._settings = settings
        self._record_of = record_of
        self._lacking = lacking
        self._most_rows = most_rows
        self._has_told_of_nulls = False
        self._column: sa.ColumnClause[Any] = sa.column(settings.cursor_column)
        self._engine = _engine(settings.database_url.get_secret_value())

    async def poll(self, mark: Mark | None) -> Portion:
        """The next rows; after the last one, from a little before it again."""
        position = Position.of(mark)
        limit = position.rows or self._settings.page_rows
        after = value_of(position.at) if position.at else None
        async with self._reading() as connection:
            result = await connection.execute(self._statement(after, limit))
            self._check(tuple(result.keys()))
            rows: Sequence[Mapping[str, Any]] = result.mappings().all()
            nulls = await self._nulls(connection)
        raws, remarks = self._records(rows)
        is_full = len(rows) == limit
        mark = asdict(self._after(position, rows, is_full))
        return Portion(raws, mark, has_more=is_full, remarks=(*nulls, *remarks))

    async def aclose(self) -> None:
        await self._engine.dispose()

    def _check(self, names: Sequence[str]) -> None:
        """Before any row is kept: one that nobody can read would stay with all that is in it."""
        settings = self._settings
        if settings.cursor_column not in names:
            raise Unavailable(
                f"Kolom {settings.cursor_column!r} (CALL112_CURSOR_COLUMN) tidak ada dalam hasil",
                code="cursor_column",
            )
        if missing := self._lacking(names):
            raise Unavailable(
                f"kolom {', '.join(missing)} tidak ada; yang ada: {', '.join(names)}. Beri nama itu "
                f"dalam CALL112_QUERY (AS ...) atau tambahkan pada [columns] di "
                f"mappings/call112/{settings.profile}.toml.",
                code="columns",
            )

    async def _nulls(self, connection: AsyncConnection) -> tuple[str, ...]:
        """How many rows can never come, told once a start."""
        settings = self._settings
        if self._has_told_of_nulls or settings.query:
            return ()
        counting = sa.select(sa.func.count()).select_from(self._table())
        count = await connection.scalar(counting.where(self._column.is_(None)))
        self._has_told_of_nulls = True
        if not count:
            return ()
        remark = (
            f"{settings.table}: {count} baris tanpa nilai pada {settings.cursor_column} "
            "(CALL112_CURSOR_COLUMN) tidak diambil; isi nilainya atau pilih kolom lain."
        )
        return (remark,)

    def _records(self, rows: Sequence[Mapping[str, Any]]) -> tuple[Rows, tuple[str, ...]]:
        raws: list[Raw | Counted] = []
        remarks: list[str] = []
        column = self._settings.cursor_column
        for row in rows:
            try:
                raws.append(self._record_of(cells_of(row), f"{column} {row[column]}"))
            except UnreadableError as error:
                remarks.append(str(error))
        return tuple(raws), tuple(remarks)

    def _after(
        self, position: Position, rows: Sequence[Mapping[str, Any]], is_full: bool
    ) -> Position:
        values = [text_of(row[self._settings.cursor_column]) for row in rows]
        fresh = [value for value in dict.fromkeys(values) if value not in position.recent]
        recent = (*position.recent, *fresh)[-self._settings.overlap_rows :]
        if not is_full:
            # A row may be committed late, with a value smaller than one that was read.
            is_long = len(recent) == self._settings.overlap_rows
            return Position(at=recent[0] if is_long else None, recent=recent)
        # More rows may share the last value than this page held: go on after the one before it.
        before = [value for value in values if value != values[-1]]
        if not before:
            return replace(position, recent=recent, rows=self._doubled(len(rows)))
        return Position(at=before[-1], recent=recent)

    def _doubled(self, count: int) -> int:
        if count >= self._most_rows:
            raise Unavailable(
                f"{count} baris atau lebih punya nilai yang sama pada {self._settings.cursor_column!r} "
                "(CALL112_CURSOR_COLUMN); pilih kolom yang nilainya berbeda di tiap baris.",
                code="cursor_column",
            )
        return min(2 * count, self._most_rows)

    def _table(self) -> sa.TableClause:
        schema, _, name = self._settings.table.rpartition(".")
        return sa.table(name, schema=schema or None)

    def _statement(self, after: Value | None, limit: int) -> sa.Select[Any]:
        everything: sa.ColumnClause[Any] = sa.literal_column("*")
        settings, column = self._settings, self._column
        if settings.query:
            start = after if after is not None else typed(settings.cursor_start)
            bound = sa.text(settings.query).bindparams(_bound(start))
            log: sa.FromClause = bound.columns(column).subquery("log")
            chosen = sa.select(everything).select_from(log)
        else:
            chosen = sa.select(everything).select_from(self._table())
            if after is not None:
                chosen = chosen.where(column > _bound(after))
        return chosen.where(column.is_not(None)).order_by(column).limit(limit)

    @asynccontextmanager
    async def _reading(self) -> AsyncIterator[AsyncConnection]:
        try:
            async with asyncio.timeout(LONGEST_SECONDS), self._engine.connect() as connection:
                yield connection
        except (SQLAlchemyError, asyncpg.PostgresError, asyncpg.InterfaceError, OSError) as error:
            raise self._translated(error) from None

    def _translated(self, error: Exception) -> UpstreamError:
        origin: Any = error.orig if isinstance(error, DBAPIError) else error
        code = _code(origin)
        said = " ".join(str(origin).split("\n")[0].split())
        if password := self._engine.url.password:
            said = said.replace(str(password), "…")
        detail = f"{type(origin).__name__} {code}: {_LONG_NUMBER.sub('…', said)[:LONGEST_TEXT]}"
        if _NO_ENTRY.fullmatch(code):
            return Unauthorized(f"CALL112_DATABASE_URL: {detail}")
        lost = isinstance(error, DBAPIError) and error.connection_invalidated
        if lost or isinstance(error, OSError) or _NO_CONNECTION.fullmatch(code):
            return Unreachable(f"CALL112_DATABASE_URL: {detail}")
        return Unavailable(f"CALL112_DATABASE_URL: {detail}")


def _engine(given: str) -> AsyncEngine:
    """An engine whose every transaction is read only."""
    url = sa.make_url(given)
    kind = url.get_backend_name()
    options: dict[str, Any] = {"pool_size": 1, "pool_pre_ping": True, "hide_parameters": True}
    if kind == "mysql":
        read_only = {"init_command": "SET SESSION TRANSACTION READ ONLY", "connect_timeout": 10}
        return create_async_engine(url, connect_args=read_only, **options)
    if kind == "postgresql":
        return create_async_engine(url, **options).execution_options(postgresql_readonly=True)
    # Opened like this, a file that is not there is not made.
    path = quote(url.database or "")
    file = url.set(database=f"file:{path}", query={"mode": "ro", "uri": "true"})
    return create_async_engine(file, hide_parameters=True)


def _code(origin: Any) -> str:
    """What the server calls the failure: an SQLSTATE, or MySQL's number."""
    if state := getattr(origin, "sqlstate", None):
        return str(state)
    first = next(iter(getattr(origin, "args", ())), "")
    return str(first) if isinstance(first, int) else ""


def _bound(value: Value) -> sa.BindParameter[Any]:
    """The value, with a type that PostgreSQL's driver can be told."""
    match value:
        case datetime():
            kind: Any = sa.DateTime(timezone=value.tzinfo is not None)
        case int():
            kind = sa.BigInteger()
        case _:
            kind = None
    return sa.bindparam("cursor", value, type_=kind)
