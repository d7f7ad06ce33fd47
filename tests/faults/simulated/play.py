"""One day of the hub, played through in virtual time: the same plan and seed, the same day."""

import asyncio
import contextlib
import functools
import gc
import logging
import tempfile
import time
from collections import Counter
from collections.abc import Awaitable, Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from random import Random
from typing import Any

import structlog

from hub import bootstrap
from hub.ports import DatabaseAway
from hub.sandbox import Event
from hub.store.agenda import Agenda
from hub.store.database import Database
from hub.store.seal import Seal
from tests.faults.simulated.acts import Acts
from tests.faults.simulated.chance import by_the_seed
from tests.faults.simulated.clerk import Clerk
from tests.faults.simulated.inline import Disk, inline_sqlite
from tests.faults.simulated.loop import VirtualLoop
from tests.faults.simulated.plan import Plan
from tests.faults.simulated.process import bury, current_process, unheard, watch_processes
from tests.faults.simulated.settings import SECRET
from tests.faults.simulated.world import BEGINS, World

# No wait is longer than an hour: what has not come to rest by then never will.
LONGEST_QUIET = 8 * 3600.0
LOOK_EVERY = 300.0
LOOK_SELDOM = 900.0
# When nothing has happened for so long, everybody goes slower: what follows would only find nothing.
RESTS_AFTER = 1200.0
# Every source is looked at once more after the last thing happened, those that have ended, too.
STILL_FOR = 2.25 * 3600.0
# What has ended is looked at seldom; what then still contradicts waits for a person.
LEFT_TO_PEOPLE = 2.5 * 3600.0
SETTLE_EVERY = 900.0
ANSWERS = ("agreement", "cards", "health")
NOTHING: Mapping[str, Any] = {"agreement": {}, "cards": [], "health": {"connectors": []}}
STATES = ("doubt", "abandoned", "handed")

Ask = Callable[[Clerk], Awaitable[Any]]


@dataclass(frozen=True, slots=True)
class Kill:
    """Where a process was in the hub's code, outermost await first: module:function:line."""

    at: float
    place: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Played:
    """A day that is over. It can be handed to another process.

    `complaints`: /complaints/{ticket} of each; `parcels`: what /parcels lists in all three states;
    `answers`: /agreement, /cards and /health; `fired`: faults by (connector, kind); `settled`: what an
    operator did; `seconds`: virtual, `took`: real; `trouble`: what broke in the simulation itself.
    """

    seed: int
    events: tuple[Event, ...]
    complaints: tuple[Mapping[str, Any], ...]
    parcels: tuple[Mapping[str, Any], ...]
    answers: Mapping[str, Any]
    fired: Counter[tuple[str, str]]
    kills: tuple[Kill, ...]
    settled: Counter[str]
    is_quiet: bool
    seconds: float
    took: float
    awaits: int
    trouble: tuple[str, ...] = ()
    asked: Any = field(default=None)


def play(
    plan: Plan,
    *,
    seed: int,
    folder: Path,
    ask: Ask | None = None,
    passed: set[str] | None = None,
) -> Played:
    """Play a day in an empty folder.

    `ask` may put more questions to the public API at its end. `passed` collects every await of the hub
    that something was suspended at, as module:function:line: a kill could have fallen there.
    """
    began = time.perf_counter()
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "hub.db").write_bytes(_fresh_database())
    with _without_collector(), unheard():
        played = _played(plan, seed=seed, folder=folder, ask=ask, passed=passed)
    return replace(played, took=time.perf_counter() - began)


def _played(
    plan: Plan, *, seed: int, folder: Path, ask: Ask | None, passed: set[str] | None
) -> Played:
    with _stage(plan, seed=seed, folder=folder) as world:
        world.passed = passed
        return world.loop.run_until_complete(_day(world, ask))


@contextlib.contextmanager
def _without_collector() -> Iterator[None]:
    """What a day leaves behind is collected once, at its end."""
    was_on = gc.isenabled()
    gc.freeze()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


@contextlib.contextmanager
def _stage(plan: Plan, *, seed: int, folder: Path) -> Iterator[World]:
    loop, disk = VirtualLoop(), Disk()
    chance = Random(f"{seed}/chance")  # noqa: S311 - play, not secrets
    start = BEGINS.timestamp()
    with (
        by_the_seed(chance, lambda: start + loop.time(), folder),
        inline_sqlite(disk, current_process),
        _silence(),
        contextlib.closing(loop),
    ):
        watch_processes(loop)
        world = World(plan=plan, seed=seed, folder=folder, loop=loop, disk=disk)
        try:
            with _clock(world):
                yield world
        finally:
            loop.run_until_complete(world.aclose())
            bury(world.all)


async def _day(world: World, ask: Ask | None) -> Played:
    clerk = Clerk(door=world.door, journal=world.journal)
    acts = Acts(world=world, clerk=clerk)
    world.start()
    beside = [world.spawn(_ticking(world)), world.spawn(_settling(clerk))]
    doing = []
    for step in sorted(world.plan.steps, key=lambda step: step.at):
        await asyncio.sleep(max(step.at - world.loop.time(), 0))
        doing.append(acts.do(step))
    if doing:
        await asyncio.wait(doing)
    for task in beside:
        task.cancel()
    acts.end_all()
    is_quiet = await _until_quiet(world, clerk)
    return await _seen(world, clerk, is_quiet=is_quiet, ask=ask)


