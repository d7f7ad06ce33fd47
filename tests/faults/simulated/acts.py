"""What each step of a plan does to the world."""

import asyncio
import errno
from collections.abc import Callable, Coroutine, Mapping
from dataclasses import dataclass, fields
from datetime import timedelta
from typing import Any

from hub.sandbox import Fault, FaultKind
from tests.faults.simulated.clerk import Clerk
from tests.faults.simulated.network import Post
from tests.faults.simulated.plan import Step
from tests.faults.simulated.twists import Twist
from tests.faults.simulated.world import World

Facts = Mapping[str, Any]
FAULT_FIELDS = {field.name for field in fields(Fault)}


@dataclass(slots=True, kw_only=True)
class Acts:
    """`do` begins a step; what takes a while goes on by itself."""

    world: World
    clerk: Clerk

    def do(self, step: Step) -> asyncio.Task[Any]:
        """Begin it."""
        ways: Mapping[str, Callable[[Facts], Coroutine[Any, Any, None]]] = {
            "say": self._say,
            "officer": self._officer,
            "operator": self._operator,
            "fault": self._fault,
            "webhooks": self._webhooks,
            "kill": self._kill,
            "second_process": self._second_process,
            "database_away": self._database_away,
            "disk_full": self._disk_full,
            "skew": self._skew,
            "rotate": self._rotate,
            "drift": self._drift,
            "page": self._page,
        }
        return self.world.spawn(ways[step.act](step.facts))

    def end_all(self) -> None:
        """Nothing is made to fail any more."""
        world = self.world
        for switch in world.switches.values():
            switch.faults.clear()
        for bend in world.bends.values():
            bend.twists.clear()
            bend.locked_out = False
        for clock in world.clocks.values():
            clock.offset = timedelta()
        world.door.posts.clear()
        world.disk.comes_back()
        world.disk.is_full = False
        world.loop.refuses = None

    async def _say(self, facts: Facts) -> None:
        connector = str(facts.get("connector", "whatsapp"))
        how = str(
            facts.get("how", {"laporgub": "report", "call112": "call"}.get(connector, "say"))
        )
        given = {name: value for name, value in facts.items() if name not in {"connector", "how"}}
        if "who" in given:
            given["conversation"] = given.pop("who")
        await self._played(connector, how, given)

    async def _officer(self, facts: Facts) -> None:
        connector, action = str(facts["connector"]), str(facts["action"])
        given = {
            name: value
            for name, value in facts.items()
            if name not in {"connector", "action", "of"}
        }
        if "of" in facts:
            filed = [
                str(event.facts["external_id"])
                for event in self.world.journal.of("filed")
                if event.imitation == connector
            ]
            if not filed:
                return
            named = "ticket" if connector == "laporgub" else "id"
            given[named] = filed[int(facts["of"]) % len(filed)]
        await self._played(connector, action, given)

    async def _played(self, connector: str, action: str, facts: Facts) -> None:
        try:
            await self.world.imitations[connector].play(action, facts)
        except ValueError as refused:
            # A step that does not fit there (any more) is no step.
            self.world.journal.write(connector, "refused", action=action, why=str(refused))

    async def _operator(self, facts: Facts) -> None:
        action = str(facts["action"])
        given = {name: value for name, value in facts.items() if name not in {"action", "of"}}
        path = "/complaints"
        if action != "open":
            tickets = await self.clerk.tickets()
            if not tickets:
                return
            path = f"/complaints/{tickets[int(facts.get('of', 0)) % len(tickets)]}/{action}s"
        answered = await self.clerk.post(path, **given)
        self.world.journal.write("operator", action, path=path, answered=answered, **given)

    async def _fault(self, facts: Facts) -> None:
        given = {name: value for name, value in facts.items() if name in FAULT_FIELDS}
        fault = Fault(**given | {"kind": FaultKind(facts["kind"])})
        await self._for_a_while(self.world.switches[facts["connector"]].faults, fault, facts)

    async def _webhooks(self, facts: Facts) -> None:
        given = {name: value for name, value in facts.items() if name != "until"}
        await self._for_a_while(self.world.door.posts, Post(**given), facts)

    async def _drift(self, facts: Facts) -> None:
        await self._twist(facts)

    async def _page(self, facts: Facts) -> None:
        await self._twist(facts)

    async def _twist(self, facts: Facts) -> None:
        given = {
            name: value for name, value in facts.items() if name not in {"connector", "until"}
        }
        await self._for_a_while(self.world.bends[facts["connector"]].twists, Twist(**given), facts)

    async def _for_a_while(self, switched_on: list[Any], fault: Any, facts: Facts) -> None:
        switched_on.append(fault)
        if "until" in facts:
            await asyncio.sleep(float(facts["until"]))
            if any(each is fault for each in switched_on):
                switched_on[:] = [each for each in switched_on if each is not fault]

    async def _kill(self, facts: Facts) -> None:
        up = list(self.world.running.values())
        if not up:
            return
        self.world.down = float(facts.get("down", 5.0))
        up[int(facts.get("which", 0)) % len(up)].process.kill_after(int(facts.get("awaits", 1)))

    async def _second_process(self, facts: Facts) -> None:
        second = self.world.start("second")
        self.world.journal.write("hub", "fault", fault="second_process")
        await asyncio.sleep(float(facts["seconds"]))
        await self.world.stop(second)

    async def _database_away(self, facts: Facts) -> None:
        disk = self.world.disk
        before = disk.refused
        disk.goes_away()
        await asyncio.sleep(float(facts["seconds"]))
        disk.comes_back()
        if disk.refused > before:
            count = disk.refused - before
            self.world.journal.write("database", "fault", fault="database_away", refused=count)

    async def _disk_full(self, facts: Facts) -> None:
        world, where = self.world, facts.get("where", "both")
        if where in {"database", "both"}:
            world.disk.is_full = True
        if where in {"files", "both"}:
            world.loop.refuses = self._no_space
        before = world.disk.full
        await asyncio.sleep(float(facts["seconds"]))
        if where in {"database", "both"}:
            world.disk.is_full = False
        if where in {"files", "both"}:
            world.loop.refuses = None
        if world.disk.full > before:
            count = world.disk.full - before
            world.journal.write("database", "fault", fault="disk_full", refused=count)

    def _no_space(self, func: Callable[..., Any]) -> None:
        inner = func.args[0] if hasattr(func, "args") and func.args else func
        if getattr(inner, "__name__", "") == "write":
            self.world.journal.write("files", "fault", fault="disk_full")
            raise OSError(errno.ENOSPC, "No space left on device")

    async def _skew(self, facts: Facts) -> None:
        name = str(facts["connector"])
        clock = self.world.clocks[name]
        clock.offset = timedelta(hours=float(facts["hours"]))
        self.world.journal.write(name, "fault", fault="skew", hours=facts["hours"])
        await asyncio.sleep(float(facts.get("seconds", 3600)))
        clock.offset = timedelta()

    async def _rotate(self, facts: Facts) -> None:
        world, name = self.world, str(facts["connector"])
        if name == "laporgub":
            world.bends[name].locked_out = True
        else:
            token = {"token": f"token-{world.rng.getrandbits(32):08x}"}
            await world.imitations[name].play("rotate_token", token)
            world.journal.write(name, "fault", fault="rotated", route="")
        await asyncio.sleep(float(facts["seconds"]))
        world.bends[name].locked_out = False
        world.environment[name] = dict(world.imitations[name].environment())
        for running in list(world.running.values()):
            await world.stop(running.process)
            if running.process.name == "hub":
                world.start()
