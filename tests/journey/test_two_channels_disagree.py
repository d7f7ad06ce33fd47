"""The nation and the province disagree about one complaint: the written rule decides, for both."""

import tomllib
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from hub.domain.authority_tables import authorities_of
from tests.journey.city import ROOT, City, city_of, settings_of

LAMP = "Lampu jalan di Jalan Merdeka mati sejak tiga hari, mohon diperbaiki."
FILE = tomllib.loads((ROOT / "mappings" / "authority.toml").read_text("utf-8"))


@pytest.fixture
async def city(
    database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[City]:
    """A city whose complaints go to the nation and to the province."""
    settings = settings_of(database_url, tmp_path / "files")
    async with city_of(
        settings, monkeypatch=monkeypatch, authorities=authorities_of(FILE),
        laporgub={"mode": "api"},
    ) as found:  # fmt: skip
        yield found


class Case:
    """One complaint that both know."""

    def __init__(self, city: City, nation: str, province: str) -> None:
        self.city, self.nation, self.province = city, nation, province

    async def looks(self, *channels: str) -> None:
        """One round: the hub looks at each channel and tells the others."""
        for name in channels:
            self.city.clock.pass_time(seconds=5)
            await self.city.hub.looks[name].step()
            await self.city.work()

    async def at_the_province(self, status: str) -> None:
        await self.city.world.laporgub.play("move", {"ticket": self.province, "status": status})

    async def at_the_nation(self, *actions: str) -> None:
        for action in actions:
            await self.city.world.sp4n.play(action, {"id": self.nation})

    async def complaint(self) -> Any:
        [complaint] = await self.city.complaints()
        return complaint

    async def shown(self) -> dict[str, str]:
        sources = (await self.complaint())["sources"]
        return {each["connector"]: each["their_status"] for each in sources}

    def told_there(self) -> int:
        events = self.city.happened("followed_up")
        return sum(event["external_id"] == self.province for event in events)


@pytest.fixture
async def case(city: City) -> Case:
    """It was answered by the nation, and then closed by the province."""
    await city.says(LAMP)
    await city.falls_silent()
    numbers = [event["external_id"] for event in city.happened("filed")]
    [province] = [number for number in numbers if number.startswith("LG")]
    [nation] = [number for number in numbers if number != province]
    case = Case(city, nation, province)
    city.clock.pass_time(minutes=10)
    await case.at_the_nation("verify", "dispose", "answer")
    await case.looks("sp4n", "laporgub")
    city.clock.pass_time(minutes=10)
    await case.at_the_province("Selesai")
    await case.looks("laporgub", "sp4n")
    assert (await case.complaint())["status"] == "closed"
    assert (await case.complaint())["in_step"]
    city.clock.pass_time(hours=8)
    return case


@pytest.mark.parametrize("heard", [("sp4n", "laporgub"), ("laporgub", "sp4n")])
@pytest.mark.parametrize("first", ["nation", "province"])
async def test_an_officer_closes_while_the_province_re_opens_and_the_rule_decides_for_both(
    case: Case, first: str, heard: tuple[str, str]
) -> None:
    if first == "nation":
        await case.at_the_nation("close")
        case.city.clock.pass_time(seconds=20)
        await case.at_the_province("PROGRES")
    else:
        await case.at_the_province("PROGRES")
        case.city.clock.pass_time(seconds=20)
        await case.at_the_nation("close")
    told = len(case.city.heard())
    await case.looks(*heard)
    await case.looks(*heard)
    complaint = await case.complaint()
    assert complaint["status"] == "closed"
    assert await case.shown() == {
        "whatsapp": None, "sp4n": "Ditutup oleh Admin", "laporgub": "Selesai",
    }  # fmt: skip
    assert complaint["in_step"]
    agreement = await case.city.get("/agreement")
    assert agreement["agreeing"] == agreement["total"] == 3
    assert len(case.city.heard()) - told <= 2, "re-opened and closed again at most"
