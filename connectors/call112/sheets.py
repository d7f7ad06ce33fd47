"""Tables as rows of text: each sheet of an XLSX file, or a CSV file as its only one."""

import csv
import zlib
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import date, datetime, time
from io import BytesIO
from itertools import islice
from pathlib import Path
from typing import Any, BinaryIO
from zipfile import BadZipFile, ZipFile

import openpyxl
from openpyxl.utils.exceptions import InvalidFileException

from connectors.call112 import salvage
from connectors.call112.lines import is_cut, lines_of
from hub.contract import UnreadableError

_DELIMITERS = ",;\t|"
_BEGINNING = 20
_ENCRYPTED = 0x1
# What zipfile, zlib, the XML parsers and openpyxl raise over a file that is not what it seems.
# RuntimeError includes NotImplementedError, a compression nobody knows.
UNFIT = (
    AttributeError,
    BadZipFile,
    InvalidFileException,
    LookupError,
    OSError,
    RuntimeError,
    SyntaxError,
    TypeError,
    ValueError,
    zlib.error,
)

Row = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Sheet:
    """Rows of text, as often as they are wanted. `name` is empty where there is only one.

    `ragged`: a row may leave out its empty cells at the end. `cut`: the last row may be half written;
    `cut_at`: row and column (from 0) at which the file breaks off.
    """

    name: str
    rows: Callable[[], Iterator[Row]]
    ragged: bool = False
    cut: bool = False
    cut_at: tuple[int, int] | None = None

    def numbered(self) -> Iterator[tuple[int, Row | None]]:
        """The rows with their numbers; None for one that never ends."""
        number = 0
        try:
            for number, row in enumerate(self.rows(), start=1):
                yield number, row
        except csv.Error:
            # A quote that never closes: all that follows is one cell.
            yield number + 1, None

    def beginning(self, count: int) -> tuple[Row, ...]:
        """The first rows."""
        return tuple(row for _, row in islice(self.numbered(), count) if row is not None)


def sheets_of(path: Path) -> tuple[Sheet, ...]:
    """The tables of a file; `UnreadableError` if it is neither XLSX nor text."""
    with path.open("rb") as file:
        beginning = file.read(8)
    if beginning.startswith(b"\xd0\xcf\x11\xe0"):
        raise UnreadableError(
            f"{path.name}: format .xls lama atau berkas bersandi tidak terbaca; simpan ulang sebagai "
            ".xlsx tanpa sandi atau CSV."
        )
    if beginning.startswith(b"PK"):
        return _book(path)
    return (Sheet("", lambda: _text(path), cut=is_cut(path)),)


def _book(path: Path) -> tuple[Sheet, ...]:
    try:
        names = _sheet_names(path)
    except UNFIT as error:
        return _salvaged(path, error)
    return tuple(
        Sheet(name, _rows_in(lambda: path.open("rb"), name), ragged=True) for name in names
    )


def _salvaged(path: Path, error: Exception) -> tuple[Sheet, ...]:
    """What is left of a file that was cut off or half copied."""
    with path.open("rb") as file:
        saved = salvage.salvaged(file)
    if saved is None:
        raise UnreadableError(
            f"{path.name}: berkas terpotong atau rusak, tidak ada baris yang dapat diselamatkan; "
            "minta berkas yang utuh."
        ) from error
    return tuple(
        Sheet(
            name,
            _rows_in(lambda: BytesIO(saved.content), name),
            ragged=True,
            cut_at=cut_at,
        )
        for name, cut_at in saved.sheets.items()
    )


def _sheet_names(source: Path) -> list[str]:
    with ZipFile(source) as archive:
        if any(part.flag_bits & _ENCRYPTED for part in archive.infolist()):
            raise UnreadableError(
                f"{source.name}: berkas dikunci dengan sandi; simpan ulang tanpa sandi."
            )
        # Otherwise a spoiled part shows only in the middle of the rows.
        if (spoiled := archive.testzip()) is not None:
            raise BadZipFile(spoiled)
    # Open, because of a path openpyxl judges by its ending.
    with source.open("rb") as file, closing(openpyxl.load_workbook(file, read_only=True)) as book:
        return [sheet.title for sheet in book.worksheets]


def _rows_in(source: Callable[[], BinaryIO], name: str) -> Callable[[], Iterator[Row]]:
    def rows() -> Iterator[Row]:
        with source() as file:
            book = openpyxl.load_workbook(file, read_only=True, data_only=True)
            with closing(book):
                sheet = book[name]
                # What a file says about its own size is often wrong; then rows would be missing.
                sheet.reset_dimensions()
                for cells in sheet.iter_rows(values_only=True):
                    yield tuple(map(_cell, cells))

    return rows


def _text(path: Path) -> Iterator[Row]:
    lines = lines_of(path)
    beginning = [line for line, _ in zip(lines, range(_BEGINNING), strict=False)]
    delimiter = max(_DELIMITERS, key="".join(beginning).count)
    yield from map(tuple, csv.reader(lines_of(path), delimiter=delimiter))


def _cell(value: Any) -> str:
    match value:
        case None:
            return ""
        case datetime() if value.time() == time():
            return value.date().isoformat()
        case datetime():
            return value.replace(microsecond=0).isoformat(" ")
        case date() | time():
            return value.isoformat()
        case float() if value.is_integer():
            return str(int(value))
        case _:
            return str(value)
