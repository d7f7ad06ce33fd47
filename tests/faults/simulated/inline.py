"""SQLite without threads and greenlets: a statement is done where it is awaited, and a turn passes.

What a process had not committed when it is killed is rolled back by closing its connections, as the
operating system would.
"""

import asyncio
import contextlib
import sqlite3
from collections.abc import Awaitable, Callable, Iterable, Iterator
from dataclasses import dataclass, field
from functools import partial
from typing import Any, Protocol, cast

import aiosqlite
from aiosqlite.core import Connection
from sqlalchemy.connectors import asyncio as adapted
from sqlalchemy.dialects.sqlite import aiosqlite as dialect
from sqlalchemy.ext.asyncio import engine, result
from sqlalchemy.util import concurrency

# What a real file is asked for that only costs time here: a killed process loses no page cache, and
# waiting for a lock must pass virtual time.
INSTEAD = {
    "PRAGMA synchronous = FULL": "PRAGMA synchronous = OFF",
    "PRAGMA busy_timeout = 20000": "PRAGMA busy_timeout = 0",
}
BUSY_LASTS = 20.0


class Holder(Protocol):
    """Whose connections these are."""

    def holds(self, connection: "InlineConnection") -> None: ...
    def lets_go(self, connection: "InlineConnection") -> None: ...


@dataclass(slots=True)
class Disk:
    """What is wrong with the database at the moment. `refused` and `full` count what failed by it."""

    is_away: bool = False
    is_full: bool = False
    refused: int = 0
    full: int = 0
    # What was asked of it so far.
    turns: int = 0
    writer: "InlineConnection | None" = None
    free: asyncio.Event = field(default_factory=asyncio.Event)
    connections: dict["InlineConnection", None] = field(default_factory=dict)

    def goes_away(self) -> None:
        """Every transaction is lost, and every connection with it."""
        self.is_away = True
        for connection in list(self.connections):
            connection.is_lost()

    def comes_back(self) -> None:
        """Connections can be made again."""
        self.is_away = False

    def is_written_by(self, connection: "InlineConnection | None") -> None:
        """Whose transaction may change something; all others wait for its end."""
        self.writer = connection
        if connection is None:
            self.free.set()
        else:
            self.free.clear()

    async def free_for_writing(self) -> None:
        """Wait for another process's transaction as long as SQLite would."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(BUSY_LASTS):
                while self.writer is not None:
                    await self.free.wait()


def refusal(message: str, code: int) -> sqlite3.OperationalError:
    """An error as SQLite raises it."""
    error = sqlite3.OperationalError(message)
    error.sqlite_errorcode = code
    return error


class _Inline:
    """In the place of aiosqlite's queue to its thread."""

    def put_nowait(self, wish: tuple[asyncio.Future[Any], Callable[[], Any]]) -> None:
        """Do it now."""
        future, function = wish
        future.set_result(function())


class _NoThread:
    daemon = True


class _Gone:
    """What is left of a connection to a database that went away."""

    in_transaction = True

    def execute(self, *_: Any) -> Any:
        raise sqlite3.OperationalError("connection closed")

    cursor = commit = rollback = executemany = execute

    def close(self) -> None:
        """There is nothing to close."""


