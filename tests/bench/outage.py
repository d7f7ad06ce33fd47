"""SP4N away for a day, then back: `python -m tests.bench.outage [--waiting N] [--postgres]`.

The clock is the bench's own: a day passes in no time, and a push takes none. What is real is the hub's
relay, its pace, its probing, its patience and the database.
"""

import argparse
import asyncio
import random
import statistics
from bisect import bisect_left
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

import structlog

from hub.contract import Acknowledged, Delivery, Pace, Traits, Unreachable
from hub.delivery.consequence import Consequences
from hub.delivery.patience import Patience
from hub.delivery.relay import Relay
from hub.rows import Kind
from hub.store.agenda import Agenda
from hub.store.database import Database
from hub.store.desk import agreement
from tests.fakes.books import Books, open_database
from tests.fakes.clock import SteppedClock
from tests.fakes.shop import Shop
from tests.fakes.upstream import Pushing, upstreams_of
from tests.servers import running_postgres

NAME = "sp4n"
DAY = timedelta(days=1)
NEW, NEW_EVERY = 100, timedelta(seconds=6)
# A round trip to SP4N, for the ratio of delays: without one a complaint would take no time at all.
ROUND_TRIP = timedelta(milliseconds=300)
PER_SECOND = 2.0
A_MOMENT = timedelta(milliseconds=1)
SEED = 8112


@dataclass
class Sp4n(Pushing):
    """Takes what comes, but for the time between `gone_at` and `back_at`."""

    clock: SteppedClock
    gone_at: datetime
    back_at: datetime
    taken: dict[str, datetime] = field(default_factory=dict)
    in_vain: int = 0

    def __post_init__(self) -> None:
        pace = Pace(per_second=PER_SECOND)
        super().__init__(NAME, traits=Traits(title="SP4N", pace=pace, takes_complaints=True))

    async def push(self, delivery: Delivery) -> Acknowledged:
        now = self.clock()
        if self.gone_at <= now < self.back_at:
            self.in_vain += 1
            raise Unreachable("ConnectTimeout")
        self.taken[delivery.parcel_id] = now
        return Acknowledged(f"9{len(self.taken):06}")


@dataclass
class Day:
    """One run: who complains when, and what came of it."""

    books: Books
    relay: Relay
    sp4n: Sp4n
    agenda: Agenda
    promised: dict[str, datetime] = field(default_factory=dict)

    @property
    def clock(self) -> SteppedClock:
        return self.books.clock

    async def play(self, arrivals: list[datetime]) -> datetime:
        """Let everybody complain in time, until the last complaint is there; when that was."""
        coming = sorted(arrivals, reverse=True)
        while coming or len(self.sp4n.taken) < len(self.promised):
            while coming and coming[-1] <= self.clock():
                coming.pop()
                parcel_id = await self.books.promise(
                    await self.books.complaint(connector=NAME), kind=Kind.OPENING,
                    connector=NAME, needed=True,
                )  # fmt: skip
                self.promised[parcel_id] = self.clock()
            await self.relay.drain()
            self.clock.now = await self._next(coming)
        return max(self.sp4n.taken.values())

    async def _next(self, coming: list[datetime]) -> datetime:
        """When something happens next: a complaint comes, or one may leave."""
        due = await self.agenda.outbox(NAME)
        times = coming[-1:]
        if due is not None:
            times.append(max(due, self.relay.ready_at, self.clock() + A_MOMENT))
        return min(times, default=self.clock())

    def delays(self, since: datetime) -> list[float]:
        """How long each complaint of the new ones took, in seconds."""
        return [
            (self.sp4n.taken[parcel_id] - at + ROUND_TRIP).total_seconds()
            for parcel_id, at in self.promised.items()
            if at >= since
        ]


