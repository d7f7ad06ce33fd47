import csv
import io
from collections.abc import AsyncIterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from tests.connectors.laporgub.sandboxed import TICKET, Province, province

COLUMNS = ("penanda", "tiket", "nomor", "isi", "lokasi", "jenis", "kategori", "judul", "status")
OPENING = {
    "penanda": "aaaaaaaaaaaa",
    "tiket": TICKET,
    "isi": "Jalan provinsi di Kuripan berlubang; sudah sebulan.\nMohon ditambal.",
    "lokasi": "Jl. Raya Kuripan",
    "jenis": "1",
    "kategori": "infrastruktur",
}


@pytest.fixture
async def there() -> AsyncIterator[Province]:
    new = province()
    async with new.client:
        yield new


def table(*rows: Mapping[str, str], delimiter: str = ";") -> str:
    file = io.StringIO()
    writer = csv.DictWriter(file, COLUMNS, restval="", delimiter=delimiter)
    writer.writeheader()
    writer.writerows(rows)
    return file.getvalue()


def pairs(answer: Mapping[str, Any]) -> list[Sequence[str]]:
    header, *rows = csv.reader(io.StringIO(answer["answer"]), delimiter=";")
    assert header == ["tiket", "penanda", "nomor_laporgub", "alasan"]
    return list(rows)


async def test_rows_without_a_number_open_complaints_and_rows_with_one_follow_up(
    there: Province,
) -> None:
    known = await there.reported()
    follow_up = {
        "penanda": "bbbbbbbbbbbb",
        "tiket": "PKL-2026-000124",
        "nomor": known,
        "isi": "Petugas kota sudah ke lokasi.",
        "status": "progres",
    }
    answer = await there.play("upload", text=table(OPENING, follow_up))
    assert (answer["created"], answer["followed_up"], answer["refused"]) == (1, 1, [])
    assert pairs(answer) == [
        [TICKET, "aaaaaaaaaaaa", "LGWP10000002", ""],
        ["PKL-2026-000124", "bbbbbbbbbbbb", known, ""],
    ]
    assert (await there.seen("LGWP10000002"))["isi"] == OPENING["isi"]
    assert (await there.seen(known))["status"] == "PROGRES"
    assert there.journal("filed")[-1] == {"external_id": "LGWP10000002", "marker": TICKET}
    assert there.journal("followed_up") == [{"external_id": known, "marker": "bbbbbbbbbbbb"}]


async def test_the_same_file_again_changes_nothing_and_is_answered_alike(there: Province) -> None:
    first = await there.play("upload", text=table(OPENING, OPENING))
    again = await there.play("upload", text=table(OPENING))
    assert (first["created"], again["created"]) == (1, 0)
    assert pairs(again) == pairs(first)[:1]
    assert len(there.journal("filed")) == 1


async def test_a_row_they_do_not_take_gets_its_reason_and_the_others_go_on(
    there: Province,
) -> None:
    bad = [
        OPENING | {"penanda": "111111111111", "isi": ""},
        OPENING | {"penanda": "222222222222", "nomor": "LGWP99999999"},
        OPENING | {"penanda": "333333333333", "kategori": "angkasa"},
        OPENING | {"penanda": ""},
    ]
    answer = await there.play("upload", text=table(*bad, OPENING))
    assert answer["created"] == 1
    assert answer["refused"] == [
        "baris 2: isi aduan wajib diisi",
        "baris 3: Tidak ada aduan bernomor 'LGWP99999999' di tiruan ini.",
        "baris 4: kategori 'angkasa' tidak dikenal",
        "baris 5: penanda wajib diisi",
    ]
    assert pairs(answer)[0] == [TICKET, "111111111111", "", "isi aduan wajib diisi"]


async def test_a_refused_row_may_come_again_after_it_was_mended(there: Province) -> None:
    await there.play("upload", text=table(OPENING | {"isi": ""}))
    mended = await there.play("upload", text=table(OPENING))
    assert mended["created"] == 1


async def test_a_workbook_on_the_disk_is_taken_like_a_csv(there: Province, tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    assert book.active is not None
    book.active.append(list(COLUMNS))
    book.active.append([OPENING.get(column) for column in COLUMNS])
    book.save(tmp_path / "aduan.xlsx")
    answer = await there.play("upload", path=str(tmp_path / "aduan.xlsx"))
    assert pairs(answer) == [[TICKET, "aaaaaaaaaaaa", "LGWP10000001", ""]]


async def test_a_file_uploaded_on_the_page_is_taken_and_its_answer_offered(
    there: Province,
) -> None:
    await there.client.post(
        "http://sandbox/play/laporgub/upload",
        files={"file": ("aduan.csv", table(OPENING, delimiter=","), "text/csv")},
    )
    page = (await there.client.get("http://sandbox/play/laporgub")).text
    assert "Unduh jawaban unggahan terakhir" in page
    assert len(there.journal("filed")) == 1


@pytest.mark.parametrize(
    ("content", "says"),
    [("", "Berkas kosong."), ("PK\x03\x04rusak", "Berkas bukan XLSX yang utuh")],
)
async def test_what_is_no_table_is_refused_as_a_whole(
    there: Province, content: str, says: str
) -> None:
    with pytest.raises(ValueError, match=says):
        await there.play("upload", text=content)


async def test_a_file_that_is_not_there_is_refused_with_its_name(there: Province) -> None:
    with pytest.raises(ValueError, match=r"tidak-ada\.csv tidak terbaca"):
        await there.play("upload", path="tidak-ada.csv")


async def test_careless_hands_leave_a_row_out_double_one_and_add_a_strange_one(
    there: Province,
) -> None:
    await there.play("switch", messy_answer="on")
    second = OPENING | {"penanda": "cccccccccccc", "tiket": "PKL-2026-000125"}
    answer = await there.play("upload", text=table(OPENING, second))
    assert [row[0] for row in pairs(answer)] == [TICKET, TICKET, "PKL-2026-999999"]


async def test_their_export_has_stray_blanks_mixed_capitals_and_only_our_city(
    there: Province,
) -> None:
    mine = await there.reported(kategori="bencana", isi="Tanggul jebol;\nair masuk.")
    await there.play("upload", text=table(OPENING))
    await there.reported(id_kabkota="3374")
    await there.play("move", ticket=mine, status="progres", text="Sedang ditangani.")
    exported = (await there.play("download"))["csv"]
    rows = list(csv.DictReader(io.StringIO(exported), delimiter=";"))
    assert list(rows[0]) == [
        "tiket", "nomor_luar", "status", "diubah", "kategori", "kabkota", "isi", "tanggapan",
    ]  # fmt: skip
    assert [(row["tiket"], row["nomor_luar"], row["status"]) for row in rows] == [
        (mine, "", "PROGRES"),
        ("LGWP10000002", TICKET, "Belum Dijawab"),
    ]
    assert rows[0]["kategori"] == "bencana "
    assert (rows[0]["isi"], rows[0]["tanggapan"]) == (
        "Tanggul jebol;\nair masuk.",
        "Sedang ditangani.",
    )
