"""Everybody around the hub, and the processes of the hub among them, in virtual time."""

import asyncio
from collections.abc import Coroutine, Mapping
from contextvars import Context, copy_context
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any
from uuid import UUID

from sqlalchemy.exc import OperationalError
from starlette.routing import Mount, Router
from starlette.types import ASGIApp

from connectors.call112.sandbox import build as build_call112
from connectors.laporgub.sandbox import build as build_laporgub
from connectors.sp4n.sandbox import build as build_sp4n
from connectors.whatsapp.sandbox import build as build_whatsapp
from hub import clockwork
from hub.bootstrap import Hub, assemble
from hub.ports import DatabaseAway
from hub.registry import Registry
from hub.sandbox import FaultSwitch, Imitation, Journal, SandboxClock, Stage
from hub.serving import stop_work
from hub.store.database import Database
from hub.store.seal import Seal
from tests.faults.simulated.inline import Disk
from tests.faults.simulated.loop import VirtualLoop
from tests.faults.simulated.network import Door, Line
from tests.faults.simulated.plan import Plan
from tests.faults.simulated.process import Process
from tests.faults.simulated.settings import registry_of, settings_of, share_compiled, slow_polls
from tests.faults.simulated.twists import Bend

BEGINS = datetime(2026, 1, 19, 1, tzinfo=UTC)
# Nudges and due times are exact: looking every five seconds would find nothing and cost most of a day.
LONGEST_SLEEP = timedelta(minutes=10)
# A lease lasts minutes; that it is over need not be seen within seconds.
SELDOM = {"reclaim": timedelta(minutes=3), "checkpoint": timedelta(hours=1)}
AT_REST = {"reclaim": timedelta(minutes=15)}
START_AGAIN = 5.0


@dataclass(slots=True, kw_only=True)
class Running:
    """A process of the hub that has come up."""

    process: Process
    line: Line
    hub: Hub
    works: clockwork.Clockwork


