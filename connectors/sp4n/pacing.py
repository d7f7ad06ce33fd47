"""So many calls a second, whatever they ask for."""

import asyncio
import time
from collections.abc import Awaitable, Callable


class Pacer:
    """Gives every call its turn, in the order in which they come."""

    def __init__(
        self,
        per_second: float,
        *,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self._interval = 1 / per_second
        self._clock = clock
        self._sleep = sleep
        self._free_at = float("-inf")

    async def turn(self, _: object = None) -> None:
        """Wait until it is this call's turn."""
        # No await between looking and taking: two calls cannot get the same turn.
        now = self._clock()
        at = max(now, self._free_at)
        self._free_at = at + self._interval
        if at > now:
            await self._sleep(at - now)
