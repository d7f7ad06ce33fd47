"""Somebody writes of a fire to the complaint desk: the phone says 112 before anybody has read it."""

import tomllib
from collections.abc import AsyncIterator
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from hub.domain.emergency import EmergencyWords
from hub.domain.routing_tables import routes_of
from hub.registry import Registry
from hub.store import tables
from tests.integration.intake.rows import rows_of
from tests.journey.city import BUDI, ROOT, City, city_of, settings_of

FIRE = "Kebakaran di gudang kain Jalan Merdeka, api membesar, tolong damkar!"
CORNER = "Tikungan Jalan Merdeka rawan kecelakaan, mohon dipasang cermin cembung."
STATE_ROAD = "Lubang besar di jalan nasional dekat terminal, mohon segera ditambal."


@pytest.fixture
async def city(
    database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[City]:
    """The city with the rules and the words that come with the hub."""
    mappings = ROOT / "mappings"
    routes = tomllib.loads((mappings / "routes.toml").read_text(encoding="utf-8"))
    words = tomllib.loads((mappings / "emergency.toml").read_text(encoding="utf-8"))
    given: dict[str, Any] = {
        "routes": routes_of(routes),
        "emergency": EmergencyWords.from_tables(words),
    }
    monkeypatch.setattr("tests.journey.city.Registry", partial(Registry, **given))
    settings = settings_of(database_url, tmp_path / "files")
    async with city_of(settings, monkeypatch=monkeypatch) as found:
        yield found


async def test_a_fire_is_answered_with_112_before_the_turn_is_over_and_goes_to_no_office(
    city: City,
) -> None:
    await city.says(FIRE)
    await city.reads()
    relay = city.hub.relays["whatsapp"]
    assert await relay.step()
    await relay.drain()
    [line] = city.heard()
    assert "segera telepon 112" in line
    assert await city.complaints() == [], "nobody waited for the turn to end"
    assert "kebakaran" in (page := await city.page("/")), "an operator sees the card"
    assert BUDI not in page

    await city.falls_silent()
    [complaint] = await city.complaints()
    assert complaint["ticket"] in city.heard()[-1]
    assert len(city.heard()) == 2, "112 once, the ticket once"
    assert city.happened("filed") == []
    assert complaint["ticket"] in await city.page("/")


async def test_a_dangerous_corner_is_a_complaint_like_any_other(city: City) -> None:
    await city.says(CORNER)
    await city.falls_silent()
    [line] = city.heard()
    assert "112" not in line.replace("2026", "")
    assert len(city.happened("filed")) == 1


async def test_a_national_road_goes_to_sp4n_and_the_rule_is_remembered(city: City) -> None:
    await city.says(STATE_ROAD)
    await city.falls_silent()
    [complaint] = await city.complaints()
    assert [filed["marker"] for filed in city.happened("filed")] == [complaint["ticket"]]
    [kept] = await rows_of(city.hub.database, tables.complaints)
    assert kept.routed_by == "jalan nasional"
