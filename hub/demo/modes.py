"""A city's way in one day: copying by hand, then files, then the API, with everything on its way."""

import asyncio
import contextlib
import time
from collections.abc import Awaitable

import httpx
from rich.console import Console

from hub.demo.cast import Tally
from hub.demo.clerk import Clerk
from hub.demo.copier import Copier
from hub.demo.processes import BY_HAND, MODE, Stand

COPIER_PAUSE = 1.0
# Seconds of the day by hand, and after them by file.
BY_HAND_FOR = 24.0
BY_FILE_FOR = 22.0


async def modes(stand: Stand, tally: Tally, *, say: Console) -> None:
    """Assisted, file and api, one after the other, while the day goes on."""
    if stand.environment[MODE] != "assisted":
        await stand.switch_mode("assisted")  # another day of the same stand
    await asyncio.sleep(BY_HAND_FOR)
    await stand.switch_mode("file")
    say.print(f"  {BY_HAND} goes by file now", highlight=False)
    clerk, ends = Clerk(stand, tally), time.monotonic() + BY_FILE_FOR
    while time.monotonic() < ends:
        await clerk.work()
    await stand.switch_mode("api")
    say.print(f"  {BY_HAND} has an API now", highlight=False)


async def by_hand_until(stand: Stand, beside: Awaitable[None]) -> None:
    """By hand while something else goes on (whoever kills the hub), and by the API after it."""
    if stand.environment[MODE] != "assisted":
        await stand.switch_mode("assisted")
    await beside
    await stand.switch_mode("api")


async def by_hand(stand: Stand, tally: Tally, *, stop: asyncio.Event) -> None:
    """The operator who copies, all day long; what has been begun is brought to its end in any mode."""
    copier = Copier(stand, tally)
    while not stop.is_set():
        # The hub is away for a moment whenever its settings change; a person tries again.
        with contextlib.suppress(httpx.TransportError):
            await copier.work()
        await asyncio.sleep(COPIER_PAUSE)
