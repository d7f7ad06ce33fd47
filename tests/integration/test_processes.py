"""The hub as processes: one by itself, or a web and two workers with PostgreSQL and Redis between them."""

import asyncio
import json
import subprocess
import sys
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import pytest_asyncio
from redis.asyncio import Redis
from sqlalchemy import URL

from hub.demo.processes import Stand, stand
from tests.faults.ledger import Ledger
from tests.faults.line import Line

if TYPE_CHECKING:
    from tests.conftest import Postgres

COMPLAINT = "Lampu jalan di Jl. Jlamprang depan mushola mati sudah empat hari, gelap sekali."
STOPS_WITHIN = 30.0
# A worker that nobody nudges looks by itself every five seconds.
NUDGED_WITHIN, CHANCES = 2.5, 3
PARTS = ("serve", "work1", "work2")


@dataclass(slots=True)
class City:
    """The imitations, and whichever processes of the hub run."""

    here: Stand
    line: Line | None = None
    seen: int = 0
    running: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)

    async def say(self, citizen: int, text: str = COMPLAINT, *, name: str = "aduan") -> None:
        facts = {"conversation": phone(citizen), "name": "Warga", "text": text}
        await self.play("whatsapp", "say", facts | {"complaint": f"{name}-{citizen}"})

    async def play(self, imitation: str, action: str, facts: dict[str, Any]) -> None:
        async with self.here.control() as control:
            answer = await control.post(f"/play/{imitation}/{action}", json=facts)
        assert answer.is_success, answer.text

    async def fail(self, **fault: Any) -> None:
        async with self.here.control() as control:
            answer = await control.post("/control/faults", json=fault)
        assert answer.is_success, answer.text

    async def forget(self) -> None:
        """Let the journal begin here, with no fault switched on."""
        async with self.here.control() as control:
            (await control.delete("/control/faults")).raise_for_status()
            self.seen = len((await control.get("/control/journal")).json())

    async def journal(self, kind: str) -> list[dict[str, Any]]:
        async with self.here.control() as control:
            answer = await control.get(
                "/control/journal", params={"kind": kind, "since": str(self.seen)}
            )
        return [event["facts"] | {"at": event["at"]} for event in answer.json()]

    async def until(self, kind: str, count: int, *, within: float = 15.0) -> list[dict[str, Any]]:
        """The journal's events of one kind, once there are so many."""

        async def enough() -> bool:
            return len(await self.journal(kind)) >= count

        await until(enough, within=within)
        return await self.journal(kind)

    def start(self, name: str, environment: dict[str, str]) -> None:
        with (self.here.folder / f"{name}.log").open("wb") as log:
            self.running[name] = subprocess.Popen(
                [sys.executable, "-m", "hub", name.rstrip("0123456789")],
                env=environment, stdout=log, stderr=subprocess.STDOUT,
            )  # fmt: skip

    def logged(self, name: str, event: str) -> int:
        """How often a process said so."""
        lines = (self.here.folder / f"{name}.log").read_text(encoding="utf-8").splitlines()
        return sum(json.loads(line)["event"] == event for line in lines if line.startswith("{"))


def phone(citizen: int) -> str:
    return f"62811000{2000 + citizen}"


async def until(condition: Callable[[], Awaitable[bool]], *, within: float) -> None:
    async with asyncio.timeout(within):
        while not await condition():  # noqa: ASYNC110 - what we wait for is in another process
            await asyncio.sleep(0.1)


async def stopped(process: subprocess.Popen[bytes]) -> int:
    """Ask a process to stop; its exit code."""
    process.terminate()
    return await asyncio.to_thread(process.wait, STOPS_WITHIN)


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def crew(
    tmp_path_factory: pytest.TempPathFactory, postgres: "Postgres", redis_server: URL
) -> AsyncIterator[City]:
    """`hub serve` and two `hub work`, in the place of a `hub up` that has gone."""
    url = postgres.create(migrated=True)
    line = Line(redis_server)
    await line.mend()
    folder = tmp_path_factory.mktemp("apart")
    async with stand(folder, database_url=url.render_as_string(hide_password=False)) as here:
        assert here.hub is not None
        assert await stopped(here.hub) == 0
        city = City(here, line)
        # Every citizen here says the same words, and each of them is to be heard as another one.
        ours = {
            "HUB_REDIS_URL": line.url,
            "HUB_TURN_SECONDS": "0.3",
            "HUB_MATCHING": "false",
        }
        for name in PARTS:
            city.start(name, dict(here.environment) | ours)
        here.hub = city.running["serve"]
        await here.until_ready()
        await until(_working(city), within=20)
        yield city
        codes = {name: await stopped(process) for name, process in city.running.items()}
        assert codes == dict.fromkeys(PARTS, 0)
    await line.cut()
    postgres.drop(url.database)


@pytest_asyncio.fixture(loop_scope="module")
async def apart(crew: City) -> City:
    """The same processes for every test; what earlier ones did is not looked at."""
    await crew.forget()
    return crew


