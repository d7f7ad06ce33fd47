"""A slip in somebody's hands: its texts are for whoever took it, and colleagues see who that is."""

from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest

from hub.store.database import Database
from tests.fakes.books import Books, open_database
from tests.fakes.clock import SteppedClock
from tests.fakes.shop import Shop
from tests.integration.web.conftest import web_over
from tests.integration.web.copying import City, a_city, soup


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


@pytest.fixture
async def budi(city: City) -> AsyncIterator[httpx.AsyncClient]:
    async with city.browser("budi") as client:
        yield client


async def test_the_texts_are_shown_to_nobody_before_somebody_has_taken_it(
    city: City, rini: httpx.AsyncClient
) -> None:
    parcel_id = await city.lay_out(photos=("a/lampu.png",))

    page = soup(await rini.get(f"/carry/{parcel_id}"))

    assert not page.select("textarea")
    assert not page.select("[data-copy-all]")
    assert not page.select("#form-link")
    assert not page.select(".files a")
    assert "Lampu jalan mati sejak kemarin" not in page.text
    assert "Isiannya muncul sesudah itu" in page.text


async def test_only_who_took_it_is_asked_what_came_of_it(
    city: City, rini: httpx.AsyncClient, budi: httpx.AsyncClient
) -> None:
    parcel_id = await city.lay_out()
    before = soup(await rini.get(f"/carry/{parcel_id}"))
    await rini.post(f"/carry/{parcel_id}/take")

    mine = soup(await rini.get(f"/carry/{parcel_id}"))
    theirs = soup(await budi.get(f"/carry/{parcel_id}"))

    assert [form["action"] for form in before.select("main form")] == [f"/carry/{parcel_id}/take"]
    assert [form["id"] for form in mine.select("main form")] == ["done", "refused", "put-back"]
    assert "Sedang dikerjakan oleh rini" in theirs.text
    assert [form["id"] for form in theirs.select("main form")] == ["put-back"]
    assert not theirs.select("textarea")


async def test_what_another_one_took_meanwhile_is_not_taken_twice(
    city: City, rini: httpx.AsyncClient, budi: httpx.AsyncClient
) -> None:
    parcel_id = await city.lay_out()
    await rini.post(f"/carry/{parcel_id}/take")

    answer = await budi.post(f"/carry/{parcel_id}/take")
    page = (await budi.get(answer.headers["location"])).text

    assert "Sedang dikerjakan oleh rini" in page
    assert (await city.books.row(parcel_id))["handed_to"] == "rini"


async def test_what_is_put_back_is_free_for_the_next(
    city: City, rini: httpx.AsyncClient, budi: httpx.AsyncClient
) -> None:
    parcel_id = await city.lay_out()
    await rini.post(f"/carry/{parcel_id}/take")

    back = await rini.post(f"/carry/{parcel_id}/put-back", data={"why": "jam kerja habis"})
    page = soup(await budi.get(f"/carry/{parcel_id}"))

    assert back.headers["location"] == "/carry"
    assert page.select(f'form[action="/carry/{parcel_id}/take"]')


async def test_what_a_colleague_left_behind_is_put_back_by_another_one(
    city: City, rini: httpx.AsyncClient, budi: httpx.AsyncClient
) -> None:
    parcel_id = await city.lay_out()
    await rini.post(f"/carry/{parcel_id}/take")

    await budi.post(f"/carry/{parcel_id}/put-back", data={"why": "Rini cuti"})
    await budi.post(f"/carry/{parcel_id}/take")

    assert (await city.books.row(parcel_id))["handed_to"] == "budi"


async def test_a_colleague_who_gives_no_reason_is_asked_for_one(
    city: City, rini: httpx.AsyncClient, budi: httpx.AsyncClient
) -> None:
    parcel_id = await city.lay_out()
    await rini.post(f"/carry/{parcel_id}/take")

    blank = await budi.post(f"/carry/{parcel_id}/put-back", data={"why": " "})

    assert blank.status_code == 409
    assert (await city.books.row(parcel_id))["handed_to"] == "rini"
    assert "Tuliskan alasannya" in blank.text
