"""Kills the hub, looks into its database while nobody runs, starts it again and sees what it makes of it."""

import asyncio
import time
from collections import Counter
from dataclasses import dataclass, field
from random import Random

from rich.console import Console

from hub.demo.processes import Stand
from tests.faults.ledger import Lease, Ledger

FIRST_AFTER = 3.0
NOTHING, BLINDLY = "nothing", "sent again blindly"
BETWEEN = (1.0, 3.0)


@dataclass(slots=True)
class Killer:
    """`found`: every lease found open after a kill. `wrong`: every broken promise, as a sentence."""

    here: Stand
    ledger: Ledger
    rng: Random
    say: Console
    kills: int = 0
    found: list[Lease] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)
    away: float = 0.0

    async def kill_often(self, times: int) -> None:
        """At random moments, `times` times."""
        await asyncio.sleep(FIRST_AFTER)
        began = time.monotonic()
        for _ in range(times):
            wait = self.rng.uniform(*BETWEEN)
            await asyncio.sleep(wait)
            at = time.monotonic() - began
            leases = await self.kill()
            held = {name: n for name, n in (await self.ledger.held_by_the_dead()).items() if n}
            self.say.print(
                f"  kill {self.kills} at {at:5.1f} s, {wait:.2f} s after it was up: "
                f"{sum(lease.begun for lease in leases)} leased and begun, "
                f"{sum(not lease.begun for lease in leases)} leased only"
                + (f"; still held by the dead: {held}" if held else ""),
                highlight=False,
            )

    async def kill(self) -> list[Lease]:
        """Once, now; what was leased at that moment."""
        hub = self.here.hub
        if hub is None or hub.poll() is not None:
            self.wrong.append("the hub had ended by itself before it was killed")
        else:
            hub.kill()
            await asyncio.to_thread(hub.wait)
        down = time.monotonic()
        leases = await self.ledger.open_leases()
        self.kills += 1
        self.found += leases
        self.here.start_hub()
        await self.here.until_ready()
        self.away += time.monotonic() - down
        # On PostgreSQL other processes may be at work: leases are left until their time is over.
        if self.ledger.is_sqlite:
            for lease in leases:
                self.wrong += await self._made_of(lease)
        return leases

    async def _made_of(self, lease: Lease) -> list[str]:
        """Begun must be in doubt (or settled since); not begun must be as if never leased."""
        state, attempt = await self.ledger.state_of(lease.parcel_id)
        after = await self._after(lease)
        name = f"{lease.connector} {lease.kind} {lease.parcel_id}"
        if lease.begun and not after and (state, attempt) != ("doubt", lease.attempt):
            return [f"{name} had begun and is {state}, not in doubt"]
        if not lease.begun and attempt == lease.attempt and state not in {"waiting", "dropped"}:
            return [f"{name} had not begun and is {state}"]
        return []

    async def _after(self, lease: Lease) -> list[str]:
        """What was written down after the push that was cut off, each as "phase outcome detail"."""
        rows = await self.ledger.written_of(lease.parcel_id)
        later = [row for row in rows if row.number >= lease.attempt]
        return [f"{row.phase} {row.outcome} {row.detail or ''}" for row in later[lease.begun :]]

    async def settled_by(self) -> Counter[str]:
        """How each push that was cut off was cleared up in the end."""
        counted: Counter[str] = Counter()
        for lease in self.found:
            if not lease.begun:
                continue
            steps = [step for step in await self._after(lease) if "unclear" not in step]
            how = _how(steps[0]) if steps else NOTHING
            counted[how] += 1
            if how in {NOTHING, BLINDLY}:
                state, _ = await self.ledger.state_of(lease.parcel_id)
                self.wrong.append(f"{lease}: cleared up by {how}, now {state}")
        return counted


# What cleared a doubt up, by how the step that did it is written down.
HOW = {
    "readback settled receipt": "receipt",
    "readback settled": "read-back: found there",
    "readback absent": "read-back: not there, sent again",
    "person settled": "person: found there",
    "person not_there": "person: not there, sent again",
    "ended failed_later": "receipt: failed",
    "began": BLINDLY,
}


def _how(step: str) -> str:
    return next((how for words, how in HOW.items() if step.startswith(words)), step)
