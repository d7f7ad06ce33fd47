"""The servers of the tests are real ones, and each test gets its own clean corner of them."""

import asyncio
from collections.abc import Callable

import pytest
from redis.asyncio import Redis
from sqlalchemy import text
from sqlalchemy.ext.asyncio import create_async_engine

TABLE = "CREATE TABLE footprint (id INTEGER PRIMARY KEY)"


async def ask(url: str, sql: str) -> object:
    engine = create_async_engine(url)
    try:
        async with engine.begin() as connection:
            return await connection.scalar(text(sql))
    finally:
        await engine.dispose()


async def leave_a_footprint(url: str) -> None:
    engine = create_async_engine(url)
    async with engine.begin() as connection:
        await connection.execute(text(TABLE))
    await engine.dispose()


async def test_postgres_is_a_postgres(postgres_url: str) -> None:
    assert str(await ask(postgres_url, "SELECT version()")).startswith("PostgreSQL ")


async def test_redis_is_a_redis(redis_url: str) -> None:
    async with Redis.from_url(redis_url) as client:
        assert await client.ping()
        assert (await client.info())["redis_version"]


async def test_a_test_runs_on_both_databases(database_url: str) -> None:
    version = "sqlite_version()" if database_url.startswith("sqlite") else "version()"
    assert await ask(database_url, f"SELECT {version}")


async def test_a_database_comes_with_the_tables_of_the_hub(database_url: str) -> None:
    assert await ask(database_url, "SELECT count(*) FROM alembic_version") == 1


@pytest.mark.parametrize("_turn", [1, 2])
async def test_nobody_walks_in_the_footprints_of_another_test(
    database_url: str, _turn: int
) -> None:
    await leave_a_footprint(database_url)


@pytest.mark.parametrize("_turn", [1, 2])
async def test_what_one_test_leaves_in_redis_is_gone_for_the_next(
    redis_url: str, _turn: int
) -> None:
    async with Redis.from_url(redis_url) as client:
        assert await client.dbsize() == 0
        await client.set("footprint", 1)


async def test_databases_of_one_test_are_apart(new_postgres_url: Callable[..., str]) -> None:
    await leave_a_footprint(new_postgres_url())
    bare = new_postgres_url(migrated=False)
    assert await ask(bare, "SELECT count(*) FROM pg_tables WHERE tablename = 'footprint'") == 0


async def test_two_workers_can_lock_rows_at_once(postgres_url: str) -> None:
    await leave_a_footprint(postgres_url)
    engine = create_async_engine(postgres_url)
    lease = text("SELECT id FROM footprint ORDER BY id LIMIT 1 FOR UPDATE SKIP LOCKED")
    async with engine.begin() as connection:
        await connection.execute(text("INSERT INTO footprint VALUES (1), (2)"))
    async with engine.connect() as one, engine.connect() as other:
        assert [await one.scalar(lease), await other.scalar(lease)] == [1, 2]
    await engine.dispose()


async def test_the_network_ends_at_this_machine() -> None:
    with (
        pytest.warns(UserWarning, match=r"192\.0\.2\.1"),
        pytest.raises(RuntimeError, match=r"192\.0\.2\.1"),
    ):
        await asyncio.open_connection("192.0.2.1", 80)
