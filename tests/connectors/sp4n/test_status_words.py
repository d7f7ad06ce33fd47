import csv

import pytest

from connectors.sp4n.wording import without_countdown
from hub.contract import Mapping, Status
from tests.connectors.sp4n.conftest import EXPORTS

WORDS = {
    "Belum Terverifikasi": Status.RECEIVED,
    "belum terverifikasi (admin nasional)": Status.RECEIVED,
    "Belum Ditindaklanjuti": Status.FORWARDED,
    "Tidak Ditindaklanjuti": Status.FORWARDED,
    "Terverifikasi / Belum Ditindaklanjuti": Status.FORWARDED,
    "Terverifikasi, tidak ditindaklanjuti": Status.FORWARDED,
    "Ditutup karena tidak ditindaklanjuti": Status.CLOSED,
    "Ditutup oleh Sistem": Status.CLOSED,
    "Laporan Ditutup": Status.CLOSED,
    "Selesai": Status.CLOSED,
    "Diarsipkan oleh Pelapor": Status.ARCHIVED,
    "Arsip: diarsip": Status.ARCHIVED,
    "Konten Terblokir": Status.ARCHIVED,
    "Ditunda": Status.NEEDS_INFO,
    "Menunggu\u00a0Kelengkapan  Informasi": Status.NEEDS_INFO,
    "Ditolak": Status.REFERRED,
    "Bukan Wewenang": Status.REFERRED,
    "Ditindaklanjuti oleh Instansi": Status.ANSWERED,
    "Ditindaklanjuti oleh Instansi Daerah": Status.ANSWERED,
    "Sedang Ditindaklanjuti": Status.IN_PROGRESS,
    "Ditanggapi oleh Pelapor": Status.IN_PROGRESS,
    "Dalam Proses": Status.IN_PROGRESS,
    "Terdisposisi ke Dinas Kesehatan": Status.FORWARDED,
    "Terverifikasi": Status.VERIFIED,
    "Selesai otomatis dalam 10 hari": None,
    "Menanti Cuaca Cerah": None,
    "": None,
}


@pytest.mark.parametrize(("word", "status"), WORDS.items())
def test_a_status_word_belongs_to_its_family(
    mapping: Mapping, word: str, status: Status | None
) -> None:
    assert mapping.to_status(word) is status


@pytest.mark.parametrize(
    ("shown", "word"),
    [
        ("Selesai otomatis dalam 10 hari", ""),
        (
            "Ditindaklanjuti oleh Instansi - Selesai otomatis dalam 9 hari",
            "Ditindaklanjuti oleh Instansi",
        ),
        ("Dalam Proses (selesai otomatis besok)", "Dalam Proses"),
        ("Selesai", "Selesai"),
    ],
)
def test_the_countdown_is_no_part_of_a_status(shown: str, word: str) -> None:
    assert without_countdown(shown) == word


def test_all_categories_that_were_ever_seen_have_a_word_of_ours(mapping: Mapping) -> None:
    with (EXPORTS / "categories_seen.csv").open(newline="") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == 225
    for row in rows:
        assert mapping.to_category(row["category_id"]) == mapping.to_category(row["name"])


def test_every_category_of_ours_goes_out_under_an_id_that_was_seen(mapping: Mapping) -> None:
    with (EXPORTS / "categories_seen.csv").open(newline="") as file:
        seen = {row["category_id"] for row in csv.DictReader(file)}
    assert set(mapping.category_out.values()) <= seen


@pytest.mark.parametrize("status", Status)
def test_each_status_says_what_to_do_there(mapping: Mapping, status: Status) -> None:
    words = mapping.from_status(status)
    assert words["do"] in {"nothing", "follow_up", "refer"}
    assert words["text"]
    assert status in mapping.shown_after(status)
