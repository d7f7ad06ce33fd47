"""arq's functions and cron; the only file that imports arq. arq is a nudge and a clock, never the queue."""

import asyncio
import contextlib
import time
from collections.abc import Awaitable, Callable, Sequence
from datetime import timedelta
from typing import TYPE_CHECKING, Any, cast

import structlog
from arq import create_pool, cron, func
from arq.connections import ArqRedis, RedisSettings
from arq.worker import Worker
from redis.exceptions import RedisError

from hub.ports import DatabaseAway
from hub.rows import Topic

if TYPE_CHECKING:
    from arq.typing import StartupShutdown, WorkerCoroutine

log = structlog.get_logger()

QUEUE = "simpul:nudges"
# A nudge that nobody took within this time is worth nothing: workers look by themselves anyway.
STALE_AFTER = timedelta(seconds=30)
# A nudge is a courtesy: whoever committed waits no longer for it than this, and after a loss not at all.
LONGEST_NUDGE = 0.25
REST_AFTER_LOSS = 2.0
GONE = (RedisError, OSError)


class RedisNudge:
    """Nudges other processes. Losing Redis delays, it never loses: the rows are the truth."""

    def __init__(self, url: str) -> None:
        self._settings = RedisSettings.from_dsn(url)
        self._settings.conn_retries = 0
        self._pool: ArqRedis | None = None
        self._is_lost = False
        self._not_before = 0.0

    async def __call__(self, topic: Topic, connector: str = "") -> None:
        """Wake one worker for this topic."""
        if time.monotonic() < self._not_before:
            return
        try:
            async with asyncio.timeout(LONGEST_NUDGE):
                await self._enqueue(topic, connector)
        except (*GONE, TimeoutError) as error:
            self._not_before = time.monotonic() + REST_AFTER_LOSS
            if not self._is_lost:
                log.warning("redis.lost", error=type(error).__name__)
            self._is_lost = True
            return
        if self._is_lost:
            log.info("redis.back")
        self._is_lost = False

    async def _enqueue(self, topic: Topic, connector: str) -> None:
        if self._pool is None:
            self._pool = await create_pool(self._settings, default_queue_name=QUEUE)
        # The same nudge waiting already is enough; `_expires` drops it when nobody works.
        await self._pool.enqueue_job(
            "nudge", topic.value, connector,
            _job_id=f"{topic.value}:{connector}", _expires=STALE_AFTER,
        )  # fmt: skip

    async def aclose(self) -> None:
        """Close the connection."""
        if self._pool is not None:
            with contextlib.suppress(*GONE):
                await self._pool.aclose()


async def _nudge(context: dict[Any, Any], topic: str, connector: str) -> None:
    wake: Callable[[Topic, str], None] = context["wake"]
    wake(Topic(topic), connector)


async def _chores(context: dict[Any, Any]) -> None:
    # A database that is away is said elsewhere, and the loops do the same chores when it is back.
    with contextlib.suppress(DatabaseAway):
        for chore in context["chores"]:
            await chore()


def worker(
    url: str,
    *,
    wake: Callable[[Topic, str], None],
    chores: Sequence[Callable[[], Awaitable[object]]],
    on_startup: "StartupShutdown",
) -> Worker:
    """An arq worker that wakes this process's loops and does the chores once a minute, on one worker."""
    return Worker(
        functions=[
            func(cast("WorkerCoroutine", _nudge), name="nudge", keep_result=0, max_tries=1)
        ],
        cron_jobs=[
            cron(
                cast("WorkerCoroutine", _chores), name="chores", minute=None, second=0, unique=True
            )
        ],
        redis_settings=RedisSettings.from_dsn(url),
        queue_name=QUEUE,
        ctx={"wake": wake, "chores": chores},
        poll_delay=0.05,
        max_jobs=50,
        handle_signals=False,
        health_check_interval=60,
        on_startup=on_startup,
    )
