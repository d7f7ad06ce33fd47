"""A Redis that hangs, is restarted or emptied costs a moment; whoever commits does not wait for it."""

import asyncio
import os
import signal
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest
import redis
from structlog.testing import capture_logs

from hub.rows import Topic
from hub.store.database import Database
from hub.worker import LONGEST_NUDGE, QUEUE, RedisNudge
from tests.fakes.books import open_database
from tests.fakes.clock import A_MORNING
from tests.servers import (
    ServerMissing,
    comes_up,
    free_port,
    left_out,
    new_redis,
    redis_url,
    running_redis,
)

# Generous: the machine of whoever runs this may be busy. Without a limit it would be for ever.
A_MOMENT = LONGEST_NUDGE + 1.0
SOON = 10.0


@pytest.fixture
async def silent_port() -> AsyncIterator[int]:
    """Somebody takes every connection, listens, and never says a word."""
    open_ones: list[asyncio.StreamWriter] = []

    async def listen(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        open_ones.append(writer)
        with suppress(ConnectionError):
            while await reader.read(1024):
                pass

    server = await asyncio.start_server(listen, "127.0.0.1", 0)
    yield server.sockets[0].getsockname()[1]
    server.close()
    for writer in open_ones:
        writer.close()
        with suppress(ConnectionError):
            await writer.wait_closed()


@contextmanager
def hung(url: str) -> Iterator[None]:
    """The Redis at `url` stands still, with all its connections open."""
    with redis.Redis.from_url(url) as client:
        process = int(client.info()["process_id"])
    os.kill(process, signal.SIGSTOP)
    try:
        yield
    finally:
        os.kill(process, signal.SIGCONT)


@pytest.fixture
def own_redis() -> Iterator[str]:
    """A Redis that no other test knows, since this one is going to hang."""
    try:
        with running_redis() as url:
            yield url
    except ServerMissing as missing:
        raise left_out(str(missing)) from None


@pytest.fixture
async def database(sqlite_url: str) -> AsyncIterator[Database]:
    database = open_database(sqlite_url)
    yield database
    await database.aclose()


async def commit(database: Database) -> float:
    """Commit something that nudges; how many seconds the caller was held up after the commit."""
    async with asyncio.timeout(SOON):
        async with database.begin() as work:
            await work.upstreams.heard("anywhere", at=A_MORNING)
            work.nudge(Topic.OUTBOX, "anywhere")
            work.nudge(Topic.INBOX)
            ended = time.monotonic()
        return time.monotonic() - ended


def waiting(url: str) -> int:
    """How many nudges lie in Redis."""
    with redis.Redis.from_url(url) as client:
        return int(client.zcard(QUEUE))


async def test_a_redis_that_takes_the_call_and_says_nothing_holds_a_commit_up_only_a_moment(
    database: Database, silent_port: int
) -> None:
    nudge = RedisNudge(f"redis://127.0.0.1:{silent_port}/0")
    database.nudge = nudge
    with capture_logs() as logs:
        assert await commit(database) < A_MOMENT
    assert [log["event"] for log in logs] == ["redis.lost"]
    await nudge.aclose()


async def test_after_a_loss_the_next_commits_do_not_wait_at_all(
    database: Database, silent_port: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("hub.worker.REST_AFTER_LOSS", 60.0)
    nudge = RedisNudge(f"redis://127.0.0.1:{silent_port}/0")
    database.nudge = nudge
    await commit(database)
    began = time.monotonic()
    for _ in range(10):
        await nudge(Topic.OUTBOX, "anywhere")
    assert time.monotonic() - began < LONGEST_NUDGE
    await nudge.aclose()


async def test_a_redis_that_hangs_in_the_middle_is_let_be_and_used_again_when_it_is_back(
    database: Database, own_redis: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("hub.worker.REST_AFTER_LOSS", 0.2)
    nudge = RedisNudge(own_redis)
    database.nudge = nudge
    with capture_logs() as logs:
        await commit(database)
        assert waiting(own_redis) == 2
        with hung(own_redis):
            assert await commit(database) < A_MOMENT
        with redis.Redis.from_url(own_redis) as client:
            client.flushall()
        await asyncio.sleep(0.3)
        await commit(database)
    assert waiting(own_redis) == 2
    assert [log["event"] for log in logs] == ["redis.lost", "redis.back"]
    await nudge.aclose()


async def test_a_redis_that_was_restarted_empty_is_used_again(
    database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("hub.worker.REST_AFTER_LOSS", 0.1)
    port = free_port()
    nudge = RedisNudge(redis_url(port))
    database.nudge = nudge
    with capture_logs() as logs:
        with running(tmp_path, port):
            await commit(database)
            assert waiting(redis_url(port)) == 2
        assert await commit(database) < A_MOMENT
        with running(tmp_path, port):
            async with asyncio.timeout(SOON):
                while not waiting(redis_url(port)):
                    await asyncio.sleep(0.15)
                    await commit(database)
    assert [log["event"] for log in logs] == ["redis.lost", "redis.back"]
    await nudge.aclose()


@contextmanager
def running(folder: Path, port: int) -> Iterator[None]:
    """A Redis at this port, for a while."""
    try:
        server = new_redis(folder)
    except ServerMissing as missing:
        raise left_out(str(missing)) from None
    process = server.start(port)
    try:
        assert comes_up(process, server=server, port=port)
        yield
    finally:
        process.terminate()
        process.wait()


async def test_a_redis_that_was_emptied_takes_the_next_nudges_as_if_nothing_had_been(
    database: Database, own_redis: str
) -> None:
    nudge = RedisNudge(own_redis)
    database.nudge = nudge
    with capture_logs() as logs:
        await commit(database)
        with redis.Redis.from_url(own_redis) as client:
            client.flushall()
        await commit(database)
    assert waiting(own_redis) == 2
    assert logs == []
    await nudge.aclose()
