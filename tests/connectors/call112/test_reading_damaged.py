"""Files as they come from a hurried office: each damage is one sentence, and the good rows are in."""

import csv
import re
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile

import openpyxl
import pytest

from connectors.call112.export import open_export
from connectors.call112.settings import Settings
from connectors.call112.translate import read
from hub.contract import Counted, ImportFile, Mapping, Raw, Report, Unreadable, UnreadableError

FILES = Path(__file__).parent / "files"
YEAR = FILES / "laporan_insiden_2026.xlsx"
APP = FILES / "kejadian_2026.csv"
QUEUE = FILES / "queue_log"
CDR = FILES / "cdr_master.csv"


@pytest.fixture
def opened(new_settings: Callable[..., Settings], mapping: Mapping) -> Callable[..., ImportFile]:
    return lambda path, **given: open_export(path, settings=new_settings(**given), mapping=mapping)


@pytest.fixture
def news_of(new_settings: Callable[..., Settings], mapping: Mapping) -> Callable[..., list[Any]]:
    def of(items: list[Raw | Counted]) -> list[Any]:
        raws = [item for item in items if isinstance(item, Raw)]
        return [
            each for raw in raws for each in read(raw, settings=new_settings(), mapping=mapping)
        ]

    return of


def odd(file: ImportFile) -> list[str]:
    """The remarks but those on the profile and on what is missing."""
    usual = re.compile(r"Profil |.* rekap 112 mewajibkan keduanya\.$")
    return [sentence for sentence in file.remarks if not usual.match(sentence)]


def keys(file: ImportFile) -> list[str]:
    return [item.key for item in file.raws]


def spoiled(tmp_path: Path, source: Path, change: Callable[[bytes], bytes]) -> Path:
    path = tmp_path / source.name
    path.write_bytes(change(source.read_bytes()))
    return path


def saved(tmp_path: Path, change: Callable[[Any], None], name: str = YEAR.name) -> Path:
    """The yearly sheet after somebody changed it in a spreadsheet."""
    book = openpyxl.load_workbook(YEAR)
    change(book["DATA"])
    path = tmp_path / name
    book.save(path)
    book.close()
    return path


def as_excel_saves_it(path: Path) -> Path:
    """The cells of the yearly sheet as numbers of words, which stand in a part behind the sheet."""
    with ZipFile(YEAR) as book:
        parts = {name: book.read(name).decode() for name in book.namelist()}
    words: list[str] = []

    def number(found: re.Match[str]) -> str:
        words.append(found[1])
        return f't="s"><v>{len(words) - 1}</v>'

    inline = re.compile(r't="inlineStr"><is><t[^>]*>(.*?)</t></is>', re.DOTALL)
    for name in ("xl/worksheets/sheet1.xml", "xl/worksheets/sheet2.xml"):
        parts[name] = inline.sub(number, parts[name])
    main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    listed = "".join(f'<si><t xml:space="preserve">{word}</t></si>' for word in words)
    parts["xl/sharedStrings.xml"] = f'<sst xmlns="{main}">{listed}</sst>'
    types = "application/vnd.openxmlformats-officedocument.spreadsheetml.sharedStrings+xml"
    override = f'<Override PartName="/xl/sharedStrings.xml" ContentType="{types}"/></Types>'
    parts["[Content_Types].xml"] = parts["[Content_Types].xml"].replace("</Types>", override)
    with ZipFile(path, "w", ZIP_DEFLATED) as book:
        for name, text in parts.items():
            book.writestr(name, text)
    return path


def test_the_good_files_give_no_sentence_but_on_letters(opened: Callable[..., ImportFile]) -> None:
    assert odd(opened(YEAR)) == odd(opened(APP)) == []
    assert odd(opened(QUEUE)) == [
        (
            "queue_log, baris 18, kolom CIDNAME: bukan UTF-8 (byte 0xA5); dibaca sebagai Latin-1 "
            "(begitu pula 33 baris lain)"
        ),
        "queue_log: 361 baris menjadi 93 panggilan; 9 baris bukan tentang panggilan.",
    ]
    assert odd(opened(CDR)) == [
        (
            "cdr_master.csv, baris 11, kolom clid: bukan UTF-8 (byte 0xA5); dibaca sebagai Latin-1 "
            "(begitu pula 116 baris lain)"
        ),
        "cdr_master.csv: 329 baris CDR menjadi 98 panggilan.",
    ]


