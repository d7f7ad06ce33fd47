"""What people copy to a channel, through the pages, with the real handwork behind them."""

from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import httpx
import pytest

from hub.contract import Mode, Rejected
from hub.rows import Kind, State
from hub.store.database import Database
from hub.web.doors import Connectors
from tests.fakes.books import Books, open_database
from tests.fakes.clock import SteppedClock
from tests.fakes.shop import Shop
from tests.fakes.upstream import Carried, upstreams_of
from tests.integration.web.conftest import web_over
from tests.integration.web.copying import FORM, City, a_city, soup


@pytest.fixture
async def database(database_url: str) -> AsyncIterator[Database]:
    """SQLite, then PostgreSQL."""
    database = open_database(database_url)
    yield database
    await database.aclose()


@pytest.fixture
def city(database: Database, tmp_path: Path) -> City:
    shop = Shop(Books(database, SteppedClock()), tmp_path)
    return a_city(web_over(database, tmp_path), shop, tmp_path)


@pytest.fixture
async def rini(city: City) -> AsyncIterator[httpx.AsyncClient]:
    async with city.browser("rini") as client:
        yield client


async def test_the_list_says_what_waits_how_long_and_in_whose_hands(
    city: City, rini: httpx.AsyncClient
) -> None:
    first = await city.lay_out()
    city.shop.clock.pass_time(hours=25)
    second = await city.lay_out(kind=Kind.STATUS)
    await rini.post(f"/carry/{second}/take")
    city.shop.clock.pass_time(hours=3)

    page = soup(await rini.get("/carry"))
    rows = page.select("tr[data-parcel]")

    assert [row["data-parcel"] for row in rows] == [first, second]
    assert "Pembukaan aduan" in rows[0].text
    assert "menunggu 1 hari" in rows[0].text
    assert len(rows[0].select(".overdue")) == 1
    assert "Kabar status “Diproses”" in rows[1].text
    assert "menunggu 3 jam" in rows[1].text
    assert "rini (Anda)" in rows[1].text
    assert not rows[1].select(".overdue")
    assert [badge.text for badge in page.select("#to-carry")] == ["2"]


async def test_a_list_with_nothing_in_it_says_so(rini: httpx.AsyncClient) -> None:
    page = (await rini.get("/carry")).text

    assert "Tidak ada yang perlu disalin" in page
    assert 'id="to-carry"' not in page


async def test_a_slip_has_every_text_where_a_script_finds_it(
    city: City, rini: httpx.AsyncClient
) -> None:
    parcel_id = await city.lay_out()
    await rini.post(f"/carry/{parcel_id}/take")

    page = soup(await rini.get(f"/carry/{parcel_id}"))
    (slip,) = page.select("[data-parcel]")
    texts = {each["data-name"]: each.text for each in page.select("textarea[readonly]")}

    assert (slip["data-connector"], slip["data-kind"]) == ("anywhere", "opening")
    assert texts["isi"].splitlines() == ["Lampu jalan mati sejak kemarin", slip["data-ticket"]]
    (link,) = page.select("#form-link")
    assert (link["href"], link["target"], link["rel"]) == (
        FORM,
        "_blank",
        ["noopener", "noreferrer"],
    )
    assert page.select("[data-copy=entry-1]")
    assert page.select("[data-copy-all]")


async def test_the_number_settles_it_and_leads_to_the_next_one(
    city: City, rini: httpx.AsyncClient
) -> None:
    first, second = await city.lay_out(), await city.lay_out()
    listed = soup(await rini.get("/carry"))
    tickets = [row.select("strong")[0].text for row in listed.select("tr[data-parcel]")]
    await rini.post(f"/carry/{first}/take")

    done = await rini.post(f"/carry/{first}/done", data={"number": " x-17 "})
    page = (await rini.get(done.headers["location"])).text
    last = await rini.post(f"/carry/{second}/done", data={"number": "X-18"})
    end = (await rini.get("/carry")).text

    assert done.headers["location"] == f"/carry/{second}"
    assert f"Dicatat: {tickets[0]} di Anywhere bernomor X-17. Ini yang berikutnya." in page
    assert f"{tickets[1]} di Anywhere bernomor X-18. Tidak ada lagi untuk Anywhere." in end
    assert "misalnya X-17" not in page
    assert last.headers["location"] == "/carry"
    row = await city.books.row(first)
    assert (row["state"], row["external_id"]) == (State.SETTLED, "X-17")


