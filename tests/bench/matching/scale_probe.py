"""One new report after the other against a filled store: what ours takes, and what a bare commit does."""

import asyncio
import math
import time
from collections import defaultdict
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from uuid import uuid4

from hub.domain.matching import Told
from hub.domain.matching.gist import VERSION, Gist
from hub.domain.matching.keys import keys_of, looks_for
from hub.domain.matching.tables import Matching
from hub.store.database import Database
from hub.store.seal import Seal
from tests.bench.matching.city import matching_of_the_city

WINDOW = timedelta(days=60)
WARMING = 20
FEWEST = 12


@dataclass(frozen=True, slots=True)
class Took:
    """Seconds for each probe, the reports each was led to, and megabytes of the process at its most."""

    seconds: list[float]
    led_to: list[list[int]]
    megabytes: float

    def quantile(self, share: float) -> float:
        return sorted(self.seconds)[math.ceil(share * len(self.seconds)) - 1]


Probe = Callable[[int, Told], Awaitable[list[int]]]


def ours(url: str, probes: Sequence[Told], first: int) -> Took:
    return asyncio.run(_ours(url, probes, first))


def floor(url: str, probes: Sequence[Told]) -> Took:
    """One durable commit of one row each: what no way of keeping a report can be quicker than."""
    return asyncio.run(_floor(url, probes))


async def _floor(url: str, probes: Sequence[Told]) -> Took:
    async with opened(url) as database:

        async def commit(_: int, told: Told) -> list[int]:
            async with database.begin() as work:
                await work.upstreams.heard("floor", at=told.said_at)
            return []

        return await each(commit, probes)


async def _ours(url: str, probes: Sequence[Told], first: int) -> Took:
    matching = matching_of_the_city()
    async with opened(url) as database:

        async def take_in(row: int, told: Told) -> list[int]:
            return await _take_in(database, matching, told, report_id=first + row)

        return await each(take_in, probes)


async def _take_in(
    database: Database, matching: Matching, told: Told, *, report_id: int
) -> list[int]:
    """What the hub does with a new report, from its words to the commit."""
    gist = matching.reader.read(told)
    async with database.begin() as work:
        found = await work.matches.candidates(
            looks_for(gist),
            since=told.said_at - WINDOW,
            until=told.said_at,
            apart_from=[report_id],
        )
        complaints: dict[int, list[Gist]] = defaultdict(list)
        for candidate in found:
            complaints[candidate.complaint_id].append(Gist.from_json(candidate.gist))
        matching.matcher.choose(gist, complaints)
        await work.matches.keep_gist(
            report_id, version=VERSION, said_at=told.said_at, gist=gist.to_json(), keys=keys_of(gist)
        )  # fmt: skip
    return [candidate.report_id for candidate in found]


async def each(probe: Probe, probes: Sequence[Told], *, within: float = math.inf) -> Took:
    took: list[float] = []
    led_to: list[list[int]] = []
    for row, told in enumerate(probes, 1):
        if len(took) >= FEWEST and sum(took) > within:
            break
        began = time.perf_counter()
        led_to.append(await probe(row, told))
        took.append(time.perf_counter() - began)
    # The first of them open connections and prepare statements, which a running hub has behind it.
    return Took(took[min(WARMING, len(took) // 4) :], led_to, _peak())


def _peak() -> float:
    """Megabytes. What getrusage says begins with the memory of whoever started the process."""
    status = Path("/proc/self/status").read_text(encoding="ascii")
    return int(status.partition("VmHWM:")[2].split()[0]) / 1024


@asynccontextmanager
async def opened(url: str) -> AsyncIterator[Database]:
    seal = Seal(["only to measure"])
    database = Database(url, seal=seal, ticket_prefix="PKL", new_id=lambda: uuid4().hex)
    try:
        yield database
    finally:
        await database.aclose()
