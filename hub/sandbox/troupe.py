"""All imitations of a sandbox: found by name, each behind its switch, ticking once a second."""

import asyncio
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager, suppress

import structlog
from starlette.exceptions import HTTPException

from hub.sandbox.faults import FaultSwitch
from hub.sandbox.imitation import Imitation
from hub.sandbox.stage import Stage

TICK_SECONDS = 1.0

log = structlog.get_logger()


class Troupe:
    """The imitations that share a stage."""

    def __init__(self, imitations: Sequence[Imitation], stage: Stage) -> None:
        self.stage = stage
        self.imitations: Mapping[str, Imitation] = {each.name: each for each in imitations}
        self.switches: Mapping[str, FaultSwitch] = {
            each.name: FaultSwitch(each.app, name=each.name, rng=stage.rng, journal=stage.journal)
            for each in imitations
        }

    def called(self, name: str) -> Imitation:
        """The imitation of that name; a 404 with a sentence if there is none."""
        try:
            return self.imitations[name]
        except KeyError:
            known = ", ".join(self.imitations)
            raise HTTPException(
                404, f"Tidak ada tiruan bernama {name!r}; yang ada: {known}."
            ) from None

    def switches_of(self, name: str) -> Mapping[str, FaultSwitch]:
        """The switch of one imitation, or all of them for "*"."""
        if name == "*":
            return self.switches
        return {name: self.switches[self.called(name).name]}

    async def tick(self) -> None:
        """Let time-driven things happen; an imitation that stumbles does not stop the others."""
        for imitation in self.imitations.values():
            try:
                await imitation.tick()
            except Exception:
                log.exception("sandbox.tick_failed", imitation=imitation.name)

    @asynccontextmanager
    async def ticking(self) -> AsyncIterator[None]:
        """Tick each second for as long as the harness serves, then let the imitations go."""
        beat = asyncio.create_task(self._beat())
        try:
            yield
        finally:
            beat.cancel()
            with suppress(asyncio.CancelledError):
                await beat
            for imitation in self.imitations.values():
                await imitation.aclose()

    async def _beat(self) -> None:
        while True:
            await asyncio.sleep(TICK_SECONDS)
            await self.tick()
