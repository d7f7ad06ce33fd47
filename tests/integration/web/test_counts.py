"""What was only counted: asked of both databases, shown as pictures, written as a file."""

import csv
from datetime import date
from io import StringIO
from typing import Any

import httpx
from sqlalchemy.ext.asyncio import AsyncEngine

from hub.store import desk, tables
from hub.store.desk import CountRow
from tests.integration.web import invented
from tests.integration.web.copying import soup

NOVEMBER = {"since": date(2026, 11, 1), "until": date(2026, 11, 30)}


async def a_month(engine: AsyncEngine, connector: str = "sp4n") -> None:
    rows: list[tuple[str, str, int | None, int | None]] = [
        ("2026-10-31", "prank", None, None),
        ("2026-11-01", "prank", None, None),
        ("2026-11-01", "prank", None, None),
        ("2026-11-01", "pbx_answered", 10, 60),
        ("2026-11-01", "pbx_answered", 20, 90),
        ("2026-11-30", "pbx_answered", 45, None),
        ("2026-11-30", "pbx_abandoned", 30, None),
        ("2026-11-30", "lain_lagi", None, None),
        ("2026-12-01", "prank", None, None),
    ]
    async with engine.begin() as connection:
        for number, (day, word, waited, talked) in enumerate(rows):
            row: dict[str, Any] = {"connector": connector, "blind": str(number), "rank": 1}
            row |= {"day": day, "word": word, "waited": waited, "talked": talked}
            await invented.put(connection, tables.tallies, **row)


async def test_days_and_words_are_counted_with_the_mean_of_their_seconds(
    each_engine: AsyncEngine,
) -> None:
    await a_month(each_engine)
    async with each_engine.connect() as connection:
        rows = await desk.counts(connection, "sp4n", **NOVEMBER)
        others = await desk.counts(connection, "whatsapp", **NOVEMBER)
        counting = await desk.counted_in(connection, ["whatsapp", "sp4n"])

    first, last = NOVEMBER.values()
    assert rows == (
        CountRow(day=first, word="pbx_answered", number=2, waited=15.0, talked=75.0),
        CountRow(day=first, word="prank", number=2, waited=None, talked=None),
        CountRow(day=last, word="lain_lagi", number=1, waited=None, talked=None),
        CountRow(day=last, word="pbx_abandoned", number=1, waited=30.0, talked=None),
        CountRow(day=last, word="pbx_answered", number=1, waited=45.0, talked=None),
    )
    assert others == ()
    assert counting == {"sp4n": date(2026, 12, 1)}


async def test_tickets_and_calls_stand_in_two_pictures_with_their_tables(
    rini: httpx.AsyncClient, engine: AsyncEngine
) -> None:
    await a_month(engine)

    page = soup(await rini.get("/counts?connector=sp4n&month=2026-11"))
    legends = [each.get_text(" ", strip=True) for each in page.select(".legend")]

    assert legends == ["Iseng (prank) 2 lain_lagi 1", "Terjawab 3 Ditutup penelepon 1"]
    titles = [title.text for title in page.select("svg[role=img] > title")]
    assert [title.partition(":")[0] for title in titles] == [
        "Tiket menurut jenis per hari, November 2026",
        "Panggilan di sentral telepon per hari, November 2026",
    ]
    assert [len(each.select("rect[height]")) for each in page.select("svg.bars")] == [2, 3]
    assert not page.select(".wide svg.bars")
    calls = page.select("section[aria-labelledby=calls]")[0]
    assert "Terjawab 3 25 detik 1 menit 15 detik" in calls.get_text(" ", strip=True)
    assert "30 Nov 2026 1 1 2" in calls.get_text(" ", strip=True)


async def test_without_a_month_the_last_one_that_was_counted_is_shown(
    rini: httpx.AsyncClient, engine: AsyncEngine
) -> None:
    await a_month(engine)

    for wanted in ("", "?month=kemarin", "?connector=entah&month=0001-01"):
        page = soup(await rini.get(f"/counts{wanted}"))
        assert page.select("#month")[0]["value"] == "2026-12"


async def test_a_month_without_anything_says_when_there_was_something(
    rini: httpx.AsyncClient, engine: AsyncEngine
) -> None:
    await a_month(engine)

    page = (await rini.get("/counts?month=2026-03")).text

    assert "Tidak ada yang dihitung pada Maret 2026" in page
    assert "<svg class=" not in page


async def test_the_recap_opens_in_a_spreadsheet(
    rini: httpx.AsyncClient, engine: AsyncEngine
) -> None:
    await a_month(engine)

    answer = await rini.get("/counts.csv?connector=sp4n&month=2026-11")
    rows = list(csv.reader(StringIO(answer.content.decode("utf-8-sig"))))

    assert answer.headers["content-disposition"] == 'attachment; filename="rekap-sp4n-2026-11.csv"'
    assert rows[1] == ["2026-11-01", "pbx_answered", "Terjawab", "2", "15", "75"]
    assert rows[2] == ["2026-11-01", "prank", "Iseng (prank)", "2", "", ""]
    assert len(rows) == 6


async def test_there_is_no_recap_of_an_unknown_channel(rini: httpx.AsyncClient) -> None:
    answer = await rini.get("/counts.csv?connector=entah&month=2026-11")

    assert answer.status_code == 404


async def test_only_a_channel_that_counts_leads_to_its_counts(
    rini: httpx.AsyncClient, engine: AsyncEngine
) -> None:
    before = (await rini.get("/counts")).text
    await a_month(engine)

    links = [link["href"] for link in soup(await rini.get("/")).select("a[href^='/counts']")]

    assert "Belum ada yang dihitung" in before
    assert links == ["/counts?connector=sp4n"]
