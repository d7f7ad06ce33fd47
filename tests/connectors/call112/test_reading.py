"""The logs of tickets, as a whole: what becomes a complaint, what is only counted, and what is kept of it."""

import csv
import json
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import openpyxl
import pytest

from connectors.call112.export import open_export
from connectors.call112.kept import Origin
from connectors.call112.profiles import profile_named
from connectors.call112.records import record_of
from connectors.call112.settings import Settings
from connectors.call112.translate import read
from hub.contract import Counted, Mapping, Raw, Report, StatusNews, Unreadable

FILES = Path(__file__).parent / "files"
YEAR = FILES / "laporan_insiden_2026.xlsx"
APP = FILES / "kejadian_2026.csv"
WIB = ZoneInfo("Asia/Jakarta")
NUISANCE = {"prank", "ghost", "silent", "bot"}

ROW = {
    "NO": "1",
    "NO TIKET": "112-260106-00005",
    "WAKTU LAPOR": "06/01/2026 06:56",
    "Tipe Laporan": "Normal",
    "KATEGORI": "PJU",
    "Sub Kategori 1": "PJU PADAM",
    "NO. TELP PENELPON": "081100001234",
    "LOKASI KEJADIAN": "Jl. Veteran",
    "KECAMATAN": "Pekalongan Barat",
    "KELURAHAN": "Bendan Kergon",
    "KOORDINAT": "-6.889063, 109.670911",
    "URAIAN LAPORAN": "Lampu jalan padam seminggu.",
    "OPD TUJUAN": "Dinas Perhubungan",
    "STATUS": "Proses",
    "WAKTU SELESAI": "",
    "LINK REKAMAN": "https://rekaman.contoh.example/112/00005.wav",
    "KET.": "",
}


class Reader:
    """Reads with the words and profiles of the repository."""

    def __init__(self, settings: Settings, mapping: Mapping) -> None:
        self.settings, self.mapping = settings, mapping

    def items(self, path: Path) -> list[Raw | Counted]:
        return list(open_export(path, settings=self.settings, mapping=self.mapping).raws)

    def item(self, profile: str = "surabaya", **changed: str) -> Raw | Counted:
        return record_of(
            ROW | changed,
            profile=profile_named(self.mapping, profile),
            origin=Origin("laporan.xlsx", 27),
            settings=self.settings,
            mapping=self.mapping,
        )

    def news(self, item: Raw | Counted) -> list[Any]:
        if isinstance(item, Counted):
            return [item]
        return list(read(item, settings=self.settings, mapping=self.mapping))

    def all_news(self, path: Path) -> Iterator[Any]:
        for item in self.items(path):
            yield from self.news(item)

    def row(self, **changed: str) -> list[Any]:
        return self.news(self.item(**changed))

    def report(self, **changed: str) -> Report:
        [report] = [each for each in self.row(**changed) if isinstance(each, Report)]
        return report


@pytest.fixture
def reader(new_settings: Callable[..., Settings], mapping: Mapping) -> Reader:
    return Reader(new_settings(), mapping)


@pytest.fixture(scope="module")
def truth() -> dict[str, dict[str, str]]:
    with (FILES / "laporan_insiden_2026_key.csv").open(newline="") as file:
        return {row["ticket"]: row for row in csv.DictReader(file)}


def counts(news: Iterator[Any] | list[Any]) -> Counter[str]:
    return Counter(
        each.word if isinstance(each, Counted) else type(each).__name__ for each in news
    )


def test_every_row_of_the_yearly_sheet_is_counted_once_and_every_city_matter_reported(
    reader: Reader,
) -> None:
    assert counts(reader.all_news(YEAR)) == {
        "emergency": 105,
        "information": 88,
        "complaint": 91,
        "prank": 46,
        "ghost": 31,
        "silent": 19,
        "Report": 91,
        "StatusNews": 91,
    }


def test_every_row_of_the_log_of_the_app_is_counted_once(reader: Reader) -> None:
    assert counts(reader.all_news(APP)) == {
        "emergency": 141,
        "complaint": 97,
        "rejected": 9,
        "prank": 6,
        "silent": 5,
        "ghost": 2,
        "Report": 97,
        "StatusNews": 97 + 9,
    }


def test_what_is_counted_agrees_with_the_true_types(
    reader: Reader, truth: dict[str, dict[str, str]]
) -> None:
    words = {
        each.key.rpartition(":")[2]: each.word
        for each in reader.all_news(YEAR)
        if isinstance(each, Counted)
    }
    assert words.keys() == truth.keys()
    kinds = {"Prank": {"prank"}, "Ghost": {"ghost"}, "Silent": {"silent"}}
    kinds |= {"Information": {"information"}, "Normal": {"complaint"}}
    kinds |= {"Emergency": {"emergency", "complaint"}}
    wrong = [ticket for ticket, row in truth.items() if words[ticket] not in kinds[row["type"]]]
    assert wrong == []
    topics = {truth[ticket]["topic"] for ticket, word in words.items() if word == "complaint"}
    assert not topics & {"kebakaran", "banjir", "kecelakaan", "darurat_medis", "kriminalitas"}


