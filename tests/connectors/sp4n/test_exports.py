import csv
import json
import os
import re
from collections import Counter
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from connectors.sp4n import payloads
from hub.contract import Mapping, Report, StatusNews, Unreadable, UnreadableError
from tests.connectors.sp4n.conftest import EXPORTS
from tests.contract.as_json import as_json

FILES = {
    "laporan_ringkas.xlsx": 400,
    "laporan_ringkas_lama_21.csv": 120,
    "laporan_ringkas_lama_20.csv": 120,
}
every_export = pytest.mark.parametrize("name", FILES)
HEADER = ("Tracking ID", "Tanggal Laporan Masuk", "Waktu Laporan Masuk", "Isi Laporan Awal")
SHORT = (*HEADER, "Status Laporan")
ROW = ("9000001", "9 Jan 2026", "04:05:34", "Lampu padam di Jl. Veteran", "Terverifikasi")


def news_of(reader: Any, path: Path) -> list[Any]:
    return [news for raw in reader.open_export(path).raws for news in reader.read(raw)]


def of(kind: type, news: list[Any]) -> list[Any]:
    return [each for each in news if isinstance(each, kind)]


@pytest.fixture
def new_csv(tmp_path: Path) -> Callable[..., Path]:
    def new(*rows: tuple[str, ...], delimiter: str = ",", encoding: str = "utf-8-sig") -> Path:
        path = tmp_path / "ekspor.csv"
        with path.open("w", newline="", encoding=encoding) as file:
            csv.writer(file, delimiter=delimiter).writerows(rows)
        return path

    return new


@every_export
def test_every_row_of_an_export_becomes_a_report_and_a_status(reader: Any, name: str) -> None:
    export = reader.open_export(EXPORTS / name)
    raws = list(export.raws)
    news = [each for raw in raws for each in reader.read(raw)]
    assert export.total == len(raws) == FILES[name]
    assert export.remarks == ()
    assert len({raw.key for raw in raws}) == FILES[name]
    assert Counter(type(each) for each in news) == {Report: FILES[name], StatusNews: FILES[name]}
    assert all(each.status for each in of(StatusNews, news))


def test_statuses_are_those_of_the_cells(reader: Any, mapping: Mapping) -> None:
    path = EXPORTS / "laporan_ringkas_lama_21.csv"
    with path.open(newline="", encoding="utf-8-sig") as file:
        cells = {row["Tracking ID"]: row["Status Laporan"] for row in csv.DictReader(file)}
    seen = {each.external_id: each for each in of(StatusNews, news_of(reader, path))}
    assert {key: each.theirs for key, each in seen.items()} == cells
    assert {key: each.status for key, each in seen.items()} == {
        key: mapping.to_status(word) for key, word in cells.items()
    }


def test_times_are_utc_though_the_file_does_not_say_so(reader: Any) -> None:
    with (EXPORTS / "laporan_ringkas_key.csv").open(newline="") as file:
        truth = {
            row["tracking_id"]: datetime.fromisoformat(row["true_local_time"])
            for row in csv.DictReader(file)
        }
    reports = of(Report, news_of(reader, EXPORTS / "laporan_ringkas.xlsx"))
    assert {each.external_id: each.said_at for each in reports} == truth


@every_export
def test_no_name_and_no_long_number_leaves_an_export(reader: Any, name: str) -> None:
    for report in of(Report, news_of(reader, EXPORTS / name)):
        assert report.person is None
        assert payloads.REPORTER not in report.facts
        for text in (report.text, report.title or "", *report.facts.values()):
            assert not re.search(r"\d{14}", text)


def test_what_the_portal_redacted_stays_redacted(reader: Any) -> None:
    texts = [each.text for each in of(Report, news_of(reader, EXPORTS / "laporan_ringkas.xlsx"))]
    assert sum("[NOMOR KTP DISENSOR]" in text for text in texts) > 5
    assert sum("NIK [disensor]" in text for text in texts) == 9


def test_an_earlier_tracking_id_in_a_text_is_no_phone_number(reader: Any) -> None:
    reports = of(Report, news_of(reader, EXPORTS / "laporan_ringkas.xlsx"))
    quoting = [each.text for each in reports if "laporan saya nomor" in each.text]
    assert quoting
    assert all(re.search(r"nomor (?:#|ID )?\d{7,8}", text) for text in quoting)


def test_texts_are_readable_again(reader: Any) -> None:
    texts = [each.text for name in FILES for each in of(Report, news_of(reader, EXPORTS / name))]
    worn = re.compile(r"\\n|&(?:amp|quot|nbsp|lt|#39);|â€|ðŸ|  |\xa0")
    assert not [text for text in texts if worn.search(text)]
    assert any("“" in text for text in texts)
    assert any("🙏" in text for text in texts)


