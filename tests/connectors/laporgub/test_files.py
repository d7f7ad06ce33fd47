import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from hub.contract import Ignored, Linked, Mapping, Report, StatusNews, Unreadable, UnreadableError
from tests.connectors.laporgub.conftest import TICKET, Build, news_of, of

HEADER = "tiket;nomor_luar;status;diubah;kategori;kabkota;isi;tanggapan"
ROW = "LGWP10000001;;Progres ;2026-03-03 10:00;infrastruktur ;Kota Pekalongan;Jalan rusak;Sedang dicek"


def keys(connector: Any, path: Path) -> list[str]:
    return [raw.key for raw in connector.open_export(path).raws]


def test_an_export_is_recognised_by_its_columns_and_says_so(
    assisted: Any, new_csv: Callable[..., Path]
) -> None:
    export = assisted.open_export(new_csv(HEADER, ROW))
    assert export.total == 1
    (remark,) = export.remarks
    assert remark == (
        "laporgub.csv: dibaca sebagai ekspor LaporGub, dikenali dari kolom tiket, nomor_luar, "
        "isi, status, diubah, kategori, kabkota, tanggapan."
    )


def test_a_row_becomes_a_report_and_its_status(
    assisted: Any, new_csv: Callable[..., Path]
) -> None:
    news = news_of(assisted, new_csv(HEADER, ROW))
    (report,), (status,) = of(Report, news), of(StatusNews, news)
    assert (report.external_id, report.category) == ("LGWP10000001", "jalan")
    assert [answer.text for answer in status.answers] == ["Sedang dicek"]


