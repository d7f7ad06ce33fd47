"""The agreement over the API and on its page."""

import re

import httpx
import pytest
from sqlalchemy import insert
from sqlalchemy.ext.asyncio import AsyncEngine

from hub.store.agreement_tables import rounds
from tests.integration.web import invented
from tests.integration.web.invented import NOW, ago


@pytest.fixture
async def some(engine: AsyncEngine) -> None:
    """Of three sources one agrees, one is on its way and one cannot be read; two rounds; one unknown."""
    async with engine.begin() as connection:
        number = await invented.complaint(connection, "PKL-26-000001")
        await invented.source(connection, number, "sp4n", shown="in_progress")
        await invented.source(connection, number, "whatsapp", told="received")
        await invented.parcel(connection, number, "whatsapp", promised_at=ago(minutes=14))
        other = await invented.complaint(connection, "PKL-26-000002", status_at=ago(minutes=3))
        await invented.source(connection, other, "sp4n", shown="in_progress", inspect_failures=3)
        done = {"connector": "sp4n", "began_at": ago(hours=3), "sources": 2, "calls": 4}
        found = {"in_step": 1, "unreadable": 1, "repaired": 1, "explained": 0}
        ended = {"ended_at": ago(hours=2), "unreadable": 1, "found": found}
        await connection.execute(insert(rounds).values(**done | ended))
        await connection.execute(insert(rounds).values(**done | {"began_at": ago(hours=1)}))
        await invented.unreadable(
            connection, "900009", connector="sp4n", how="poll", external_id="900009"
        )


@pytest.mark.usefixtures("some")
async def test_the_api_says_who_agrees_and_what_keeps_the_others_from_it(
    program: httpx.AsyncClient,
) -> None:
    found = (await program.get("/api/v1/agreement")).json()
    assert found["sentence"] == "1 dari 3 selaras, ketidakselarasan tertua 14 menit"
    assert (found["on_its_way"], found["unreadable"], found["oldest_seconds"]) == (1, 1, 840)
    oldest = found["oldest_disagreement"]
    assert (oldest["ticket"], oldest["connector"]) == ("PKL-26-000001", "whatsapp")
    assert oldest["why"]
    sp4n = next(each for each in found["channels"] if each["connector"] == "sp4n")
    assert (sp4n["agreeing"], sp4n["total"]) == (1, 2)
    assert sp4n["last_round"]["found"]["repaired"] == 1
    assert (sp4n["round_under_way"]["looked"], sp4n["round_under_way"]["sources"]) == (0, 2)
    assert [window["days"] for window in found["times"]] == [7, 30]
    assert found["times"][0]["waiting"] == 1
    assert found["times"][0]["p50"] == pytest.approx(840, abs=0.1)
    [unknown] = found["unknown_here"]
    assert (unknown["external_id"], unknown["why"]) == ("900009", "unreadable")
    assert "hub replay --connector sp4n" in unknown["next_step"]


@pytest.mark.usefixtures("some")
async def test_the_page_shows_a_bar_for_each_channel_the_oldest_and_the_rounds(
    rini: httpx.AsyncClient,
) -> None:
    page = (await rini.get("/agreement")).text
    assert "<h1>Kesepakatan antar kanal</h1>" in page
    assert 'aria-label="SP4N-LAPOR!: 1 dari 2 selaras, 1 tidak terbaca di sana"' in page
    assert 'aria-label="WhatsApp: 0 dari 1 selaras, 1 dalam perjalanan"' in page
    oldest = re.search(r'id="oldest">(.*?)</p>', page, re.DOTALL)
    assert oldest
    assert "/complaints/PKL-26-000001" in oldest[1]
    assert "Selesai 2 jam yang lalu: 2 aduan dalam 1 jam, 4 kali melihat, 1 tidak terbaca" in page
    assert "Berjalan sejak 1 jam yang lalu: 0 dari 2 aduan" in page
    assert "900009" in page
    assert 'action="/inbox/1/read-again"' in page


async def test_with_nothing_to_compare_the_page_says_so(rini: httpx.AsyncClient) -> None:
    page = (await rini.get("/agreement")).text
    assert "Belum ada aduan untuk dibandingkan" in page
    assert "Semua yang terdengar" in page


async def test_the_navigation_leads_to_the_page(rini: httpx.AsyncClient) -> None:
    assert 'href="/agreement"' in (await rini.get("/")).text
    assert 'href="/agreement" aria-current="page"' in (await rini.get("/agreement")).text


async def test_reading_again_from_the_page_leads_back_to_it(
    rini: httpx.AsyncClient, engine: AsyncEngine
) -> None:
    async with engine.begin() as connection:
        number = await invented.unreadable(connection, "900009", how="poll", received_at=NOW)
    answer = await rini.post(f"/inbox/{number}/read-again", data={"back": "/agreement"})
    assert (answer.status_code, answer.headers["location"]) == (303, "/agreement")
