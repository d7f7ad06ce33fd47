"""Exports that people bring: each row once, with a dry run, and the broken ones by name."""

import csv
from pathlib import Path

import pytest

from hub.intake.importing import CannotImport, Imported
from tests.integration.intake.rows import LASTING, snapshot
from tests.journey.city import ROOT, City

EXPORTS = ROOT / "tests" / "connectors" / "sp4n" / "exports"
BROKEN = [
    ("9000001", "19 Jan 2026", "Lampu jalan mati di Gang Melati."),
    ("9000002", "entah kapan", "Sampah menumpuk di pasar."),
    ("", "19 Jan 2026", "Saluran air mampet."),
    ("9000004", "20 Jan 2026", "Jalan berlubang di depan sekolah."),
]


async def run(
    city: City, file: Path, *, dry_run: bool = False, connector: str = "sp4n"
) -> Imported:
    seen: list[tuple[int, int]] = []
    result = await city.hub.importing.run(
        connector, file, dry_run=dry_run, progress=lambda done, total: seen.append((done, total))
    )
    assert seen == sorted(seen)
    assert seen[-1] == (result.total, result.total)
    return result


def counted(result: Imported) -> tuple[int, int, int, int]:
    return result.new, result.changed, result.skipped, len(result.unreadable)


def export(folder: Path, rows: list[tuple[str, str, str]], *, status: str = "Selesai") -> Path:
    file = folder / "laporan.csv"
    columns = ["Tracking ID", "Tanggal Laporan Masuk", "Waktu Laporan Masuk"]
    with file.open("w", newline="") as opened:
        writer = csv.writer(opened)
        writer.writerow([*columns, "Isi Laporan Awal", "Status Laporan"])
        for number, day, text in rows:
            writer.writerow([number, day, "07:00:00", text, status])
    return file


@pytest.mark.parametrize("name", ["laporan_ringkas.xlsx", "laporan_ringkas_lama_21.csv"])
async def test_a_second_import_of_the_same_file_is_0_new_and_0_changed(
    city: City, name: str
) -> None:
    first = await run(city, EXPORTS / name)
    assert first.new > 100
    assert first.unreadable == []
    before = await snapshot(city.hub.database)
    assert len(before["reports"]) == first.new
    second = await run(city, EXPORTS / name)
    assert counted(second) == (0, 0, second.total, 0)
    assert await snapshot(city.hub.database) == before


async def test_a_dry_run_says_the_same_numbers_and_changes_nothing(
    city: City, tmp_path: Path
) -> None:
    # The same row twice, as after copying a page too often.
    file = export(tmp_path, [*BROKEN, BROKEN[0]])
    before = await snapshot(city.hub.database, LASTING)
    dry = await run(city, file, dry_run=True)
    assert await snapshot(city.hub.database, LASTING) == before
    real = await run(city, file)
    assert counted(dry) == counted(real) == (4, 0, 1, 2)
    assert sorted(dry.unreadable) == sorted(real.unreadable)
    again = await run(city, file, dry_run=True)
    assert counted(again) == counted(await run(city, file)) == (0, 0, 5, 2)


async def test_broken_rows_are_named_with_file_row_and_column_and_the_others_are_in(
    city: City, tmp_path: Path
) -> None:
    result = await run(city, export(tmp_path, BROKEN))
    first, second = result.unreadable
    assert "laporan.csv, baris 3, kolom Tanggal Laporan Masuk" in first
    assert "laporan.csv, baris 4, kolom Tracking ID" in second
    texts = [complaint["text"] for complaint in await city.complaints()]
    assert sorted(texts) == sorted([BROKEN[0][2], BROKEN[3][2]])


async def test_a_later_file_in_which_a_row_has_moved_on_is_changed_and_moves_the_complaint(
    city: City, tmp_path: Path
) -> None:
    await run(city, export(tmp_path, BROKEN[:1], status="Dalam Proses"))
    result = await run(city, export(tmp_path, BROKEN[:1], status="Selesai"))
    assert counted(result) == (0, 1, 0, 0)
    [complaint] = await city.complaints()
    assert complaint["status"] == "closed"


async def test_an_older_file_contradicts_nothing_and_makes_no_cards(
    city: City, tmp_path: Path
) -> None:
    await city.says("Lampu jalan di Jalan Merdeka mati sejak tiga hari.")
    await city.falls_silent()
    number = city.happened("filed")[0]["external_id"]
    await city.officer("verify", number)
    old = export(tmp_path, [(number, "18 Jan 2026", "Lampu mati.")], status="Belum Terverifikasi")
    result = await run(city, old)
    assert counted(result) == (0, 1, 0, 0)
    [complaint] = await city.complaints()
    assert (complaint["status"], complaint["in_step"]) == ("verified", True)
    assert await city.get("/cards") == []


@pytest.mark.parametrize("connector", ["whatsapp", "tidak_ada"])
async def test_who_reads_no_files_says_so_in_a_sentence(
    city: City, tmp_path: Path, connector: str
) -> None:
    with pytest.raises(CannotImport, match=connector):
        await run(city, export(tmp_path, BROKEN), connector=connector)
