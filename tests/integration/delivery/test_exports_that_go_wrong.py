"""An export that is cut short, meets a bad parcel or another export: no row is lost, none leaves twice."""

import asyncio
from pathlib import Path

import pytest
from openpyxl import load_workbook

from hub.contract import Delivery, Mode, Slip, Unmapped
from hub.delivery.exported import CannotExport
from hub.rows import State
from tests.fakes.books import Books
from tests.fakes.shop import Shop
from tests.fakes.upstream import Carried
from tests.integration.delivery.carried import (
    BUDI,
    RINI,
    WithAFile,
    carried_by,
    markers_in,
    opening,
    rows_of,
)
from tests.integration.delivery.interrupted import (
    AFTER_THE_FILE,
    BEFORE_THE_FILE,
    Interrupted,
    Killed,
)


class Forgetful(Carried):
    """Has a bug in one of its slips."""

    failing: str | None = None

    def slip(self, delivery: Delivery) -> Slip:
        if delivery.ticket == self.failing:
            raise KeyError(delivery.ticket)
        return super().slip(delivery)


async def test_an_attachment_that_is_gone_is_named_and_holds_up_no_file(
    shop: Shop, books: Books, tmp_path: Path
) -> None:
    upstreams = carried_by(WithAFile(tmp_path / "hilang.jpg", mode=Mode.FILE))
    about, parcel_id = await opening(shop, books, upstreams)
    done = await shop.export(upstreams).run("anywhere", tmp_path / "a.csv", who=RINI)
    assert done.gone == [f"{about.ticket}/001-foto.jpg"]
    assert (done.files, done.file_count) == (None, 0)
    assert not (tmp_path / "a.csv-lampiran.zip").exists()
    assert markers_in(tmp_path / "a.csv") == [parcel_id[:12]]


async def test_letters_that_no_spreadsheet_takes_hold_up_no_file(
    shop: Shop, books: Books, tmp_path: Path
) -> None:
    upstreams = carried_by(Carried(mode=Mode.FILE))
    about, _ = await opening(shop, books, upstreams)
    async with books.database.begin() as work:
        complaint = await work.complaints.get(about.complaint_id)
        complaint.text = "lampu\x0bmati"
        await work.complaints.save(complaint, at=books.clock())
    await shop.export(upstreams).run("anywhere", tmp_path / "a.xlsx", who=RINI)
    sheet = load_workbook(tmp_path / "a.xlsx").active
    assert sheet is not None
    assert sheet["D2"].value == f"lampumati\n{about.ticket}"


async def test_a_parcel_with_a_bug_is_parked_and_the_others_leave(
    shop: Shop, books: Books, tmp_path: Path
) -> None:
    upstream = Forgetful(mode=Mode.FILE)
    upstreams = carried_by(upstream)
    about, bad = await opening(shop, books, upstreams)
    _, good = await opening(shop, books, upstreams)
    upstream.failing = about.ticket
    done = await shop.export(upstreams).run("anywhere", tmp_path / "a.csv", who=RINI)
    assert done.count("create") == 1
    assert markers_in(tmp_path / "a.csv") == [good[:12]]
    row = await books.row(bad)
    assert (row["state"], row["code"]) == (State.ABANDONED, "bug_KeyError")
    assert [card["kind"] for card in await books.open_cards()] == ["parked"]


async def test_where_nothing_can_be_a_row_there_is_no_file_and_the_next_export_goes_on(
    shop: Shop, books: Books, tmp_path: Path
) -> None:
    upstream = Carried(mode=Mode.FILE)
    upstreams = carried_by(upstream)
    _, parked = await opening(shop, books, upstreams)
    upstream.lacks = Unmapped("category 'rob'")
    export = shop.export(upstreams)
    nothing = await export.run("anywhere", tmp_path / "a.csv", who=RINI)
    assert (nothing.sha256, nothing.count("create")) == (None, 0)
    assert not (tmp_path / "a.csv").exists()
    assert ("handed", "exported") not in await books.attempts(parked)
    upstream.lacks = None
    _, later = await opening(shop, books, upstreams)
    await export.run("anywhere", tmp_path / "b.csv", who=RINI)
    assert markers_in(tmp_path / "b.csv") == [later[:12]]


async def test_of_two_exports_at_once_the_second_writes_nothing_and_says_why(
    shop: Shop, books: Books, tmp_path: Path
) -> None:
    upstreams = carried_by(Carried(mode=Mode.FILE))
    _, parcel_id = await opening(shop, books, upstreams)
    gate = asyncio.Event()
    slow = Interrupted(books.database, step=BEFORE_THE_FILE, gate=gate)
    first = slow.export(shop, upstreams)
    one, two = tmp_path / "satu.csv", tmp_path / "dua.csv"
    writing = asyncio.create_task(first.run("anywhere", one, who=RINI))
    await slow.is_there.wait()
    with pytest.raises(CannotExport, match=r"satu\.csv.*masih berjalan"):
        await shop.export(upstreams).run("anywhere", two, who=BUDI)
    gate.set()
    await writing
    assert markers_in(one, two) == [parcel_id[:12]]