@every_export
def test_the_same_file_again_is_the_same_thing_again(reader: Any, name: str) -> None:
    first, again = (reader.open_export(EXPORTS / name) for _ in range(2))
    assert [raw.key for raw in first.raws] == [raw.key for raw in again.raws]
    assert as_json(news_of(reader, EXPORTS / name)) == as_json(news_of(reader, EXPORTS / name))


def test_a_changed_status_is_news_about_the_same_report(
    reader: Any, new_csv: Callable[..., Path]
) -> None:
    before = news_of(reader, new_csv(SHORT, ROW))
    after = news_of(reader, new_csv(SHORT, (*ROW[:4], "Ditutup oleh Sistem")))
    assert before[0].key == after[0].key
    assert before[1].key != after[1].key


def test_a_status_that_comes_back_in_a_later_file_is_news_again(
    reader: Any, tmp_path: Path
) -> None:
    keys = {
        news_of(reader, sheet(tmp_path, day, SHORT, ROW))[1].key
        for day in ("2026-02-01", "2026-02-08")
    }
    assert len(keys) == 2


@pytest.mark.parametrize(
    "days",
    [
        ("2026-02-01", "2026-02-02", "2026-02-03"),
        ("2026-02-01", "2026-02-01", "2026-02-01"),
        ("kemarin", "hari ini", "barusan"),
        (None, None, None),
    ],
)
def test_a_status_that_returns_is_news_though_its_row_was_seen_before(
    reader: Any, tmp_path: Path, days: tuple[str | None, ...]
) -> None:
    words = ("Terverifikasi", "Menunggu Kelengkapan Informasi", "Terverifikasi")
    raws = []
    for hour, (day, word) in enumerate(zip(days, words, strict=True)):
        path = sheet(tmp_path, day, SHORT, (*ROW[:4], word))
        os.utime(path, (hour * 3600, hour * 3600))
        raws += reader.open_export(path).raws
    assert raws[0].key == raws[2].key != raws[1].key
    news = [of(StatusNews, list(reader.read(raw)))[0] for raw in raws]
    assert len({each.key for each in news}) == 3
    assert [each.at for each in news] == sorted(each.at for each in news)


def test_a_row_that_did_not_change_is_the_same_row_in_a_later_file(
    reader: Any, tmp_path: Path
) -> None:
    paths = [sheet(tmp_path, day, SHORT, ROW) for day in ("2026-02-01", "2026-02-08")]
    assert len({raw.key for path in paths for raw in reader.open_export(path).raws}) == 1


@pytest.mark.parametrize(
    ("generated", "at"),
    [
        ("2026-02-01", "2026-02-01T00:00:00+00:00"),
        ("2026-02-01 13:30:00", "2026-02-01T13:30:00+00:00"),
        ("2026-02-01T13:30:00", "2026-02-01T13:30:00+00:00"),
        ("1 Februari 2026", "2026-02-01T00:00:00+00:00"),
        ("01 Feb 2026 13:30", "2026-02-01T13:30:00+00:00"),
        ("01/02/2026 13:30", "2026-02-01T13:30:00+00:00"),
        ("entah", "2026-01-09T04:05:34+00:00"),
    ],
)
def test_the_day_of_an_export_is_understood_however_it_is_written(
    reader: Any, tmp_path: Path, generated: str, at: str
) -> None:
    _, status = news_of(reader, sheet(tmp_path, generated, SHORT, ROW))
    assert status.at.isoformat() == at


def test_whatever_a_cell_holds_a_key_keeps_its_limit(reader: Any, tmp_path: Path) -> None:
    path = sheet(tmp_path, "x" * 999, SHORT, (*ROW[:4], "kata " * 999))
    assert all(len(news.key) <= 300 for news in news_of(reader, path))


def test_a_status_is_never_older_than_its_report(reader: Any, tmp_path: Path) -> None:
    report, status = news_of(reader, sheet(tmp_path, "2026-01-09", SHORT, ROW))
    assert status.at == report.said_at


def sheet(folder: Path, generated: str | None, *rows: tuple[Any, ...]) -> Path:
    book = openpyxl.Workbook()
    page = book.active
    assert page is not None
    page.append(("Tanggal Generate", None, generated))
    page.append(())
    for row in rows:
        page.append(row)
    path = folder / "ekspor.xlsx"
    book.save(path)
    book.close()
    return path


