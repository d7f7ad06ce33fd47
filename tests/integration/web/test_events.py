"""One picture of a night: when, where, through which channels; and the same as tables."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from tests.integration.web import invented
from tests.integration.web.conftest import HERE, KEY, Web, web_over
from tests.integration.web.copying import soup
from tests.integration.web.fakes import Reader
from tests.integration.web.paired import TOWN

# 19.00 WIB on a Wednesday.
DUSK = datetime(2026, 11, 18, 12, 0, tzinfo=UTC)
NIGHT = "/events?from=2026-11-18T18:00&until=2026-11-19T00:00"


async def a_flood(engine: AsyncEngine) -> None:
    """Two flooded streets and a lamp: eight reports through two channels."""
    async with engine.begin() as connection:
        flood = await invented.complaint(
            connection, "PKL-26-000001", category="banjir", place="Kel. Krapyak"
        )
        other = await invented.complaint(connection, "PKL-26-000002", category="banjir")
        lamp = await invented.complaint(connection, "PKL-26-000003", category="penerangan")
        for number in range(5):
            await invented.report(
                connection, flood, external_id=f"f{number}", said_at=DUSK + timedelta(minutes=number),
                latitude=-6.89 if number else None, longitude=109.67 if number else None,
                connector="sp4n" if number == 4 else "whatsapp",
            )  # fmt: skip
        for number in range(2):
            await invented.report(
                connection, other, external_id=f"o{number}", place="Kelurahan Medono",
                said_at=DUSK + timedelta(minutes=50),
            )  # fmt: skip
        await invented.report(connection, lamp, external_id="l", said_at=DUSK)


@pytest.fixture
async def clerk(web: Web) -> AsyncIterator[httpx.AsyncClient]:
    web.needs = replace(web.needs, wards=TOWN, categories={"banjir": "Banjir dan rob"})
    async with web.client(origin=HERE) as client:
        await client.post("/login", data={"key": KEY})
        yield client


async def test_a_night_is_counted_by_quarter_and_channel_on_both_databases(
    each_engine: AsyncEngine, tmp_path: Path
) -> None:
    await a_flood(each_engine)
    web = web_over(Reader(each_engine), tmp_path)

    async with web.client(origin=HERE) as client:
        await client.post("/login", data={"key": KEY})
        page = soup(await client.get(NIGHT))

    table = page.select("section[aria-labelledby=when] table")[0]
    rows = [[cell.text for cell in row.select("th, td")] for row in table.select("tr")]
    assert rows == [
        ["Waktu", "WhatsApp", "SP4N-LAPOR!", "Jumlah"],
        ["Rab, 18 Nov 19.00 s.d. 19.15", "5", "1", "6"],
        ["Rab, 18 Nov 19.45 s.d. 20.00", "2", "0", "2"],
        ["Seluruhnya", "7", "1", "8"],
    ]
    assert len(page.select("svg.bars rect[height]")) == 3
    assert [each.text for each in page.select("svg.bars text.axis")[-3:]] == [
        "21.00",
        "22.00",
        "23.00",
    ]


async def test_channels_differ_in_pattern_and_not_only_in_colour(
    clerk: httpx.AsyncClient, engine: AsyncEngine
) -> None:
    await a_flood(engine)

    page = soup(await clerk.get(NIGHT))
    fills = {each.get("fill") or each["class"][0] for each in page.select("svg.bars rect[height]")}

    assert fills == {"shade-0", "url(#shade-1)"}
    assert page.select("pattern#shade-1 .gap")


async def test_the_map_counts_each_report_where_it_or_its_complaint_is(
    clerk: httpx.AsyncClient, engine: AsyncEngine
) -> None:
    await a_flood(engine)

    page = soup(await clerk.get(NIGHT))
    cells = [
        [cell.text for cell in row.select("th, td")]
        for row in page.select("section[aria-labelledby=where] tbody tr")
    ]

    assert cells == [["Krapyak", "5"], ["Medono", "2"], ["Tidak diketahui", "1"]]
    assert [each["class"][1] for each in page.select("path.ward")] == ["heat-5", "heat-2"]
    assert [each.text for each in page.select(".spot title")] == ["PKL-26-000001: 5 laporan"]
    assert page.select(".event-sentence")[0].text == (
        "8 laporan tentang 3 aduan di 2 kelurahan; terbanyak di Krapyak (5)."
    )


async def test_complaints_stand_below_the_most_reported_first(
    clerk: httpx.AsyncClient, engine: AsyncEngine
) -> None:
    await a_flood(engine)

    page = soup(await clerk.get(NIGHT))
    tickets = [each.text for each in page.select("table.told strong")]
    only = soup(await clerk.get(f"{NIGHT}&category=banjir"))

    assert tickets == ["PKL-26-000001", "PKL-26-000002", "PKL-26-000003"]
    assert [each.text for each in only.select("table.told strong")] == tickets[:2]
    assert only.select("#category option[selected]")[0].text == "Banjir dan rob"


async def test_the_busiest_stretch_is_offered_and_shown_first(
    clerk: httpx.AsyncClient, engine: AsyncEngine
) -> None:
    await a_flood(engine)

    page = soup(await clerk.get("/events"))

    assert page.select("#from")[0]["value"] == "2026-11-18T18:00"
    assert page.select("#until")[0]["value"] == "2026-11-18T21:00"
    (offered,) = page.select(".busy a")
    assert " ".join(offered.text.split()) == "Rab, 18 Nov: Banjir dan rob 7"
    assert offered["aria-current"] == "true"


async def test_a_quiet_stretch_says_so(rini: httpx.AsyncClient) -> None:
    page = soup(await rini.get("/events"))

    assert (
        "Tidak ada laporan antara 20 Nov 2026 19.40 WIB dan 21 Nov 2026 19.40"
        in page.select(".empty")[0].text
    )
    assert not page.select("svg.bars")


@pytest.mark.parametrize(
    ("asked", "shown"),
    [
        ("from=2026-11-18T18:00", ("2026-11-18T18:00", "2026-11-19T18:00")),
        ("until=2026-11-18T18:00", ("2026-11-17T18:00", "2026-11-18T18:00")),
        ("from=2026-11-18T18:00&until=2026-11-18T17:00", ("2026-11-18T18:00", "2026-11-19T18:00")),
        ("from=2026-01-01T00:00&until=2026-11-18T17:00", ("2026-01-01T00:00", "2026-03-04T00:00")),
        ("from=besok&until=9999-12-31T23:59", ("2026-11-20T19:40", "2026-11-21T19:40")),
        ("from=2026-11-18T18:00%2B07:00", ("2026-11-18T18:00", "2026-11-19T18:00")),
    ],
)
async def test_whatever_time_is_asked_for_something_sensible_is_shown(
    rini: httpx.AsyncClient, asked: str, shown: tuple[str, str]
) -> None:
    page = soup(await rini.get(f"/events?{asked}"))

    assert (page.select("#from")[0]["value"], page.select("#until")[0]["value"]) == shown


async def test_a_month_is_drawn_by_the_day(rini: httpx.AsyncClient, engine: AsyncEngine) -> None:
    await a_flood(engine)

    page = soup(await rini.get("/events?from=2026-11-01T00:00&until=2026-12-01T00:00"))
    table = page.select("section[aria-labelledby=when]")[0]

    assert page.select("#when")[0].text == "Kapan per hari"
    assert [row.text for row in table.select("tbody th")] == ["Rab, 18 Nov"]
