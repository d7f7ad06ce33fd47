import os
import zipfile
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any

import httpx
import pytest

from connectors.call112.client import FileClient
from connectors.call112.lines import is_cut
from connectors.call112.pages import Mark, Portion, Reader
from connectors.call112.remote import Remote
from connectors.call112.settings import Settings
from hub.contract import Rejected, Unauthorized, Unavailable, Unreachable
from hub.sandbox import SandboxTransport, Stage
from hub.sandbox.faults import Fault, FaultKind, FaultSwitch
from tests.connectors.call112.conftest import Log, keys

URL = "https://112.contoh.example/ekspor/log%20harian.csv?hari=ini"


class Server:
    """One file, with or without names for its states."""

    def __init__(self, *, etag: bool = True) -> None:
        self.lines: list[str] = []
        self.etag = etag
        self.asked: list[httpx.Request] = []
        self.authorization = ""
        self.breaks_off_after: int | None = None
        self.last_end = "\n"

    @property
    def whole(self) -> int:
        """How often the whole file went out."""
        return sum("sent" in request.extensions for request in self.asked)

    def answer(self, request: httpx.Request) -> httpx.Response:
        self.asked.append(request)
        if request.headers.get("authorization", "") != self.authorization:
            return httpx.Response(401, text="masuk dulu")
        body = "\n".join(self.lines) + self.last_end if self.lines else ""
        names = {"ETag": f'"{hash(body)}"'} if self.etag else {}
        if self.etag and request.headers.get("if-none-match") == names["ETag"]:
            return httpx.Response(304, headers=names)
        request.extensions["sent"] = True
        sent, self.breaks_off_after = body[: self.breaks_off_after], None
        return httpx.Response(200, text=sent, headers=names)


class Hub:
    """Polls and commits as the hub does."""

    def __init__(self, remote: Remote) -> None:
        self.remote = remote
        self.mark: Mark | None = None
        self.kept: list[str] = []

    async def poll(self) -> Portion:
        portion = await self.remote.poll(self.mark)
        self.mark = portion.mark
        self.kept += keys(portion.raws)
        return portion

    async def poll_all(self) -> None:
        while (await self.poll()).has_more:
            pass


