"""`hub sandbox`, `hub serve` and two `hub work` as real processes, with a gatehouse before the web."""

import asyncio
import json
import subprocess
import sys
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

from hub.demo.processes import Stand, stand
from tests.faults.gatehouse import Gatehouse, gatehouse
from tests.servers import free_port

PARTS = ("serve", "work1", "work2")
STOPS_WITHIN = 60.0
HASTE = {
    "HUB_TURN_SECONDS": "0.5",
    # Every citizen is to be heard as another one, so that what was said can be counted.
    "HUB_MATCHING": "false",
    "LAPORGUB_MODE": "api",
    # Hundreds of complaints looked at every other second would be the whole load.
    "SP4N_INSPECT_SECONDS": "30",
    "LAPORGUB_INSPECT_SECONDS": "30",
    "LAPORGUB_POLL_SECONDS": "5",
}


@dataclass(slots=True)
class Crew:
    """The processes, and what each of them logged."""

    here: Stand
    house: Gatehouse
    running: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)

    def start(self, name: str, environment: dict[str, str]) -> None:
        """Start one of PARTS (again)."""
        with (self.here.folder / f"{name}.log").open("ab") as log:
            self.running[name] = subprocess.Popen(
                [sys.executable, "-m", "hub", name.rstrip("0123456789")],
                env=environment, stdout=log, stderr=subprocess.STDOUT,
            )  # fmt: skip

    async def stop(self) -> dict[str, int]:
        """Ask all of them to stop; their exit codes."""
        for process in self.running.values():
            process.terminate()
        return {
            name: await asyncio.to_thread(process.wait, STOPS_WITHIN)
            for name, process in self.running.items()
        }

    def log_of(self, name: str) -> Path:
        """Where a process writes."""
        return self.here.folder / f"{name}.log"

    def logged(self, name: str) -> Counter[str]:
        """How often a process said what; "no event" is a line that is none of ours."""
        counted: Counter[str] = Counter()
        for line in self.log_of(name).read_text(encoding="utf-8", errors="replace").splitlines():
            is_ours = line.startswith("{")
            counted[json.loads(line)["event"] if is_ours else "no event"] += 1
        return counted


@asynccontextmanager
async def crew(
    folder: Path, *, database_url: str, redis_url: str, **settings: str
) -> AsyncIterator[Crew]:
    """Start them in the place of the `hub up` of a stand, and stop what still runs at the end."""
    async with stand(folder, database_url=database_url) as here:
        if here.hub is not None:
            here.hub.terminate()
            await asyncio.to_thread(here.hub.wait, STOPS_WITHIN)
            here.hub = None
        door, web = int(here.environment["HUB_PORT"]), free_port()
        async with gatehouse(port=door, hub_url=f"http://127.0.0.1:{web}") as house:
            team = Crew(here, house)
            environment = here.environment | HASTE | settings
            environment |= {"HUB_REDIS_URL": redis_url, "HUB_PORT": str(web)}
            try:
                for name in PARTS:
                    team.start(name, environment)
                await here.until_ready()
                yield team
            finally:
                for process in team.running.values():
                    if process.poll() is None:
                        process.terminate()
                for process in team.running.values():
                    await asyncio.to_thread(process.wait, STOPS_WITHIN)