def test_times_of_all_380_rows_agree_with_the_true_ones_as_far_as_they_are_written(
    reader: Reader, truth: dict[str, dict[str, str]]
) -> None:
    # All 380 rows as reports, that their times can be seen.
    book = openpyxl.load_workbook(YEAR, read_only=True)
    sheet = book["DATA"]
    exact, day_only = 0, []
    for cells in sheet.iter_rows(min_row=7, values_only=True):
        if not isinstance(cells[0], int):
            continue
        ticket, written = str(cells[1]), cells[2]
        text = written.isoformat(" ") if isinstance(written, datetime) else str(written)
        said = reader.report(**{"NO TIKET": ticket, "WAKTU LAPOR": text}).said_at
        true = datetime.fromisoformat(truth[ticket]["true_local_time"])
        assert said.astimezone(WIB).date() == true.date(), ticket
        if abs((said - true).total_seconds()) < 60:
            exact += 1
        else:
            day_only.append(text)
    book.close()
    assert exact == 374
    assert day_only == ["-", "19/01/2026 24:17", "-", "-", "06/06/2026 24:03", "11/10/2026"]


def test_numbers_names_and_words_of_nuisance_calls_are_nowhere(reader: Reader) -> None:
    for item in (*reader.items(YEAR), *reader.items(APP)):
        if isinstance(item, Counted):
            assert item.word in NUISANCE
            continue
        row = json.loads(item.body)["row"]
        said = f"{row.get('Tipe Laporan', '')} {row.get('kejadian', '')}".lower()
        assert not any(word in said for word in NUISANCE)


def test_neither_recording_nor_name_of_a_caller_is_kept(reader: Reader) -> None:
    items = (*reader.items(YEAR), *reader.items(APP))
    bodies = b"".join(item.body for item in items if isinstance(item, Raw))
    assert b"rekaman.contoh" not in bodies
    with APP.open(newline="", encoding="utf-8") as file:
        names = {row["nama_pelapor"] for row in csv.DictReader(file)} - {"-"}
    assert len(names) > 10
    assert not [name for name in names if name.encode() in bodies]


def test_the_name_of_a_caller_is_taken_out_of_the_notes_as_well(reader: Reader) -> None:
    profile = profile_named(reader.mapping, "sumenep")
    cells = {
        "id": "1",
        "kejadian": "ADUAN PJU",
        "tanggal_terima": "3 Mei 2026 20.11",
        "approve": "1",
        "ket": "Bapak warga rekaan melaporkan lampu padam, telepon 081100001234.",
        "nama_pelapor": "Warga Rekaan",
    }
    item = record_of(
        cells, profile=profile, origin=Origin("a.csv", 2), settings=reader.settings, mapping=reader.mapping
    )  # fmt: skip
    [report] = [each for each in reader.news(item) if isinstance(each, Report)]
    assert report.text == "Bapak [disensor] melaporkan lampu padam, telepon [disensor]."
    assert report.person is None


def test_a_report_says_what_the_row_says(reader: Reader) -> None:
    count, report, status = reader.row()
    assert (count.word, str(count.day)) == ("complaint", "2026-01-06")
    assert report.external_id == "112-260106-00005"
    assert report.said_at == datetime(2026, 1, 5, 23, 56, tzinfo=UTC)
    assert report.text == "Lampu jalan padam seminggu."
    assert report.category == "penerangan"
    assert report.person is not None
    assert report.person.aliases == ("phone:6281100001234",)
    assert report.person.address == {"phone": "6281100001234"}
    assert report.person.name is None
    assert report.place is not None
    assert (report.place.latitude, report.place.longitude) == (-6.889063, 109.670911)
    assert report.place.words == "Jl. Veteran, Bendan Kergon, Pekalongan Barat"
    assert report.facts["OPD tujuan"] == "Dinas Perhubungan"
    assert report.repeat_within is not None
    assert report.repeat_within.total_seconds() == 30 * 60
    assert not report.wants_news
    assert (status.theirs, status.status) == ("Proses", "in_progress")


