"""`hub check`: every missing setting and every unmapped word in one run, each with what to do."""

import shutil
from pathlib import Path

import pytest

from hub.check import check_all

ROOT = Path(__file__).parents[2]


@pytest.fixture(autouse=True)
def mappings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The real mappings, to be spoiled."""
    folder = tmp_path / "mappings"
    shutil.copytree(ROOT / "mappings", folder)
    monkeypatch.setenv("HUB_MAPPINGS_DIR", str(folder))
    return folder


@pytest.fixture
def key(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HUB_SECRET_KEY", "0123456789abcdef0123456789abcdef")
    monkeypatch.setenv("HUB_API_KEYS", "rini:kunci")


def spoil(file: Path, *changes: tuple[str, str]) -> None:
    text = file.read_text(encoding="utf-8")
    for before, after in changes:
        assert before in text
        text = text.replace(before, after, 1)
    file.write_text(text, encoding="utf-8")


@pytest.mark.usefixtures("key")
def test_with_the_key_alone_nothing_is_to_be_mended_and_every_channel_says_what_it_needs() -> None:
    checked, settings = check_all()
    assert settings is not None
    assert checked.problems == ()
    assert checked.on == ()
    assert {name for name, _ in checked.off} >= {"sp4n", "whatsapp"}
    for variable in ("SP4N_BASE_URL", "SP4N_TOKEN", "WHATSAPP_APP_SECRET"):
        [remark] = [each for each in checked.remarks if f"{variable} belum diisi" in each]
        assert remark.partition(f"{variable} belum diisi: ")[2], "what it is, and where to get it"
    assert any("tidak ada konektor yang aktif" in remark for remark in checked.remarks)


def test_several_missing_settings_are_all_named_in_one_run(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("HUB_PORT", "delapan")
    monkeypatch.setenv("WHATSAPP_PHONE_NUMBER_ID", "100000000000112")
    monkeypatch.setenv("SP4N_BEARER", "nilai-rahasia")
    monkeypatch.setenv("SP4N_USER_ID", "bukan angka")
    checked, settings = check_all()
    assert settings is None
    named = [problem.partition(" ")[0] for problem in checked.problems]
    assert set(named) == {
        "HUB_SECRET_KEY", "HUB_PORT",
        "WHATSAPP_ACCESS_TOKEN", "WHATSAPP_APP_SECRET", "WHATSAPP_VERIFY_TOKEN",
        "SP4N_BASE_URL", "SP4N_TOKEN", "SP4N_USER_ID", "SP4N_INSTITUTION_ID",
        "SP4N_CHANNEL_ID", "SP4N_LOCATION_ID", "SP4N_CLASSIFICATION_ID",
    }  # fmt: skip
    assert len(named) == len(set(named))
    assert all(len(problem.partition(": ")[2]) > 10 for problem in checked.problems)
    told = str(checked)
    assert "nilai-rahasia" not in told
    assert "bukan angka" not in told


@pytest.mark.usefixtures("key")
def test_every_unmapped_word_is_named_with_file_and_table(mappings: Path) -> None:
    spoil(
        mappings / "sp4n.toml",
        ("[status_out.closed]", "[unused.closed]"),
        ("[status_out.archived]", "[unused.archived]"),
        ('jalan = "928"', ""),
        ('"-" = "110"', ""),
        ("[category_in]", '[category_in]\n"lubang hitam" = "antariksa"'),
    )
    spoil(mappings / "whatsapp.toml", ("[status_out.referred]", "[unused.referred]"))
    spoil(mappings / "categories.toml", ("[categories]", '[categories]\nkucing = "Kucing"'))
    checked, _ = check_all()
    for part in (
        "sp4n.toml: [status_out] belum punya 'closed'; tambahkan [status_out.closed]",
        "sp4n.toml: [status_out] belum punya 'archived'; tambahkan [status_out.archived]",
        "whatsapp.toml: [status_out] belum punya 'referred'; tambahkan [status_out.referred]",
        "sp4n.toml: [category_out] belum punya kata untuk kategori 'jalan'",
        "sp4n.toml: [category_out] belum punya kata untuk kategori '-'",
        "sp4n.toml: [category_out] belum punya kata untuk kategori 'kucing'",
        "sp4n.toml: [category_in] 'lubang hitam' menunjuk ke 'antariksa'",
        "laporgub.toml: [category_out] belum punya kata untuk kategori 'kucing'",
    ):
        assert [problem for problem in checked.problems if part in problem], part
    assert len(checked.problems) == 8


@pytest.mark.usefixtures("key")
def test_a_variable_that_nobody_knows_is_remarked_upon(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HUB_DATABASE", "sqlite:///hub.db")
    checked, _ = check_all()
    assert "HUB_DATABASE diisi, tetapi hub tidak mengenal pengaturan itu" in checked.remarks


def test_the_mappings_are_looked_at_even_while_the_key_is_missing(mappings: Path) -> None:
    spoil(mappings / "sp4n.toml", ("[status_out.closed]", "[unused.closed]"))
    checked, settings = check_all()
    assert settings is None
    assert any("[status_out.closed]" in problem for problem in checked.problems)


def test_without_api_keys_nobody_could_log_in_and_that_is_said(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("HUB_SECRET_KEY", "0123456789abcdef0123456789abcdef")
    checked, _ = check_all()
    assert any(remark.startswith("HUB_API_KEYS kosong") for remark in checked.remarks)


@pytest.mark.usefixtures("key")
def test_a_city_without_outlines_is_told_what_it_goes_without(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    checked, _ = check_all()
    assert not any("regions" in remark for remark in checked.remarks)
    monkeypatch.setenv("HUB_CITY_CODE", "33.74")
    checked, _ = check_all()
    assert any("mappings/regions/33.74.geojson tidak ada" in each for each in checked.remarks)
    assert checked.problems == ()
