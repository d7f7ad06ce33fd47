"""The `hub` command, as an operator types it."""

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
EXPORTS = ROOT / "tests" / "connectors" / "sp4n" / "exports"
SECRET = "0123456789abcdef0123456789abcdef"

Hub = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture
def hub(tmp_path: Path, sqlite_url: str) -> Hub:
    """Run a command in an empty folder; keyword arguments are settings."""

    def run(*arguments: str, **settings: str) -> subprocess.CompletedProcess[str]:
        given = {"HUB_SECRET_KEY": SECRET, "HUB_DATABASE_URL": sqlite_url, "COLUMNS": "300"}
        given |= {"HUB_API_KEYS": "rini:kunci", "PYTHONPATH": str(ROOT)} | settings
        # Importing an export needs nothing but this.
        environment = os.environ | {"SP4N_MODE": "file"} | given
        return subprocess.run(
            [sys.executable, "-m", "hub", *arguments], cwd=tmp_path, env=environment,
            capture_output=True, text=True, check=False, timeout=120,
        )  # fmt: skip

    return run


@pytest.mark.parametrize("name", ["laporan_ringkas.xlsx", "laporan_ringkas_lama_20.csv"])
def test_an_export_is_read_and_a_second_run_is_0_new_0_changed(hub: Hub, name: str) -> None:
    file = str(EXPORTS / name)
    dry = hub("import", "sp4n", file, "--dry-run")
    assert dry.returncode == 0, dry.stderr
    first = hub("import", "sp4n", file)
    assert first.returncode == 0, first.stderr
    would = "(?:akan )?"
    counts = (
        rf"(\d+) baris; {would}create (\d+), {would}change 0, {would}count 0, {would}skip (\d+), "
        "tak terbaca 0"
    )
    told, done = (re.search(counts, run.stdout) for run in (dry, first))
    assert told
    assert done
    assert told.groups() == done.groups()
    second = hub("import", "sp4n", file)
    rows = done.group(1)
    assert (
        f"{rows} baris; create 0, change 0, count 0, skip {rows}, tak terbaca 0" in second.stdout
    )


def test_a_broken_row_is_named_and_the_others_are_in(hub: Hub, tmp_path: Path) -> None:
    file = tmp_path / "laporan.csv"
    file.write_text(
        "Tracking ID,Tanggal Laporan Masuk,Waktu Laporan Masuk,Isi Laporan Awal,Status Laporan\n"
        "9000001,19 Jan 2026,07:00:00,Lampu jalan mati.,Selesai\n"
        "9000002,entah kapan,07:00:00,Sampah menumpuk.,Selesai\n"
    )
    done = hub("import", "sp4n", str(file))
    assert done.returncode == 0, done.stderr
    assert "tak terbaca laporan.csv, baris 3, kolom Tanggal Laporan Masuk" in done.stdout
    assert "2 baris; create 2, change 0, count 0, skip 0, tak terbaca 1" in done.stdout


@pytest.mark.parametrize(
    ("connector", "content", "says"),
    [
        ("sp4n", "bukan ekspor", "tidak ada baris judul"),
        ("whatsapp", "bukan ekspor", "Konektor whatsapp tidak aktif"),
    ],
)
def test_what_cannot_be_imported_is_refused_in_a_sentence(
    hub: Hub, tmp_path: Path, connector: str, content: str, says: str
) -> None:
    file = tmp_path / "laporan.csv"
    file.write_text(content)
    done = hub("import", connector, str(file))
    assert done.returncode == 1
    assert says in done.stderr
    assert "Traceback" not in done.stderr


def test_check_names_everything_and_up_refuses_with_the_same_sentences(
    hub: Hub, tmp_path: Path
) -> None:
    mappings = tmp_path / "mappings"
    shutil.copytree(ROOT / "mappings", mappings)
    words = (mappings / "sp4n.toml").read_text(encoding="utf-8")
    (mappings / "sp4n.toml").write_text(words.replace("[status_out.closed]", "[unused.closed]"))
    given = {"HUB_MAPPINGS_DIR": str(mappings), "SP4N_MODE": "api", "SP4N_TOKEN": "t"}
    given["WHATSAPP_PHONE_NUMBER_ID"] = "1"
    checked = hub("check", **given)
    assert checked.returncode == 1
    to_mend = set(re.findall(r"^perbaiki .+$", checked.stdout, re.MULTILINE))
    for part in (
        "[status_out.closed]",
        "SP4N_BASE_URL belum diisi",
        "WHATSAPP_APP_SECRET belum diisi",
    ):
        assert any(part in line for line in to_mend), part
    for command in ("up", "serve", "work"):
        refused = hub(command, **given)
        assert refused.returncode == 2, command
        assert set(re.findall(r"^perbaiki .+$", refused.stderr, re.MULTILINE)) == to_mend, command