async def _ticking(world: World) -> None:
    while True:
        await asyncio.sleep(SETTLE_EVERY)
        await world.imitations["sp4n"].tick()


async def _settling(clerk: Clerk) -> None:
    while True:
        await asyncio.sleep(SETTLE_EVERY)
        await clerk.settle()


async def _until_quiet(world: World, clerk: Clerk) -> bool:
    """Let the hub come to rest; False if it has not after days."""
    ends = world.loop.time() + LONGEST_QUIET
    still_since, seen = world.loop.time(), -1
    while world.loop.time() <= ends:
        rests = world.loop.time() - still_since >= RESTS_AFTER
        world.slows_down(rests)
        await asyncio.sleep(LOOK_SELDOM if rests else LOOK_EVERY)
        await clerk.settle()
        happened = len(world.journal.events) + clerk.settled.total()
        if happened != seen or not await _has_nothing_due(world):
            still_since, seen = world.loop.time(), happened
        elif world.loop.time() - still_since >= STILL_FOR:
            apart = _apart(await clerk.get("/agreement"))
            still = world.loop.time() - still_since
            if apart == 0 or (apart is not None and still >= LEFT_TO_PEOPLE):
                return True
    return False


def _apart(agreement: Mapping[str, Any] | None) -> int | None:
    """How many do not agree; None while some of them may still come round without a person."""
    if agreement is None:
        return None
    apart: int = agreement["total"] - agreement["agreeing"]
    asks_people = (
        agreement["contradicting"]
        + agreement["waiting_for_person"]
        + agreement.get("unreadable", 0)
    )
    return apart if apart <= asks_people else None


async def _has_nothing_due(world: World) -> bool:
    if not world.running or world.imitations["whatsapp"].postman.on_the_way:
        return False
    running = next(iter(world.running.values()))

    async def look() -> bool:
        agenda = Agenda(running.hub.database)
        whens = [await agenda.inbox(), await agenda.turns(), await agenda.files()]
        for name in running.hub.registry.upstreams:
            whens += [await agenda.outbox(name), await agenda.doubts(name)]
        return not any(whens)

    try:
        return bool(await running.process.spawn(look()))
    except DatabaseAway:
        return False


async def _seen(world: World, clerk: Clerk, *, is_quiet: bool, ask: Ask | None) -> Played:
    complaints = [await clerk.get(f"/complaints/{ticket}") for ticket in await clerk.tickets()]
    parcels = [
        parcel
        for state in STATES
        for parcel in await clerk.get("/parcels", state=state, limit=200) or ()
    ]
    answers = {name: await clerk.get(f"/{name}") for name in ANSWERS}
    if None in answers.values():
        world.trouble.append("the hub did not answer when the day was over")
        answers = {name: answer or NOTHING[name] for name, answer in answers.items()}
    events = tuple(world.journal.events)
    return Played(
        seed=world.seed,
        events=events,
        complaints=tuple(complaints),
        parcels=tuple(parcels),
        answers=answers,
        fired=Counter((e.imitation, str(e.facts["fault"])) for e in events if e.kind == "fault"),
        kills=tuple(Kill(at, place) for at, place in world.kills),
        settled=clerk.settled,
        is_quiet=is_quiet,
        seconds=world.loop.time(),
        took=0.0,
        awaits=sum(process.awaits for process in world.all),
        trouble=tuple(world.trouble),
        asked=None if ask is None else await ask(clerk),
    )


@contextlib.contextmanager
def _clock(world: World) -> Iterator[None]:
    before, bootstrap.utc_now = bootstrap.utc_now, world.now
    try:
        yield
    finally:
        bootstrap.utc_now = before


@contextlib.contextmanager
def _silence() -> Iterator[None]:
    """A day of failures would say little else."""
    configured = structlog.get_config()
    structlog.configure(
        processors=[_drop], wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL)
    )
    level = logging.root.manager.disable
    logging.disable(logging.CRITICAL)
    try:
        yield
    finally:
        logging.disable(level)
        structlog.configure(**configured)


def _drop(*_: Any) -> Any:
    raise structlog.DropEvent


@functools.cache
def _fresh_database() -> bytes:
    """An empty database with all its tables; making one takes longer than a day."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "hub.db"
        loop = VirtualLoop()
        with inline_sqlite(Disk(), lambda: None), _silence():
            loop.run_until_complete(_migrated(path))
        loop.close()
        return path.read_bytes()


async def _migrated(path: Path) -> None:
    database = Database(
        f"sqlite+aiosqlite:///{path}", seal=Seal([SECRET]), ticket_prefix="PKL", new_id=lambda: ""
    )
    await database.migrate()
    async with database.engine.connect() as connection:
        driver: Any = (await connection.get_raw_connection()).driver_connection
        await (await driver.execute("PRAGMA wal_checkpoint(TRUNCATE)")).close()
    await database.aclose()
    gc.collect()
