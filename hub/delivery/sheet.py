"""Rows as a CSV or XLSX file, and the attachments beside it: what people upload at an upstream."""

import csv
import hashlib
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell

from hub.contract.delivery import StoredFile

SUFFIXES = (".csv", ".xlsx")
# A spreadsheet takes what begins so for a formula; citizens' words must never be one.
FORMULAS = ("=", "+", "-", "@", "\t", "\r")


def write_sheet(path: Path, rows: Sequence[Mapping[str, str]]) -> str:
    """Write the rows under the columns they have between them, all at once; returns the SHA-256 in hex."""
    columns = list(dict.fromkeys(name for row in rows for name in row))
    part = path.with_name(f".{path.name}.part")
    lines = ([row.get(name, "") for name in columns] for row in rows)
    if path.suffix.lower() == ".xlsx":
        _xlsx(part, columns, lines)
    else:
        _csv(part, columns, lines)
    digest = hashlib.sha256(part.read_bytes()).hexdigest()
    part.replace(path)
    return digest


def write_files(path: Path, files: Iterable[tuple[str, StoredFile]]) -> int:
    """Write the attachments of all rows into one ZIP, in a folder for each ticket; how many there were."""
    part = path.with_name(f".{path.name}.part")
    written: set[str] = set()
    with zipfile.ZipFile(part, "w", zipfile.ZIP_STORED) as archive:
        for ticket, file in files:
            name = f"{ticket}/{len(written) + 1:03d}-{Path(file.file_name).name}"
            archive.write(file.path, name)
            written.add(name)
    if written:
        part.replace(path)
    else:
        part.unlink()
    return len(written)


def _csv(path: Path, columns: Sequence[str], lines: Iterable[Sequence[str]]) -> None:
    # With the mark at the beginning Excel reads it as UTF-8.
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(columns)
        writer.writerows([_harmless(text) for text in line] for line in lines)


def _xlsx(path: Path, columns: Sequence[str], lines: Iterable[Sequence[str]]) -> None:
    book = Workbook(write_only=True)
    sheet = book.create_sheet("kiriman")
    sheet.append(list(columns))
    for line in lines:
        cells = []
        for text in line:
            cell = WriteOnlyCell(sheet, value=text)
            cell.data_type = "s"
            cells.append(cell)
        sheet.append(cells)
    book.save(path)


def _harmless(text: str) -> str:
    return f" {text}" if text.startswith(FORMULAS) else text
