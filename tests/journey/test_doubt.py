"""A create whose answer is lost: in doubt, never sent twice on a guess, settled by a person or a file."""

import csv
import re
from pathlib import Path
from typing import Any

import pytest

from hub.sandbox import Fault, FaultKind
from tests.journey.city import City

LAMP = "Lampu jalan di Jalan Merdeka mati sejak tiga hari, mohon diperbaiki."
CREATE = r"POST /complaints/complaint$"


async def in_doubt(city: City, kind: FaultKind) -> Any:
    """A complaint whose create got no answer, after the hub has looked for it; its parcel."""
    city.world.faults["sp4n"].faults.append(Fault(kind=kind, route=CREATE, times=1))
    await city.says(LAMP)
    await city.falls_silent()
    city.clock.pass_time(minutes=5)
    await city.work()
    [parcel] = await city.get("/parcels", state="doubt")
    return parcel


async def test_it_is_not_sent_twice_and_waits_for_a_person_however_long_that_takes(
    city: City,
) -> None:
    parcel = await in_doubt(city, FaultKind.DROP_AFTER)
    assert parcel["asks_person"]
    assert parcel["kind"] == "opening"
    for _ in range(3):
        city.clock.pass_time(days=3)
        await city.work()
    assert len(city.happened("filed")) == 1
    assert len(await city.get("/parcels", state="doubt")) == 1
    [complaint] = await city.complaints()
    assert not complaint["in_step"]
    assert (await city.get("/agreement"))["agreeing"] == 1, "the citizen was told all the same"


async def test_the_page_offers_exactly_the_two_honest_choices(city: City) -> None:
    parcel = await in_doubt(city, FaultKind.DROP_AFTER)
    for page in (await city.page("/"), await city.page("/parts/work")):
        forms = re.findall(rf'action="/parcels/{parcel["parcel_id"]}/([\w-]+)"', page)
        assert forms == ["found", "send-again"]
    cards = await city.get("/cards")
    assert [card["kind"] for card in cards] == ["doubt"]
    assert parcel["ticket"] in cards[0]["text"] or cards[0]["ticket"] == parcel["ticket"]


async def test_found_there_links_it_and_its_news_comes_back(city: City) -> None:
    parcel = await in_doubt(city, FaultKind.DROP_AFTER)
    path = f"/parcels/{parcel['parcel_id']}/found"
    assert await city.post(path) == 409, "an opening needs the number"
    number = city.happened("filed")[0]["external_id"]
    assert await city.post(path, external_id=number) == 204
    assert await city.get("/cards") == []
    await city.officer("verify", number)
    [complaint] = await city.complaints()
    assert (complaint["status"], complaint["in_step"]) == ("verified", True)
    assert len(city.happened("filed")) == 1
    assert len(city.heard()) == 2


async def test_found_there_can_be_said_on_the_page(city: City) -> None:
    parcel = await in_doubt(city, FaultKind.DROP_AFTER)
    number = city.happened("filed")[0]["external_id"]
    async with city.at_the_desk() as browser:
        done = await browser.post(
            f"/parcels/{parcel['parcel_id']}/found", data={"external_id": number}
        )
    assert done.status_code == 200
    [complaint] = await city.complaints()
    assert complaint["in_step"]


async def test_not_there_send_again_sends_it(city: City) -> None:
    parcel = await in_doubt(city, FaultKind.DROP_BEFORE)
    assert city.happened("filed") == []
    assert await city.post(f"/parcels/{parcel['parcel_id']}/send-again") == 204
    [filed] = city.happened("filed")
    assert filed["marker"] == parcel["ticket"]
    assert await city.get("/cards") == []
    [complaint] = await city.complaints()
    assert complaint["in_step"]
    assert await city.post(f"/parcels/{parcel['parcel_id']}/send-again") == 409
    assert len(city.happened("filed")) == 1


async def test_an_addition_waits_behind_an_opening_in_doubt(city: City) -> None:
    parcel = await in_doubt(city, FaultKind.DROP_AFTER)
    await city.says("Di dekat pos ronda", how="location")
    await city.falls_silent()
    assert city.happened("followed_up") == []
    number = city.happened("filed")[0]["external_id"]
    await city.post(f"/parcels/{parcel['parcel_id']}/found", external_id=number)
    [added] = city.happened("followed_up")
    assert added["external_id"] == number


@pytest.mark.parametrize("quoted", [True, False], ids=["with_our_ticket", "without"])
async def test_an_export_with_our_ticket_in_it_settles_the_doubt(
    city: City, tmp_path: Path, *, quoted: bool
) -> None:
    parcel = await in_doubt(city, FaultKind.DROP_AFTER)
    number = city.happened("filed")[0]["external_id"]
    row = {
        "Tracking ID": number,
        "Tanggal Laporan Masuk": "19 Jan 2026",
        "Waktu Laporan Masuk": "01:00:10",
        "Isi Laporan Awal": f"{LAMP} No. tiket: {parcel['ticket']}" if quoted else LAMP,
        "Status Laporan": "Belum Terverifikasi",
    }
    file = tmp_path / "laporan.csv"
    with file.open("w", newline="") as opened:
        writer = csv.DictWriter(opened, list(row))
        writer.writeheader()
        writer.writerow(row)
    await city.hub.importing.run("sp4n", file, dry_run=False, progress=lambda *_: None)
    await city.work()
    complaints = await city.complaints()
    assert len(complaints) == (1 if quoted else 2)
    assert complaints[0]["in_step"] is quoted
    assert len(await city.get("/parcels", state="doubt")) == (0 if quoted else 1)
