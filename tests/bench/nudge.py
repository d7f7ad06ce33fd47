"""How long after its promise a push starts: `python -m tests.bench.nudge [SAMPLES]`.

The promise, the lease and the beginning are one commit each, so three bare commits on the same
database, measured in the same run, are the floor under it.
"""

import asyncio
import random
import statistics
import sys
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

import structlog

from hub.clockwork import Clockwork, Loop
from hub.contract import Acknowledged, Delivery
from hub.delivery.consequence import Consequences
from hub.delivery.pack import Packing
from hub.delivery.patience import Patience
from hub.delivery.relay import Relay, RelayRules
from hub.rows import Topic
from hub.store.agenda import Agenda
from hub.store.database import Database
from hub.watch.reach import Reach
from tests.fakes.books import Books, open_database
from tests.fakes.clock import SteppedClock
from tests.fakes.upstream import Pushing, upstreams_of

SAMPLES = 200
COMMITS_BEFORE_A_PUSH = 3
NAME = "anywhere"


def now() -> datetime:
    return datetime.now(tz=UTC)  # noqa: TID251 - what is measured is real time


class Stopwatch(Pushing):
    """Notes when each push starts."""

    def __init__(self) -> None:
        super().__init__(NAME)
        self.started = asyncio.Queue[float]()

    async def push(self, delivery: Delivery) -> Acknowledged:
        self.started.put_nowait(time.perf_counter())
        return await super().push(delivery)


async def floor(database: Database, samples: int) -> list[float]:
    took = []
    for _ in range(samples):
        began = time.perf_counter()
        for _ in range(COMMITS_BEFORE_A_PUSH):
            async with database.begin() as work:
                await work.upstreams.heard("floor", at=now())
        took.append(time.perf_counter() - began)
    return took


async def nudged(books: Books, upstream: Stopwatch, samples: int) -> list[float]:
    took = []
    for _ in range(samples):
        about = await books.complaint(external_id=None)
        # Let the loop fall asleep: what is measured is the waking.
        await asyncio.sleep(random.uniform(0.02, 0.06))  # noqa: S311 - not for secrets
        began = time.perf_counter()
        await books.promise(about)
        took.append(await upstream.started.get() - began)
    return took


async def measure(folder: Path, samples: int) -> None:
    database = open_database(f"sqlite+aiosqlite:///{folder / 'hub.db'}")
    await database.migrate()
    upstream, agenda = Stopwatch(), Agenda(database)
    relay = Relay(
        begin=database.begin, upstreams=upstreams_of(upstream), name=NAME, clock=now,
        reach=Reach(begin=database.begin, clock=now),
        rules=RelayRules(
            owner="bench", consequences=Consequences(Patience(chance=random.SystemRandom().random)),
            packing=Packing(folder=folder),
        ),
    )  # fmt: skip
    works = Clockwork(clock=now)
    works.add(
        Loop(
            name="relay", step=relay.step, due=lambda: agenda.outbox(NAME),
            topic=Topic.OUTBOX, connector=NAME,
        )
    )  # fmt: skip
    database.nudge = works.nudge
    books = Books(database, SteppedClock(now()))
    report("floor: three commits", await floor(database, samples))
    works.start()
    report("promise to push", await nudged(books, upstream, samples))
    await works.stop(grace=timedelta(seconds=5))
    await relay.finish()
    await database.aclose()


def report(what: str, took: list[float]) -> None:
    cuts = statistics.quantiles(took, n=100)
    print(f"{what:22} n={len(took)}  p50 {cuts[49] * 1000:6.1f} ms  p99 {cuts[98] * 1000:6.1f} ms")


def main() -> None:
    structlog.configure(
        wrapper_class=structlog.make_filtering_bound_logger(50), cache_logger_on_first_use=False
    )
    samples = int(sys.argv[1]) if len(sys.argv) > 1 else SAMPLES
    with TemporaryDirectory() as folder:
        asyncio.run(measure(Path(folder), samples))


if __name__ == "__main__":
    main()