@pytest.mark.parametrize("delimiter", [";", ",", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252"])
def test_delimiter_and_letters_do_not_matter(
    assisted: Any, new_csv: Callable[..., Path], delimiter: str, encoding: str
) -> None:
    lines = [line.replace(";", delimiter) for line in (HEADER, ROW.replace("rusak", "café"))]
    path = new_csv(*lines, encoding=encoding)
    (report,) = of(Report, news_of(assisted, path))
    assert report.text == "Jalan café"
    odd = [each for each in assisted.open_export(path).remarks if "Windows-1252" in each]
    assert bool(odd) is (encoding == "cp1252")


def test_an_excel_sheet_reads_like_the_csv(
    assisted: Any, new_csv: Callable[..., Path], tmp_path: Path
) -> None:
    book = openpyxl.Workbook()
    assert book.active
    book.active.append(["Ekspor LaporGub"])
    for line in (HEADER, ROW):
        book.active.append(line.split(";"))
    # The name says nothing about what is in it.
    path = tmp_path / "ekspor.csv"
    book.save(path)
    assert keys(assisted, path) == keys(assisted, new_csv(HEADER, ROW))


def test_the_same_row_keeps_its_key_wherever_it_stands(
    assisted: Any, new_csv: Callable[..., Path]
) -> None:
    first = keys(assisted, new_csv(HEADER, ROW))
    other = ROW.replace("LGWP10000001", "LGWP10000002")
    assert first[0] in keys(assisted, new_csv(HEADER, other, ROW, name="lain.csv"))
    assert first != keys(assisted, new_csv(HEADER, ROW.replace("Progres", "selesai")))


def test_the_published_shape_has_no_dates_and_the_remarks_say_what_that_means(
    assisted: Any, new_csv: Callable[..., Path]
) -> None:
    path = new_csv(
        "id,content,category,sub_category_name,topic_name",
        "155121,rumah kami terendam rob,bencana ,banjir,rob",
    )
    os.utime(path, (1_772_500_000, 1_772_500_000))
    (report,) = news_of(assisted, path)
    assert (report.external_id, report.category) == ("155121", "banjir")
    assert report.said_at.timestamp() == 1_772_500_000
    assert report.facts == {"Kategori LaporGub": "bencana / banjir / rob"}
    remarks = " ".join(assisted.open_export(path).remarks)
    assert "tidak ada kolom tanggal" in remarks
    assert "tidak ada kolom kabupaten/kota" in remarks


def test_columns_nobody_named_are_not_even_kept(
    assisted: Any, new_csv: Callable[..., Path]
) -> None:
    path = new_csv(f"{HEADER};nama pelapor", f"{ROW};Warga Rekaan")
    export = assisted.open_export(path)
    assert b"Warga Rekaan" not in next(iter(export.raws)).body
    assert (
        "laporgub.csv: kolom 'nama pelapor' tidak dikenal; tidak dibaca dan tidak disimpan."
        in export.remarks
    )


def test_one_bad_row_never_stops_the_others(assisted: Any, new_csv: Callable[..., Path]) -> None:
    path = new_csv(
        HEADER,
        ROW.replace("2026-03-03 10:00", "31/02/2026"),
        ROW.replace("Kota Pekalongan", "Kabupaten Cilacap"),
        ROW.replace("LGWP10000001", ""),
        ROW.replace("LGWP10000001", "LGWP10000002"),
        "LGWP10000003;;Progres",
    )
    news = news_of(assisted, path)
    assert [each.external_id for each in of(Report, news)] == ["LGWP10000002"]
    assert [each.reason for each in of(Unreadable, news)] == [
        "laporgub.csv, baris 2, kolom diubah tidak terbaca: '31/02/2026'",
        "laporgub.csv, baris 4, kolom tiket kosong",
        "laporgub.csv, baris 6 terpotong setelah kolom status: 3 dari 8 kolom",
    ]
    assert [each.reason for each in of(Ignored, news)] == [
        "laporgub.csv, baris 3: dari Kabupaten Cilacap, bukan Kota Pekalongan"
    ]


@pytest.mark.parametrize(
    "city", ["3375", "33.75", "KOTA  PEKALONGAN", "kota pekalongan ", "Kodya Pekalongan"]
)
def test_our_city_is_known_by_code_and_by_name(
    assisted: Any, new_csv: Callable[..., Path], city: str
) -> None:
    path = new_csv(HEADER, ROW.replace("Kota Pekalongan", city))
    assert len(of(Report, news_of(assisted, path))) == 1


def test_a_row_of_another_city_is_ours_if_we_opened_it(
    assisted: Any, new_csv: Callable[..., Path]
) -> None:
    row = ROW.replace("Kota Pekalongan", "33").replace(";;", f";{TICKET};", 1)
    (report,) = of(Report, news_of(assisted, new_csv(HEADER, row)))
    assert report.marker == TICKET


def test_an_unknown_category_holds_back_one_report_until_the_mapping_knows_it(
    assisted: Any, new: Build, tables: dict[str, Any], new_csv: Callable[..., Path]
) -> None:
    path = new_csv(
        HEADER,
        ROW.replace("infrastruktur", "kereta gantung"),
        ROW.replace("LGWP10000001", "LGWP10000002"),
    )
    raws = list(assisted.open_export(path).raws)
    news = [each for raw in raws for each in assisted.read(raw)]
    assert [each.external_id for each in of(Report, news)] == ["LGWP10000002"]
    (held,) = of(Unreadable, news)
    assert held.reason.startswith("laporgub.csv, baris 2, kolom kategori tidak dikenal: 'kereta")
    assert "[category_in] di mappings/laporgub.toml" in held.reason
    tables["category_in"]["Kereta  Gantung"] = "lalu_lintas"
    mended = new(words=Mapping.from_tables("laporgub", tables))
    (report,) = of(Report, list(mended.read(raws[0])))
    assert (report.external_id, report.category) == ("LGWP10000001", "lalu_lintas")


def test_an_unknown_status_word_changes_nothing_until_the_mapping_knows_it(
    assisted: Any, new: Build, tables: dict[str, Any], new_csv: Callable[..., Path]
) -> None:
    path = new_csv(HEADER, ROW.replace("Progres", "dialihkan"))
    (raw,) = assisted.open_export(path).raws
    (status,) = of(StatusNews, list(assisted.read(raw)))
    assert (status.theirs, status.status) == ("dialihkan", None)
    tables["status_in"]["dialihkan"] = "referred"
    mended = new(words=Mapping.from_tables("laporgub", tables))
    (status,) = of(StatusNews, list(mended.read(raw)))
    assert status.status == "referred"


PAIRS = "penanda;tiket;nomor_laporgub;status;alasan"


def test_an_answer_file_pairs_numbers_and_says_what_was_refused(
    assisted: Any, new_csv: Callable[..., Path]
) -> None:
    path = new_csv(
        PAIRS,
        f"0123456789ab;{TICKET};lgwp 10000001;diterima;",
        ";PKL-2026-000124;LGWP10000002;;",
        ";PKL-2026-000125;;ditolak;Bukan kewenangan provinsi, hub 081100001234",
        "000000000012;PKL-2026-000126;10000004;;",
    )
    assert [(each.marker, each.external_id, each.refused) for each in news_of(assisted, path)] == [
        ("0123456789ab", "LGWP10000001", None),
        ("PKL-2026-000124", "LGWP10000002", None),
        ("PKL-2026-000125", None, "Bukan kewenangan provinsi, hub [disensor]"),
        ("000000000012", "LGWP10000004", None),
    ]
    assert "berkas jawaban" in assisted.open_export(path).remarks[0]


def test_missing_doubled_and_foreign_numbers_are_sentences_and_the_rest_is_taken(
    assisted: Any, new_csv: Callable[..., Path]
) -> None:
    path = new_csv(
        "tiket;nomor_laporgub",
        f"{TICKET};LGWP10000001",
        f"{TICKET};LGWP10000001",
        f"{TICKET};LGWP10000009",
        ";LGWP10000003",
        "07/ABC;LGWP10000004",
        "PKL-2026-000130;",
        "PKL-2026-000131;LGWP10000005",
    )
    news = news_of(assisted, path)
    assert [each.marker for each in of(Linked, news)] == ["PKL-2026-000131"]
    doubled = f"kolom tiket bertentangan: '{TICKET}' juga ada di baris"
    assert [each.reason for each in of(Unreadable, news)] == [
        f"laporgub.csv, baris 2, {doubled} 3, 4 dengan jawaban lain",
        f"laporgub.csv, baris 3, {doubled} 2, 4 dengan jawaban lain",
        f"laporgub.csv, baris 4, {doubled} 2, 3 dengan jawaban lain",
        "laporgub.csv, baris 5, kolom tiket kosong",
        "laporgub.csv, baris 6, kolom tiket bukan nomor kita: '07/ABC'",
    ]
    assert assisted.open_export(path).remarks[-1] == (
        "laporgub.csv, baris 7: belum dijawab, dilewati."
    )


def test_our_own_export_answers_nothing_until_somebody_fills_it_in(
    assisted: Any, new_csv: Callable[..., Path]
) -> None:
    header = "penanda;tiket;nomor;judul;isi;kategori;status"
    opening = f"0123456789ab;{TICKET};;Jalan;Jalan rusak;infrastruktur;"
    # Of a complaint they know, `nomor` and `status` are what we wrote, not what they answer.
    moved = "aaaaaaaaaaaa;PKL-2026-000124;LGWP10000002;;Tidak dapat ditindaklanjuti;;tidak layak"
    news = news_of(assisted, new_csv(header, opening, moved))
    assert [type(each) for each in news] == [Ignored, Ignored]
    filled = opening.replace(";;Jalan;", ";LGWP10000001;Jalan;")
    (linked,) = of(Linked, news_of(assisted, new_csv(header, filled, moved)))
    assert (linked.marker, linked.external_id) == ("0123456789ab", "LGWP10000001")


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"PK\x03\x04 terpotong", "berkas rusak atau terpotong"),
        (b"\xd0\xcf\x11\xe0", "format .xls lama tidak terbaca"),
        (b"nama;umur\nA;1\n", "tidak ada baris judul yang dikenal"),
        (b"", "tidak ada baris judul yang dikenal"),
    ],
)
def test_a_file_that_is_none_of_theirs_gets_a_sentence(
    assisted: Any, tmp_path: Path, content: bytes, sentence: str
) -> None:
    path = tmp_path / "berkas.xlsx"
    path.write_bytes(content)
    with pytest.raises(UnreadableError, match=sentence) as caught:
        assisted.open_export(path)
    assert str(caught.value).startswith("berkas.xlsx: ")