@dataclass(kw_only=True)
class World:
    """One day's stage."""

    plan: Plan
    seed: int
    folder: Path
    loop: VirtualLoop
    disk: Disk
    outside: Context = field(default_factory=copy_context)
    running: dict[Process, Running] = field(default_factory=dict)
    starting: dict[Process, None] = field(default_factory=dict)
    all: list[Process] = field(default_factory=list)
    kills: list[tuple[float, tuple[str, ...]]] = field(default_factory=list)
    built: list[Registry] = field(default_factory=list)
    trouble: list[str] = field(default_factory=list)
    down: float = START_AGAIN
    passed: set[str] | None = None
    _tasks: dict[asyncio.Task[Any], None] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.rng = self.dice("network")
        self.clock = SandboxClock(self.now)
        self.journal = Journal(self.clock)
        self.clocks: dict[str, SandboxClock] = {}
        self.door = Door(
            listening=self.listening, spawn=self.spawn, rng=self.dice("door"), journal=self.journal
        )
        self.imitations: dict[str, Any] = {
            "whatsapp": build_whatsapp(self._stage("whatsapp"), transport=self.door),
            "sp4n": build_sp4n(self._stage("sp4n")),
            "laporgub": build_laporgub(self._stage("laporgub")),
            "call112": build_call112(self._stage("call112")),
        }
        self.bends: dict[str, Bend] = {}
        self.switches: dict[str, FaultSwitch] = {}
        for name, imitation in self.imitations.items():
            self._wrap(name, imitation)
        self.environment = {
            name: dict(each.environment()) for name, each in self.imitations.items()
        }
        self._ids = self.dice("ids")

    def dice(self, what: str) -> Random:
        """Chance of its own for each part: one more fault here changes nothing there."""
        return Random(f"{self.seed}/{what}")  # noqa: S311 - play, not secrets

    def now(self) -> datetime:
        """The one true time."""
        return BEGINS + timedelta(seconds=self.loop.time())

    def spawn(self, coro: Coroutine[Any, Any, Any]) -> asyncio.Task[Any]:
        """Run something that belongs to no process of the hub."""
        task = self.loop.create_task(coro, context=self.outside.copy())
        self._tasks[task] = None
        task.add_done_callback(self._ended)
        return task

    def listening(self) -> tuple[Process, ASGIApp] | None:
        """Whoever answers at the hub's address."""
        up = list(self.running.values())
        chosen = self.rng.choice(up) if up else None
        return None if chosen is None else (chosen.process, chosen.hub.web)

    def start(self, name: str = "hub") -> Process:
        """One more process of the hub."""
        process = Process(name, on_death=self._died, passed=self.passed)
        self.all.append(process)
        self.starting[process] = None
        _ = self.spawn(self._watch(process, process.spawn(self._run(process))))
        return process

    async def stop(self, process: Process) -> None:
        """As SIGTERM does it."""
        running = self.running.get(process)
        if running is not None:
            await asyncio.wait([process.spawn(stop_work(running.hub, running.works))], timeout=60)
        process.kill(("stopped",))

    def slows_down(self, rests: bool) -> None:
        """Where nothing happens any more, polls and chores come seldom."""
        for running in self.running.values():
            _set_pace(running.works, SELDOM | AT_REST if rests else SELDOM)
            slow_polls(running.hub.registry, rests=rests)

    async def aclose(self) -> None:
        """The day is over."""
        for process in self.all:
            process.kill(("over",))
        for imitation in self.imitations.values():
            await imitation.aclose()
        left = list(self._tasks)
        for task in left:
            task.cancel()
        await asyncio.gather(*left, return_exceptions=True)
        for built in self.built:
            await built.aclose()

    def _stage(self, name: str) -> Stage:
        clock = self.clocks[name] = SandboxClock(self.now)
        stage = Stage(hub_url="http://hub", clock=clock, rng=self.dice(name))
        stage.journal = self.journal
        return stage

    def _wrap(self, name: str, imitation: Imitation) -> None:
        bend = Bend(
            app=imitation.app, name=name, rng=self.dice(f"{name}/bend"), journal=self.journal
        )
        self.bends[name] = bend
        self.switches[name] = FaultSwitch(
            bend, name=name, rng=self.dice(f"{name}/switch"), journal=self.journal
        )

    def _died(self, process: Process) -> None:
        self.starting.pop(process, None)
        running = self.running.pop(process, None)
        calls = running.line.cut() if running else 0
        place = process.died_at
        if place in {("stopped",), ("over",)}:
            return
        self.journal.write(
            "hub", "fault", fault="kill", at=place[-1] if place else "", open_calls=calls
        )
        self.kills.append((self.loop.time(), place))
        if process.name == "hub":
            _ = self.spawn(self._start_later(self.down))

    async def _start_later(self, seconds: float) -> None:
        await asyncio.sleep(seconds)
        self.start()

    async def _watch(self, process: Process, coming_up: asyncio.Task[Any]) -> None:
        await asyncio.wait([coming_up])
        error = coming_up.exception()
        if error is not None and not process.is_dead:
            # As systemd would.
            self.journal.write("hub", "no_start", error=type(error).__name__)
            if not isinstance(error, OperationalError | DatabaseAway):
                self.trouble.append(f"{self.loop.time():.1f}: no start: {error!r}")
            process.kill(("stopped",))
            if process.name == "hub":
                await self._start_later(START_AGAIN)

    async def _run(self, process: Process) -> None:
        line = Line(
            Router([Mount(f"/upstream/{name}", app=app) for name, app in self.switches.items()]),
            spawn=self.spawn,
            rng=self.rng,
            clocks=self.clocks.__getitem__,
        )
        settings = settings_of(self.folder, matching=self.plan.matching)
        database = Database(
            settings.database_url,
            seal=Seal(settings.secrets),
            ticket_prefix=settings.ticket_prefix,
            new_id=lambda: UUID(int=self._ids.getrandbits(128), version=4).hex,
        )
        share_compiled(database)
        known = registry_of(
            self.environment, lists=self.plan.lists, matching=self.plan.matching, transport=line
        )
        self.built.append(known)
        hub = assemble(settings, known, database)
        if len(self.running) + len(self.starting) == 1:
            await hub.housekeeping.take_over()
        works = hub.clockwork()
        _set_pace(works, SELDOM)
        works.start()
        self.starting.pop(process, None)
        self.running[process] = Running(process=process, line=line, hub=hub, works=works)

    def _ended(self, task: asyncio.Task[Any]) -> None:
        self._tasks.pop(task, None)
        if not task.cancelled() and (error := task.exception()) is not None:
            self.trouble.append(f"{self.loop.time():.1f}: {task.get_coro()}: {error!r}")


def _set_pace(works: clockwork.Clockwork, paces: Mapping[str, timedelta]) -> None:
    for loop in works._loops:
        loop.every = paces.get(loop.name, max(loop.every, LONGEST_SLEEP))