@pytest.mark.parametrize("step", [BEFORE_THE_FILE, AFTER_THE_FILE])
async def test_after_a_death_no_row_leaves_under_another_name_until_the_file_is_written_again(
    shop: Shop, books: Books, tmp_path: Path, step: int
) -> None:
    upstreams = carried_by(Carried(mode=Mode.FILE))
    _, parcel_id = await opening(shop, books, upstreams)
    dying = Interrupted(books.database, step=step).export(shop, upstreams)
    one, two = tmp_path / "satu.csv", tmp_path / "dua.csv"
    with pytest.raises(Killed):
        await dying.run("anywhere", one, who=RINI)
    assert one.exists() is (step == AFTER_THE_FILE)
    _, late = await opening(shop, books, upstreams)
    export = shop.export(upstreams)
    with pytest.raises(CannotExport, match=r"hub export anywhere satu\.csv --again"):
        await export.run("anywhere", two, who=RINI)
    assert not two.exists()
    await export.run("anywhere", one, who=RINI, again=True)
    assert markers_in(one) == [parcel_id[:12]]
    await export.run("anywhere", two, who=RINI)
    assert markers_in(two) == [late[:12]]


async def test_what_was_written_after_a_death_has_left_once(
    shop: Shop, books: Books, tmp_path: Path
) -> None:
    upstreams = carried_by(Carried(mode=Mode.FILE))
    _, parcel_id = await opening(shop, books, upstreams)
    dying = Interrupted(books.database, step=AFTER_THE_FILE).export(shop, upstreams)
    path = tmp_path / "a.csv"
    with pytest.raises(Killed):
        await dying.run("anywhere", path, who=RINI)
    for _ in range(2):
        await shop.export(upstreams).run("anywhere", path, who=RINI, again=True)
    assert await books.attempts(parcel_id) == [("handed", "laid_out"), ("handed", "exported")]


async def test_a_disk_that_refuses_leaves_no_half_file_and_says_how_to_go_on(
    shop: Shop, books: Books, tmp_path: Path
) -> None:
    upstreams = carried_by(Carried(mode=Mode.FILE))
    await opening(shop, books, upstreams)
    path = tmp_path / "a.csv"
    in_the_way = tmp_path / ".a.csv.part"
    in_the_way.mkdir()
    export = shop.export(upstreams)
    with pytest.raises(CannotExport, match=r"tidak dapat ditulis .*--again"):
        await export.run("anywhere", path, who=RINI)
    assert not path.exists()
    in_the_way.rmdir()
    assert (await export.run("anywhere", path, who=RINI, again=True)).count("create") == 1


async def test_a_missing_folder_is_said_before_anything_is_handed_out(
    shop: Shop, books: Books, tmp_path: Path
) -> None:
    upstreams = carried_by(Carried(mode=Mode.FILE))
    _, parcel_id = await opening(shop, books, upstreams)
    with pytest.raises(CannotExport, match="hilang tidak ada"):
        await shop.export(upstreams).run("anywhere", tmp_path / "hilang" / "a.csv", who=RINI)
    assert (await books.row(parcel_id))["batch_id"] is None


@pytest.mark.parametrize("taken", ["a.csv", "a.csv-lampiran.zip"])
async def test_no_file_of_somebody_is_written_over_also_when_it_is_written_again(
    shop: Shop, books: Books, tmp_path: Path, taken: str
) -> None:
    upstreams = carried_by(Carried(mode=Mode.FILE))
    _, parcel_id = await opening(shop, books, upstreams)
    theirs = tmp_path / taken
    theirs.write_text("milik orang")
    export = shop.export(upstreams)
    with pytest.raises(CannotExport, match="sudah ada"):
        await export.run("anywhere", tmp_path / "a.csv", who=RINI)
    assert (await books.row(parcel_id))["batch_id"] is None
    await export.run("anywhere", tmp_path / "b.csv", who=RINI)
    with pytest.raises(CannotExport, match="sudah ada"):
        await export.run("anywhere", tmp_path / "a.csv", who=RINI, again=True)
    assert theirs.read_text() == "milik orang"


async def test_the_attachments_of_one_file_are_not_written_over_by_those_of_another(
    shop: Shop, books: Books, tmp_path: Path
) -> None:
    photo = tmp_path / "foto.jpg"
    photo.write_bytes(b"abc")
    upstreams = carried_by(WithAFile(photo, mode=Mode.FILE))
    archives = []
    for name in ("a.csv", "a.xlsx"):
        await opening(shop, books, upstreams)
        done = await shop.export(upstreams).run("anywhere", tmp_path / name, who=RINI)
        archives.append(done.files)
    assert archives == [tmp_path / "a.csv-lampiran.zip", tmp_path / "a.xlsx-lampiran.zip"]
    assert len({path.read_bytes() for path in archives if path}) == 2


async def test_a_row_names_its_attachments_as_they_lie_in_the_archive(
    shop: Shop, books: Books, tmp_path: Path
) -> None:
    photo = tmp_path / "foto.jpg"
    photo.write_bytes(b"abc")
    upstreams = carried_by(WithAFile(photo, mode=Mode.FILE))
    about, _ = await opening(shop, books, upstreams)
    await shop.export(upstreams).run("anywhere", tmp_path / "a.csv", who=RINI)
    assert rows_of(tmp_path / "a.csv")[0]["lampiran"] == f"{about.ticket}/001-foto.jpg"