@pytest.mark.parametrize(
    ("kind", "category", "finer", "word", "ours"),
    [
        ("Emergency", "POHON", "PERANTINGAN", "complaint", "pohon"),
        ("emergency ", "PJU", "", "complaint", "penerangan"),
        ("EMERGENCY", "KEBAKARAN", "KEBAKARAN RUMAH", "emergency", None),
        ("Emergency", "KEBAKARAN", "PEMBAKARAN SAMPAH", "emergency", None),
        ("Normal ", "KEBAKARAN", "PEMBAKARAN SAMPAH", "complaint", "lingkungan"),
        ("NORMAL", "KEBAKARAN", "", "emergency", None),
        ("Pengaduan", "jalan  rusak", "", "complaint", "jalan"),
        ("Normal", "INFORMASI", "BANTUAN SOSIAL", "complaint", "bansos"),
        ("Normal", "INFORMASI", "NOMOR PENTING", "information", None),
        ("Non  Pengaduan", "PJU", "", "information", None),
        ("Informasi umum", "APA SAJA", "", "information", None),
        ("Silent  Call", "SILENT", "", "silent", None),
        ("PRANK", "KEBAKARAN", "", "prank", None),
        ("Normal", "prank", "", "prank", None),
        ("Robot", "", "", "bot", None),
    ],
)
def test_type_and_category_decide(
    reader: Reader, kind: str, category: str, finer: str, word: str, ours: str | None
) -> None:
    news = reader.row(**{"Tipe Laporan": kind, "KATEGORI": category, "Sub Kategori 1": finer})
    assert news[0].word == word
    reports = [each for each in news if isinstance(each, Report)]
    assert [each.category for each in reports] == ([ours] if ours else [])


def test_information_becomes_a_complaint_only_where_the_city_wants_it(
    new_settings: Callable[..., Settings], mapping: Mapping
) -> None:
    asking = {"Tipe Laporan": "Informasi", "KATEGORI": "INFORMASI", "Sub Kategori 1": ""}
    count, report, _ = Reader(new_settings(information="complaint"), mapping).row(**asking)
    assert count.word == "information"
    assert report.category is None
    assert counts(Reader(new_settings(), mapping).row(**asking)) == {"information": 1}


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        (
            {"WAKTU LAPOR": "31/02/2026"},
            "laporan.xlsx, baris 27, kolom WAKTU LAPOR tidak terbaca: '31/02/2026'",
        ),
        (
            {"WAKTU LAPOR": "", "NO TIKET": "A1"},
            "laporan.xlsx, baris 27, kolom WAKTU LAPOR kosong",
        ),
        (
            {"Tipe Laporan": "Curhat"},
            (
                "laporan.xlsx, baris 27, kolom Tipe Laporan tidak dikenal: 'Curhat'; "
                "tambahkan pada [types] di mappings/call112.toml"
            ),
        ),
        (
            {"KATEGORI": "UFO", "Sub Kategori 1": "PIRING"},
            (
                "laporan.xlsx, baris 27, kolom KATEGORI tidak dikenal: 'UFO'; "
                "tambahkan pada [category_in] atau [emergency] di mappings/call112.toml"
            ),
        ),
        (
            {"Tipe Laporan": "081100001234"},
            (
                "laporan.xlsx, baris 27, kolom Tipe Laporan tidak dikenal: '[disensor]'; "
                "tambahkan pada [types] di mappings/call112.toml"
            ),
        ),
    ],
)
def test_what_cannot_be_read_is_named_with_file_row_and_column(
    reader: Reader, changed: dict[str, str], sentence: str
) -> None:
    [news] = reader.row(**changed)
    assert isinstance(news, Unreadable)
    assert news.reason == sentence


def test_a_row_is_read_again_once_its_word_is_known(
    new_settings: Callable[..., Settings], mapping: Mapping
) -> None:
    tables = dict(mapping.tables)
    poor = Mapping.from_tables(
        "call112",
        tables
        | {"category_in": {k: v for k, v in tables["category_in"].items() if "pju" not in k}},
    )
    item = Reader(new_settings(), poor).item()
    assert counts(Reader(new_settings(), poor).news(item)) == {"Unreadable": 1}
    assert counts(Reader(new_settings(), mapping).news(item)) == {
        "complaint": 1,
        "Report": 1,
        "StatusNews": 1,
    }


def test_a_prank_whose_day_nobody_knows_is_shown_without_anything_of_it(reader: Reader) -> None:
    item = reader.item(**{"Tipe Laporan": "Prank", "NO TIKET": "", "WAKTU LAPOR": "081100001234"})
    assert isinstance(item, Raw)
    assert json.loads(item.body)["row"] == {"Tipe Laporan": "prank", "WAKTU LAPOR": ""}
    [news] = reader.news(item)
    assert news.reason == "laporan.xlsx, baris 27, kolom WAKTU LAPOR kosong atau tidak terbaca"