def test_what_the_law_wants_and_a_log_does_not_have_is_one_sentence(
    opened: Callable[..., ImportFile],
) -> None:
    assert opened(YEAR).remarks[-1] == (
        "laporan_insiden_2026.xlsx: 22 baris tanpa nomor dan 88 tanpa lokasi, di luar prank dan "
        "panggilan kosong; rekap 112 mewajibkan keduanya."
    )


def test_a_byte_in_another_encoding_spoils_no_row(
    tmp_path: Path, opened: Callable[..., ImportFile], news_of: Callable[..., list[Any]]
) -> None:
    path = spoiled(
        tmp_path, APP, lambda data: data.replace(b"sampah menutup", b"sampah m\xe9nutup", 1)
    )
    file = opened(path)
    assert odd(file) == [
        "kejadian_2026.csv, baris 2, kolom ket: bukan UTF-8 (byte 0xE9); dibaca sebagai Latin-1"
    ]
    items = list(file.raws)
    assert len(items) == 260
    assert "sampah ménutup" in news_of(items[:1])[1].text


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "cp1252"])
def test_a_file_in_another_encoding_is_read_all_the_same(
    tmp_path: Path, opened: Callable[..., ImportFile], encoding: str
) -> None:
    text = APP.read_bytes().decode().replace("sampah menutup", "sampah \u2013 ménutup")
    path = tmp_path / APP.name
    path.write_bytes(text.encode(encoding))
    bodies = [item.body.decode() for item in opened(path).raws if isinstance(item, Raw)]
    assert len(bodies) == 247
    assert "sampah \u2013 ménutup" in bodies[0]


@pytest.mark.parametrize("delimiter", [";", "\t"])
def test_another_delimiter_is_found_out(
    tmp_path: Path, opened: Callable[..., ImportFile], delimiter: str
) -> None:
    path = tmp_path / APP.name
    with (
        APP.open(newline="", encoding="utf-8") as source,
        path.open("w", newline="", encoding="utf-8") as target,
    ):
        csv.writer(target, delimiter=delimiter).writerows(csv.reader(source))
    assert keys(opened(path)) == keys(opened(APP))


def test_a_csv_cut_in_the_middle_of_a_row_gives_the_rows_before(
    tmp_path: Path, opened: Callable[..., ImportFile]
) -> None:
    whole = APP.read_bytes()
    path = spoiled(tmp_path, APP, lambda data: data[: data.index(b"4259,") + 60])
    file = opened(path)
    [sentence] = odd(file)
    assert sentence == (
        "kejadian_2026.csv, baris 261, kolom alamat: baris terpotong, 3 dari 17 kolom; tidak diambil"
    )
    assert keys(file) == keys(opened(APP))[:259]
    assert file.total == 259
    assert len(path.read_bytes()) < len(whole)


def test_a_csv_cut_between_its_quotes_gives_the_rows_before(
    tmp_path: Path, opened: Callable[..., ImportFile]
) -> None:
    file = opened(spoiled(tmp_path, APP, lambda data: data[: data.index(b'4259,"LatLng') + 240]))
    [sentence] = odd(file)
    assert sentence.startswith("kejadian_2026.csv, baris 261, kolom ket: baris terpotong")
    assert len(keys(file)) == 259


def test_a_csv_without_its_last_line_end_says_what_may_be_missing(
    tmp_path: Path, opened: Callable[..., ImportFile]
) -> None:
    file = opened(spoiled(tmp_path, APP, lambda data: data.rstrip()))
    assert odd(file) == [
        (
            "kejadian_2026.csv, baris 261, kolom tahun: berkas tidak diakhiri baris baru; "
            "kolom ini mungkin terpotong"
        )
    ]
    assert keys(file) == keys(opened(APP))


def test_a_quote_that_never_closes_stops_the_file_there_with_a_sentence(
    tmp_path: Path, opened: Callable[..., ImportFile]
) -> None:
    path = spoiled(tmp_path, APP, lambda data: data + b'4260,"LatLng' + b"x" * 140_000)
    file = opened(path)
    assert odd(file) == [
        (
            "kejadian_2026.csv, baris 262, kolom id: tanda kutip tidak ditutup; baris ini dan "
            "sesudahnya tidak terbaca; tidak diambil"
        )
    ]
    assert len(keys(file)) == 260