def test_a_file_saved_again_in_excel_is_read_all_the_same(reader: Any, tmp_path: Path) -> None:
    path = sheet(
        tmp_path,
        "2026-02-01",
        SHORT,
        (9000001, datetime(2026, 1, 9), datetime(1900, 1, 1, 4, 5, 34).time(), *ROW[3:]),  # noqa: DTZ001 - cells know no zone
        (9000002.0, "9 Januari 2026", "04.05.34", *ROW[3:]),
    )
    reports = of(Report, news_of(reader, path))
    assert [each.external_id for each in reports] == ["9000001", "9000002"]
    assert {each.said_at.isoformat() for each in reports} == {"2026-01-09T04:05:34+00:00"}


@pytest.mark.parametrize(
    ("delimiter", "encoding"), [(",", "utf-8"), (";", "utf-8-sig"), ("\t", "cp1252")]
)
def test_delimiters_and_encodings_are_found_out(
    reader: Any, new_csv: Callable[..., Path], delimiter: str, encoding: str
) -> None:
    row = (*ROW[:3], "Lampu padam;\r\n“dua” malam, tolong", ROW[4])
    path = new_csv(SHORT, row, delimiter=delimiter, encoding=encoding)
    assert news_of(reader, path)[0].text == "Lampu padam;\n“dua” malam, tolong"


def test_columns_go_by_name_in_any_order_and_unknown_ones_are_kept(
    reader: Any, new_csv: Callable[..., Path]
) -> None:
    header = ("Tracking ID", "Kolom Baru", *reversed(SHORT[1:]))
    path = new_csv(header, ("9000001", "=isi+baru", *reversed(ROW[1:])))
    [remark] = reader.open_export(path).remarks
    assert remark.startswith("ekspor.csv, baris 1: kolom 'Kolom Baru' belum dikenal")
    report = news_of(reader, path)[0]
    assert report.text == ROW[3]
    assert report.facts == {"Kolom Baru": "=isi+baru"}


def test_columns_typed_again_in_capitals_are_still_known(
    reader: Any, new_csv: Callable[..., Path]
) -> None:
    header = (*(name.upper() for name in SHORT), "  nama  pelapor ")
    path = new_csv(header, (*ROW, "Warga Rekaan"))
    report, status = news_of(reader, path)
    assert reader.open_export(path).remarks == ()
    assert status.theirs == "Terverifikasi"
    assert "Warga Rekaan" not in json.dumps(as_json(report))


def test_empty_rows_and_a_repeated_header_are_no_rows(
    reader: Any, new_csv: Callable[..., Path]
) -> None:
    export = reader.open_export(new_csv(SHORT, ("",) * 5, ROW, SHORT, ROW))
    assert export.total == len(list(export.raws)) == 2


def test_a_bad_row_is_named_and_its_neighbours_are_read(
    reader: Any, new_csv: Callable[..., Path]
) -> None:
    path = new_csv(SHORT, ROW, ("", *ROW[1:]), ("9000003", "kemarin", *ROW[2:]), ROW)
    news = news_of(reader, path)
    assert [each.reason for each in of(Unreadable, news)] == [
        "ekspor.csv, baris 3, kolom Tracking ID kosong",
        "ekspor.csv, baris 4, kolom Tanggal Laporan Masuk tidak terbaca: 'kemarin'",
    ]
    assert len(of(Report, news)) == 2


def test_a_missing_status_column_is_remarked(reader: Any, new_csv: Callable[..., Path]) -> None:
    remarks = reader.open_export(new_csv(HEADER, ROW[:4])).remarks
    assert remarks == ("ekspor.csv, baris 1: kolom 'Status Laporan' tidak ada.",)


def test_a_file_without_the_header_is_refused_with_a_sentence(
    reader: Any, new_csv: Callable[..., Path]
) -> None:
    with pytest.raises(UnreadableError, match=r"ekspor\.csv: tidak ada baris judul"):
        reader.open_export(new_csv(("Nomor", "Tanggal"), ("1", "2")))


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"\xd0\xcf\x11\xe0 biff", "format .xls lama"),
        (b"PK\x03\x04 rusak", "berkas rusak atau bukan Laporan Ringkas"),
        (b"", "tidak ada baris judul"),
        (b"\x00\x01\x02\xff\xfe", "."),
    ],
)
def test_whatever_is_no_export_is_refused_with_a_sentence(
    reader: Any, tmp_path: Path, content: bytes, sentence: str
) -> None:
    path = tmp_path / "bukan.xlsx"
    path.write_bytes(content)
    with pytest.raises(UnreadableError, match=sentence):
        reader.open_export(path)


def test_a_quote_that_never_closes_is_refused_with_a_sentence(reader: Any, tmp_path: Path) -> None:
    path = tmp_path / "ekspor.csv"
    path.write_text(f'{",".join(SHORT)}\n9000001,9 Jan 2026,04:05:34,"{"banjir " * 30_000}')
    with pytest.raises(UnreadableError, match=r"ekspor\.csv: berkas rusak"):
        reader.open_export(path)
