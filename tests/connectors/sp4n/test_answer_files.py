import csv
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from hub.contract import Ignored, Linked, Unreadable, UnreadableError
from tests.connectors.sp4n.conftest import PARCEL_ID, TICKET

MARKER = PARCEL_ID[:12]
OTHER, OTHER_MARKER = "PKL-2026-000124", "fedcba987654"
# As our own export begins, with what people add to it.
TITLES = ("penanda", "tiket", "nomor", "judul", "tindak_lanjut", "tracking_id", "alasan")
OPENED = (MARKER, TICKET, "", "Jalan berlubang", "", "9200001", "")
FOLLOWED = (OTHER_MARKER, TICKET, "9200001", "", "Sudah ditambal.", "9200001", "")

NewFile = Callable[..., Path]


@pytest.fixture
def new_file(tmp_path: Path) -> NewFile:
    def new(*rows: tuple[str, ...], titles: tuple[str, ...] = TITLES, sep: str = ",") -> Path:
        path = tmp_path / "jawaban.csv"
        with path.open("w", newline="", encoding="utf-8-sig") as file:
            csv.writer(file, delimiter=sep).writerows((titles, *rows))
        return path

    return new


def news_of(reader: Any, path: Path) -> list[Any]:
    return [news for raw in reader.open_export(path).raws for news in reader.read(raw)]


def reasons(reader: Any, path: Path) -> list[str]:
    return [each.reason for each in news_of(reader, path) if isinstance(each, Unreadable)]


def told(news: list[Any]) -> list[tuple[str, str | None, str | None]]:
    return [(each.marker, each.external_id, each.refused) for each in news]


def test_our_own_file_filled_in_says_what_became_of_each_row(
    reader: Any, new_file: NewFile
) -> None:
    refused = ("aaaaaaaaaaaa", OTHER, "", "Lampu padam", "", "", " Bukan kewenangan. ")
    news = news_of(reader, new_file(OPENED, FOLLOWED, refused))
    assert all(isinstance(each, Linked) for each in news)
    assert told(news) == [
        (MARKER, "9200001", None),
        (OTHER_MARKER, "9200001", None),
        ("aaaaaaaaaaaa", None, "Bukan kewenangan."),
    ]
    assert [each.where for each in news] == [f"jawaban.csv, baris {line}" for line in (2, 3, 4)]


@pytest.mark.parametrize(
    ("titles", "row"),
    [
        (("tiket", "tracking_id"), (TICKET, "9200001")),
        (("Tracking ID", "Tiket"), ("9200001", TICKET)),
        (("TIKET", "NOMOR"), (TICKET, "#9200001")),
        (("nomor", "tracking id", "tiket"), ("", " 9200001", TICKET)),
    ],
)
def test_a_ticket_and_their_number_are_enough(
    reader: Any, new_file: NewFile, titles: tuple[str, ...], row: tuple[str, ...]
) -> None:
    assert told(news_of(reader, new_file(row, titles=titles))) == [(TICKET, "9200001", None)]


@pytest.mark.parametrize("sep", [";", "\t"])
def test_delimiters_are_found_out(reader: Any, new_file: NewFile, sep: str) -> None:
    assert told(news_of(reader, new_file(OPENED, sep=sep))) == [(MARKER, "9200001", None)]