def test_a_wrong_byte_spoils_no_row(assisted: Any, tmp_path: Path) -> None:
    path = tmp_path / "ekspor.csv"
    path.write_bytes(f"{HEADER}\n{ROW}\n".encode().replace(b"rusak", b"rus\x81k"))
    (report,) = of(Report, news_of(assisted, path))
    assert report.text.startswith("Jalan rus")


@pytest.mark.parametrize(
    "garbage", ["-", "#N/A", "#12", "belum ada", "=VLOOKUP(A2;B:C;2)", "http://x.example/"]
)
def test_what_is_no_number_settles_no_opening(
    assisted: Any, new_csv: Callable[..., Path], garbage: str
) -> None:
    path = new_csv("tiket,nomor_laporgub", f'{TICKET},"{garbage}"', "PKL-2026-000124,LGWP10000002")
    news = news_of(assisted, path)
    assert [each.marker for each in of(Linked, news)] == ["PKL-2026-000124"]
    assert [each.reason for each in of(Unreadable, news)] == [
        f"laporgub.csv, baris 2, kolom nomor_laporgub bukan nomor LaporGub: {garbage!r}"
    ]
    own = new_csv("penanda,tiket,nomor,isi,kategori", f'0123456789ab,{TICKET},"{garbage}",x,y')
    (wrong,) = news_of(assisted, new_csv(*own.read_text("utf-8-sig").splitlines()))
    assert wrong.reason == f"laporgub.csv, baris 2, kolom nomor bukan nomor LaporGub: {garbage!r}"


