"""What a call was, however its words are spelled, and what may be kept of it."""

import json
from collections.abc import Callable
from typing import Any

import pytest

from connectors.call112.kept import Origin
from connectors.call112.profiles import profile_named
from connectors.call112.records import record_of
from connectors.call112.settings import Settings
from connectors.call112.translate import read
from hub.contract import Counted, Mapping, Raw, Report, Unreadable

PHONE, WORDS = "081100001234", "kata-kata penelepon rekaan"
ROW = {
    "NO TIKET": "112-260106-00005",
    "WAKTU LAPOR": "06/01/2026 06:56",
    "Tipe Laporan": "Normal",
    "KATEGORI": "PJU",
    "NO. TELP PENELPON": PHONE,
    "LOKASI KEJADIAN": "Jl. Veteran",
    "URAIAN LAPORAN": WORDS,
    "KET.": f"catatan {WORDS}",
}

Row = Callable[..., tuple[Raw | Counted, list[Any]]]


@pytest.fixture
def row(mapping: Mapping, new_settings: Callable[..., Settings]) -> Row:
    """What is kept of a row of this type, category and sub category, and its news."""

    def of(
        kind: str, category: str, finer: str = "", *, information: str = "count", **other: str
    ) -> tuple[Raw | Counted, list[Any]]:
        said = {"Tipe Laporan": kind, "KATEGORI": category, "Sub Kategori 1": finer}
        settings = new_settings(information=information)
        item = record_of(
            ROW | said | other,
            profile=profile_named(mapping, "surabaya"),
            origin=Origin("laporan.xlsx", 27),
            settings=settings,
            mapping=mapping,
        )
        if isinstance(item, Counted):
            return item, [item]
        return item, list(read(item, settings=settings, mapping=mapping))

    return of


@pytest.mark.parametrize(
    ("kind", "category", "finer", "word"),
    [
        ("Prank/Ghost", "PJU", "", "prank"),
        ("Prank.", "PJU", "", "prank"),
        ('"Prank"', "PJU", "", "prank"),
        ("Panggilan Prank", "PJU", "", "prank"),
        ("Call Ghost", "PJU", "", "ghost"),
        ("Silent-Call", "PJU", "", "silent"),
        ("Drop-call", "PJU", "", "ghost"),
        ("GHOSTCALL", "PJU", "", "ghost"),
        ("Telpon iseng", "PJU", "", "prank"),
        ("P R A N K", "PJU", "", "prank"),
        ("Normal", "PRANK CALL", "", "prank"),
        ("Normal", "PRANK / ISENG", "", "prank"),
        ("Information", "INFORMASI", "PRANK", "prank"),
        ("Emergency", "KEBAKARAN", "PRANK", "prank"),
    ],
)
def test_a_prank_is_one_however_it_is_spelled(
    row: Row, kind: str, category: str, finer: str, word: str
) -> None:
    item, _ = row(kind, category, finer)
    assert isinstance(item, Counted)
    assert item.word == word


def test_a_matter_of_the_city_that_sounds_like_a_nuisance_is_none(row: Row) -> None:
    _, news = row("Normal", "DROP BOX SAMPAH")
    assert [each.category for each in news if isinstance(each, Report)] == ["sampah"]
    _, [unknown] = row("Normal", "Drop off penumpang")
    assert isinstance(unknown, Unreadable)
    _, [denied] = row("Bukan prank", "PJU")
    assert isinstance(denied, Unreadable)


@pytest.mark.parametrize(
    ("kind", "category", "finer"),
    [
        ("Normal", "KEBAKARAN", "KABEL"),
        ("Normal", "KECELAKAAN", "POHON"),
        ("Normal", "LAKA LANTAS", "OLI"),
        ("normal", "KEBAKARAN/ASAP", "PJU"),
        ("Emergency", "JALAN", "LAKA-LANTAS"),
        ("Emergency", "Darurat Medis/Ambulans", "JALAN"),
        ("Emergency", "KEBAKARAN", "PEMBAKARAN SAMPAH"),
        ("Information", "KEBAKARAN", ""),
    ],
)
def test_an_emergency_in_any_column_is_no_complaint(
    row: Row, kind: str, category: str, finer: str
) -> None:
    _, news = row(kind, category, finer, information="complaint")
    assert [each.word for each in news] == ["emergency"]


def test_of_an_emergency_with_a_word_nobody_knows_a_person_decides(row: Row) -> None:
    _, [news] = row("Emergency", "POHON", "POHON TUMBANG MENIMPA ORANG")
    assert isinstance(news, Unreadable)
    assert "KATEGORI" in news.reason


def test_burning_waste_is_excused_only_where_nobody_calls_it_an_emergency(row: Row) -> None:
    _, news = row("Normal", "KEBAKARAN", "PEMBAKARAN-SAMPAH")
    assert [each.category for each in news if isinstance(each, Report)] == ["lingkungan"]
    _, news = row("Normal", "KEBAKARAN", "PEMBAKARAN SAMPAH", **{"SUB KATEGORI 2": "KECELAKAAN"})
    assert [each.word for each in news] == ["emergency"]


@pytest.mark.parametrize(
    ("kind", "category"),
    [("Emergency", "KEBAKARAN"), ("Informasi", "INFORMASI"), ("Curhat", "PJU")],
)
def test_of_what_is_only_counted_or_unknown_neither_number_nor_words_are_kept(
    row: Row, kind: str, category: str
) -> None:
    item, _ = row(kind, category, **{"LOKASI KEJADIAN": f"Jl. Veteran, telp {PHONE}"})
    assert isinstance(item, Raw)
    assert PHONE.encode() not in item.body
    assert WORDS.encode() not in item.body
    kept = json.loads(item.body)["row"]
    assert (kept["Tipe Laporan"], kept["KATEGORI"]) == (kind, category)
    assert kept["LOKASI KEJADIAN"] == "Jl. Veteran, telp [disensor]"
    assert kept["NO TIKET"] == "112-260106-00005"


def test_information_that_becomes_a_complaint_keeps_its_words(row: Row) -> None:
    item, news = row("Informasi", "INFORMASI", information="complaint")
    assert isinstance(item, Raw)
    assert WORDS.encode() in item.body
    assert [each.text for each in news if isinstance(each, Report)] == [WORDS]


def test_two_counted_calls_without_a_ticket_stay_two_though_their_numbers_are_gone(
    row: Row,
) -> None:
    keys = {
        row("Emergency", "KEBAKARAN", **{"NO TIKET": "", "NO. TELP PENELPON": phone})[1][0].key
        for phone in (PHONE, "081100009999")
    }
    assert len(keys) == 2


def test_a_counted_call_with_an_endless_ticket_is_known_by_the_same_key_later(row: Row) -> None:
    item, [count] = row("Emergency", "KEBAKARAN", **{"NO TIKET": "x" * 99})
    assert isinstance(item, Raw)
    assert count.key.rpartition(":")[2] == item.key.split(":")[1]