def _working(city: City) -> Callable[[], Awaitable[bool]]:
    async def working() -> bool:
        return all(city.logged(name, "hub.working") for name in PARTS[1:])

    return working


@pytest.fixture
async def alone(tmp_path: Path) -> AsyncIterator[City]:
    """`hub up`."""
    async with stand(tmp_path) as here:
        yield City(here)


@pytest.mark.asyncio(loop_scope="module")
async def test_a_message_goes_out_through_one_of_two_workers_and_its_status_comes_back(
    apart: City,
) -> None:
    # A busy machine gets several chances; workers that nobody nudges would fail them all.
    slowest = [await _slowest(apart, range(4))]
    while slowest[-1] > NUDGED_WITHIN and len(slowest) < CHANCES:
        slowest.append(await _slowest(apart, range(4 * len(slowest), 4 * len(slowest) + 4)))
    assert slowest[-1] < NUDGED_WITHIN
    filed = await apart.journal("filed")
    for action in ("verify", "dispose", "answer", "close"):
        await apart.play("sp4n", action, {"id": filed[0]["external_id"], "institution": 990106})
    await until(_is_told(apart, filed[0]["marker"], "sudah selesai"), within=20)


@pytest.mark.asyncio(loop_scope="module")
async def test_two_workers_share_the_work_and_push_nothing_twice(apart: City) -> None:
    await apart.fail(kind="delay", route="^POST ", seconds=0.3, share=1.0)
    await asyncio.gather(*(apart.say(citizen) for citizen in range(20, 36)))
    filed = await apart.until("filed", 16, within=30)
    told = await apart.until("told", 16, within=30)
    assert max(Counter(facts["marker"] for facts in filed).values()) == 1
    assert max(Counter(facts["marker"] for facts in told).values()) == 1
    assert all(apart.logged(name, "delivery.attempted") for name in PARTS[1:])


@pytest.mark.asyncio(loop_scope="module")
async def test_losing_redis_delays_and_loses_nothing(apart: City) -> None:
    line = apart.line
    assert line is not None
    await line.cut()
    # It comes back as a Redis does that was killed: empty.
    async with Redis.from_url(line.server.render_as_string(hide_password=False)) as client:
        await client.flushdb()
    await apart.say(51)
    await apart.until("filed", 1, within=20)
    await line.mend()
    await until(_back(apart, citizen=51), within=60)
    assert all(apart.logged(name, "redis.lost") for name in PARTS)
    await apart.say(52)
    filed = await apart.until("filed", 2)
    assert len({facts["marker"] for facts in filed}) == 2


def _back(city: City, *, citizen: int) -> Callable[[], Awaitable[bool]]:
    async def back() -> bool:
        # The web finds out by its next nudge: any webhook that is new.
        await city.play("whatsapp", "change_id", {"conversation": phone(citizen)})
        return all(city.logged(name, "redis.back") for name in PARTS)

    return back


async def test_a_stop_finishes_the_push_that_is_under_way(alone: City) -> None:
    await alone.fail(imitation="sp4n", kind="delay", route="^POST ", seconds=2.0)
    await alone.say(1)
    await alone.until("fault", 1)
    assert alone.here.hub is not None
    assert await stopped(alone.here.hub) == 0
    (filed,) = await alone.journal("filed")
    ledger = Ledger(alone.here.environment["HUB_DATABASE_URL"])
    assert await ledger.open_leases() == []
    assert await ledger.states("sp4n") == {"settled": 1}
    assert filed["marker"]


async def test_a_stop_leaves_waiting_what_waits(alone: City) -> None:
    ledger = Ledger(alone.here.environment["HUB_DATABASE_URL"])

    async def waits() -> bool:
        return await ledger.states("sp4n") == {"waiting": 1}

    busy = {"kind": "status", "status": 429, "retry_after": 600}
    await alone.fail(imitation="sp4n", route="^POST ", **busy)
    await alone.say(1)
    await alone.until("fault", 1)
    await until(waits, within=15)
    assert alone.here.hub is not None
    assert await stopped(alone.here.hub) == 0
    assert await ledger.states("sp4n") == {"waiting": 1}
    assert await alone.journal("filed") == []


def _is_told(city: City, *words: str) -> Callable[[], Awaitable[bool]]:
    async def told() -> bool:
        texts = [str(facts["text"]) for facts in await city.journal("told")]
        return any(all(word in text for word in words) for text in texts)

    return told


async def _slowest(city: City, citizens: range) -> float:
    """How many seconds passed, at most, between what was said and the report made of it."""
    before = len(await city.journal("filed"))
    for citizen in citizens:
        await city.say(citizen)
        # Not in step with the five seconds after which workers look by themselves.
        await asyncio.sleep(1.7)
    filed = (await city.until("filed", before + len(citizens), within=40))[before:]
    said = (await city.journal("said"))[before:]
    return max(_seconds(one, other) for one, other in zip(said, filed, strict=True))


def _seconds(before: dict[str, Any], after: dict[str, Any]) -> float:
    then, now = (datetime.fromisoformat(facts["at"]) for facts in (before, after))
    return (now - then).total_seconds()