def test_a_formula_is_read_by_what_it_gave(assisted: Any, tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    assert book.active
    book.active.append(["tiket", "nomor_laporgub"])
    book.active.append([TICKET, "=VLOOKUP(A2,B:C,2)"])
    book.save(path := tmp_path / "rumus.xlsx")
    assert [type(each) for each in news_of(assisted, path)] == [Ignored]


@pytest.mark.parametrize("refusal", [";Salah alamat", "ditolak;"])
def test_a_number_and_a_refusal_in_one_row_are_left_to_a_person(
    assisted: Any, new_csv: Callable[..., Path], refusal: str
) -> None:
    (wrong,) = news_of(assisted, new_csv(PAIRS, f";{TICKET};LGWP10000001;{refusal}"))
    assert wrong.reason == (
        "laporgub.csv, baris 2, kolom nomor_laporgub terisi ('LGWP10000001') bersama penolakan; "
        "kosongkan salah satunya"
    )


@pytest.mark.parametrize(
    ("first", "second", "sentence"),
    [
        (
            "0123456789ab;PKL-2026-000001;LGWP10000001;;",
            "0123456789ab;PKL-2026-000001;LGWP10000002;;",
            "kolom penanda bertentangan: '0123456789ab' juga ada di baris {} dengan jawaban lain",
        ),
        (
            "0123456789ab;PKL-2026-000001;LGWP10000001;;",
            "0123456789ab;PKL-2026-000001;;;Salah alamat",
            "kolom penanda bertentangan: '0123456789ab' juga ada di baris {} dengan jawaban lain",
        ),
        (
            "0123456789ab;PKL-2026-000001;LGWP10000001;;",
            "0123456789ab;PKL-2026-000002;lgwp 10000001;;",
            "kolom penanda bertentangan: '0123456789ab' juga ada di baris {} dengan tiket lain",
        ),
        (
            ";PKL-2026-000001;LGWP10000001;;",
            ";PKL-2026-000002;10000001;;",
            "kolom nomor_laporgub bertentangan: '{}' juga ada di baris {} dengan tiket lain",
        ),
    ],
)
def test_rows_that_contradict_each_other_are_all_left_to_a_person(
    assisted: Any, new_csv: Callable[..., Path], first: str, second: str, sentence: str
) -> None:
    news = news_of(assisted, new_csv(PAIRS, first, second, ";PKL-2026-000009;LGWP10000009;;"))
    assert [each.marker for each in of(Linked, news)] == ["PKL-2026-000009"]
    cells = [row.split(";")[2] for row in (first, second)]
    filled = [sentence.replace("'{}'", repr(cell)) for cell in cells]
    assert [each.reason for each in of(Unreadable, news)] == [
        f"laporgub.csv, baris 2, {filled[0].format(3)}",
        f"laporgub.csv, baris 3, {filled[1].format(2)}",
    ]


def test_news_of_a_complaint_bear_its_number_without_contradiction(
    assisted: Any, new_csv: Callable[..., Path]
) -> None:
    path = new_csv(
        PAIRS, f"0123456789ab;{TICKET};LGWP10000001;;", f"aaaaaaaaaaaa;{TICKET};LGWP10000001;;"
    )
    assert len(of(Linked, news_of(assisted, path))) == 2


def test_a_contradiction_mended_is_a_new_row(assisted: Any, new_csv: Callable[..., Path]) -> None:
    rows = (f";{TICKET};LGWP10000001;;", f";{TICKET};LGWP10000002;;")
    before = keys(assisted, new_csv(PAIRS, *rows))
    assert keys(assisted, new_csv(PAIRS, rows[0]))[0] not in before
    # Where it stands does not matter.
    assert set(keys(assisted, new_csv(PAIRS, *rows[::-1]))) == set(before)


def test_a_locked_sheet_gets_a_sentence(assisted: Any, tmp_path: Path) -> None:
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
        assisted.open_export(path)
