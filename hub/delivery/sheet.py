"""Rows as a CSV or XLSX file, and the attachments beside it: what people upload at an upstream."""

import csv
import hashlib
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE

from hub.contract.delivery import StoredFile

SUFFIXES = (".csv", ".xlsx")
# A spreadsheet takes what begins so for a formula; citizens' words must never be one.
FORMULAS = ("=", "+", "-", "@", "\t", "\r")
# No cell of Excel holds more; it would be cut without a word.
LONGEST_CELL = 32_767
CUT = " […terpotong]"


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


def write_files(path: Path, files: Mapping[str, StoredFile]) -> list[str]:
    """Write the attachments of all rows into one ZIP under these names; returns those that are gone."""
    part = path.with_name(f".{path.name}.part")
    gone = [name for name, file in files.items() if not file.path.is_file()]
    with zipfile.ZipFile(part, "w", zipfile.ZIP_STORED) as archive:
        for name, file in files.items():
            if name not in gone:
                archive.write(file.path, name)
    if len(gone) < len(files):
        part.replace(path)
    else:
        part.unlink()
    return gone


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
            cell = WriteOnlyCell(sheet, value=_storable(text))
            cell.data_type = "s"
            cells.append(cell)
        sheet.append(cells)
    book.save(path)


def _storable(text: str) -> str:
    kept = ILLEGAL_CHARACTERS_RE.sub("", text)
    return kept if len(kept) <= LONGEST_CELL else kept[: LONGEST_CELL - len(CUT)] + CUT


def _harmless(text: str) -> str:
    return f" {text}" if text.startswith(FORMULAS) else text