class InlineConnection(Connection):
    """As SQLAlchemy sees it, an aiosqlite connection."""

    def __init__(
        self, connector: Callable[[], sqlite3.Connection], *, disk: Disk, holder: Holder | None
    ) -> None:
        self._running = True
        self._connection: sqlite3.Connection | None = None
        self._connector = connector
        self._iter_chunk_size = 64
        self._disk = disk
        self._holder = holder
        self._changes_before = 0
        # SQLAlchemy reaches for both.
        self._tx: Any = _Inline()
        self._thread: Any = _NoThread()

    def __await__(self) -> Any:
        return self._connect().__await__()

    def __del__(self) -> None:
        self.breaks()

    def breaks(self) -> None:
        """The connection is gone, and with it what was not committed."""
        self._running = False
        if self._connection is not None:
            _let_go(self._connection)
            self._connection = None
        self._is_done()
        self._disk.connections.pop(self, None)
        if self._holder is not None:
            self._holder.lets_go(self)

    def is_lost(self) -> None:
        """The database went away: what was not committed is lost, and whoever goes on is told so."""
        _let_go(self._conn)
        self._connection = cast(sqlite3.Connection, _Gone())
        self._is_done()

    def stop(self) -> None:
        """SQLAlchemy's way to let go of it."""
        self.breaks()

    async def close(self) -> None:
        """Let go of it."""
        self.breaks()

    async def _connect(self) -> "InlineConnection":
        if self._disk.is_away:
            self._disk.refused += 1
            raise refusal("unable to open database file", sqlite3.SQLITE_CANTOPEN)
        self._connection = self._connector()
        self._disk.connections[self] = None
        self._disk.turns += 1
        if self._holder is not None:
            self._holder.holds(self)
        return self

    async def _execute(self, fn: Any, *args: Any, **kwargs: Any) -> Any:
        if not self._running or self._connection is None:
            raise ValueError("Connection closed")
        if args and isinstance(args[0], str):
            return self._statement(fn, INSTEAD.get(args[0], args[0]), *args[1:])
        name = fn.__name__
        if name == "commit":
            self._check_room()
        elif name != "rollback" or not self._connection.in_transaction:
            # Taking rows that are there already costs no turn.
            return fn(*args, **kwargs)
        self._disk.turns += 1
        given = fn()
        self._is_done()
        return given

    def _statement(self, fn: Any, sql: str, *args: Any) -> Any:
        self._disk.turns += 1
        given = fn(sql, *args)
        if sql == "BEGIN IMMEDIATE":
            self._disk.is_written_by(self)
            self._changes_before = self._conn.total_changes
        return given

    def _is_done(self) -> None:
        if self._disk.writer is self:
            self._disk.is_written_by(None)

    def _check_room(self) -> None:
        if self._disk.is_full and self._conn.total_changes > self._changes_before:
            self._disk.full += 1
            raise refusal("database or disk is full", sqlite3.SQLITE_FULL)


@contextlib.contextmanager
def inline_sqlite(disk: Disk, whose: Callable[[], Holder | None]) -> Iterator[None]:
    """For a while there are neither threads nor greenlets; `whose` says who opens a connection now."""

    def connect(database: str, **options: Any) -> InlineConnection:
        options.pop("iter_chunk_size", None)
        opened = partial(sqlite3.connect, str(database), **options)
        return InlineConnection(opened, disk=disk, holder=whose())

    async def at_once(fn: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
        kwargs.pop("_require_await", None)
        if fn.__name__ == "begin":
            await disk.free_for_writing()
        before = disk.turns
        given = fn(*args, **kwargs)
        if disk.turns != before:
            await asyncio.sleep(0)
        return given

    with contextlib.ExitStack() as stack:
        for owner, name, value in (
            (aiosqlite, "connect", connect),
            (engine, "greenlet_spawn", at_once),
            (result, "greenlet_spawn", at_once),
            (adapted, "await_", _driven),
            (dialect, "await_", _driven),
            (concurrency, "await_", _driven),
        ):
            stack.callback(setattr, owner, name, getattr(owner, name))
            setattr(owner, name, value)
        yield


def _driven(awaitable: Awaitable[Any]) -> Any:
    """Run to its end what waits for nothing."""
    try:
        next(awaitable.__await__())
    except StopIteration as end:
        return end.value
    raise AssertionError(f"{awaitable!r} wants to wait")


def _let_go(connection: sqlite3.Connection | _Gone) -> None:
    """As when its process is gone: a statement that somebody still holds would keep the lock."""
    if connection.in_transaction:
        with contextlib.suppress(sqlite3.Error):
            connection.rollback()
    connection.close()


def closed(connections: Iterable[InlineConnection]) -> None:
    """All of them, as when their process is gone."""
    for connection in list(connections):
        connection.breaks()
