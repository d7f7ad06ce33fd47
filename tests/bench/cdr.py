"""How long a big file of the telephone exchange takes, and in how much memory: `python -m tests.bench.cdr`.

The file is imported twice on a new SQLite database; the second time nothing may change. A bare
pass of csv.reader over the same file, measured in the same run, is the floor under it. A tenth of
the rows goes first, to show that the peak does not grow with the file.
"""

import argparse
import hashlib
import os
import re
import sqlite3
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.bench.cdr_rows import write_cdr

ROWS = 1_000_000
ROOT = Path(__file__).parents[2]
FLOOR = """
import csv, sys
with open(sys.argv[1], encoding="utf-8", errors="surrogateescape", newline="") as file:
    print(sum(1 for row in csv.reader(file)))
"""
DONE = re.compile(r": (\d+) baris; create 0, change (\d+), count (\d+), skip (\d+), tak terbaca 0")


class Wrong(Exception):
    """The import did something else than it should."""


@dataclass(frozen=True)
class Took:
    """What a program needed, and what it said. `processor` in seconds, `peak` in megabytes."""

    seconds: float
    processor: float
    peak: float
    said: str


@dataclass(frozen=True)
class Counts:
    """What an import says of itself."""

    rows: int
    changed: int
    counted: int
    skipped: int


def took(*command: str | Path, folder: Path, **environment: str) -> Took:
    began = time.perf_counter()
    with subprocess.Popen(
        [str(part) for part in command], cwd=folder, env=os.environ | environment,
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
    ) as program:  # fmt: skip
        assert program.stdout is not None
        said = program.stdout.read()
        _, status, usage = os.wait4(program.pid, 0)
        program.returncode = os.waitstatus_to_exitcode(status)
    if program.returncode != 0:
        raise Wrong(said)
    processor = usage.ru_utime + usage.ru_stime
    return Took(time.perf_counter() - began, processor, usage.ru_maxrss / 1024, said)


def imported(file: Path) -> tuple[Took, Counts]:
    run = took(
        sys.executable, "-m", "hub", "import", "call112", file,
        folder=file.parent, PYTHONPATH=str(ROOT), COLUMNS="200", HUB_SECRET_KEY="only-to-measure-with-" * 2,
        HUB_DATABASE_URL=f"sqlite+aiosqlite:///{file.parent / 'hub.db'}",
        CALL112_FOLDER=str(file.parent / "watched"),
    )  # fmt: skip
    found = DONE.search(run.said)
    if found is None:
        raise Wrong(run.said)
    counts = Counts(*map(int, found.groups()))
    if f"{counts.rows}/{counts.rows}" not in run.said:
        raise Wrong(f"the progress bar did not come to its end: {run.said}")
    return run, counts


def kept(database: Path) -> tuple[int, str]:
    """How many calls are kept, and a hash over every row of them."""
    digest, number = hashlib.sha256(), 0
    connection = sqlite3.connect(database)
    for row in connection.execute("SELECT * FROM tallies ORDER BY connector, blind"):
        digest.update(repr(row).encode())
        number += 1
    connection.close()
    return number, digest.hexdigest()


def measure(folder: Path, rows: int) -> None:
    folder.mkdir()
    file = folder / "cdr_master.csv"
    calls = write_cdr(file, rows)
    floor = took(sys.executable, "-c", FLOOR, file, folder=folder)
    first, counts = imported(file)
    before = kept(folder / "hub.db")
    if before[0] != calls:
        raise Wrong(f"{calls} calls were written, but {before[0]} are kept: {first.said}")
    print(f"{rows:,} rows of {calls:,} calls ({file.stat().st_size / 1e6:.0f} MB)")
    report("floor: csv.reader", floor, floor=floor, rows=rows)
    report("first import", first, floor=floor, rows=rows)
    second, again = imported(file)
    report("second import", second, floor=floor, rows=rows)
    if kept(folder / "hub.db") != before or again.counted or again.changed:
        raise Wrong(f"the second import changed something: {second.said}")
    print(
        f"  counted {counts.counted:,}, changed {counts.changed:,}, skipped {counts.skipped:,};"
        f" the second time nothing: {before[0]:,} calls, sha256 {before[1][:16]}"
    )


def report(what: str, run: Took, *, floor: Took, rows: int) -> None:
    print(
        f"  {what:18} {run.seconds:6.1f} s  {rows / run.seconds:9,.0f} rows/s"
        f"  processor {run.processor:5.1f} s ({run.processor / floor.processor:5.1f} x floor)"
        f"  peak {run.peak:4.0f} MB",
        flush=True,
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=ROWS)
    rows = parser.parse_args().rows
    with TemporaryDirectory() as folder:
        try:
            measure(Path(folder) / "tenth", rows // 10)
            measure(Path(folder) / "whole", rows)
        except Wrong as wrong:
            sys.exit(f"wrong: {wrong}")


if __name__ == "__main__":
    main()
