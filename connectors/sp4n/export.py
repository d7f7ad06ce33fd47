"""Files brought to us: Laporan Ringkas, the export of the LAPOR! admin site, or an answer file."""

import csv
import json
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from itertools import count
from pathlib import Path
from zipfile import BadZipFile

from connectors.sp4n import answers, payloads
from connectors.sp4n.sheets import Row, Rows, rows_of
from hub.contract import ImportFile, Raw, UnreadableError
from hub.contract.mapping import folded

GENERATED = "Tanggal Generate"
PREAMBLE_ROWS = 60
_NEEDED = (payloads.DATE, payloads.TEXT, payloads.STATUS)
# A name that somebody typed again must still be known, above all that of the reporter.
_SPELLINGS = {folded(name): name for name in (*payloads.COLUMNS, GENERATED)}


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
    rows = rows_of(path)
    try:
        header = _header(rows(), path.name)
        if answers.are_titles(header.columns):
            table = list(_table(rows(), header))
            return answers.opened(
                table, file=path.name, number=header.number, titles=header.columns
            )
        total = sum(1 for _ in _table(rows(), header))
    except RuntimeError as error:
        raise UnreadableError(
            f"{path.name}: berkas terkunci; simpan ulang tanpa kata sandi."
        ) from error
    except (
        BadZipFile,
        KeyError,
        OSError,
        ValueError,
        csv.Error,
        SyntaxError,
        zlib.error,
    ) as error:
        raise UnreadableError(
            f"{path.name}: berkas rusak atau bukan Laporan Ringkas ({error})."
        ) from error
    return _laporan_ringkas(path, rows, header, total=total)


def _laporan_ringkas(path: Path, rows: Rows, header: Header, *, total: int) -> ImportFile:
    origin = Origin(path.name, datetime.fromtimestamp(path.stat().st_mtime, UTC).isoformat())
    raws = (
        _raw(row, number, header=header, origin=origin) for number, row in _table(rows(), header)
    )
    return ImportFile(total=total, raws=raws, remarks=tuple(_remarks(header, path.name)))


def _header(rows: Iterator[Row], file: str) -> Header:
    generated = None
    for number, row in zip(range(1, PREAMBLE_ROWS + 1), rows, strict=False):
        cells = tuple(map(_column, row))
        if cells[:1] == (payloads.TRACKING_ID,) or answers.are_titles(row):
            return Header(number, cells, generated)
        if cells[:1] == (GENERATED,):
            generated = next(filter(None, cells[1:]), None)
    raise UnreadableError(
        f"{file}: tidak ada baris judul yang diawali {payloads.TRACKING_ID!r} dalam "
        f"{PREAMBLE_ROWS} baris pertama; pastikan berkas ini ekspor Laporan Ringkas dari LAPOR!, "
        "atau berkas jawaban dengan kolom 'penanda' atau 'tiket'."
    )


def _table(rows: Iterator[Row], header: Header) -> Iterator[tuple[int, Row]]:
    for number, row in zip(count(1), rows, strict=False):
        titles = tuple(map(_column, row))
        is_title = titles[:1] == (payloads.TRACKING_ID,) or titles == header.columns
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
