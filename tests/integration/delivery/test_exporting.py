"""`hub export`: every row leaves in one file, however often it is asked for."""

import csv
from pathlib import Path

import pytest
from openpyxl import load_workbook

from hub.contract import Mode
from hub.delivery.exported import CannotExport
from hub.rows import Kind, State
from tests.fakes.books import Books
from tests.fakes.shop import Shop
from tests.fakes.upstream import Carried, Silent, upstreams_of

WHO = "Rini"


async def waiting(shop: Shop, books: Books, upstream: Carried, *, number: int) -> list[str]:
    found = []
    for _ in range(number):
        about = await books.complaint()
        found.append(await books.promise(about, kind=Kind.OPENING, needed=True))
    await shop.hand_over(upstreams_of(upstream)).drain()
    return found


def rows_of(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


async def test_a_file_holds_what_waits_with_our_marker_in_every_row(
    shop: Shop, books: Books, tmp_path: Path
) -> None:
    upstream = Carried(mode=Mode.FILE)
    parcels = await waiting(shop, books, upstream, number=3)
    path = tmp_path / "senin.csv"
    done = await shop.export(upstreams_of(upstream)).run("anywhere", path, who=WHO)
    assert [row["penanda"] for row in rows_of(path)] == [parcel[:12] for parcel in parcels]
    assert (done.count("create"), done.count("change"), done.skipped) == (3, 0, 0)


async def test_the_same_export_again_writes_nothing_and_says_what_it_skips(
    shop: Shop, books: Books, tmp_path: Path
) -> None:
    upstream = Carried(mode=Mode.FILE)
    await waiting(shop, books, upstream, number=2)
    export = shop.export(upstreams_of(upstream))
    await export.run("anywhere", tmp_path / "satu.csv", who=WHO)
    done = await export.run("anywhere", tmp_path / "dua.csv", who=WHO)
    assert (done.sha256, done.lines, done.skipped) == (None, [], 2)
    assert not (tmp_path / "dua.csv").exists()


async def test_a_dry_run_says_what_would_leave_and_changes_nothing(
    shop: Shop, books: Books, tmp_path: Path
) -> None:
    upstream = Carried(mode=Mode.FILE)
    await waiting(shop, books, upstream, number=2)
    export = shop.export(upstreams_of(upstream))
    path = tmp_path / "senin.csv"
    looked = await export.run("anywhere", path, who=WHO, dry_run=True)
    assert looked.count("create") == 2
    assert not path.exists()
    assert (await export.run("anywhere", path, who=WHO)).count("create") == 2


async def test_a_lost_file_is_written_again_with_the_same_rows(
    shop: Shop, books: Books, tmp_path: Path
) -> None:
    upstream = Carried(mode=Mode.FILE)
    await waiting(shop, books, upstream, number=2)
    export = shop.export(upstreams_of(upstream))
    first = await export.run("anywhere", tmp_path / "senin.csv", who=WHO)
    (tmp_path / "senin.csv").unlink()
    second = await export.run("anywhere", tmp_path / "senin.csv", who=WHO, again=True)
    assert second.sha256 == first.sha256


async def test_no_file_of_somebody_is_written_over(
    shop: Shop, books: Books, tmp_path: Path
) -> None:
    upstream = Carried(mode=Mode.FILE)
    await waiting(shop, books, upstream, number=1)
    path = tmp_path / "senin.csv"
    path.write_text("milik orang")
    with pytest.raises(CannotExport, match="sudah ada"):
        await shop.export(upstreams_of(upstream)).run("anywhere", path, who=WHO)
    assert path.read_text() == "milik orang"


async def test_words_of_citizens_are_never_formulas(
    shop: Shop, books: Books, tmp_path: Path
) -> None:
    upstream = Carried(mode=Mode.FILE)
    about = await books.complaint()
    await books.promise(about, kind=Kind.OPENING)
    async with books.database.begin() as work:
        complaint = await work.complaints.get(about.complaint_id)
        complaint.text = '=HYPERLINK("http://contoh.example")'
        await work.complaints.save(complaint, at=books.clock())
    upstreams = upstreams_of(upstream)
    await shop.hand_over(upstreams).drain()
    export = shop.export(upstreams)
    await export.run("anywhere", tmp_path / "a.csv", who=WHO)
    assert rows_of(tmp_path / "a.csv")[0]["isi"].startswith(" =")
    await export.run("anywhere", tmp_path / "a.xlsx", who=WHO, again=True)
    sheet = load_workbook(tmp_path / "a.xlsx").active
    assert sheet is not None
    cells = [cell for row in sheet.iter_rows() for cell in row]
    assert not [cell for cell in cells if cell.data_type == "f"]


async def test_what_needs_no_answer_is_done_when_it_is_in_the_file(
    shop: Shop, books: Books, tmp_path: Path
) -> None:
    upstream = Carried(mode=Mode.FILE)
    object.__setattr__(upstream.traits, "done_when_exported", True)
    about = await books.complaint(external_id="X-1")
    parcel = await books.promise(about)
    upstreams = upstreams_of(upstream)
    await shop.hand_over(upstreams).drain()
    await shop.export(upstreams).run("anywhere", tmp_path / "a.csv", who=WHO)
    assert await books.state(parcel) == State.SETTLED


@pytest.mark.parametrize(
    ("connector", "name", "sentence"),
    [
        (Carried(mode=Mode.API), "a.csv", "ANYWHERE_MODE=file"),
        (Carried(mode=Mode.FILE), "a.pdf", "csv atau .xlsx"),
        (Silent(), "a.csv", "tidak menulis berkas"),
        (Carried("elsewhere"), "a.csv", "tidak aktif"),
    ],
)
async def test_what_cannot_be_exported_is_said_with_what_to_do(
    shop: Shop, tmp_path: Path, connector: Silent, name: str, sentence: str
) -> None:
    with pytest.raises(CannotExport, match=sentence):
        await shop.export(upstreams_of(connector)).run("anywhere", tmp_path / name, who=WHO)
