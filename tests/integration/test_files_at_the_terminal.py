"""Files in and out at the terminal: previewed, read, quarantined, mended, written and answered."""

import csv
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
CALLS = ROOT / "tests" / "connectors" / "call112" / "files"
SECRET = "0123456789abcdef0123456789abcdef"

Hub = Callable[..., str]


@pytest.fixture
def mappings(tmp_path: Path) -> Path:
    """Mappings that a test may spoil and mend."""
    return Path(shutil.copytree(ROOT / "mappings", tmp_path / "mappings"))


@pytest.fixture
def hub(tmp_path: Path, sqlite_url: str, mappings: Path) -> Hub:
    """Run a command in a city with a call log and a national channel that takes files."""

    def run(*arguments: str, code: int = 0) -> str:
        environment = os.environ | {
            "HUB_SECRET_KEY": SECRET, "HUB_DATABASE_URL": sqlite_url, "COLUMNS": "300",
            "HUB_API_KEYS": "rini:kunci", "PYTHONPATH": str(ROOT), "SP4N_MODE": "file",
            "HUB_MAPPINGS_DIR": str(mappings), "CALL112_FOLDER": str(tmp_path / "log"),
        }  # fmt: skip
        done = subprocess.run(
            [sys.executable, "-m", "hub", *arguments], cwd=tmp_path, env=environment,
            capture_output=True, text=True, check=False, timeout=120,
        )  # fmt: skip
        said = done.stdout + done.stderr
        assert done.returncode == code, said
        assert "Traceback" not in said
        return said

    return run


def counts(said: str) -> dict[str, int]:
    """What an import or an export says it did: create, change, count, skip, unreadable."""
    line = said.strip().splitlines()[-1]
    named = {word: int(number) for word, number in re.findall(r"([a-z]+) (\d+)", line)}
    return named | {"unreadable": named.pop("terbaca", 0)}


def rows_of(file: Path) -> list[dict[str, str]]:
    with file.open(encoding="utf-8-sig", newline="") as opened:
        return list(csv.DictReader(opened))


@pytest.mark.parametrize(
    ("name", "profile"),
    [
        ("laporan_insiden_2026.xlsx", "surabaya"),
        ("kejadian_2026.csv", "sumenep"),
        ("queue_log", "queue_log"),
        ("cdr_master.csv", "cdr_21"),
    ],
)
def test_a_call_log_is_recognised_and_a_second_import_changes_nothing(
    hub: Hub, name: str, profile: str
) -> None:
    looked = hub("import", "call112", str(CALLS / name), "--preview")
    assert profile in looked
    assert "Belum ada yang disimpan" in looked
    dry = counts(hub("import", "call112", str(CALLS / name), "--dry-run"))
    first = counts(hub("import", "call112", str(CALLS / name)))
    assert first == dry
    assert first["create"] + first["count"] > 50
    second = counts(hub("import", "call112", str(CALLS / name)))
    assert (second["create"], second["change"], second["count"]) == (0, 0, 0)


def test_an_unknown_word_is_quarantined_and_taken_in_after_the_mapping_is_mended(
    hub: Hub, mappings: Path
) -> None:
    words = (mappings / "call112.toml").read_text(encoding="utf-8")
    spoiled = "".join(
        line for line in words.splitlines(keepends=True) if not line.startswith('"jalan rusak"')
    )
    (mappings / "call112.toml").write_text(spoiled, encoding="utf-8")
    said = hub("import", "call112", str(CALLS / "laporan_insiden_2026.xlsx"))
    hurt = counts(said)["unreadable"]
    assert hurt > 0
    assert re.search(r"laporan_insiden_2026.xlsx, baris \d+, kolom KATEGORI", said)
    before = counts(hub("export", "sp4n", "senin.csv", "--dry-run"))["create"]
    assert before > 5
    (mappings / "call112.toml").write_text(words, encoding="utf-8")
    replayed = hub("replay", "--connector", "call112", "--per-second", "1000")
    assert re.search(r"masih tidak terbaca\s*[│|]\s*0\b", replayed)
    after = counts(hub("export", "sp4n", "senin.csv", "--dry-run"))["create"]
    assert before < after <= before + hurt


def test_what_waits_leaves_in_a_file_and_its_answer_settles_every_row(
    hub: Hub, tmp_path: Path
) -> None:
    hub("import", "call112", str(CALLS / "laporan_insiden_2026.xlsx"))
    hub("export", "sp4n", "senin.csv")
    rows = rows_of(tmp_path / "senin.csv")
    assert len(rows) > 10
    again = hub("export", "sp4n", "senin-lagi.csv")
    assert counts(again)["skip"] == len(rows)
    assert not (tmp_path / "senin-lagi.csv").exists()
    with (tmp_path / "jawaban.csv").open("w", newline="", encoding="utf-8") as opened:
        writer = csv.writer(opened)
        writer.writerow(["tiket", "tracking_id"])
        writer.writerows([row["tiket"], 9_300_000 + n] for n, row in enumerate(rows))
        writer.writerow(["PKL-2026-999999", 9_400_000])
    dry = hub("import", "sp4n", "jawaban.csv", "--dry-run")
    assert counts(dry)["change"] == len(rows) + 1
    said = hub("import", "sp4n", "jawaban.csv")
    assert "jawaban.csv, baris" in said
    assert "PKL-2026-999999" in said
    assert counts(said)["unreadable"] == 1
    assert counts(hub("import", "sp4n", "jawaban.csv"))["change"] == 0
    assert counts(hub("export", "sp4n", "rabu.csv"))["skip"] == 0


def test_the_recap_of_a_month_is_written_for_the_ministry(hub: Hub, tmp_path: Path) -> None:
    hub("import", "call112", str(CALLS / "laporan_insiden_2026.xlsx"))
    said = hub("export", "call112", "rekap.csv", "--counts", "2026-01")
    assert "dihitung pada 2026-01" in said
    rows = rows_of(tmp_path / "rekap.csv")
    assert {"prank", "emergency", "complaint"} <= {row["jenis"] for row in rows}
    assert all(row["tanggal"].startswith("2026-01-") for row in rows)
    assert "bukan bulan" in hub("export", "call112", "x.csv", "--counts", "januari", code=1)


def test_no_number_of_a_prank_caller_is_anywhere_afterwards(hub: Hub, tmp_path: Path) -> None:
    number = "628110009999"
    log = (CALLS / "kejadian_2026.csv").read_text(encoding="utf-8")
    header = log.splitlines()[0].split(",")
    cells = dict.fromkeys(header, "-") | {
        "id": "99001", "kejadian": "PRANK", "tanggal_terima": "18 Januari 2026 21:14",
        "approve": "2", "ket": f"anak kecil iseng dari {number}", "noTelp_pelapor": number,
    }  # fmt: skip
    file = tmp_path / "iseng.csv"
    with file.open("w", newline="", encoding="utf-8") as opened:
        writer = csv.DictWriter(opened, header)
        writer.writeheader()
        writer.writerow(cells)
    said = hub("import", "call112", str(file))
    assert counts(said)["count"] == 1
    assert number not in said
    file.unlink()
    kept = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert not [path for path in kept if number.encode() in path.read_bytes()]
