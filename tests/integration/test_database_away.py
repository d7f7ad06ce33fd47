"""A database that cannot be used is noticed in time, said once, and used again by itself."""

import asyncio
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from sqlalchemy import event, text
from sqlalchemy.engine import make_url
from structlog.testing import capture_logs

from hub.ports import DatabaseAway
from hub.store import presence
from hub.store.database import Database
from tests.fakes.books import open_database
from tests.fakes.clock import A_MORNING
from tests.faults.switch import HOWS, Switch, switchable_postgres
from tests.servers import ServerMissing, left_out

A_MOMENT = 0.5
SOON = 10.0


@pytest.fixture(scope="module")
def switch() -> Iterator[Switch]:
    """A PostgreSQL that no other test knows, since this one is going to be away."""
    try:
        with switchable_postgres() as switch:
            yield switch
    except ServerMissing as missing:
        raise left_out(str(missing)) from None


@pytest.fixture
def hurried(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("LONGEST_CONNECT", "LONGEST_PING"):
        monkeypatch.setattr(f"hub.store.database.{name}", 1.0)
    monkeypatch.setattr("hub.store.database.LOOK_EVERY", 0.2)


async def heard(database: Database, connector: str = "anywhere") -> None:
    """Write something small."""
    async with database.begin() as work:
        await work.upstreams.heard(connector, at=A_MORNING)


async def took(action: Callable[[], Any]) -> float:
    """How many seconds passed until it was refused."""
    began = time.monotonic()
    with pytest.raises(DatabaseAway):
        await action()
    return time.monotonic() - began


async def until_back(database: Database) -> None:
    async with asyncio.timeout(SOON):
        while True:
            try:
                return await heard(database)
            except DatabaseAway:
                await asyncio.sleep(0.05)


def events(logs: list[Any]) -> list[str]:
    return [log["event"] for log in logs]


@pytest.mark.usefixtures("hurried")
@pytest.mark.parametrize("how", HOWS)
async def test_a_server_that_goes_is_noticed_in_time_and_after_that_nobody_waits_for_it(
    how: str, switch: Switch
) -> None:
    database = open_database(switch.url)
    await database.migrate()
    await asyncio.gather(*(heard(database, f"channel {number}") for number in range(5)))
    with capture_logs() as logs:
        await switch.off(how)
        assert await took(lambda: heard(database)) < SOON
        waits = [await took(lambda: heard(database)) for _ in range(20)]
        assert max(waits) < A_MOMENT
        assert database.presence.problem
        assert "Basis data" in database.presence.problem
        await switch.on()
        await until_back(database)
        await asyncio.gather(*(heard(database, f"channel {number}") for number in range(20)))
    assert events(logs) == ["database.lost", "database.back"]
    assert database.presence.problem is None
    await database.aclose()


@pytest.mark.usefixtures("hurried")
async def test_a_server_that_was_restarted_between_two_questions_is_not_missed_by_anybody(
    switch: Switch,
) -> None:
    database = open_database(switch.url)
    await database.migrate()
    await asyncio.gather(*(heard(database, f"channel {number}") for number in range(5)))
    with capture_logs() as logs:
        await switch.off("stop")
        await switch.on()
        await asyncio.gather(*(heard(database, f"channel {number}") for number in range(5)))
    assert events(logs) == []
    await database.aclose()


async def test_a_statement_that_takes_too_long_ends_and_is_no_loss_of_the_database(
    postgres_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("hub.store.database.LONGEST_STATEMENT", 0.5)
    database = open_database(postgres_url)

    async def dawdle() -> None:
        async with database.begin() as work:
            await work.upstreams._connection.execute(text("SELECT pg_sleep(30)"))

    with capture_logs() as logs:
        assert await took(dawdle) < SOON
        await heard(database)
    assert events(logs) == []
    assert database.presence.problem is None
    await database.aclose()


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ("ALTER DATABASE {name} SET default_transaction_read_only = on", "hanya dapat dibaca"),
        ("ALTER ROLE {role} CONNECTION LIMIT 0", "sudah terlalu banyak"),
    ],
    ids=["read only", "too many connections"],
)
async def test_a_server_that_refuses_says_why_and_is_asked_again(
    change: str, sentence: str, postgres_url: str, guest: str
) -> None:
    url = make_url(postgres_url)
    owner = open_database(postgres_url)
    visitor = open_database(url.set(username=guest).render_as_string(hide_password=False))
    back = {
        "ALTER DATABASE {name} SET default_transaction_read_only = off",
        "ALTER ROLE {role} CONNECTION LIMIT -1",
    }

    async def alter(sentence: str) -> None:
        async with owner.engine.connect() as connection:
            alone = await connection.execution_options(isolation_level="AUTOCOMMIT")
            await alone.execute(text(sentence.format(name=url.database, role=guest)))

    with capture_logs() as logs:
        await alter(change)
        for _ in range(3):
            with pytest.raises(DatabaseAway, match=sentence):
                await heard(visitor)
        assert events(logs) == ["database.lost"]
        for each in back:
            await alter(each)
        await visitor.engine.dispose()
        await heard(visitor)
    await visitor.aclose()
    await owner.aclose()


@pytest.fixture
async def guest(postgres_url: str) -> str:
    """A user who is no superuser: to those no limit applies."""
    name = f"guest_{make_url(postgres_url).database}"
    owner = open_database(postgres_url)
    async with owner.engine.begin() as connection:
        await connection.execute(text(f"CREATE ROLE {name} LOGIN"))
        await connection.execute(text(f"GRANT ALL ON ALL TABLES IN SCHEMA public TO {name}"))
        await connection.execute(text(f"GRANT ALL ON ALL SEQUENCES IN SCHEMA public TO {name}"))
    await owner.aclose()
    return name


@contextmanager
def full(database: Database) -> Iterator[Callable[[], None]]:
    """An SQLite file that may not grow; call what it yields to make room."""
    pages = ["PRAGMA max_page_count = 1"]

    def limit(connection: Any) -> None:
        connection.exec_driver_sql(pages[0])

    event.listen(database.engine.sync_engine, "begin", limit, insert=True)
    yield lambda: pages.__setitem__(0, "PRAGMA max_page_count = 1000000")
    event.remove(database.engine.sync_engine, "begin", limit)


async def test_a_full_disk_under_sqlite_refuses_what_is_new_shows_what_is_there_and_recovers(
    sqlite_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    database = open_database(sqlite_url)
    many = [f"{'a long name of a channel ' * 8}{number}"[-60:] for number in range(2000)]

    async def grow() -> None:
        async with database.begin() as work:
            for name in many:
                await work.upstreams.heard(name, at=A_MORNING)

    with capture_logs() as logs, full(database) as make_room:
        with pytest.raises(DatabaseAway, match="disk penuh"):
            await grow()
        async with database.reading() as connection:
            assert await connection.scalar(text("SELECT count(*) FROM upstreams")) == 0
        assert "disk penuh" in str(database.presence.problem)
        make_room()
        await grow()
        # Nobody was refused for a while: only now is it known to have room again.
        assert database.presence.problem
        monkeypatch.setattr(presence, "QUIET", 0.0)
        await heard(database)
    assert database.presence.problem is None
    assert events(logs) == ["database.lost", "database.back"]
    await database.aclose()
