"""Layouts as data: how a file is recognised, and what a city reads when none fits."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from connectors.call112.check import faults
from connectors.call112.detect import detect
from connectors.call112.export import open_export
from connectors.call112.profiles import profile_named, profiles_of
from connectors.call112.settings import Settings
from connectors.call112.translate import read
from hub.contract import Mapping, Raw, Unreadable, UnreadableError

FILES = Path(__file__).parent / "files"


def with_profiles(mapping: Mapping, **profiles: dict[str, Any]) -> Mapping:
    return Mapping.from_tables("call112", dict(mapping.tables) | {"profiles": profiles})


@pytest.mark.parametrize(
    ("name", "total", "remark"),
    [
        (
            "laporan_insiden_2026.xlsx",
            380,
            "Profil surabaya dikenali: 18 dari 18 kolom, tajuk di baris 6, lembar DATA.",
        ),
        (
            "kejadian_2026.csv",
            260,
            "Profil sumenep dikenali: 17 dari 17 kolom, tajuk di baris 1.",
        ),
        (
            "queue_log",
            93,
            "Profil queue_log dikenali: baris bergaris tegak dengan waktu di depan.",
        ),
        ("cdr_master.csv", 98, "Profil cdr_21 dikenali: 21 dari 21 kolom, tanpa tajuk."),
    ],
)
def test_every_file_is_recognised_and_says_by_what(
    new_settings: Callable[..., Settings], mapping: Mapping, name: str, total: int, remark: str
) -> None:
    file = open_export(FILES / name, settings=new_settings(), mapping=mapping)
    assert file.remarks[0] == remark
    assert file.total == total == len(list(file.raws))


def test_a_profile_of_the_setting_is_the_only_one_that_is_tried(
    new_settings: Callable[..., Settings], mapping: Mapping
) -> None:
    path = FILES / "kejadian_2026.csv"
    assert (
        open_export(path, settings=new_settings(profile="sumenep"), mapping=mapping).total == 260
    )
    with pytest.raises(
        UnreadableError, match="surabaya tidak menemukan kolom waktu lapor"
    ) as refused:
        open_export(path, settings=new_settings(profile="surabaya"), mapping=mapping)
    assert "sumenep" not in str(refused.value)


def test_a_file_that_fits_no_profile_says_what_each_misses_and_how_to_write_one(
    tmp_path: Path, new_settings: Callable[..., Settings], mapping: Mapping
) -> None:
    path = tmp_path / "log.csv"
    path.write_text("Kategori,Tipe Laporan,Masuk\nPJU,Normal,hari ini\n")
    with pytest.raises(UnreadableError) as refused:
        open_export(path, settings=new_settings(), mapping=mapping)
    assert str(refused.value) == (
        "log.csv: tidak ada profil yang cocok (cdr_mysql tidak menemukan kolom calldate, disposition, "
        "uniqueid; sumenep tidak menemukan kolom kejadian, tanggal_terima, approve; surabaya tidak "
        "menemukan kolom waktu lapor). Salin salah satu berkas di mappings/call112/ dengan nama baru, "
        "isi header, find dan [columns] menurut berkas ini, lalu coba "
        "`hub import call112 log.csv --preview`."
    )


def test_a_new_layout_is_one_new_file(
    tmp_path: Path, new_settings: Callable[..., Settings], mapping: Mapping
) -> None:
    batang = {
        "kind": "tickets",
        "header": ["Nomor", "Jam", "Jenis", "Perihal"],
        "find": ["Jam", "Perihal"],
        "dates": "mdy",
        "columns": {"ticket": "Nomor", "time": "Jam", "type": "Jenis", "category": "Perihal"},
    }
    path = tmp_path / "log.csv"
    path.write_text("LOG 112,,,\nNOMOR,JAM,JENIS,PERIHAL\n7,03/04/2026 10:00,Normal,PJU\n")
    news = with_profiles(mapping, batang=batang)
    file = open_export(path, settings=new_settings(), mapping=news)
    assert file.remarks[0] == "Profil batang dikenali: 4 dari 4 kolom, tajuk di baris 2."
    [raw] = file.raws
    assert raw.key.startswith("import:7:")


def test_a_header_is_found_in_any_case_with_any_blanks(mapping: Mapping) -> None:
    rows = [("Laporan",), (" WAKTU\nLAPOR ", "tipe   laporan", "KATEGORI\u00a0")]
    hit = detect(rows, profiles_of(mapping))
    assert hit is not None
    assert (hit.profile.name, hit.number) == ("surabaya", 2)


def test_a_column_in_a_strange_place_is_not_taken_for_a_renamed_one(mapping: Mapping) -> None:
    header = profile_named(mapping, "surabaya").header
    shuffled = ("jam berapa", *(name for name in header if name != "waktu lapor"))
    assert detect([shuffled], profiles_of(mapping)) is None
    assert detect([("jam berapa", *header[:2], *header[3:])], profiles_of(mapping)) is None


def test_the_profiles_of_the_repository_have_no_faults(mapping: Mapping) -> None:
    assert list(faults(mapping)) == []
    assert {profile.name for profile in profiles_of(mapping)} >= {
        "surabaya",
        "sumenep",
        "queue_log",
    }


def test_faults_of_mapping_and_profiles_are_sentences() -> None:
    tables: dict[str, Any] = {
        "types": {"Prank ": "prank", "aneh": "aneh"},
        "emergency": {"categories": ["PJU"]},
        "category_in": {"pju": "penerangan"},
        "profiles": {
            "satu": {"kind": "lain"},
            "dua": {"kind": "tickets", "columns": {"kapan": "jam"}},
            "tiga": {"kind": "tickets", "columns": {"type": "a", "category": "b"}, "dates": "ymd"},
        },
    }
    assert list(faults(Mapping.from_tables("call112", tables))) == [
        "mappings/call112.toml: [types] 'Prank ' harus ditulis 'prank'",
        (
            "mappings/call112.toml: [types] 'aneh' = 'aneh' bukan salah satu dari complaint, emergency, "
            "normal, information, rejected, prank, ghost, silent, bot"
        ),
        "mappings/call112.toml: 'PJU' ada pada [emergency] dan [category_in]; pilih salah satu",
        "mappings/call112/satu.toml: kind harus salah satu dari tickets, cdr, queue_log",
        "mappings/call112/dua.toml: [columns] tidak mengenal kapan",
        'mappings/call112/tiga.toml: [columns] belum punya time; tambahkan time = "..."',
        "mappings/call112/tiga.toml: find belum diisi; tulis kolom yang menandai baris tajuk",
        'mappings/call112/tiga.toml: dates harus "dmy" atau "mdy"',
    ]


def test_a_profile_nobody_wrote_is_named_with_those_there_are(mapping: Mapping) -> None:
    with pytest.raises(UnreadableError, match=r"profil 'kendal' tidak ada .*sumenep, surabaya"):
        profile_named(mapping, "kendal")


def test_a_row_kept_under_a_profile_that_is_gone_is_named_and_waits_for_it(
    new_settings: Callable[..., Settings], mapping: Mapping
) -> None:
    path = FILES / "kejadian_2026.csv"
    raw = next(open_export(path, settings=new_settings(), mapping=mapping).raws)
    assert isinstance(raw, Raw)
    bare = with_profiles(mapping)
    [news] = read(raw, settings=new_settings(), mapping=bare)
    assert isinstance(news, Unreadable)
    assert news.reason == (
        "kejadian_2026.csv, baris 2, profil 'sumenep' tidak ada di mappings/call112/ "
        "(ada: belum ada satu pun)"
    )
    assert len(list(read(raw, settings=new_settings(), mapping=mapping))) == 3
