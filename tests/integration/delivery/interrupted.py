"""An export that dies or stands still at one of its transactions."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from hub.delivery.exporting import ExportFiles
from hub.ports import Work
from hub.store.database import Database
from tests.fakes.shop import Shop
from tests.integration.delivery.carried import Upstreams

# An export begins four transactions: what was last, what leaves, its rows, that it is written.
BEFORE_THE_BATCH, BEFORE_THE_FILE, AFTER_THE_FILE = 2, 3, 4


class Killed(Exception):
    """The process is gone."""


class Interrupted:
    """`hub.ports.Begin` of an export that gets no further than `step`, or waits there for `gate`."""

    def __init__(
        self, database: Database, *, step: int, gate: asyncio.Event | None = None
    ) -> None:
        self._database = database
        self._step = step
        self._gate = gate
        self._begun = 0
        self.is_there = asyncio.Event()

    @asynccontextmanager
    async def begin(self) -> AsyncIterator[Work]:
        self._begun += 1
        if self._begun == self._step:
            self.is_there.set()
            if self._gate is None:
                raise Killed
            await self._gate.wait()
        async with self._database.begin() as work:
            yield work

    def export(self, shop: Shop, upstreams: Upstreams) -> ExportFiles:
        """An export that begins its transactions here."""
        return ExportFiles(
            begin=self.begin, upstreams=upstreams, clock=shop.clock, packing=shop.packing
        )
