"""CSV and XLSX as rows of text, whatever the delimiter, the letters or the program that saved them."""

import csv
import zlib
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import date, datetime, time
from pathlib import Path
from typing import Any
from zipfile import BadZipFile

import openpyxl

from hub.contract import UnreadableError

Row = tuple[str, ...]
BROKEN = (BadZipFile, KeyError, OSError, ValueError, csv.Error, SyntaxError, zlib.error)


@dataclass(frozen=True, slots=True)
class Sheet:
    """A file whose rows can be walked again and again."""

    name: str
    rows: Callable[[], Iterator[Row]]
    is_csv: bool
    remarks: tuple[str, ...] = ()


def opened(path: Path) -> Sheet:
    """A file by what is in it, not by its name. Raises `UnreadableError` with a sentence."""
    try:
        with path.open("rb") as file:
            beginning = file.read(4)
    except OSError as error:
        raise UnreadableError(f"{path.name}: berkas tidak terbuka ({error.strerror}).") from error
    if beginning == b"\xd0\xcf\x11\xe0":
        raise UnreadableError(
            f"{path.name}: format .xls lama tidak terbaca, berkas bersandi juga; simpan ulang "
            "sebagai .xlsx tanpa sandi atau CSV."
        )
    if beginning.startswith(b"PK"):
        return Sheet(path.name, lambda: _sheet(path), is_csv=False)
    encoding = _encoding(path)
    delimiter = _delimiter(path, encoding)
    remarks = (
        (f"{path.name}: huruf bukan UTF-8; dibaca sebagai Windows-1252, periksa huruf khususnya.",)
        if encoding != "utf-8-sig"
        else ()
    )
    return Sheet(
        path.name, lambda: _lines(path, encoding, delimiter), is_csv=True, remarks=remarks
    )


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


def _lines(path: Path, encoding: str, delimiter: str) -> Iterator[Row]:
    with path.open(encoding=encoding, newline="", errors="replace") as file:
        for line in csv.reader(file, delimiter=delimiter):
            yield tuple(cell.strip("\ufeff") for cell in line)


def _encoding(path: Path) -> str:
    try:
        with path.open(encoding="utf-8-sig") as file:
            for _ in file:
                pass
    except UnicodeDecodeError:
        return "cp1252"
    return "utf-8-sig"


def _delimiter(path: Path, encoding: str) -> str:
    with path.open(encoding=encoding, errors="replace") as file:
        first = next((line for line in file if line.strip()), "")
    return max(";,\t", key=first.count)


def _text(cell: Any) -> str:
    """A cell as somebody typed it, also after Excel has taken it for a date or a number."""
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