@pytest.mark.parametrize("part", [0.3, 0.6, 0.9])
def test_an_xlsx_cut_in_the_middle_gives_the_rows_before(
    tmp_path: Path, opened: Callable[..., ImportFile], part: float
) -> None:
    path = spoiled(tmp_path, YEAR, lambda data: data[: int(len(data) * part)])
    file = opened(path)
    items = list(file.raws)
    [sentence] = odd(file)
    told = re.fullmatch(
        r"laporan_insiden_2026\.xlsx, baris (\d+), kolom [\w. ]+: berkas terpotong, terbaca sampai "
        r"di sini \((\d+) baris\); minta berkas yang utuh",
        sentence,
    )
    assert told
    assert int(told[2]) == len(items) > 380 * part * 0.8
    assert [item.key for item in items] == keys(opened(YEAR))[: len(items)]


def test_an_xlsx_without_its_list_of_parts_gives_all_its_rows(
    tmp_path: Path, opened: Callable[..., ImportFile]
) -> None:
    file = opened(spoiled(tmp_path, YEAR, lambda data: data[:-300]))
    assert odd(file) == [
        (
            "laporan_insiden_2026.xlsx, baris 396, kolom OPD TUJUAN: berkas terpotong, terbaca sampai "
            "di sini (380 baris); minta berkas yang utuh"
        )
    ]
    assert keys(file) == keys(opened(YEAR))


def test_an_xlsx_that_lost_the_words_of_its_cells_is_refused_with_a_sentence(
    tmp_path: Path, opened: Callable[..., ImportFile]
) -> None:
    path = as_excel_saves_it(tmp_path / "separuh.xlsx")
    excel = path.read_bytes()
    assert keys(opened(path)) == keys(opened(YEAR))
    path.write_bytes(excel[: excel.index(b"xl/sharedStrings.xml") - 40])
    with pytest.raises(UnreadableError, match=r"^separuh\.xlsx: berkas terpotong atau rusak"):
        opened(path)
    path.write_bytes(excel[:-300])
    assert keys(opened(path)) == keys(opened(YEAR))


def test_an_xlsx_of_which_nothing_is_left_is_refused_with_a_sentence(
    tmp_path: Path, opened: Callable[..., ImportFile]
) -> None:
    path = spoiled(tmp_path, YEAR, lambda data: data[:1200])
    with pytest.raises(UnreadableError, match=r"^laporan_insiden_2026\.xlsx: berkas terpotong"):
        opened(path)


def test_an_xlsx_with_a_spoiled_part_is_not_guessed_at(
    tmp_path: Path, opened: Callable[..., ImportFile]
) -> None:
    path = spoiled(tmp_path, YEAR, lambda data: data[:30_000] + bytes(200) + data[30_200:])
    with pytest.raises(UnreadableError, match="berkas terpotong atau rusak") as refused:
        opened(path)
    assert "minta berkas yang utuh" in str(refused.value)


def test_a_renamed_column_is_read_by_its_place_and_said(
    tmp_path: Path, opened: Callable[..., ImportFile]
) -> None:
    def rename(sheet: Any) -> None:
        sheet["C6"] = "Waktu Pengaduan"

    file = opened(saved(tmp_path, rename))
    assert odd(file) == [
        (
            "laporan_insiden_2026.xlsx, baris 6, kolom Waktu Pengaduan: tajuk baru, dibaca sebagai "
            "'waktu lapor' karena letaknya; bila benar, tambahkan pada mappings/call112/surabaya.toml"
        )
    ]
    assert keys(file) == keys(opened(YEAR))


def test_a_column_renamed_in_a_later_header_is_read_by_its_place_and_said(
    tmp_path: Path, opened: Callable[..., ImportFile]
) -> None:
    def rename(sheet: Any) -> None:
        sheet["M246"] = "Isi Laporan"

    file = opened(saved(tmp_path, rename))
    [sentence] = odd(file)
    assert sentence.startswith(
        "laporan_insiden_2026.xlsx, baris 246, kolom Isi Laporan: tajuk baru"
    )
    assert keys(file) == keys(opened(YEAR))