async def test_a_number_of_this_channel_is_shown_as_an_example(
    city: City, rini: httpx.AsyncClient
) -> None:
    first, second = await city.lay_out(), await city.lay_out()
    await rini.post(f"/carry/{first}/done", data={"number": "X-17"})
    await rini.post(f"/carry/{second}/take")

    assert "misalnya X-17" in (await rini.get(f"/carry/{second}")).text


async def test_one_that_is_skipped_leads_to_those_that_wait_less_long(
    city: City, rini: httpx.AsyncClient
) -> None:
    ids = []
    for _ in range(3):
        ids.append(await city.lay_out())
        city.shop.clock.pass_time(minutes=1)

    onward = [
        [link["href"] for link in soup(await rini.get(f"/carry/{each}")).select("[rel=next]")]
        for each in ids
    ]

    assert onward == [[f"/carry/{ids[1]}"], [f"/carry/{ids[2]}"], []]


async def test_an_odd_number_is_asked_about_with_what_was_typed_kept(
    city: City, rini: httpx.AsyncClient
) -> None:
    parcel_id = await city.lay_out()
    await rini.post(f"/carry/{parcel_id}/take")

    asked = await rini.post(f"/carry/{parcel_id}/done", data={"number": "4711"})
    page = soup(asked)
    state = await city.books.state(parcel_id)
    sure = await rini.post(f"/carry/{parcel_id}/done", data={"number": "4711", "sure": "yes"})

    assert asked.status_code == 409
    assert "4711 tidak lazim" in page.select("#odd")[0].text
    assert page.select("#number")[0]["value"] == "4711"
    assert page.select("input#sure[type=checkbox]")
    assert "Ya, simpan 4711" in page.text
    assert state == State.HANDED
    assert sure.status_code == 303
    assert await city.books.state(parcel_id) == State.SETTLED


async def test_a_number_that_another_complaint_has_is_refused_and_stays_in_the_field(
    city: City, rini: httpx.AsyncClient
) -> None:
    first, second = await city.lay_out(), await city.lay_out()
    await rini.post(f"/carry/{first}/done", data={"number": "X-17"})
    await rini.post(f"/carry/{second}/take")

    answer = await rini.post(f"/carry/{second}/done", data={"number": "X-17"})
    page = soup(answer)

    assert answer.status_code == 409
    assert "sudah tertaut pada aduan" in page.select(".slip .problem")[0].text
    assert page.select("#number")[0]["value"] == "X-17"
    assert not page.select("#sure")


async def test_news_is_done_without_a_number(city: City, rini: httpx.AsyncClient) -> None:
    parcel_id = await city.lay_out(kind=Kind.STATUS)
    await rini.post(f"/carry/{parcel_id}/take")

    page = soup(await rini.get(f"/carry/{parcel_id}"))
    await rini.post(f"/carry/{parcel_id}/done")

    assert not page.select("#number")
    assert page.select("#done button")[0].text == "Sudah disampaikan"
    assert await city.books.state(parcel_id) == State.SETTLED


async def test_a_refusal_needs_a_reason_and_keeps_it(city: City, rini: httpx.AsyncClient) -> None:
    parcel_id = await city.lay_out()
    await rini.post(f"/carry/{parcel_id}/take")

    blank = await rini.post(f"/carry/{parcel_id}/refused", data={"why": "  "})
    state = await city.books.state(parcel_id)
    await rini.post(f"/carry/{parcel_id}/refused", data={"why": "sudah pernah dilaporkan"})

    assert "Tuliskan alasannya" in blank.text
    assert state == State.HANDED
    row = await city.books.row(parcel_id)
    assert row["state"] == State.ABANDONED
    assert ("person", "refused_there") in await city.books.attempts(parcel_id)


async def test_what_is_no_longer_to_be_copied_leads_back_to_the_list(
    city: City, rini: httpx.AsyncClient
) -> None:
    parcel_id = await city.lay_out(kind=Kind.STATUS)
    await rini.post(f"/carry/{parcel_id}/done")

    again = await rini.get(f"/carry/{parcel_id}")
    late = await rini.post(f"/carry/{parcel_id}/done")

    assert [each.headers["location"] for each in (again, late)] == ["/carry", "/carry"]
    assert "tidak (lagi) menunggu disalin" in (await rini.get("/carry")).text


