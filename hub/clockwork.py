"""The work, driven by asyncio in one process: loops that sleep until something is due or a nudge comes."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import structlog

from hub.ports import Clock, DatabaseAway
from hub.rows import Topic

log = structlog.get_logger()

# Nudges and due times are exact; this only bounds how long a lost nudge can delay.
LONGEST_SLEEP = timedelta(seconds=5)
# Somebody else holds what is due: look again soon, but do not spin.
SHORTEST_SLEEP = timedelta(milliseconds=50)
AFTER_FAILURE = timedelta(seconds=1)
# Seconds. What fails each second is said once a minute.
SAID_AGAIN = 60.0


@dataclass(slots=True, kw_only=True)
class Loop:
    """One kind of work.

    `step` does a little and says whether there may be more at once; `due` says when
    there will be.
    """

    name: str
    step: Callable[[], Awaitable[bool]]
    due: Callable[[], Awaitable[datetime | None]] | None = None
    topic: Topic | None = None
    connector: str = ""
    every: timedelta = LONGEST_SLEEP
    wake: asyncio.Event = field(default_factory=asyncio.Event)
    failures: int = 0
    silent_until: float = 0.0


class Clockwork:
    """Runs loops until it is stopped."""

    def __init__(self, *, clock: Clock) -> None:
        self._clock = clock
        self._loops: list[Loop] = []
        self._tasks: list[asyncio.Task[None]] = []
        self._stopping = asyncio.Event()

    def add(self, *loops: Loop) -> None:
        """Before `start`."""
        self._loops += loops

    def nudge(self, topic: Topic, connector: str = "") -> None:
        """Somebody committed something for this topic: look now."""
        for loop in self._loops:
            if loop.topic is topic and connector in (loop.connector, ""):
                loop.wake.set()

    def start(self) -> None:
        """Begin all loops."""
        self._tasks = [
            asyncio.create_task(self._run(loop), name=loop.name) for loop in self._loops
        ]

    async def stop(self, *, grace: timedelta) -> None:
        """Let every step under way finish, for at most `grace`; then cut it off."""
        self._stopping.set()
        for loop in self._loops:
            loop.wake.set()
        if not self._tasks:
            return
        _, late = await asyncio.wait(self._tasks, timeout=grace.total_seconds())
        for task in late:
            log.warning("clockwork.cut_off", loop=task.get_name())
            task.cancel()
        await asyncio.gather(*late, return_exceptions=True)

    async def _run(self, loop: Loop) -> None:
        while not self._stopping.is_set():
            # Cleared before looking: a nudge that comes while we look wakes us again.
            loop.wake.clear()
            try:
                if await loop.step():
                    continue
                sleep = await self._sleep_of(loop)
            except DatabaseAway:
                # Whoever noticed it has said so, for all loops.
                sleep = AFTER_FAILURE
            except Exception as error:  # noqa: BLE001 - one failing loop must not end the others
                _complain(loop, error)
                sleep = AFTER_FAILURE
            with suppress(TimeoutError):
                await asyncio.wait_for(loop.wake.wait(), sleep.total_seconds())

    async def _sleep_of(self, loop: Loop) -> timedelta:
        due = await loop.due() if loop.due is not None else None
        if due is None:
            return loop.every
        wait = due - self._clock()
        return min(wait if wait > timedelta() else SHORTEST_SLEEP, loop.every)


def _complain(loop: Loop, error: Exception) -> None:
    loop.failures += 1
    now = time.monotonic()
    if now < loop.silent_until:
        return
    log.warning(
        "clockwork.step_failed", loop=loop.name, error=type(error).__name__, times=loop.failures
    )
    loop.failures, loop.silent_until = 0, now + SAID_AGAIN
