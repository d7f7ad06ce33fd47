"""How the imitated centre hands its log over: whole files in the ways that real centres do it."""

import asyncio
import csv
import io
import sqlite3
from collections.abc import Iterable, Sequence
from contextlib import closing
from datetime import datetime
from pathlib import Path

import openpyxl

from connectors.call112.sandbox.calls import HEADER, WIB, Call

WRITING_STEP, WRITING_STEPS = 0.1, 8
TITLE = "LAPORAN INSIDEN CALL CENTER 112"
TABLE, CURSOR_COLUMN = "laporan_insiden", "no"


def sheet(calls: Sequence[Call], day: datetime) -> list[Sequence[str]]:
    """All rows of the file: a title, an empty row, the header, the calls, a total."""
    title = (f"{TITLE} TAHUN {day.astimezone(WIB):%Y}",)
    total = ("TOTAL", str(len(calls)))
    return [title, ("KOTA CONTOH (TIRUAN)",), (), HEADER, *(call.row() for call in calls), total]


def as_csv(rows: Iterable[Sequence[str]], *, old: bool = False) -> bytes:
    """The rows as CSV. `old`: a letter with an accent goes as one Latin-1 byte, as old programs write it."""
    text = io.StringIO()
    csv.writer(text).writerows(rows)
    return b"".join(
        letter.encode("latin-1" if old and letter == "é" else "utf-8")
        for letter in text.getvalue()
    )


def as_xlsx(rows: Iterable[Sequence[str]]) -> bytes:
    """The rows as a workbook with one sheet."""
    book = openpyxl.Workbook(write_only=True)
    page = book.create_sheet("DATA")
    for row in rows:
        page.append(row)
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def drop(folder: Path, name: str, body: bytes) -> None:
    """Write under another name, then rename."""
    unfinished = folder / f"{name}.part"
    unfinished.write_bytes(body)
    unfinished.rename(folder / name)


async def drop_slowly(folder: Path, name: str, body: bytes) -> None:
    """Write in place, bit by bit, as a copy over a slow line does."""
    step = len(body) // WRITING_STEPS + 1
    with (folder / name).open("wb", buffering=0) as file:
        for start in range(0, len(body), step):
            file.write(body[start : start + step])
            await asyncio.sleep(WRITING_STEP)


def insert(database: Path, calls: Iterable[Call]) -> None:
    """Write the calls into a table with the columns of the file."""
    names = [" ".join(name.split()).lower() for name in HEADER]
    columns = ", ".join(f'"{name}"' for name in names)
    slots = ", ".join("?" * len(names))
    with closing(sqlite3.connect(database)) as connection, connection:
        connection.execute(
            f'CREATE TABLE IF NOT EXISTS {TABLE} ({columns}, PRIMARY KEY ("{CURSOR_COLUMN}"))'
        )
        connection.executemany(
            f"INSERT OR IGNORE INTO {TABLE} ({columns}) VALUES ({slots})",  # noqa: S608 - our own names
            [(call.number, *call.row()[1:]) for call in calls],
        )
