"""Writing down what happens only once (an answer, a click, a row): no collision may lose it."""

from collections.abc import Awaitable, Callable
from typing import TypeVar

from hub.ports import Begin, Work

TRIES = 5

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