def test_a_column_that_is_new_is_named_and_not_kept(
    tmp_path: Path, opened: Callable[..., ImportFile]
) -> None:
    def add(sheet: Any) -> None:
        sheet["S6"] = "NAMA PENELPON"
        for row in range(7, 390):
            sheet.cell(row, 19, "Warga Rekaan")

    file = opened(saved(tmp_path, add))
    assert odd(file)[0] == (
        "laporan_insiden_2026.xlsx, baris 6, kolom NAMA PENELPON: tidak dikenal profil; "
        "isinya tidak dibaca"
    )
    assert not [item for item in file.raws if isinstance(item, Raw) and b"Rekaan" in item.body]


def test_two_columns_that_changed_places_go_by_name(
    tmp_path: Path, opened: Callable[..., ImportFile]
) -> None:
    def swap(sheet: Any) -> None:
        for row in range(6, 393):
            first, second = sheet.cell(row, 10), sheet.cell(row, 11)
            first.value, second.value = second.value, first.value

    file = opened(saved(tmp_path, swap))
    assert odd(file) == []
    assert keys(file) == keys(opened(YEAR))


def test_a_row_twice_is_said_and_taken_once(
    tmp_path: Path, opened: Callable[..., ImportFile]
) -> None:
    def double(sheet: Any) -> None:
        for column in range(1, 19):
            sheet.cell(393, column, sheet.cell(11, column).value)
        sheet.cell(393, 1, 381)

    file = opened(saved(tmp_path, double))
    assert odd(file) == [
        "laporan_insiden_2026.xlsx, baris 393, kolom NO TIKET: sama dengan baris 11; diambil sekali"
    ]
    assert set(keys(file)) == set(keys(opened(YEAR)))


def test_a_ticket_twice_with_other_words_is_said_and_both_are_read(
    tmp_path: Path, opened: Callable[..., ImportFile]
) -> None:
    def double(sheet: Any) -> None:
        for column in range(1, 19):
            sheet.cell(393, column, sheet.cell(11, column).value)
        sheet.cell(393, 15, "Proses")

    file = opened(saved(tmp_path, double))
    assert odd(file) == [
        (
            "laporan_insiden_2026.xlsx, baris 393, kolom NO TIKET: nomornya sudah ada di baris 11 "
            "dengan isi lain; keduanya dibaca"
        )
    ]
    assert len(set(keys(file))) == 381


def test_a_row_with_too_few_columns_is_named_and_its_neighbours_are_read(
    tmp_path: Path, opened: Callable[..., ImportFile]
) -> None:
    short = b'4300,"LatLng(-6.88, 109.67)",Jalan Merdeka\r\n'
    lines = APP.read_bytes().split(b"\r\n4001,")
    path = tmp_path / APP.name
    path.write_bytes(lines[0] + b"\r\n" + short + b"4001," + lines[1])
    file = opened(path)
    assert odd(file) == [
        "kejadian_2026.csv, baris 3, kolom alamat: baris terpotong, 3 dari 17 kolom; tidak diambil"
    ]
    assert keys(file) == keys(opened(APP))


def test_a_row_with_too_many_columns_is_not_guessed_at(
    tmp_path: Path, opened: Callable[..., ImportFile]
) -> None:
    extra = b"4300,,Jalan Merdeka, Gang 3,Kauman,Timur,PRANK,3 Mei 2026,-,2,iseng,-,-,-,-,-,05,2026\r\n"
    file = opened(spoiled(tmp_path, APP, lambda data: data + extra))
    assert odd(file) == [
        (
            "kejadian_2026.csv, baris 262, kolom tahun: baris kelebihan kolom, 18 untuk 17 tajuk; "
            "tidak diambil"
        )
    ]
    assert len(keys(file)) == 260


def test_one_bad_date_stops_nothing(
    tmp_path: Path, opened: Callable[..., ImportFile], news_of: Callable[..., list[Any]]
) -> None:
    def spoil(sheet: Any) -> None:
        sheet["C11"] = "31/02/2026"

    news = news_of(list(opened(saved(tmp_path, spoil)).raws))
    assert [each.reason for each in news if isinstance(each, Unreadable)] == [
        "laporan_insiden_2026.xlsx, baris 11, kolom WAKTU LAPOR tidak terbaca: '31/02/2026'"
    ]
    assert Counter(type(each) for each in news)[Report] == 90


def test_a_pin_outside_the_city_is_named(
    tmp_path: Path, opened: Callable[..., ImportFile]
) -> None:
    def move(sheet: Any) -> None:
        sheet["L11"] = "-7.25, 112.75"

    assert odd(opened(saved(tmp_path, move))) == [
        "laporan_insiden_2026.xlsx, baris 11, kolom KOORDINAT: titik di luar wilayah kota; tidak dipakai"
    ]