def test_up_without_a_key_says_which_setting_is_missing_and_how_to_get_one(hub: Hub) -> None:
    refused = hub("up", HUB_SECRET_KEY="")
    assert refused.returncode == 2
    assert "HUB_SECRET_KEY belum diisi" in refused.stderr
    assert "openssl rand -hex 32" in refused.stderr


def test_check_of_the_example_is_green_and_names_every_channel(hub: Hub) -> None:
    done = hub("check", "--example")
    assert done.returncode == 0, done.stdout + done.stderr
    assert "Semua sudah pada tempatnya." in done.stdout
    assert re.search(r"^aktif +sp4n", done.stdout, re.MULTILINE)
    for name in ("call112", "laporgub", "whatsapp"):
        assert re.search(rf"^aktif +{name}", done.stdout, re.MULTILINE), name


def test_a_replay_with_nothing_to_do_says_so(hub: Hub) -> None:
    done = hub("replay")
    assert done.returncode == 0, done.stderr
    assert "dibaca ulang: 0; dikirim ulang: 0" in done.stdout


@pytest.mark.parametrize(
    ("options", "says"),
    [
        (["--since", "kemarin"], "kemarin bukan tanggal; tuliskan sebagai TTTT-BB-HH"),
        (["--since", "2026-13-01"], "2026-13-01 bukan tanggal"),
        (["--since", "0001-01-01"], "0001-01-01 bukan tanggal"),
        (["--connector", "faks"], "Tidak ada konektor faks; yang ada: "),
        (["--per-second", "0"], "--per-second harus lebih dari 0."),
    ],
)
def test_a_replay_refuses_what_makes_no_sense_in_a_sentence(
    hub: Hub, options: list[str], says: str
) -> None:
    done = hub("replay", *options)
    assert done.returncode == 1, done.stdout
    assert says in done.stderr
    assert "Traceback" not in done.stderr


def test_a_replay_is_shown_first_and_what_was_taken_in_is_passed_over(hub: Hub) -> None:
    file = str(EXPORTS / "laporan_ringkas_lama_20.csv")
    assert hub("import", "sp4n", file).returncode == 0
    given = ["replay", "--connector", "sp4n", "--per-second", "1000"]
    dry = hub(*given, "--since", "2026-01-01", "--dry-run")
    assert dry.returncode == 0, dry.stderr
    # A day begins where the city is.
    assert "Sejak 01-01-2026 00.00 (Asia/Jakarta)." in dry.stdout
    assert re.search(r"akan dilewati +│ (\d+) +│ \1 sudah dikenal", dry.stdout), dry.stdout
    assert re.search(r"akan dibuat +│ 0 ", dry.stdout)
    assert "Belum ada yang diubah" in dry.stdout
    done = hub(*given)
    assert done.returncode == 0, done.stderr
    assert re.search(r"dilewati +│ (\d+) +│ \1 sudah dikenal", done.stdout), done.stdout
    [number] = re.findall(r"dibaca ulang: (\d+)", done.stdout)
    rest = hub(*given, "--after", str(int(number) - 1))
    assert "dibaca ulang: 1;" in rest.stdout, "an interrupted replay goes on where it stopped"


def test_reconcile_says_who_agrees_and_ends_well_when_nobody_disagrees(hub: Hub) -> None:
    done = hub("reconcile")
    assert done.returncode == 0, done.stderr
    assert "Belum ada aduan untuk dibandingkan" in done.stdout
    assert "SP4N-LAPOR!: belum ada aduan" in done.stdout
    assert "waktu sampai sepakat, 30 hari: p50 -" in done.stdout
