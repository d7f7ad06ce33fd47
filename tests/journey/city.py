"""A whole city in one process: the real hub and connectors, the imitations, and nobody's socket."""

import tomllib
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx
import pytest
from starlette.routing import Mount, Router
from starlette.types import ASGIApp

from connectors import laporgub, sp4n, whatsapp
from connectors.laporgub.sandbox import build as build_laporgub
from connectors.sp4n.sandbox import build as build_sp4n
from connectors.whatsapp.sandbox import build as build_whatsapp
from hub.bootstrap import Hub, assemble
from hub.contract import Mapping as Dictionary
from hub.delivery.handover import HandOver
from hub.delivery.relay import Relay
from hub.domain.authority import Authorities
from hub.intake.fetch import FetchFiles
from hub.registry import Built, Registry
from hub.sandbox import FaultSwitch, Imitation, SandboxClock, SandboxTransport, Stage
from hub.settings import Settings
from hub.store.database import Database
from hub.store.seal import Seal
from tests.fakes.clock import SteppedClock

ROOT = Path(__file__).parents[2]
KEY = "kunci-rini"
# Invented, as everything here.
SECRET = "0123456789abcdef0123456789abcdef"
BUDI = "6281100001001"


@dataclass
class WayToHub(httpx.AsyncBaseTransport):
    """What the imitations' webhooks travel by; the hub is built after them."""

    app: ASGIApp | None = None

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        assert self.app is not None
        return await httpx.ASGITransport(self.app).handle_async_request(request)


@dataclass
class Outside:
    """The upstreams, and how their calls fail."""

    stage: Stage
    whatsapp: Any
    sp4n: Any
    to_hub: WayToHub
    laporgub: Any = None
    faults: dict[str, FaultSwitch] = field(default_factory=dict)

    @property
    def imitations(self) -> tuple[Imitation, ...]:
        known = (self.whatsapp, self.sp4n, self.laporgub)
        return tuple(each for each in known if each is not None)

    def transport(self) -> SandboxTransport:
        mounts = [Mount(f"/upstream/{name}", app=app) for name, app in self.faults.items()]
        return SandboxTransport(Router(routes=mounts))


def outside(clock: SteppedClock, *, province: bool = False) -> Outside:
    stage = Stage(hub_url="http://hub", clock=SandboxClock(clock))
    to_hub = WayToHub()
    found = Outside(
        stage=stage,
        whatsapp=build_whatsapp(stage, transport=to_hub),
        sp4n=build_sp4n(stage),
        to_hub=to_hub,
        laporgub=build_laporgub(stage) if province else None,
    )
    found.faults = {
        each.name: FaultSwitch(each.app, name=each.name, rng=stage.rng, journal=stage.journal)
        for each in found.imitations
    }
    return found


def words_of(name: str) -> Dictionary:
    path = ROOT / "mappings" / f"{name}.toml"
    return Dictionary.from_tables(name, tomllib.loads(path.read_text(encoding="utf-8")))


def upstreams_of(world: Outside, **settings: Mapping[str, Any]) -> dict[str, Built]:
    """The connectors with the settings their imitations ask for; `settings` by connector."""
    built: dict[str, Built] = {}
    modules = (whatsapp, sp4n, laporgub)
    for imitation, module in zip(world.imitations, modules, strict=False):
        prefix = f"{imitation.name.upper()}_"
        given = {
            name.removeprefix(prefix).lower(): value
            for name, value in imitation.environment().items()
        }
        given |= settings.get(imitation.name, {})
        words = words_of(imitation.name)
        connector = module.build(module.Settings(**given), words, transport=world.transport())
        built[imitation.name] = Built(connector, words)
    return built


def settings_of(database_url: str, folder: Path, **other: Any) -> Settings:
    given: dict[str, Any] = {"secret_key": SECRET, "api_keys": f"rini:{KEY}", "files_dir": folder}
    return Settings(**(given | {"database_url": database_url} | other))


def database_of(settings: Settings) -> Database:
    return Database(
        settings.database_url,
        seal=Seal(settings.secrets),
        ticket_prefix=settings.ticket_prefix,
        new_id=lambda: uuid4().hex,
    )