def test_a_sheet_saved_by_excel_is_read_all_the_same(reader: Any, tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    page = book.active
    assert page is not None
    page.append(("Jawaban admin", None))
    page.append(("penanda", "tracking_id"))
    page.append((MARKER, 9200001))
    page.append((f"'{OTHER_MARKER}", 9200002.0))
    path = tmp_path / "jawaban.xlsx"
    book.save(path)
    book.close()
    news = news_of(reader, path)
    assert told(news) == [(MARKER, "9200001", None), (OTHER_MARKER, "9200002", None)]
    assert news[0].where == "jawaban.xlsx, baris 3"


def test_which_columns_made_it_an_answer_file_is_said(reader: Any, new_file: NewFile) -> None:
    export = reader.open_export(new_file(("", TICKET), titles=("tracking_id", "tiket")))
    assert export.total == 1
    assert export.remarks == (
        "jawaban.csv, baris 1: berkas jawaban, dikenali dari kolom 'tiket', 'tracking_id'.",
        "jawaban.csv, baris 2, kolom tracking_id kosong: belum dijawab, dilewati.",
    )


def test_our_file_brought_back_untouched_settles_nothing(reader: Any, new_file: NewFile) -> None:
    rows = ((*OPENED[:5], "", ""), (*FOLLOWED[:5], "", ""))
    path = new_file(*rows)
    assert [type(each) for each in news_of(reader, path)] == [Ignored, Ignored]
    assert "baris 2, 3, kolom tracking_id kosong" in reader.open_export(path).remarks[1]


def test_many_unanswered_rows_are_one_remark(reader: Any, new_file: NewFile) -> None:
    rows = [(f"{number:012x}", "") for number in range(14)]
    _, remark = reader.open_export(new_file(*rows, titles=("penanda", "nomor"))).remarks
    assert "baris 2, 3, 4, 5, 6, 7, 8, 9, 10, 11 dan 4 lainnya, kolom nomor kosong" in remark


def test_a_row_answered_later_is_another_row(reader: Any, new_file: NewFile) -> None:
    empty = [raw.key for raw in reader.open_export(new_file((*OPENED[:5], "", ""))).raws]
    first, again = (
        [raw.key for raw in reader.open_export(new_file(*rows)).raws]
        for rows in ((OPENED,), (FOLLOWED, OPENED))
    )
    assert first == again[1:]
    assert empty != first


def test_only_what_is_needed_of_a_row_is_kept(reader: Any, new_file: NewFile) -> None:
    titles = (*TITLES, "isi", "nama_pelapor")
    [raw] = reader.open_export(
        new_file((*OPENED, "Isi panjang", "Warga Rekaan"), titles=titles)
    ).raws
    kept = json.loads(raw.body)
    assert kept["answer"]["penanda"] == MARKER
    assert not {"Jalan berlubang", "Isi panjang", "Warga Rekaan"} & set(kept["answer"].values())


@pytest.mark.parametrize(
    ("row", "sentence"),
    [
        (("", "", "", "x", "", "9200001", ""), "kolom penanda kosong"),
        (
            ("1.23E+54", "", "", "x", "", "9200001", ""),
            "kolom penanda tidak terbaca: '1.23E+54'; salin lagi",
        ),
        (("", TICKET, "9200001", "", "Sudah.", "9200001", ""), "kolom penanda kosong"),
        (
            ("1.23E+54", TICKET, "9200001", "", "Sudah.", "", "Salah"),
            "kolom penanda tidak terbaca",
        ),
        ((*OPENED[:5], "sudah", ""), "kolom tracking_id tidak terbaca: 'sudah'"),
        ((MARKER, TICKET, "-", "x", "", "", ""), "kolom nomor tidak terbaca: '-'"),
        (
            (*OPENED[:5], "9200001", "Salah alamat"),
            "kolom alasan: terisi bersama nomor '9200001'; kosongkan salah satunya",
        ),
        (
            (MARKER, TICKET, "9200002", "x", "", "9200001", ""),
            "kolom nomor: '9200002', padahal kolom tracking_id: '9200001'",
        ),
    ],
)
def test_a_row_that_cannot_be_told_is_named_and_its_neighbours_are_read(
    reader: Any, new_file: NewFile, row: tuple[str, ...], sentence: str
) -> None:
    good = ("bbbbbbbbbbbb", OTHER, "", "x", "", "9200009", "")
    news = news_of(reader, new_file(row, good))
    assert isinstance(news[0], Unreadable)
    assert news[0].reason.startswith(f"jawaban.csv, baris 2, {sentence}")
    assert told(news[1:]) == [("bbbbbbbbbbbb", "9200009", None)]


def test_a_marker_spoiled_by_a_spreadsheet_is_made_good_by_the_ticket_of_an_opening(
    reader: Any, new_file: NewFile
) -> None:
    assert told(news_of(reader, new_file(("1.23E+54", *OPENED[1:])))) == [
        (TICKET, "9200001", None)
    ]


def test_two_answers_to_one_thing_are_both_shown(reader: Any, new_file: NewFile) -> None:
    path = new_file(OPENED, FOLLOWED, (*OPENED[:5], "9200007", ""))
    assert reasons(reader, path) == [
        f"jawaban.csv, baris 2, kolom penanda: '{MARKER}' juga ada di baris 4 dengan jawaban lain",
        f"jawaban.csv, baris 4, kolom penanda: '{MARKER}' juga ada di baris 2 dengan jawaban lain",
    ]


def test_one_number_for_two_tickets_is_shown(reader: Any, new_file: NewFile) -> None:
    rows = ((TICKET, "9200001"), (OTHER, "9200001"))
    assert reasons(reader, new_file(*rows, titles=("tiket", "tracking_id"))) == [
        "jawaban.csv, baris 2, kolom tracking_id: '9200001' juga ada di baris 3 dengan tiket lain",
        "jawaban.csv, baris 3, kolom tracking_id: '9200001' juga ada di baris 2 dengan tiket lain",
    ]


def test_a_contradiction_mended_lets_the_row_that_stayed_be_read(
    reader: Any, new_file: NewFile
) -> None:
    before = [raw.key for raw in reader.open_export(new_file(OPENED, (*OPENED[:5], "1", ""))).raws]
    after = [raw.key for raw in reader.open_export(new_file(OPENED)).raws]
    assert after[0] not in before


def test_the_same_row_twice_is_one_answer(reader: Any, new_file: NewFile) -> None:
    keys = [raw.key for raw in reader.open_export(new_file(OPENED, FOLLOWED, OPENED)).raws]
    assert keys[0] == keys[2]
    assert reasons(reader, new_file(OPENED, FOLLOWED, OPENED)) == []


def test_why_they_refused_is_masked_and_kept_short(reader: Any, new_file: NewFile) -> None:
    reason = "Hubungi 0811-0000-1234. " + "panjang " * 100
    [linked] = news_of(reader, new_file((*OPENED[:5], "", reason)))
    assert linked.refused.startswith("Hubungi [disensor]. panjang")
    assert len(linked.refused) <= 300


def test_whatever_stands_in_the_cells_a_key_keeps_its_limit(
    reader: Any, new_file: NewFile
) -> None:
    path = new_file(tuple("x" * 900 for _ in TITLES))
    assert all(len(raw.key) <= 300 for raw in reader.open_export(path).raws)
    assert all(len(each.key) <= 300 for each in news_of(reader, path))


def test_a_file_with_no_column_for_an_answer_is_refused_with_a_sentence(
    reader: Any, new_file: NewFile
) -> None:
    path = new_file((TICKET, "9200001"), titles=("tiket", "no_lapor"))
    with pytest.raises(UnreadableError, match=r"jawaban\.csv, baris 1: tidak ada kolom"):
        reader.open_export(path)


def test_rows_about_one_complaint_do_not_replace_each_other(
    reader: Any, new_file: NewFile
) -> None:
    raws = list(reader.open_export(new_file(OPENED, FOLLOWED)).raws)
    assert {raw.external_id for raw in raws} == {None}
    assert len({raw.key for raw in raws}) == 2


def test_a_marker_beside_two_tickets_is_refused(reader: Any, new_file: NewFile) -> None:
    path = new_file(OPENED, (MARKER, OTHER, *OPENED[2:5], "", "Bukan di kota ini"))
    assert [each.partition("kolom ")[2] for each in reasons(reader, path)] == [
        f"penanda: '{MARKER}' juga ada di baris 3 dengan jawaban lain",
        f"penanda: '{MARKER}' juga ada di baris 2 dengan jawaban lain",
    ]
    path = new_file(OPENED, (MARKER, OTHER, *OPENED[2:5], "", ""))
    assert reasons(reader, path) == [
        f"jawaban.csv, baris 2, kolom penanda: '{MARKER}' juga ada di baris 3 dengan tiket lain"
    ]


def test_a_formula_is_read_by_what_it_gave_and_never_as_a_number(
    reader: Any, new_file: NewFile, tmp_path: Path
) -> None:
    formula = (*OPENED[:5], "=B2/1234567", "")
    assert reasons(reader, new_file(formula)) == [
        "jawaban.csv, baris 2, kolom tracking_id tidak terbaca: '=B2/1234567'"
    ]
    book = openpyxl.Workbook()
    assert book.active
    for row in (TITLES, formula):
        book.active.append(row)
    book.save(path := tmp_path / "rumus.xlsx")
    # Nobody has computed it yet: an empty cell, as if it were not answered.
    assert [type(each) for each in news_of(reader, path)] == [Ignored]


def test_a_sheet_is_known_by_what_is_in_it_and_not_by_its_name(
    reader: Any, tmp_path: Path
) -> None:
    book = openpyxl.Workbook()
    assert book.active
    for row in (TITLES, OPENED):
        book.active.append(row)
    book.save(path := tmp_path / "jawaban.csv")
    assert told(news_of(reader, path)) == [(MARKER, "9200001", None)]


def test_a_locked_sheet_gets_a_sentence(reader: Any, tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.save(path := tmp_path / "terkunci.xlsx")
    locked = bytearray(path.read_bytes())
    # The first bit of the flags of each entry says that it is encrypted.
    for sign, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        at = locked.find(sign)
        while at >= 0:
            locked[at + offset] |= 1
            at = locked.find(sign, at + 1)
    path.write_bytes(locked)
    with pytest.raises(UnreadableError, match=r"terkunci\.xlsx: berkas terkunci"):
        reader.open_export(path)
