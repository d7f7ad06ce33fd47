"""Writing down what happens only once (an answer, a click, a row): no collision may lose it."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import TypeVar

from hub.ports import Begin, DatabaseAway, Work

TRIES = 5
# Most restarts are shorter.
LONGEST_WAIT = timedelta(seconds=45)
# Seconds.
LOOK_AGAIN = 1.0

T = TypeVar("T")


async def write_down(begin: Begin, write: Callable[[Work], Awaitable[T]]) -> T:
    """Run `write` in a transaction; whoever collides with another one goes again at once."""
    for _ in range(TRIES - 1):
        try:
            async with begin() as work:
                return await write(work)
        except Exception as error:
            if not getattr(error, "go_again", False):
                raise
    async with begin() as work:
        return await write(work)


async def write_down_patiently(
    begin: Begin, write: Callable[[Work], Awaitable[T]], *, lasts: timedelta | None = LONGEST_WAIT
) -> T:
    """Wait for a database that is away, since nobody can ask for this a second time.

    `lasts`: how long; None for as long as the process lives.

    `write` may run again although its first commit arrived and only the answer to it was lost.
    """
    began = time.monotonic()
    while True:
        try:
            return await write_down(begin, write)
        except DatabaseAway:
            if lasts is not None and time.monotonic() - began > lasts.total_seconds():
                raise
        await asyncio.sleep(LOOK_AGAIN)
