"""How long until a citizen who writes of a fire reads "112": `python -m tests.bench.emergency [SAMPLES]`.

From the webhook's first byte to the message at the imitation, in one process on SQLite, while every loop
of the hub runs. Keeping, reading, leasing and beginning are one durable commit each, so four bare commits
on the same database, measured in the same run, are the floor under it.
"""

import asyncio
import random
import statistics
import sys
import time
import tomllib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import structlog

from hub.bootstrap import assemble
from hub.domain.emergency import EmergencyWords
from hub.domain.routing_tables import routes_of
from hub.registry import Registry
from hub.sandbox.journal import Event
from hub.store.database import Database
from tests.journey.city import ROOT, Outside, database_of, outside, settings_of, upstreams_of

SAMPLES = 100
COMMITS_ON_THE_WAY = 4
PROMISED = 2.0
FIRE = "Kebakaran di gudang kain Jalan Merdeka, api membesar, tolong damkar!"


def now() -> datetime:
    return datetime.now(tz=UTC)  # noqa: TID251 - what is measured is real time


def tables(name: str) -> dict[str, Any]:
    return tomllib.loads((ROOT / "mappings" / name).read_text(encoding="utf-8"))


async def floor(database: Database, samples: int) -> list[float]:
    took = []
    for _ in range(samples):
        began = time.perf_counter()
        for _ in range(COMMITS_ON_THE_WAY):
            async with database.begin() as work:
                await work.upstreams.heard("floor", at=now())
        took.append(time.perf_counter() - began)
    return took


class Phones(list[Event]):
    """The imitations' journal, which also notes when "112" is read on a phone."""

    def __init__(self) -> None:
        super().__init__()
        self.warned = asyncio.Queue[float]()

    def append(self, event: Event) -> None:
        super().append(event)
        if event.kind == "told" and "telepon 112" in event.facts["text"]:
            self.warned.put_nowait(time.perf_counter())


async def warned(world: Outside, samples: int) -> list[float]:
    took = []
    phones = world.stage.journal.events = Phones()
    for sample in range(samples):
        who = f"62811000{sample:04d}"
        # Each of them also makes a complaint, a ticket and six receipts: faster is a queue, no measure.
        await asyncio.sleep(random.uniform(0.3, 0.6))  # noqa: S311 - not for secrets
        began = time.perf_counter()
        await world.whatsapp.play("say", {"conversation": who, "text": FIRE})
        took.append(await phones.warned.get() - began)
    return took


@asynccontextmanager
async def running(folder: Path) -> AsyncIterator[tuple[Outside, Database]]:
    """The hub as `hub up` runs it, but for the sockets."""
    settings = settings_of(f"sqlite+aiosqlite:///{folder / 'hub.db'}", folder / "files")
    real_time: Any = now
    world = outside(real_time)
    registry = Registry(
        upstreams_of(world), {}, (), routes=routes_of(tables("routes.toml")),
        emergency=EmergencyWords.from_tables(tables("emergency.toml")),
    )  # fmt: skip
    database = database_of(settings)
    await database.migrate()
    hub = assemble(settings, registry, database)
    world.to_hub.app = hub.web
    works = hub.clockwork()
    works.start()
    try:
        yield world, database
    finally:
        await works.stop(grace=timedelta(seconds=5))
        await world.whatsapp.aclose()
        await registry.aclose()
        await database.aclose()


async def measure(folder: Path, samples: int) -> None:
    async with running(folder) as (world, database):
        bare = report("floor: four commits", await floor(database, samples))
        took = report("webhook to 112", await warned(world, samples))
    kept = "kept" if took < PROMISED else "BROKEN"
    print(f"p99 is {took / bare:.1f} times the floor's; promised within {PROMISED:.0f} s: {kept}")


def report(what: str, took: list[float]) -> float:
    """Print the quantiles; the last is p99."""
    cuts = statistics.quantiles(took, n=100)
    print(f"{what:22} n={len(took)}  p50 {cuts[49] * 1000:6.1f} ms  p99 {cuts[98] * 1000:6.1f} ms")
    return cuts[98]


def main() -> None:
    structlog.configure(
        wrapper_class=structlog.make_filtering_bound_logger(50), cache_logger_on_first_use=False
    )
    samples = int(sys.argv[1]) if len(sys.argv) > 1 else SAMPLES
    with TemporaryDirectory() as folder:
        asyncio.run(measure(Path(folder), samples))


if __name__ == "__main__":
    main()