def test_a_sheet_a_month_is_one_file(tmp_path: Path, opened: Callable[..., ImportFile]) -> None:
    book = openpyxl.load_workbook(YEAR)
    copy = book.copy_worksheet(book["DATA"])
    copy.title = "FEBRUARI"
    copy.delete_rows(8, 400)
    copy["B7"] = "112-260102-90001"
    path = tmp_path / "dua.xlsx"
    book.save(path)
    book.close()
    file = opened(path)
    assert file.total == len(keys(file)) == 381
    assert (
        file.remarks[1]
        == "Profil surabaya dikenali: 18 dari 18 kolom, tajuk di baris 6, lembar FEBRUARI."
    )


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"\xd0\xcf\x11\xe0 biff", "format .xls lama"),
        (b"PK\x03\x04 rusak", "berkas terpotong atau rusak"),
        (b"", "tidak ada profil yang cocok"),
        (b"\x00\x01\x02\xff\xfe", "tidak ada profil yang cocok"),
        (
            b"nomor,tanggal\n1,2\n",
            "surabaya tidak menemukan kolom waktu lapor, tipe laporan, kategori",
        ),
    ],
)
def test_whatever_is_no_log_is_refused_with_a_sentence(
    tmp_path: Path, opened: Callable[..., ImportFile], content: bytes, sentence: str
) -> None:
    path = tmp_path / "bukan.xlsx"
    path.write_bytes(content)
    with pytest.raises(UnreadableError, match=r"^bukan\.xlsx: ") as refused:
        opened(path)
    assert sentence in str(refused.value)


def test_twenty_sentences_are_enough(tmp_path: Path, opened: Callable[..., ImportFile]) -> None:
    remarks = opened(spoiled(tmp_path, APP, lambda data: data + b"4300,-\r\n" * 30)).remarks
    assert len(remarks) == 22
    assert remarks[-2] == "kejadian_2026.csv: dan 11 catatan lain."


@pytest.mark.parametrize("name", ["laporan.xls", "laporan.xlsx.bak", "ekspor.php", "laporan"])
def test_a_workbook_is_one_whatever_its_name_ends_with(
    opened: Callable[..., ImportFile], tmp_path: Path, name: str
) -> None:
    path = tmp_path / name
    path.write_bytes(YEAR.read_bytes())
    assert keys(opened(path)) == keys(opened(YEAR))


def encrypted(book: bytes) -> bytes:
    """The same with the mark of a password on every part."""
    data = bytearray(book)
    for head, flags in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        at = data.find(head)
        while at >= 0:
            data[at + flags] |= 1
            at = data.find(head, at + 4)
    return bytes(data)


def packed_in_a_strange_way(book: bytes) -> bytes:
    """The same, where the parts claim a compression that nobody knows."""
    data = bytearray(book)
    for head, method in ((b"PK\x03\x04", 8), (b"PK\x01\x02", 10)):
        at = data.find(head)
        while at >= 0:
            data[at + method] = 97
            at = data.find(head, at + 4)
    return bytes(data)


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (encrypted, r"laporan_insiden_2026\.xlsx: berkas dikunci dengan sandi"),
        (packed_in_a_strange_way, r"laporan_insiden_2026\.xlsx: berkas terpotong atau rusak"),
    ],
)
def test_a_workbook_that_cannot_be_unpacked_is_refused_with_a_sentence(
    opened: Callable[..., ImportFile],
    tmp_path: Path,
    change: Callable[[bytes], bytes],
    sentence: str,
) -> None:
    with pytest.raises(UnreadableError, match=sentence):
        opened(spoiled(tmp_path, YEAR, change))


def test_an_archive_that_is_no_workbook_is_refused_in_their_language(
    opened: Callable[..., ImportFile], tmp_path: Path
) -> None:
    path = tmp_path / "arsip.zip"
    with ZipFile(path, "w") as archive:
        archive.writestr("foto.txt", "bukan lembar kerja")
    with pytest.raises(UnreadableError) as caught:
        opened(path)
    assert str(caught.value) == (
        "arsip.zip: berkas terpotong atau rusak, tidak ada baris yang dapat diselamatkan; minta "
        "berkas yang utuh."
    )
