"""Laporan Ringkas, the export of the LAPOR! admin site, row by row: XLSX or CSV, any layout."""

import csv
import io
import json
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from hashlib import sha256
from itertools import count
from pathlib import Path
from typing import Any
from zipfile import BadZipFile

import openpyxl

from connectors.sp4n import payloads
from hub.contract import ImportFile, Raw, UnreadableError
from hub.contract.mapping import folded

GENERATED = "Tanggal Generate"
PREAMBLE_ROWS = 60
_NEEDED = (payloads.DATE, payloads.TEXT, payloads.STATUS)
# A name that somebody typed again must still be known, above all that of the reporter.
_SPELLINGS = {folded(name): name for name in (*payloads.COLUMNS, GENERATED)}

Row = tuple[str, ...]
Rows = Callable[[], Iterator[Row]]


@dataclass(frozen=True, slots=True)
class Header:
    """Where the table begins, its columns, and the day the export was made, if it says so."""

    number: int
    columns: Row
    generated: str | None


@dataclass(frozen=True, slots=True)
class Origin:
    """The file that rows came from, and when it was written to the disk."""

    name: str
    written: str


def open_export(path: Path) -> ImportFile:
    """Take a file apart. It is read twice, once to count, so that a progress bar has an end."""
    rows = _rows_of(path)
    try:
        header = _header(rows(), path.name)
        total = sum(1 for _ in _table(rows(), header))
    except (BadZipFile, KeyError, OSError, ValueError, csv.Error, SyntaxError) as error:
        raise UnreadableError(
            f"{path.name}: berkas rusak atau bukan Laporan Ringkas ({error})."
        ) from error
    origin = Origin(path.name, datetime.fromtimestamp(path.stat().st_mtime, UTC).isoformat())
    raws = (
        _raw(row, number, header=header, origin=origin) for number, row in _table(rows(), header)
    )
    return ImportFile(total=total, raws=raws, remarks=tuple(_remarks(header, path.name)))


def _rows_of(path: Path) -> Rows:
    with path.open("rb") as file:
        beginning = file.read(4)
    if beginning == b"\xd0\xcf\x11\xe0":
        raise UnreadableError(
            f"{path.name}: format .xls lama tidak terbaca; simpan ulang sebagai .xlsx atau CSV."
        )
    return lambda: _sheet(path) if beginning.startswith(b"PK") else _lines(path)


def _sheet(path: Path) -> Iterator[Row]:
    with closing(openpyxl.load_workbook(path, read_only=True)) as book:
        for sheet in book.worksheets:
            # What a file says about its own size is often wrong; then rows would be missing.
            sheet.reset_dimensions()
            for cells in sheet.iter_rows(values_only=True):
                yield tuple(map(_text, cells))


def _lines(path: Path) -> Iterator[Row]:
    with path.open(encoding=_encoding(path), newline="") as file:
        start = file.tell()
        first = next((line for line in file if payloads.TRACKING_ID in line), "")
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


def _header(rows: Iterator[Row], file: str) -> Header:
    generated = None
    for number, row in zip(range(1, PREAMBLE_ROWS + 1), rows, strict=False):
        cells = tuple(map(_column, row))
        if cells[:1] == (payloads.TRACKING_ID,):
            return Header(number, cells, generated)
        if cells[:1] == (GENERATED,):
            generated = next(filter(None, cells[1:]), None)
    raise UnreadableError(
        f"{file}: tidak ada baris judul yang diawali {payloads.TRACKING_ID!r} dalam "
        f"{PREAMBLE_ROWS} baris pertama; pastikan berkas ini ekspor Laporan Ringkas dari LAPOR!."
    )


def _table(rows: Iterator[Row], header: Header) -> Iterator[tuple[int, Row]]:
    for number, row in zip(count(1), rows, strict=False):
        is_title = tuple(map(_column, row[:1])) == (payloads.TRACKING_ID,)
        if number > header.number and any(cell.strip() for cell in row) and not is_title:
            yield number, row


def _raw(row: Row, number: int, *, header: Header, origin: Origin) -> Raw:
    cells = {name: cell for name, cell in zip(header.columns, row, strict=False) if name and cell}
    tracking_id = cells.get(payloads.TRACKING_ID, "").strip()
    content = json.dumps(cells, ensure_ascii=False, sort_keys=True)
    # Not in the key: the same row in a later file is the same row. But once another row has
    # come between, these tell that it has returned.
    times = {"generated": header.generated, "written": origin.written}
    body = {"row": cells, "file": origin.name, "number": number, **times}
    return Raw(
        key=f"import:{tracking_id or '-'}:{sha256(content.encode()).hexdigest()}",
        body=json.dumps(body, ensure_ascii=False).encode(),
        external_id=tracking_id or None,
    )


def _remarks(header: Header, file: str) -> Iterator[str]:
    where = f"{file}, baris {header.number}"
    for column in _NEEDED:
        if column not in header.columns:
            yield f"{where}: kolom {column!r} tidak ada."
    for column in sorted(set(filter(None, header.columns)) - payloads.COLUMNS):
        yield f"{where}: kolom {column!r} belum dikenal; isinya disimpan sebagai keterangan."


def _column(cell: str) -> str:
    return _SPELLINGS.get(folded(cell), cell.strip())


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
