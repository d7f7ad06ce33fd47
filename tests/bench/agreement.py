"""What a round of looking costs with many sources: `python -m tests.bench.agreement [--sources N]`.

The upstream answers at once and the clock is simulated, so what is measured is the hub alone. The floor, on
the same rows and in the same run, is what no way of looking can do without: find the row, write down
when it was looked at, and commit.
"""

import argparse
import asyncio
import resource
import time
from collections import deque
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import structlog
from sqlalchemy import func, insert, select, text, update

from hub.contract import Raw, Status
from hub.domain.looking import MINUTE
from hub.intake.accept import Accept
from hub.intake.gather import TurnRules
from hub.intake.looks import LookRules, Looks
from hub.intake.read import ReadInbox
from hub.store import desk
from hub.store.agenda import Agenda
from hub.store.agreement_tables import rounds
from hub.store.database import Database
from hub.store.tables import complaints, inbox, sources
from hub.watch.agreement import Repair
from hub.watch.reach import Reach
from hub.web import agreeing
from tests.bench.matching.scale_postgres import a_postgres, new_database
from tests.fakes.books import open_database
from tests.fakes.clock import SteppedClock
from tests.fakes.upstream import upstreams_of
from tests.fakes.watched import Watched

SOURCES = 100_000
PER_MINUTE = 600
FLOOR = 2_000
AT_ONCE = 5_000
# Every so many shows something new: it is kept, read, and moves its complaint.
NEWS_EACH = 500
DAY = timedelta(days=1)
# Of a hundred complaints so many are young, open and old, ended, long ended: their status and age.
MIX = (
    (2, Status.IN_PROGRESS, 3 * DAY),
    (5, Status.IN_PROGRESS, 45 * DAY),
    (20, Status.CLOSED, 30 * DAY),
    (100, Status.CLOSED, 400 * DAY),
)


class Prompt(Watched):
    """Answers at once, and remembers no more of the looks than the last minute needs."""

    def __init__(self, clock: SteppedClock) -> None:
        super().__init__(clock, "there")
        self.last_minute = deque[datetime]()
        self.count = self.most = 0

    async def inspect(self, external_id: str) -> Raw:
        now = self.clock()
        self.count += 1
        self.last_minute.append(now)
        while self.last_minute[0] <= now - MINUTE:
            self.last_minute.popleft()
        self.most = max(self.most, len(self.last_minute))
        number = int(external_id)
        status = Status.ANSWERED if number % NEWS_EACH == 0 else kind_of(number)[1]
        body = f"{external_id} {status.value}".encode()
        return Raw(key=key_of(external_id, status), body=body, external_id=external_id)


@dataclass(frozen=True, slots=True)
class Cost:
    """What something took; `processor` is time on a core."""

    seconds: float
    processor: float


def key_of(external_id: str, status: Status) -> str:
    return f"inspect:{external_id}:{status}"


def kind_of(number: int) -> tuple[int, Status, timedelta]:
    return next(kind for kind in MIX if number % 100 < kind[0])


async def fill(database: Database, number: int, *, now: datetime) -> None:
    """As a hub that has looked at everything before: what is shown is known, and everything is due."""
    for first in range(0, number, AT_ONCE):
        numbers = range(first + 1, min(first + AT_ONCE, number) + 1)
        async with database.begin() as work:
            for table, row in ((complaints, complaint), (sources, source), (inbox, seen)):
                await work.connection.execute(insert(table), [row(each, now) for each in numbers])
    if not database.is_sqlite:
        async with database.engine.connect() as connection:
            plain = await connection.execution_options(isolation_level="AUTOCOMMIT")
            await plain.execute(text("ANALYZE"))


def complaint(number: int, now: datetime) -> dict[str, Any]:
    _, status, age = kind_of(number)
    at = now - age
    return {
        "id": number, "ticket": f"PKL-2026-{number:06d}", "title": "Lampu mati", "text": "Lampu mati",
        "anonymous": False, "secret": False, "said_at": at, "opened_at": at, "status": status,
        "status_at": at, "status_from": "there", "updated_at": at, "voices": 1,
    }  # fmt: skip


def source(number: int, now: datetime) -> dict[str, Any]:
    _, status, age = kind_of(number)
    return {
        "complaint_id": number, "connector": "there", "external_id": str(number),
        "their_status": status, "shown": status, "shown_at": now - age, "listens": True,
        "linked_at": now - age, "linked_by": "bench", "inspect_due_at": now - timedelta(hours=1),
        "looked_at": now - DAY, "inspect_failures": 0,
    }  # fmt: skip


def seen(number: int, now: datetime) -> dict[str, Any]:
    _, status, age = kind_of(number)
    at = now - age
    return {
        "connector": "there", "key": key_of(str(number), status), "how": "inspect",
        "external_id": str(number), "media_type": "text/plain", "received_at": at,
        "state": "read", "due_at": at, "tries": 0, "read_at": at,
    }  # fmt: skip


