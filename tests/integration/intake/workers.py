"""Several workers on one database, each with connections of its own."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from hub.intake.accept import Accept
from hub.intake.gather import CloseTurns, TurnRules
from hub.intake.read import ReadInbox
from hub.ports import Clock, Upstream
from hub.settings import Settings
from hub.store.database import Collided, Database
from tests.journey.city import database_of


@dataclass
class Worker:
    """What a process reads and closes with; `collisions` are transactions it had to do again."""

    database: Database
    read: ReadInbox
    turns: CloseTurns
    collisions: list[Collided] = field(default_factory=list)

    async def reads(self) -> int:
        """Read until nothing is left; how many items that were."""
        return await self._until_done(self.read.step)

    async def closes(self) -> int:
        """Close every turn that is due; how many that were."""
        return await self._until_done(self.turns.step)

    async def _until_done(self, step: Callable[[], Awaitable[bool]]) -> int:
        done = 0
        while True:
            try:
                if not await step():
                    return done
            except Collided as collided:
                self.collisions.append(collided)
            else:
                done += 1


@asynccontextmanager
async def workers(
    settings: Settings, upstreams: Mapping[str, Upstream], clock: Clock, *, count: int = 2
) -> AsyncIterator[list[Worker]]:
    """Workers that know nothing of each other."""
    databases = [database_of(settings) for _ in range(count)]
    accept = Accept(upstreams=upstreams, turns=TurnRules())
    yield [
        Worker(
            database=each,
            read=ReadInbox(begin=each.begin, accept=accept, clock=clock),
            turns=CloseTurns(begin=each.begin, upstreams=upstreams, clock=clock),
        )
        for each in databases
    ]
    for each in databases:
        await each.aclose()


async def all_read(crew: list[Worker]) -> int:
    """Let all of them read at once; how many items they read together."""
    return sum(await asyncio.gather(*(worker.reads() for worker in crew)))


async def all_close(crew: list[Worker]) -> int:
    """Let all of them close turns at once; how many they closed together."""
    return sum(await asyncio.gather(*(worker.closes() for worker in crew)))