async def test_a_slip_that_cannot_be_made_says_why(city: City, rini: httpx.AsyncClient) -> None:
    parcel_id = await city.lay_out()
    city.upstream.lacks = Rejected("Kategori belum dipetakan.")

    page = (await rini.get(f"/carry/{parcel_id}")).text

    assert "tidak dapat dibuat: Kategori belum dipetakan." in page
    assert "Salin semua" not in page


async def test_a_channel_of_files_says_how_many_wait_for_the_export_and_which_have_left(
    city: City, tmp_path: Path
) -> None:
    upstreams = upstreams_of(Carried(mode=Mode.FILE))
    city.web.needs = replace(city.web.needs, connectors=Connectors(upstreams, {}))
    left = await city.lay_out()
    await city.shop.export(upstreams).run("anywhere", tmp_path / "kirim.csv", who="rini")
    await city.lay_out()

    async with city.browser() as client:
        page = soup(await client.get("/carry"))
        slip = soup(await client.get(f"/carry/{left}"))

    assert "1 kiriman menunggu ditulis ke berkas" in page.text
    assert "hub export anywhere BERKAS" in page.text
    assert "Di berkas kirim.csv" in page.select(f"tr[data-parcel='{left}']")[0].text
    assert "sudah ditulis ke berkas kirim.csv" in slip.text
    assert not slip.select("form[action$='/take']")
    assert slip.select("form#done")


async def test_the_number_that_would_be_kept_stands_in_the_field(
    city: City, rini: httpx.AsyncClient
) -> None:
    parcel_id = await city.lay_out()
    await rini.post(f"/carry/{parcel_id}/take")

    page = soup(await rini.post(f"/carry/{parcel_id}/done", data={"number": " y-17 "}))

    assert page.select("#number")[0]["value"] == "Y-17"
    assert "Ya, simpan Y-17" in page.select("label[for=sure]")[0].text


async def test_news_that_is_done_says_what_it_was(city: City, rini: httpx.AsyncClient) -> None:
    parcel_id = await city.lay_out(kind=Kind.STATUS)
    ticket = soup(await rini.get(f"/carry/{parcel_id}")).select("[data-ticket]")[0]["data-ticket"]

    await rini.post(f"/carry/{parcel_id}/done")

    said = f"Dicatat: kabar status {ticket} sudah disampaikan di Anywhere."
    assert said in (await rini.get("/carry")).text


async def test_what_colleagues_hold_and_what_files_hold_is_not_said_to_be_nothing(
    city: City, tmp_path: Path
) -> None:
    upstreams = upstreams_of(Carried(mode=Mode.FILE))
    city.web.needs = replace(city.web.needs, connectors=Connectors(upstreams, {}))
    await city.lay_out()
    await city.shop.export(upstreams).run("anywhere", tmp_path / "kirim.csv", who="rini")
    mine, theirs = await city.lay_out(), await city.lay_out()
    async with city.browser("budi") as budi, city.browser("rini") as client:
        await budi.post(f"/carry/{theirs}/take")
        await client.post(f"/carry/{mine}/done", data={"number": "X-17"})
        page = soup(await client.get("/carry")).text

    assert "Yang tersisa untuk Anywhere: 1 dipegang petugas, 1 sudah di berkas." in page
    assert "Tidak ada lagi" not in page
    assert "Semua" not in page
    assert "1 sudah ditulis ke berkas" in page
    assert "1 sedang disalin petugas" in page


async def test_every_field_of_a_slip_has_a_label(city: City, rini: httpx.AsyncClient) -> None:
    parcel_id = await city.lay_out()
    await rini.post(f"/carry/{parcel_id}/take")

    asked = await rini.post(f"/carry/{parcel_id}/done", data={"number": "4711"})
    page = soup(asked)
    fields = {str(field["id"]) for field in page.select("main input, main textarea")}

    assert fields == {"entry-1", "number", "sure", "refused-why", "back-why"}
    assert fields == {str(label["for"]) for label in page.select("main label")}


async def test_nobody_carries_without_a_session(city: City) -> None:
    parcel_id = await city.lay_out()
    async with city.web.client(origin="http://simpul.test") as stranger:
        answers = [
            await stranger.get("/carry"),
            await stranger.get(f"/carry/{parcel_id}"),
            await stranger.post(f"/carry/{parcel_id}/take"),
        ]

    assert {answer.headers["location"][:6] for answer in answers} == {"/login"}
    assert (await city.books.row(parcel_id))["handed_to"] is None
