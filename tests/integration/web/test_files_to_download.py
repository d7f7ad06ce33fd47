"""Attachments leave the hub only as files, only from their folder, and only to those who logged in."""

from collections.abc import AsyncIterator
from io import BytesIO
from pathlib import Path
from typing import Any
from urllib.parse import unquote
from zipfile import ZipFile

import httpx
import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from hub.contract import StoredFile
from hub.store import tables
from hub.store.database import Database
from hub.web.page_files import PIECE, zipped
from tests.fakes.books import Books, open_database
from tests.fakes.clock import SteppedClock
from tests.fakes.shop import Shop
from tests.integration.web import invented
from tests.integration.web.conftest import Web, web_over
from tests.integration.web.copying import City, a_city, soup
from tests.integration.web.invented import ago

TICKET = "PKL-26-000123"


async def a_file(engine: AsyncEngine, **given: Any) -> int:
    """An attachment of a complaint."""
    row = {"ref": "1", "kind": "image", "size": 3, "state": "stored", "media_type": "image/png"}
    row |= {"due_at": ago(hours=1), "asked_at": ago(hours=1), "file_name": "lampu.png"}
    async with engine.begin() as connection:
        number = await invented.complaint(connection, TICKET)
        report = await invented.report(connection, number)
        return await invented.put(
            connection,
            tables.attachments,
            report_id=report,
            connector="whatsapp",
            **row | given,
        )


async def test_a_stored_file_comes_as_what_it_is_and_never_as_a_page(
    web: Web, rini: httpx.AsyncClient, engine: AsyncEngine
) -> None:
    (web.needs.files_dir / "ab").mkdir()
    (web.needs.files_dir / "ab" / "1.bin").write_bytes(b"png")
    number = await a_file(engine, path="ab/1.bin")

    answer = await rini.get(f"/files/{number}")
    page = (await rini.get(f"/complaints/{TICKET}")).text

    assert (answer.content, answer.headers["content-type"]) == (b"png", "image/png")
    assert answer.headers["content-disposition"] == 'attachment; filename="lampu.png"'
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["cache-control"] == "no-store"
    assert f'<a href="/files/{number}" download>lampu.png</a>' in page


@pytest.mark.parametrize(
    ("called", "becomes"),
    [
        ("../../etc/passwd", "_.._etc_passwd"),
        ('a"\r\nSet-Cookie: x.png', "a_Set-Cookie_ x.png"),
        ("foto", "foto.png"),
        (None, "image-1.png"),
        ("...", "lampiran.png"),
    ],
)
async def test_a_name_is_one_on_every_system(
    web: Web, rini: httpx.AsyncClient, engine: AsyncEngine, *, called: str | None, becomes: str
) -> None:
    (web.needs.files_dir / "1.bin").write_bytes(b"png")
    number = await a_file(engine, path="1.bin", file_name=called)

    answer = await rini.get(f"/files/{number}")

    given = answer.headers["content-disposition"].removeprefix("attachment; filename")
    assert unquote(given.removeprefix("*=utf-8''").removeprefix("=").strip('"')) == becomes


async def test_nothing_outside_the_folder_is_given_out(
    web: Web,
    rini: httpx.AsyncClient,
    engine: AsyncEngine,
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    secret = tmp_path_factory.mktemp("elsewhere") / "secret"
    secret.write_text("rahasia")
    (web.needs.files_dir / "link").symlink_to(secret)
    paths = [str(secret), f"../{secret.parent.name}/secret", "link", ".", "gone.png"]

    numbers = [await a_file(engine, path=paths[0])]
    async with engine.begin() as connection:
        numbers += [
            await invented.put(
                connection, tables.attachments, report_id=1, connector="whatsapp", ref=path,
                kind="image", state="stored", path=path, due_at=ago(), asked_at=ago(),
            )
            for path in paths[1:]
        ]  # fmt: skip
    answers = [await rini.get(f"/files/{number}") for number in numbers]

    assert [answer.status_code for answer in answers] == [404] * len(paths)
    assert "rahasia" not in "".join(answer.text for answer in answers)


@pytest.mark.parametrize("state", ["expected", "failed"])
async def test_what_is_not_stored_is_not_given_out(
    web: Web, rini: httpx.AsyncClient, engine: AsyncEngine, state: str
) -> None:
    (web.needs.files_dir / "1.bin").write_bytes(b"png")
    number = await a_file(engine, path="1.bin", state=state)

    assert (await rini.get(f"/files/{number}")).status_code == 404
    assert f"/files/{number}" not in (await rini.get(f"/complaints/{TICKET}")).text


async def test_a_stranger_gets_no_file(web: Web, engine: AsyncEngine) -> None:
    (web.needs.files_dir / "1.bin").write_bytes(b"png")
    number = await a_file(engine, path="1.bin")
    async with web.client() as stranger:
        answers = [
            await stranger.get(f"/files/{number}"),
            await stranger.get("/carry/ab/files.zip"),
        ]

    assert [answer.headers["location"][:6] for answer in answers] == ["/login"] * 2


@pytest.fixture
async def database(sqlite_url: str) -> AsyncIterator[Database]:
    database = open_database(sqlite_url)
    yield database
    await database.aclose()


@pytest.fixture
def city(database: Database, tmp_path: Path) -> City:
    shop = Shop(Books(database, SteppedClock()), tmp_path)
    return a_city(web_over(database, tmp_path), shop, tmp_path)


async def test_a_slip_has_its_files_one_by_one_and_all_in_a_zip(city: City) -> None:
    parcel_id = await city.lay_out(photos=("a/lampu.png", "b/lampu.png"))
    async with city.browser() as client:
        await client.post(f"/carry/{parcel_id}/take")
        page = soup(await client.get(f"/carry/{parcel_id}"))
        links = [str(link["href"]) for link in page.select(".files a")]
        files = [(await client.get(link)).text for link in links]
        answer = await client.get(f"/carry/{parcel_id}/files.zip")

    archive = ZipFile(BytesIO(answer.content))
    assert files == ["isi a/lampu.png", "isi b/lampu.png"]
    assert answer.headers["content-type"] == "application/zip"
    assert answer.headers["content-disposition"].endswith('-lampiran.zip"')
    assert archive.testzip() is None
    assert {name: archive.read(name).decode() for name in archive.namelist()} == {
        "1-lampu.png": "isi a/lampu.png",
        "2-lampu.png": "isi b/lampu.png",
    }


async def test_without_files_there_is_no_zip(city: City) -> None:
    parcel_id = await city.lay_out()
    async with city.browser() as client:
        await client.post(f"/carry/{parcel_id}/take")
        page = soup(await client.get(f"/carry/{parcel_id}"))
        answer = await client.get(f"/carry/{parcel_id}/files.zip")

    assert not page.select("#files-zip")
    assert answer.status_code == 404


async def test_a_large_zip_goes_out_in_pieces(city: City) -> None:
    large = city.folder / "besar.mp4"
    large.write_bytes(b"x" * (PIECE * 5 + 1))
    given = StoredFile("besar.mp4", "video/mp4", large.stat().st_size, large)

    pieces = list(zipped([(given, large)]))

    assert max(len(piece) for piece in pieces) < PIECE * 2
    assert ZipFile(BytesIO(b"".join(pieces))).read("1-besar.mp4") == large.read_bytes()
