"""Files into rows of text: XLSX or CSV, whatever the delimiter and the encoding."""

import csv
import io
import re
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import date, datetime, time
from pathlib import Path
from typing import Any

import openpyxl

from hub.contract import UnreadableError

# A cell that only stands in a line of titles.
_TITLES = re.compile(
    r'(?:^|[,;\t])\W*(?:tracking[ _]id|penanda|tiket)"?\s*(?:[,;\t]|$)', re.IGNORECASE
)

Row = tuple[str, ...]
Rows = Callable[[], Iterator[Row]]


def rows_of(path: Path) -> Rows:
    """The rows of a file, from the beginning at each call."""
    with path.open("rb") as file:
        beginning = file.read(4)
    if beginning == b"\xd0\xcf\x11\xe0":
        raise UnreadableError(
            f"{path.name}: format .xls lama tidak terbaca, berkas bersandi juga; simpan ulang "
            "sebagai .xlsx tanpa sandi atau CSV."
        )
    return lambda: _sheet(path) if beginning.startswith(b"PK") else _lines(path)


def _sheet(path: Path) -> Iterator[Row]:
    # Opened here: by a path openpyxl believes the ending of the name. Of formulas, what they gave.
    with (
        path.open("rb") as file,
        closing(openpyxl.load_workbook(file, read_only=True, data_only=True)) as book,
    ):
        for sheet in book.worksheets:
            # What a file says about its own size is often wrong; then rows would be missing.
            sheet.reset_dimensions()
            for cells in sheet.iter_rows(values_only=True):
                yield tuple(map(_text, cells))


def _lines(path: Path) -> Iterator[Row]:
    with path.open(encoding=_encoding(path), newline="") as file:
        start = file.tell()
        first = next((line for line in file if _TITLES.search(line)), "")
        file.seek(start)
        delimiter = max(",;\t", key=first.count)
        for line in csv.reader(file, delimiter=delimiter):
            yield tuple(cell.strip("\ufeff") for cell in line)


def _encoding(path: Path) -> str:
    try:
        with io.open(path, encoding="utf-8-sig") as file:  # noqa: UP020
            for _ in file:
                pass
    except UnicodeDecodeError:
        return "cp1252"
    return "utf-8-sig"


def _text(cell: Any) -> str:
    """A cell as the export writes it, also after somebody saved the file again in Excel."""
    match cell:
        case None:
            return ""
        case datetime() if cell.time() == time():
            return cell.date().isoformat()
        case datetime() | date() | time():
            return cell.isoformat()
        case float() if cell.is_integer():
            return str(int(cell))
        case _:
            return str(cell)
