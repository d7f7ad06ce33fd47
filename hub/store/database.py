"""One database, SQLite or PostgreSQL: transactions, read-only connections, migrations."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any

from alembic import command
from alembic.config import Config
from sqlalchemy import Select, event, select, text
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError, DBAPIError, InvalidatePoolError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine
from sqlalchemy.pool import ConnectionPoolEntry

from hub.ports import DatabaseAway, Nudge
from hub.rows import Topic
from hub.store.presence import GONE, HUNG, Presence
from hub.store.seal import Seal, WrongKey
from hub.store.tables import inbox
from hub.store.work import SqlWork

MIGRATIONS = Path(__file__).parent / "migrations"
READ_ONLY = "simpul_read_only"
NEW = "simpul_new"
# PostgreSQL: deadlock_detected, serialization_failure. The loser simply goes again.
GO_AGAIN = {"40P01", "40001"}
# Seconds. A server that hangs takes every connection and every question, and answers none.
LONGEST_CONNECT = LONGEST_PING = 5.0
LONGEST_STATEMENT = 30.0
# A transaction takes milliseconds: whoever finds no connection free for so long is one too many.
LONGEST_QUEUE = 10.0
LOOK_EVERY = 1.0


class Collided(Exception):
    """Another transaction was in the way and won; the same work can be done again at once."""

    go_again = True


class NoDatabase(Exception):
    """The database cannot be used; the message is a sentence that says why and what to do."""


class Database:
    """`begin()` is one transaction with its repositories; `reading()` a connection that changes nothing."""

    def __init__(
        self,
        url: str,
        *,
        seal: Seal,
        ticket_prefix: str,
        new_id: Callable[[], str],
        nudge: Nudge | None = None,
    ) -> None:
        self.url = with_async_driver(url)
        self._seal = seal
        self._prefix = ticket_prefix
        self._new_id = new_id
        self.nudge = nudge
        self.presence = Presence()
        self._looking: asyncio.Task[None] | None = None
        self.engine = _engine(self.url, self.presence)
        # SQLite has one writer; waiting here is fair and cheap, its own busy loop is neither.
        self._writer = asyncio.Lock() if self.is_sqlite else None

    @property
    def is_sqlite(self) -> bool:
        """Whether this is the embedded default."""
        return self.url.startswith("sqlite")

    @contextlib.asynccontextmanager
    async def begin(self) -> AsyncIterator[SqlWork]:
        """One transaction; what it nudged is looked at after the commit."""
        async with self._writer or contextlib.nullcontext():
            try:
                async with self._connected() as connection, connection.begin():
                    work = SqlWork(
                        connection, seal=self._seal, prefix=self._prefix, new_id=self._new_id
                    )
                    async with _cut_if_silent(connection):
                        yield work
            except DBAPIError as error:
                if getattr(error.orig, "sqlstate", None) in GO_AGAIN:
                    raise Collided(str(error.orig)) from error
                raise
        for topic, connector in sorted(work.nudges):
            await self._nudge(topic, connector)

    @contextlib.asynccontextmanager
    async def reading(self) -> AsyncIterator[AsyncConnection]:
        """A connection for queries; it never waits for a writer."""
        async with self._connected() as plain, _cut_if_silent(plain):
            yield await plain.execution_options(**{READ_ONLY: True})

    @contextlib.asynccontextmanager
    async def _connected(self) -> AsyncIterator[AsyncConnection]:
        """A connection that answers. Raises `DatabaseAway`, at once while that is known."""
        self.presence.check()
        try:
            async with self._line() as connection:
                yield connection
        except DatabaseAway:
            self._look_for_it()
            raise

    @contextlib.asynccontextmanager
    async def _line(self) -> AsyncIterator[AsyncConnection]:
        with self.presence.watched():
            async with contextlib.AsyncExitStack() as stack:
                try:
                    connection = await stack.enter_async_context(self.engine.connect())
                except TimeoutError as error:
                    raise self.presence.lost(HUNG) from error
                except OSError as error:
                    raise self.presence.lost(GONE) from error
                yield connection
        self.presence.answered()

    def _look_for_it(self) -> None:
        """One looks whether it is back; all others are told at once that it is not."""
        if self.presence.is_gone and (self._looking is None or self._looking.done()):
            self._looking = asyncio.create_task(self._until_back())

    async def _until_back(self) -> None:
        while self.presence.is_gone:
            await asyncio.sleep(LOOK_EVERY)
            # Whatever it says, it has not answered; this task must not end before, for nobody else
            # would ever look again.
            with contextlib.suppress(Exception):
                async with self._line() as connection:
                    await connection.execute(select(1))

    async def _nudge(self, topic: Topic, connector: str) -> None:
        if self.nudge is None:
            return
        waiting = self.nudge(topic, connector)
        if waiting is not None:
            await waiting

    async def checkpoint(self) -> bool:
        """Move what SQLite has logged into its file, beside whoever writes; PostgreSQL does so by itself."""
        if self.is_sqlite:
            async with self._connected() as connection:
                # Below SQLAlchemy, which would begin a transaction: in one there is no checkpoint.
                driver: Any = (await connection.get_raw_connection()).driver_connection
                await (await driver.execute("PRAGMA wal_checkpoint(PASSIVE)")).close()
        return False

    async def migrate(self) -> None:
        """Bring the tables to the newest form. Several processes may try at once; one does it.

        Raises `NoDatabase` if it cannot be reached, or was sealed with another key.
        """
        # A change of the tables may take longer than any statement afterwards.
        engine = self.engine if self.is_sqlite else create_async_engine(self.url)
        try:
            async with engine.begin() as connection:
                if not self.is_sqlite:
                    await connection.execute(text("SELECT pg_advisory_xact_lock(8112)"))
                await connection.run_sync(_upgrade)
                sealed = await connection.scalar(_anything_sealed())
        except (DBAPIError, OSError) as error:
            reason = getattr(error, "orig", None) or error
            shown = make_url(self.url).render_as_string(hide_password=True)
            raise NoDatabase(f"HUB_DATABASE_URL {shown} tidak dapat dipakai: {reason}") from error
        finally:
            if engine is not self.engine:
                await engine.dispose()
        if sealed is not None:
            try:
                self._seal.open(sealed)
            except WrongKey as error:
                raise NoDatabase(
                    f"HUB_SECRET_KEY tidak cocok dengan basis data ini: {error}"
                ) from error

    async def aclose(self) -> None:
        """Close all connections."""
        if self._looking is not None:
            self._looking.cancel()
            await asyncio.gather(self._looking, return_exceptions=True)
        await self.engine.dispose()


@contextlib.asynccontextmanager
async def _cut_if_silent(connection: AsyncConnection) -> AsyncIterator[None]:
    """A line that is still busy with what took too long would keep us waiting for the rollback too."""
    try:
        yield
    except TimeoutError:
        await connection.invalidate()
        raise


def with_async_driver(url: str) -> str:
    """Name the async driver where the operator gave a plain URL."""
    try:
        parsed = make_url(url)
    except ArgumentError as error:
        raise NoDatabase(
            "HUB_DATABASE_URL bukan alamat basis data; tuliskan seperti sqlite:///hub.db atau "
            "postgresql://pengguna:sandi@host/nama"
        ) from error
    if parsed.get_backend_name() not in ("sqlite", "postgresql", "postgres"):
        raise NoDatabase(
            f"HUB_DATABASE_URL: {parsed.get_backend_name()} tidak didukung; pakai sqlite atau postgresql"
        )
    drivers = {
        "sqlite": "sqlite+aiosqlite",
        "postgresql": "postgresql+asyncpg",
        "postgres": "postgresql+asyncpg",
    }
    named = parsed.set(drivername=drivers.get(parsed.drivername, parsed.drivername))
    return named.render_as_string(hide_password=False)


def _anything_sealed() -> Select[Any]:
    """The last thing that was sealed, to see whether our key opens it."""
    return (
        select(inbox.c.sealed_body)
        .where(inbox.c.sealed_body.is_not(None))
        .order_by(inbox.c.id.desc())
        .limit(1)
    )


def _upgrade(connection: Any) -> None:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.attributes["connection"] = connection
    command.upgrade(config, "head")


def _engine(url: str, presence: Presence) -> AsyncEngine:
    if not url.startswith("sqlite"):
        engine = create_async_engine(
            url, pool_size=10, max_overflow=10, pool_timeout=LONGEST_QUEUE,
            connect_args={"timeout": LONGEST_CONNECT, "command_timeout": LONGEST_STATEMENT},
        )  # fmt: skip
        event.listen(engine.sync_engine, "checkout", _ping_for(presence))
        return engine
    engine = create_async_engine(url, pool_size=8, max_overflow=4)
    event.listen(engine.sync_engine, "connect", _prepare_sqlite)
    event.listen(engine.sync_engine, "begin", _begin_sqlite)
    return engine


def _ping_for(presence: Presence) -> Callable[[Any, ConnectionPoolEntry, Any], None]:
    """See that somebody is there before a connection is used again.

    SQLAlchemy's own ping asks three times and waits for as long as any statement may take.
    """

    def ping(connection: Any, record: ConnectionPoolEntry, proxy: Any) -> None:
        del proxy
        if record.info.setdefault(NEW, True):
            record.info[NEW] = False
            return
        try:
            connection.run_async(lambda driver: driver.execute("SELECT 1", timeout=LONGEST_PING))
        except TimeoutError as error:
            connection.driver_connection.terminate()
            raise presence.lost(HUNG) from error
        except Exception as error:
            # Whatever cut this one has cut all that were made before.
            raise InvalidatePoolError from error

    return ping


def _prepare_sqlite(connection: Any, record: ConnectionPoolEntry) -> None:
    del record
    # The driver's own transactions begin too late to keep two writers apart; ours begin explicitly.
    connection.isolation_level = None
    cursor = connection.cursor()
    cursor.execute("PRAGMA journal_mode = WAL")
    # FULL: an answered webhook survives the power going out, not only the process.
    cursor.execute("PRAGMA synchronous = FULL")
    # A commit that moves the whole log into the file takes long; `checkpoint` mostly does it before.
    cursor.execute("PRAGMA wal_autocheckpoint = 8000")
    cursor.execute("PRAGMA foreign_keys = ON")
    cursor.execute("PRAGMA busy_timeout = 20000")
    cursor.close()


def _begin_sqlite(connection: Any) -> None:
    reading = connection.get_execution_options().get(READ_ONLY)
    connection.exec_driver_sql("BEGIN" if reading else "BEGIN IMMEDIATE")
