"""Writing down what happens only once (an answer, a click, a row): no collision may lose it."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from typing import TypeVar

from hub.ports import Begin, DatabaseAway, Work

TRIES = 5
# Seconds. A push that arrived is in doubt if nobody can write that down; most restarts are shorter.
LONGEST_WAIT = 45.0
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


async def write_down_patiently(begin: Begin, write: Callable[[Work], Awaitable[T]]) -> T:
    """Wait for a database that is away, since nobody can ask for this a second time.

    `write` may run again although its first commit arrived and only the answer to it was lost.
    """
    ends = time.monotonic() + LONGEST_WAIT
    while True:
        try:
            return await write_down(begin, write)
        except DatabaseAway:
            if time.monotonic() > ends:
                raise
        await asyncio.sleep(LOOK_AGAIN)
