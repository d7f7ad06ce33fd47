"""What people open in Excel: texts as they are, no formula of a citizen's, no file out of its place."""

import csv
import hashlib
import zipfile
from pathlib import Path

import pytest
from openpyxl import load_workbook

from hub.contract import Entry, Slip, StoredFile
from hub.delivery.exported import archive_of, list_of, named
from hub.delivery.sheet import CUT, FORMULAS, LONGEST_CELL, write_files, write_sheet


def cells_of(path: Path) -> list[list[str]]:
    """What stands in the file, row by row, as whoever opens it sees it."""
    if path.suffix == ".csv":
        with path.open(encoding="utf-8-sig", newline="") as file:
            return list(csv.reader(file))
    sheet = load_workbook(path).active
    assert sheet is not None
    return [[str(cell or "") for cell in row] for row in sheet.iter_rows(values_only=True)]


def photo(folder: Path, name: str, *, called: str = "foto.jpg") -> StoredFile:
    path = folder / name
    path.write_bytes(name.encode())
    return StoredFile(called, "image/jpeg", len(name), path)


def slip_with(*files: StoredFile) -> Slip:
    return Slip(todo="Salin.", entries=(Entry("isi", "Isi", "Lampu."),), files=files)


@pytest.mark.parametrize("name", ["a.csv", "a.xlsx"])
def test_rows_stand_under_all_the_columns_that_any_of_them_has(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    write_sheet(path, [{"tiket": "PKL-1", "isi": "Lampu"}, {"tiket": "PKL-2", "nomor": "0017"}])
    assert cells_of(path) == [
        ["tiket", "isi", "nomor"], ["PKL-1", "Lampu", ""], ["PKL-2", "", "0017"],
    ]  # fmt: skip


@pytest.mark.parametrize("name", ["a.csv", "a.xlsx"])
def test_lines_quotes_and_every_alphabet_come_through(tmp_path: Path, name: str) -> None:
    text = 'Kata warga: "gelap",\nsejak ꦗꦮ; 💡'
    write_sheet(tmp_path / name, [{"isi": text}])
    assert cells_of(tmp_path / name)[1] == [text]


@pytest.mark.parametrize("name", ["a.csv", "a.xlsx"])
@pytest.mark.parametrize("first", FORMULAS)
def test_no_words_of_a_citizen_are_a_formula(tmp_path: Path, name: str, first: str) -> None:
    path = tmp_path / name
    write_sheet(path, [{"isi": f"{first}SUM(1)"}])
    if path.suffix == ".csv":
        assert cells_of(path)[1][0].startswith(" ")
        return
    sheet = load_workbook(path).active
    assert sheet is not None
    assert sheet["A2"].data_type in ("s", "inlineStr")


def test_letters_that_no_spreadsheet_takes_are_left_out_and_the_rest_stands(
    tmp_path: Path,
) -> None:
    write_sheet(tmp_path / "a.xlsx", [{"isi": "lampu\x00 \x0bmati\x1f"}])
    assert cells_of(tmp_path / "a.xlsx")[1] == ["lampu mati"]


def test_a_text_too_long_for_a_cell_is_cut_with_a_mark_that_everybody_sees(tmp_path: Path) -> None:
    long, longest = "a" * 40_000, "b" * LONGEST_CELL
    write_sheet(tmp_path / "a.xlsx", [{"isi": long}, {"isi": longest}])
    _, [cut], [whole] = cells_of(tmp_path / "a.xlsx")
    assert len(cut) == LONGEST_CELL
    assert cut == "a" * (LONGEST_CELL - len(CUT)) + CUT
    assert whole == longest
    write_sheet(tmp_path / "a.csv", [{"isi": long}])
    assert cells_of(tmp_path / "a.csv")[1] == [long]


@pytest.mark.parametrize("name", ["a.csv", "a.xlsx"])
def test_the_digest_is_that_of_the_file_and_nothing_else_is_left_behind(
    tmp_path: Path, name: str
) -> None:
    path = tmp_path / name
    digest = write_sheet(path, [{"isi": "Lampu"}])
    assert digest == hashlib.sha256(path.read_bytes()).hexdigest()
    assert list(tmp_path.iterdir()) == [path]


def test_attachments_lie_in_the_archive_under_names_that_every_system_takes(
    tmp_path: Path,
) -> None:
    files = [
        photo(tmp_path, "1", called="..\\..\\evil.jpg"),
        photo(tmp_path, "2", called="../../evil.jpg"),
        photo(tmp_path, "3", called="a\n:b"),
        photo(tmp_path, "4", called=""),
    ]
    attached = named([("PKL-1", slip_with(*files))])
    assert write_files(tmp_path / "a.zip", attached) == []
    with zipfile.ZipFile(tmp_path / "a.zip") as archive:
        names = archive.namelist()
        assert [archive.read(name) for name in names] == [b"1", b"2", b"3", b"4"]
    assert len(set(names)) == len(files)
    for name in names:
        folder, _, own = name.partition("/")
        assert folder == "PKL-1"
        assert not set(own) & set('\\/:*?"<>|\r\n')
        assert not own.startswith(".")


def test_files_of_the_same_name_do_not_hide_each_other(tmp_path: Path) -> None:
    one, two, three = (photo(tmp_path, name) for name in "123")
    first, second = slip_with(one, two), slip_with(three)
    attached = named([("PKL-1", first), ("PKL-2", second)])
    write_files(tmp_path / "a.zip", attached)
    with zipfile.ZipFile(tmp_path / "a.zip") as archive:
        found = {name: archive.read(name) for name in archive.namelist()}
    assert list(found.values()) == [b"1", b"2", b"3"]
    assert list_of(attached, first) == "PKL-1/001-foto.jpg; PKL-1/002-foto.jpg"
    assert list_of(attached, second) == "PKL-2/003-foto.jpg"


def test_what_is_gone_is_said_and_the_rest_is_packed(tmp_path: Path) -> None:
    there, gone = photo(tmp_path, "1"), photo(tmp_path, "2")
    gone.path.unlink()
    missing = write_files(tmp_path / "a.zip", {"a.jpg": there, "b.jpg": gone})
    assert missing == ["b.jpg"]
    with zipfile.ZipFile(tmp_path / "a.zip") as archive:
        assert archive.namelist() == ["a.jpg"]


def test_where_all_are_gone_there_is_no_archive(tmp_path: Path) -> None:
    gone = photo(tmp_path, "1")
    gone.path.unlink()
    assert write_files(tmp_path / "a.zip", {"a.jpg": gone}) == ["a.jpg"]
    assert list(tmp_path.iterdir()) == []


def test_the_archives_of_a_csv_and_of_an_xlsx_have_different_names(tmp_path: Path) -> None:
    names = {archive_of(tmp_path / name).name for name in ("a.csv", "a.xlsx")}
    assert names == {"a.csv-lampiran.zip", "a.xlsx-lampiran.zip"}
