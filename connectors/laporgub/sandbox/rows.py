"""Rows of CSV and XLSX files, in and out."""

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from contextlib import closing
from zipfile import BadZipFile

import openpyxl
from openpyxl.utils.exceptions import InvalidFileException

Row = Mapping[str, str]
DELIMITERS = ";,\t"


def rows_in(content: bytes) -> list[Row]:
    """The rows under their headings; `ValueError` with a sentence if it is no table."""
    table = _sheet(content) if content.startswith(b"PK") else _lines(content)
    if not table:
        raise ValueError("Berkas kosong.")
    header = [cell.strip().lower() for cell in table[0]]
    return [
        dict(zip(header, cells, strict=False)) for cells in table[1:] if any(map(str.strip, cells))
    ]


def csv_of(header: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """The file as text, separated by semicolons as their data set is."""
    file = io.StringIO()
    writer = csv.writer(file, delimiter=";", lineterminator="\n")
    writer.writerow(header)
    writer.writerows(rows)
    return file.getvalue()


def _sheet(content: bytes) -> list[list[str]]:
    try:
        with closing(openpyxl.load_workbook(io.BytesIO(content), read_only=True)) as book:
            return [
                ["" if cell is None else str(cell) for cell in cells]
                for cells in book.worksheets[0].iter_rows(values_only=True)
            ]
    except (BadZipFile, InvalidFileException, KeyError, OSError) as error:
        raise ValueError(f"Berkas bukan XLSX yang utuh ({error}).") from error


def _lines(content: bytes) -> list[list[str]]:
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise ValueError("Berkas bukan CSV dengan penyandian UTF-8.") from None
    first = text.partition("\n")[0]
    return list(csv.reader(io.StringIO(text), delimiter=max(DELIMITERS, key=first.count)))