@pytest.fixture(autouse=True)
def scratch(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where the machine keeps what is temporary."""
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    return tmp_path


def folder_in(folder: Path) -> Path:
    [only] = folder.iterdir()
    return only


def files_in(folder: Path) -> list[str]:
    return [path.name for path in folder.rglob("*") if path.is_file()]


@pytest.fixture
async def new_remote(
    log: Log, new_settings: Callable[..., Settings]
) -> AsyncIterator[Callable[..., Remote]]:
    made: list[Remote] = []

    def new(transport: Any, *, edition: str = "satu", **given: Any) -> Remote:
        client = FileClient(new_settings(file_url=URL, **given), transport=transport)
        reader = Reader(log.open_export, page_rows=2)
        made.append(Remote(client, reader=reader, edition=edition))
        return made[-1]

    yield new
    for remote in made:
        await remote.aclose()


async def test_half_a_file_under_the_name_of_the_whole_is_asked_for_again(
    new_remote: Callable[..., Remote],
) -> None:
    server = Server()
    server.lines = ["satu", "dua"]
    server.breaks_off_after = len("satu\nd")
    hub = Hub(new_remote(httpx.MockTransport(server.answer)))
    await hub.poll_all()
    await hub.poll_all()
    assert "dua" in hub.kept
    await hub.poll_all()
    assert server.whole == 2, "the whole one is known by its name"


async def test_half_a_file_twice_in_a_row_is_still_not_the_whole(
    new_remote: Callable[..., Remote],
) -> None:
    server = Server()
    server.lines = ["satu", "dua"]
    hub = Hub(new_remote(httpx.MockTransport(server.answer)))
    for _ in range(2):
        server.breaks_off_after = len("satu\nd")
        await hub.poll_all()
    await hub.poll_all()
    assert "dua" in hub.kept


def test_whole_are_also_a_workbook_and_lines_of_two_bytes(tmp_path: Path) -> None:
    book, wide = tmp_path / "log.xlsx", tmp_path / "log.csv"
    with zipfile.ZipFile(book, "w") as made:
        made.writestr("sheet.xml", "<a/>")
    wide.write_bytes("satu\ndua\n".encode("utf-16"))
    assert not is_cut(book)
    assert not is_cut(wide)
    book.write_bytes(book.read_bytes()[:-30])
    wide.write_bytes(wide.read_bytes()[:-4])
    assert is_cut(book)
    assert is_cut(wide)


async def test_a_last_line_that_never_ends_is_not_fetched_for_ever(
    new_remote: Callable[..., Remote],
) -> None:
    server = Server()
    server.lines, server.last_end = ["satu", "dua"], ""
    hub = Hub(new_remote(httpx.MockTransport(server.answer)))
    for _ in range(30):
        await hub.poll_all()
    assert 3 < server.whole <= 11


async def test_a_file_is_fetched_once_and_read_in_pages(
    new_remote: Callable[..., Remote], log: Log
) -> None:
    server = Server()
    server.lines = ["a", "b", "c"]
    hub = Hub(new_remote(httpx.MockTransport(server.answer)))
    await hub.poll_all()
    await hub.poll_all()
    assert hub.kept == ["a", "b", "c"]
    assert server.whole == 1
    assert log.opened == ["log harian.csv"]


@pytest.mark.parametrize("etag", [True, False])
async def test_a_file_that_has_grown_is_read_again_and_one_that_has_not_is_not(
    new_remote: Callable[..., Remote], etag: bool
) -> None:
    server = Server(etag=etag)
    server.lines = ["a"]
    hub = Hub(new_remote(httpx.MockTransport(server.answer)))
    await hub.poll_all()
    await hub.poll_all()
    server.lines = ["a", "b"]
    await hub.poll_all()
    assert hub.kept == ["a", "a", "b"]


async def test_after_a_crash_reading_goes_on_at_the_committed_row(
    new_remote: Callable[..., Remote],
) -> None:
    server = Server()
    server.lines = ["a", "b", "c", "d", "e"]
    hub = Hub(new_remote(httpx.MockTransport(server.answer)))
    await hub.poll()
    await hub.remote.poll(hub.mark)
    hub.remote = new_remote(httpx.MockTransport(server.answer))
    await hub.poll_all()
    assert hub.kept == ["a", "b", "c", "d", "e"]


async def test_a_last_page_whose_commit_failed_is_brought_again(
    new_remote: Callable[..., Remote],
) -> None:
    server = Server()
    server.lines = ["a", "b", "c"]
    hub = Hub(new_remote(httpx.MockTransport(server.answer)))
    await hub.poll()
    lost = await hub.remote.poll(hub.mark)
    again = await hub.remote.poll(hub.mark)
    assert keys(lost.raws) == keys(again.raws) == ["c"]


async def test_a_file_that_changed_between_two_pages_is_read_from_the_start(
    new_remote: Callable[..., Remote],
) -> None:
    server = Server()
    server.lines = ["a", "b", "c"]
    hub = Hub(new_remote(httpx.MockTransport(server.answer)))
    await hub.poll()
    server.lines = ["z", "a", "b", "c"]
    hub.remote = new_remote(httpx.MockTransport(server.answer))
    await hub.poll_all()
    assert hub.kept == ["a", "b", "z", "a", "b", "c"]


async def test_what_cannot_be_read_is_told_once_and_tried_again_with_another_mapping(
    new_remote: Callable[..., Remote],
) -> None:
    server = Server()
    hub = Hub(new_remote(httpx.MockTransport(server.answer)))
    assert (await hub.poll()).remarks == ("log harian.csv: kosong.",)
    assert (await hub.poll()).remarks == ()
    hub.remote = new_remote(httpx.MockTransport(server.answer), edition="dua")
    assert (await hub.poll()).remarks == ("log harian.csv: kosong.",)


@pytest.mark.parametrize("etag", [True, False])
async def test_nothing_of_the_file_stays_on_the_disk_once_it_is_read(
    new_remote: Callable[..., Remote], scratch: Path, etag: bool
) -> None:
    server = Server(etag=etag)
    server.lines = ["a", "b", "c"]
    hub = Hub(new_remote(httpx.MockTransport(server.answer)))
    await hub.poll()
    assert files_in(scratch) == ["log harian.csv"]
    root = folder_in(scratch)
    assert root.stat().st_mode & 0o777 == 0o700
    await hub.poll()
    assert files_in(scratch) == []
    await hub.poll()
    assert files_in(scratch) == []


async def test_what_a_killed_hub_left_goes_at_the_next_start_and_a_living_ones_file_stays(
    new_remote: Callable[..., Remote], scratch: Path
) -> None:
    server = Server()
    server.lines = ["a", "b", "c"]
    hub = Hub(new_remote(httpx.MockTransport(server.answer)))
    await hub.poll()
    root = folder_in(scratch)
    # A killed process holds no lock.
    (root / "ditinggal").mkdir()
    (root / "ditinggal" / "sisa.csv").write_text("081100001234")
    server.lines = []
    await new_remote(httpx.MockTransport(lambda _: httpx.Response(304))).poll(None)
    assert files_in(scratch) == ["log harian.csv"]
    await hub.poll_all()
    assert hub.kept == ["a", "b", "c"]


async def test_of_a_file_that_broke_off_no_part_stays_on_the_disk(
    new_remote: Callable[..., Remote], scratch: Path
) -> None:
    server = Server()
    server.lines = ["a" * 100]
    remote = new_remote(httpx.MockTransport(server.answer), max_file_bytes=99)
    with pytest.raises(Rejected):
        await remote.poll(None)
    assert files_in(scratch) == []


async def test_a_folder_of_somebody_else_is_not_used(
    new_remote: Callable[..., Remote], scratch: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    (scratch / f"simpul-112-{os.getuid()}").symlink_to(tmp_path_factory.mktemp("asing"))
    remote = new_remote(httpx.MockTransport(lambda _: httpx.Response(200, text="a")))
    with pytest.raises(Unavailable, match="bukan folder milik hub"):
        await remote.poll(None)


async def test_a_guarded_file_is_asked_for_with_the_header(
    new_remote: Callable[..., Remote],
) -> None:
    server = Server()
    server.lines, server.authorization = ["a"], "Bearer rahasia-rekaan"
    transport = httpx.MockTransport(server.answer)
    with pytest.raises(Unauthorized) as caught:
        await new_remote(transport, file_authorization="Bearer keliru-rekaan").poll(None)
    assert "keliru-rekaan" not in str(caught.value)
    hub = Hub(new_remote(transport, file_authorization="Bearer rahasia-rekaan"))
    await hub.poll_all()
    assert hub.kept == ["a"]


async def test_a_file_larger_than_allowed_is_not_read(new_remote: Callable[..., Remote]) -> None:
    server = Server()
    server.lines = ["a" * 100]
    remote = new_remote(httpx.MockTransport(server.answer), max_file_bytes=99)
    with pytest.raises(Rejected, match="CALL112_MAX_FILE_BYTES"):
        await remote.poll(None)


@pytest.mark.parametrize(
    ("fault", "error"),
    [
        (Fault(kind=FaultKind.HTML, status=502), Unavailable),
        (Fault(kind=FaultKind.DROP_AFTER), Unreachable),
        (Fault(kind=FaultKind.STATUS, status=403), Unauthorized),
    ],
)
async def test_a_failed_fetch_changes_nothing_and_the_next_brings_everything(
    new_remote: Callable[..., Remote], stage: Stage, fault: Fault, error: type[Exception]
) -> None:
    async def app(_: Any, __: Any, send: Any) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": b"a\nb\nc"})

    switch = FaultSwitch(app, name="call112", rng=stage.rng, journal=stage.journal)
    switch.faults = [fault]
    fault.times = 1
    hub = Hub(new_remote(SandboxTransport(switch)))
    with pytest.raises(error):
        await hub.poll()
    await hub.poll_all()
    assert hub.kept == ["a", "b", "c"]


async def test_a_file_that_breaks_off_on_the_way_is_not_read(
    new_remote: Callable[..., Remote],
) -> None:
    answers = [
        httpx.Response(200, text="a\nb", headers={"Content-Length": "5"}),
        httpx.Response(200, text="a\nb\nc"),
    ]
    hub = Hub(new_remote(httpx.MockTransport(lambda _: answers.pop(0))))
    with pytest.raises(Unavailable, match="berkas terputus"):
        await hub.poll()
    await hub.poll()
    assert hub.kept == ["a", "b"]


async def test_a_redirect_into_nowhere_is_a_refusal(new_remote: Callable[..., Remote]) -> None:
    remote = new_remote(httpx.MockTransport(lambda _: httpx.Response(300)))
    with pytest.raises(Rejected, match="HTTP 300"):
        await remote.poll(None)