async def day(
    database: Database, folder: Path, *, back_at: datetime | None, arrivals: list[datetime]
) -> tuple[Day, datetime]:
    """Play it; `back_at` None: SP4N is never away."""
    clock = SteppedClock()
    began = clock()
    books, sp4n = Books(database, clock), Sp4n(clock, began, back_at or began)
    shop = Shop(books, folder)
    chance = random.Random(SEED).random  # noqa: S311 - play, not secrets
    relay = shop.relay(upstreams_of(sp4n), NAME, consequences=Consequences(Patience(chance)))
    played = Day(books, relay, sp4n, Agenda(database))
    return played, await played.play(arrivals)


def most_in_a_second(times: list[datetime]) -> int:
    """The greatest number within any second, wherever it begins."""
    ordered = sorted(times)
    second = timedelta(seconds=1)
    return max(
        (bisect_left(ordered, at + second) - index for index, at in enumerate(ordered)), default=0
    )


def each_by_its_own_patience(arrivals: list[datetime], back_at: datetime) -> int:
    """How many attempts there would be in vain if every complaint tried for itself."""
    patience = Patience(random.Random(SEED).random)  # noqa: S311 - as above
    tries = 0
    for promised_at in arrivals:
        at, attempts = promised_at, 0
        while at < back_at:
            attempts += 1
            wait = patience.next_wait(
                Unreachable(), attempts=attempts, promised_at=promised_at, now=at
            )
            at += wait or DAY
        tries += attempts
    return tries


async def run(urls: tuple[str, str], folder: Path, waiting: int) -> None:
    began = SteppedClock()()
    back_at = began + DAY
    old = [began + DAY * number / waiting for number in range(waiting)]
    new = [back_at + NEW_EVERY * (number + 0.5) for number in range(NEW)]
    delays = []
    for url, away_until, arrivals in zip(urls, (None, back_at), (new, old + new), strict=True):
        database = open_database(url)
        await database.migrate()
        played, ended = await day(database, folder, back_at=away_until, arrivals=arrivals)
        delays.append(played.delays(back_at))
        async with database.reading() as connection:
            found = await agreement(connection)
        if away_until is not None:
            report(
                played,
                ended - back_at,
                back_at=back_at,
                agrees=f"{found.agreeing} of {found.total}",
            )
            tries = each_by_its_own_patience(old, back_at)
            print(
                f"  pushes in vain            {played.sp4n.in_vain:,} (each by its own patience: {tries:,})"
            )
        await database.aclose()
    compare(*delays)


def report(played: Day, took: timedelta, *, back_at: datetime, agrees: str) -> None:
    times = list(played.sp4n.taken.values())
    first = min(times) - back_at
    print(f"  back, and found to be so  after {first.total_seconds():.0f} s")
    print(f"  full agreement            after {took.total_seconds() / 60:.1f} min: {agrees} agree")
    print(f"  most pushes in a second   {most_in_a_second(times)} (pace {PER_SECOND:g})")


def compare(without: list[float], during: list[float]) -> None:
    for name, cut in (("p50", 49), ("p95", 94)):
        a, b = (statistics.quantiles(each, n=100)[cut] for each in (without, during))
        print(
            f"  new complaints, {name}       {b:.1f} s, without an outage {a:.1f} s ({b / a:.1f} x)"
        )


@contextmanager
def databases(folder: Path, *, postgres: bool) -> Iterator[tuple[str, str]]:
    """Two empty ones: for the day without an outage, and for the one with it."""
    if not postgres:
        yield tuple(f"sqlite+aiosqlite:///{folder / name}.db" for name in ("calm", "outage"))  # type: ignore[misc]
        return
    with running_postgres() as one, running_postgres() as other:
        yield one, other


def main() -> None:
    structlog.configure(
        wrapper_class=structlog.make_filtering_bound_logger(50), cache_logger_on_first_use=False
    )
    asks = argparse.ArgumentParser()
    asks.add_argument("--waiting", type=int, default=2000)
    asks.add_argument("--postgres", action="store_true")
    asked = asks.parse_args()
    with TemporaryDirectory() as name, databases(Path(name), postgres=asked.postgres) as urls:
        print(f"SP4N away for 24 hours, {asked.waiting:,} complaints waiting, then {NEW} new ones")
        asyncio.run(run(urls, Path(name), asked.waiting))


if __name__ == "__main__":
    main()