def test_a_row_that_is_rejected_later_archives_its_complaint(reader: Reader) -> None:
    cells = {
        "id": "7",
        "kejadian": "ADUAN PJU",
        "tanggal_terima": "3 Mei 2026 20.11",
        "ket": "Gelap.",
    }
    news = []
    for approve, done in (("0", "-"), ("1", "4 Mei 2026 08:00"), ("2", "4 Mei 2026 08:00")):
        item = record_of(
            cells | {"approve": approve, "tanggal_selesai": done},
            profile=profile_named(reader.mapping, "sumenep"),
            origin=Origin("a.csv", 2, "2026-05-05T00:00:00+00:00"),
            settings=reader.settings,
            mapping=reader.mapping,
        )
        news.append(reader.news(item))
    assert [each[-1].theirs for each in news] == ["baru", "selesai", "ditolak"]
    assert [each[-1].status for each in news] == ["received", "closed", "archived"]
    assert [each[-1].at for each in news] == sorted(each[-1].at for each in news)
    assert [each[0].word for each in news] == ["complaint", "complaint", "rejected"]
    assert len({each[-1].external_id for each in news}) == 1


def test_whatever_a_cell_holds_a_key_keeps_its_limit(reader: Reader) -> None:
    for each in reader.row(**{"NO TIKET": "x" * 999, "STATUS": "kata " * 999}):
        assert len(each.key) <= 300


def test_a_row_that_moved_on_is_the_same_report_with_a_new_status(reader: Reader) -> None:
    before = reader.item()
    after = reader.item(**{"STATUS": "Close Ticket", "WAKTU SELESAI": "07/01/2026 10:30"})
    assert isinstance(before, Raw)
    assert isinstance(after, Raw)
    assert before.key != after.key
    (count, report, status), (count2, report2, status2) = map(reader.news, (before, after))
    assert (count.key, report.key) == (count2.key, report2.key)
    assert status.key != status2.key
    assert status2.status == "closed"
    assert status2.at == datetime(2026, 1, 7, 3, 30, tzinfo=UTC)
    assert status.at < status2.at


def test_a_type_corrected_later_counts_the_same_call_anew(reader: Reader) -> None:
    counted = reader.item(**{"Tipe Laporan": "Prank"})
    [first, *_] = reader.row()
    assert isinstance(counted, Counted)
    assert counted.key == first.key
    assert (counted.word, first.word) == ("prank", "complaint")


def test_the_place_of_a_row_in_its_file_makes_it_no_other_row(reader: Reader) -> None:
    first, second = reader.item(), reader.item(NO="99")
    assert isinstance(first, Raw)
    assert isinstance(second, Raw)
    assert first.key == second.key


def test_an_empty_cell_is_as_good_as_none(reader: Reader) -> None:
    first, second = reader.item(), reader.item(**{"SUB KATEGORI 2": ""})
    assert isinstance(first, Raw)
    assert isinstance(second, Raw)
    assert first.key == second.key


def test_every_row_has_a_key_of_its_own_and_keeps_it(reader: Reader) -> None:
    for path in (YEAR, APP):
        keys = [item.key for item in reader.items(path)]
        assert len(set(keys)) == len(keys)
        assert [item.key for item in reader.items(path)] == keys


def test_a_call_without_a_ticket_is_known_by_number_hour_and_category(reader: Reader) -> None:
    nameless = {"NO TIKET": ""}
    first, again = reader.report(**nameless), reader.report(**nameless, STATUS="Selesai")
    other = reader.report(**nameless, **{"NO. TELP PENELPON": "081100009999"})
    assert first.external_id == again.external_id != other.external_id
    assert "1100001234" not in first.external_id


def test_only_who_asked_to_be_told_is_told_and_only_where_the_city_wants_it(
    new_settings: Callable[..., Settings], mapping: Mapping
) -> None:
    asked = {"KET.": "Pelapor MINTA  DIKABARI sore"}
    assert Reader(new_settings(callback=True), mapping).report(**asked).wants_news
    assert not Reader(new_settings(callback=True), mapping).report().wants_news
    assert not Reader(new_settings(), mapping).report(**asked).wants_news


def test_words_of_status_nobody_knows_are_passed_on_as_they_are(reader: Reader) -> None:
    [status] = [each for each in reader.row(STATUS="Entah") if isinstance(each, StatusNews)]
    assert (status.theirs, status.status) == ("Entah", None)


def test_a_point_outside_the_city_is_told_but_not_used(reader: Reader) -> None:
    report = reader.report(KOORDINAT="-7.25, 112.75")
    assert report.place is not None
    assert not report.place.has_point
    assert report.facts["Koordinat"] == "-7.25, 112.75 (di luar wilayah kota, tidak dipakai)"


def test_the_hour_that_cannot_be_is_told_beside_the_day(reader: Reader) -> None:
    report = reader.report(**{"NO TIKET": "112-260119-00057", "WAKTU LAPOR": "19/01/2026 24:17"})
    assert report.said_at == datetime(2026, 1, 18, 17, tzinfo=UTC)
    assert report.facts["Waktu lapor"] == "jam tertulis 19/01/2026 24:17; hari dari nomor tiket"
