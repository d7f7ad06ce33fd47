"""`hub check` on the rules of routing and the words of an emergency."""

import os
import shutil
from pathlib import Path

import pytest

from hub.check import check_all
from hub.commands import example_environment

ROOT = Path(__file__).parents[2]


@pytest.fixture(autouse=True)
def mappings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The real mappings, to be spoiled, and every connector on."""
    folder = tmp_path / "mappings"
    shutil.copytree(ROOT / "mappings", folder)
    for name, value in (example_environment() | {"HUB_MAPPINGS_DIR": str(folder)}).items():
        monkeypatch.setenv(name, value)
    return folder


def spoil(file: Path, before: str, after: str) -> None:
    text = file.read_text(encoding="utf-8")
    assert before in text
    file.write_text(text.replace(before, after, 1), encoding="utf-8")


def about(name: str) -> list[str]:
    checked, _ = check_all()
    return [problem for problem in checked.problems if name in problem]


def test_each_sample_says_which_rule_fired_and_where_it_leads() -> None:
    checked, _ = check_all()
    assert checked.problems == ()
    told = "\n".join(checked.samples)
    assert "-> rute jalan provinsi -> LaporGub (" in told
    assert "-> rute aduan biasa -> SP4N-LAPOR! (" in told
    assert "-> rute darurat -> tetap di hub (" in told


def test_a_rule_that_points_to_a_channel_that_is_off_is_remarked_upon(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for name in [name for name in os.environ if name.startswith("LAPORGUB_")]:
        monkeypatch.delenv(name)
    checked, _ = check_all()
    assert checked.problems == ()
    expected = "rute 'jalan provinsi' menunjuk laporgub, yang mati: aduan itu tinggal di hub"
    assert expected in checked.remarks


def test_a_channel_that_takes_no_complaints_is_no_target(mappings: Path) -> None:
    spoil(mappings / "routes.toml", 'to = ["laporgub"]', 'to = ["whatsapp"]')
    [problem] = about("routes.toml")
    assert "rute 'jalan provinsi': tujuan 'whatsapp' tidak dikenal" in problem


def test_a_sample_is_held_against_the_words_of_an_emergency(mappings: Path) -> None:
    spoil(mappings / "emergency.toml", '"rawan", ', "")
    [problem] = about("routes.toml")
    assert "rawan kecelakaan" in problem
    assert "yang terpakai 'darurat'" in problem


def test_files_that_cannot_be_used_are_named_and_the_rest_is_still_checked(
    mappings: Path,
) -> None:
    spoil(mappings / "routes.toml", 'name = "darurat"', "")
    spoil(mappings / "emergency.toml", "[words]", "[words")
    assert "[[route]] '?' belum punya name" in about("routes.toml")[0]
    assert "emergency.toml tidak dapat dipakai" in about("emergency.toml")[0]


def test_a_chat_that_cannot_say_112_is_named(mappings: Path) -> None:
    spoil(mappings / "whatsapp.toml", "[notices.emergency]", "[notices.other]")
    assert "mappings/whatsapp.toml: [notices.emergency] belum ada" in about("notices.emergency")[0]


def test_without_the_files_everything_goes_everywhere_and_that_is_said(mappings: Path) -> None:
    (mappings / "routes.toml").unlink()
    (mappings / "emergency.toml").unlink()
    checked, _ = check_all()
    assert checked.problems == ()
    assert checked.samples == ()
    assert any("kata-kata darurat tidak dikenali" in remark for remark in checked.remarks)
    assert any("mappings/routes.toml tidak ada" in remark for remark in checked.remarks)