@dataclass(kw_only=True)
class City:
    """One hub and everybody around it."""

    hub: Hub
    clock: SteppedClock
    world: Outside

    async def says(self, text: str = "", *, who: str = BUDI, how: str = "say", **more: Any) -> Any:
        """A citizen does something on the phone; it has reached the hub afterwards."""
        facts = {"conversation": who, "text": text, **more}
        done = await self.world.whatsapp.play(how, facts)
        await self.world.whatsapp.postman.settled()
        return done

    async def reads(self) -> None:
        """The hub reads what came; it looks at nothing else yet."""
        while await self.hub.read.step():
            pass

    async def falls_silent(self, seconds: float = 6) -> None:
        """Nobody says anything for a while, and the hub does its work."""
        await self.reads()
        await self.hub.files.drain()
        self.clock.pass_time(seconds=seconds)
        await self.work()

    async def officer(self, action: str, report: str, **facts: Any) -> Any:
        """An officer at SP4N does something, and the hub looks there afterwards."""
        self.clock.pass_time(seconds=2)
        done = await self.world.sp4n.play(action, {"id": report, **facts})
        await self.looks_around()
        return done

    async def looks_around(self, seconds: float = 4) -> None:
        self.clock.pass_time(seconds=seconds)
        await self.hub.looks["sp4n"].step()
        await self.work()

    async def work(self) -> None:
        """Do all that is due until nothing is; a little time passes."""
        hub, still = self.hub, 0
        steps = [hub.read.step, hub.turns.step, *(each.step for each in hub.doubts.values())]
        carriers: list[Relay | HandOver | FetchFiles] = [hub.files, *hub.relays.values()]
        while still < 2:
            await self.world.whatsapp.postman.settled()
            busy = [await step() for step in steps]
            for carrier in carriers:
                if await carrier.step():
                    await carrier.drain()
                    busy.append(True)
            still = 0 if any(busy) else still + 1
            self.clock.pass_time(seconds=0.05 if any(busy) else 0.8)

    def api(self) -> httpx.AsyncClient:
        headers = {"authorization": f"Bearer {KEY}"}
        return httpx.AsyncClient(
            transport=httpx.ASGITransport(self.hub.web), base_url="http://hub", headers=headers
        )

    async def get(self, path: str, **query: Any) -> Any:
        async with self.api() as api:
            answer = await api.get(f"/api/v1{path}", params=query)
        assert answer.status_code == 200, answer.text
        return answer.json()

    async def post(self, path: str, **body: Any) -> int:
        async with self.api() as api:
            answer = await api.post(f"/api/v1{path}", json=body)
        await self.work()
        return answer.status_code

    async def page(self, path: str) -> str:
        """What an operator sees after logging in."""
        async with self.at_the_desk() as browser:
            answer = await browser.get(path)
        assert answer.status_code == 200, answer.text
        return answer.text

    @asynccontextmanager
    async def at_the_desk(self) -> AsyncIterator[httpx.AsyncClient]:
        """A browser in which an operator has logged in."""
        way = httpx.ASGITransport(self.hub.web)
        here = "http://hub"
        async with httpx.AsyncClient(
            transport=way, base_url=here, headers={"origin": here}, follow_redirects=True
        ) as browser:
            await browser.post("/login", data={"key": KEY})
            yield browser

    async def complaints(self) -> list[Any]:
        """All complaints with everything about them, oldest first."""
        lines = (await self.get("/complaints", limit=200))["complaints"]
        tickets = sorted(line["ticket"] for line in lines)
        return [await self.get(f"/complaints/{ticket}") for ticket in tickets]

    def heard(self, who: str = BUDI) -> list[str]:
        """What a citizen read on the phone."""
        return [
            event.facts["text"]
            for event in self.world.stage.journal.of("told")
            if event.facts["conversation"] == who
        ]

    def happened(self, kind: str) -> list[Mapping[str, Any]]:
        """What the imitations wrote down."""
        return [event.facts for event in self.world.stage.journal.of(kind)]


@asynccontextmanager
async def city_of(
    settings: Settings,
    *,
    monkeypatch: pytest.MonkeyPatch,
    clock: SteppedClock | None = None,
    authorities: Authorities | None = None,
    **connectors: Mapping[str, Any],
) -> AsyncIterator[City]:
    """The hub as bootstrap assembles it, but for its clock and the way to the upstreams."""
    clock = clock or SteppedClock()
    monkeypatch.setattr("hub.bootstrap.utc_now", clock)
    for module in ("desk", "citizens"):
        steps = f"connectors.whatsapp.sandbox.{module}.STEPS"
        monkeypatch.setattr(steps, {"sent": 0.0, "delivered": 0.0, "read": 0.0})
    monkeypatch.setattr("connectors.whatsapp.sandbox.desk.FAILED_AFTER", 0.0)
    world = outside(clock, province="laporgub" in connectors)
    database = database_of(settings)
    registry = Registry(
        upstreams_of(world, **connectors), {}, (), authorities=authorities or Authorities()
    )
    hub = assemble(settings, registry, database)
    world.to_hub.app = hub.web
    try:
        yield City(hub=hub, clock=clock, world=world)
    finally:
        await world.whatsapp.aclose()
        await registry.aclose()
        await database.aclose()


def with_reader(city: City, name: str, reader: Any) -> None:
    """Mend a connector: from now on the hub reads with another one."""
    upstreams: Any = city.hub.registry.upstreams
    upstreams[name] = replace(upstreams[name], connector=reader)