@contextmanager
def measured(into: list[Cost]) -> Iterator[None]:
    began, worked = time.perf_counter(), time.process_time()
    yield
    into.append(Cost(time.perf_counter() - began, time.process_time() - worked))


async def floor(database: Database, number: int, *, now: datetime) -> Cost:
    costs: list[Cost] = []
    with measured(costs):
        for each in range(1, number + 1):
            async with database.begin() as work:
                mine = sources.c.external_id == str(each), sources.c.connector == "there"
                row = (await work.connection.execute(select(sources).where(*mine))).one()
                await work.connection.execute(
                    update(sources).where(sources.c.id == row.id).values(looked_at=now - DAY)
                )
    return costs[0]


async def one_round(
    database: Database, there: Prompt, clock: SteppedClock, per_minute: int
) -> Cost:
    """As the hub's own loop would: a step, then sleep until the agenda says so."""
    upstreams = upstreams_of(there)
    looks = Looks(
        begin=database.begin, upstream=upstreams["there"], clock=clock,
        reach=Reach(begin=database.begin, clock=clock), rules=LookRules(per_minute=per_minute),
    )  # fmt: skip
    accept = Accept(upstreams=upstreams, turns=TurnRules())
    read = ReadInbox(begin=database.begin, accept=accept, clock=clock)
    agenda = Agenda(database)
    costs: list[Cost] = []
    with measured(costs):
        while not await is_over(database):
            if not await looks.step():
                due = await agenda.looks("there", looks.budget)
                clock.now = max(clock.now + timedelta(milliseconds=50), due or clock.now)
            while await read.step():
                pass
    return costs[0]


async def is_over(database: Database) -> bool:
    async with database.reading() as connection:
        return bool(
            await connection.scalar(select(func.count()).where(rounds.c.ended_at.is_not(None)))
        )


async def timed(what: str, database: Database, ask: Any) -> None:
    costs: list[Cost] = []
    for _ in range(3):
        with measured(costs):
            async with database.reading() as connection:
                await ask(connection)
    print(f"  {what:28} {min(cost.seconds for cost in costs) * 1000:8.0f} ms")


async def measure(name: str, url: str, number: int, *, per_minute: int) -> None:
    database, clock = open_database(url), SteppedClock()
    await database.migrate()
    await fill(database, number, now=clock())
    print(f"{name}, {number:,} sources, at most {per_minute} looks a minute")
    bare = await floor(database, min(FLOOR, number), now=clock())
    there, began, before = Prompt(clock), clock(), peak()
    cost = await one_round(database, there, clock, per_minute)
    count = there.count
    each, least = cost.seconds / count, bare.seconds / min(FLOOR, number)
    print(f"  floor: find, write, commit   {least * 1000:8.2f} ms a row")
    print(f"  a look, read and kept        {each * 1000:8.2f} ms  ({each / least:.1f} x floor)")
    print(
        f"  the round                    {cost.seconds:8.0f} s  processor {cost.processor:.0f} s, {count:,} "
        f"looks in {(clock() - began).total_seconds() / 3600:.1f} simulated hours"
    )
    print(f"  peak of memory               {peak():8.0f} MB  ({before:.0f} MB before the round)")
    kept = "kept" if there.most <= per_minute else "BROKEN"
    print(f"  the busiest minute           {there.most:8} looks: budget {kept}")
    await timed("agreement, counted", database, desk.agreement)
    await timed("the whole page", database, lambda c: agreeing.gather(c, {}, now=clock()))
    repair = Repair(begin=database.begin, upstreams=upstreams_of(there), clock=clock)
    await timed("looking for lost promises", database, lambda _: repair.all())
    await database.aclose()


def peak() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


@asynccontextmanager
async def a_database(kind: str) -> AsyncIterator[str]:
    with TemporaryDirectory() as folder:
        if kind == "sqlite":
            yield f"sqlite+aiosqlite:///{Path(folder) / 'hub.db'}"
            return
        with a_postgres() as server:
            yield await new_database(server, "hub_bench_agreement")


async def run(kind: str, number: int, *, per_minute: int) -> None:
    async with a_database(kind) as url:
        await measure(kind, url, number, per_minute=per_minute)


def main() -> None:
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(50))
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sources", type=int, default=SOURCES)
    parser.add_argument("--per-minute", type=int, default=PER_MINUTE)
    parser.add_argument("--database", choices=["sqlite", "postgresql"], default="sqlite")
    given = parser.parse_args()
    asyncio.run(run(given.database, given.sources, per_minute=given.per_minute))


if __name__ == "__main__":
    main()
