"""Files of LaporGub, row by row: an export of theirs, or the answer to one of ours."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from itertools import count
from pathlib import Path
from typing import Any

from connectors.laporgub.clashes import Clash, clashes_of
from connectors.laporgub.headers import PAIR, ROW, Header, header_of, remarks_on
from connectors.laporgub.numbers import tidied
from connectors.laporgub.pairs import answered, local_number
from connectors.laporgub.profile import Columns
from connectors.laporgub.settings import Settings
from connectors.laporgub.shapes import digest
from connectors.laporgub.sheets import BROKEN, Row, Sheet, opened
from hub.contract import ImportFile, Raw, UnreadableError

ROWS_NAMED = 10


def open_export(path: Path, columns: Columns, settings: Settings) -> ImportFile:
    """Take a file apart. It is read twice, once to count, so that a progress bar has an end."""
    sheet = opened(path)
    try:
        header = header_of(sheet, columns)
        if header.kind == PAIR:
            pairs = [(number, _cells(row, header)) for number, row in _table(sheet, header)]
            total = len(pairs)
        else:
            pairs, total = [], sum(1 for _ in _table(sheet, header))
        written = datetime.fromtimestamp(path.stat().st_mtime, UTC).isoformat()
    except RuntimeError as error:
        raise UnreadableError(
            f"{sheet.name}: berkas terkunci; simpan ulang tanpa kata sandi."
        ) from error
    except BROKEN as error:
        raise UnreadableError(
            f"{sheet.name}: berkas rusak atau terpotong ({type(error).__name__})."
        ) from error
    open_rows = [number for number, cells in pairs if _is_open(cells)]
    clashes = clashes_of(pairs, columns=columns, settings=settings)
    return ImportFile(
        total=total,
        raws=_raws(sheet, header, clashes, written=written),
        remarks=(*sheet.remarks, *remarks_on(sheet, header), *_unanswered(sheet, open_rows)),
    )


def _table(sheet: Sheet, header: Header) -> Iterator[tuple[int, Row]]:
    for number, row in zip(count(1), sheet.rows(), strict=False):
        is_title = tuple(cell.strip() for cell in row) == header.names
        if number > header.number and any(cell.strip() for cell in row) and not is_title:
            yield number, row


def _raws(
    sheet: Sheet, header: Header, clashes: Mapping[int, Clash], *, written: str
) -> Iterator[Raw]:
    for number, row in _table(sheet, header):
        cells = _cells(row, header)
        body: dict[str, Any] = {header.kind: cells}
        if sheet.is_csv and len(row) < header.width:
            after, full = header.names[len(row) - 1], header.width
            body["cut"] = f"terpotong setelah kolom {after}: {len(row)} dari {full} kolom"
        told: dict[str, Any] = {"file": sheet.name, "number": number, "written": written}
        if clash := clashes.get(number):
            told["clash"] = asdict(clash)
        yield _raw(body, told, header)


def _cells(row: Row, header: Header) -> dict[str, str]:
    found = {
        word: next(filter(None, (row[at].strip() for at in places if at < len(row))), "")
        for word, places in header.places.items()
    }
    if header.kind == PAIR:
        return answered(found, header.places)
    return {word: cell for word, cell in found.items() if cell}


def _raw(body: dict[str, Any], told: dict[str, Any], header: Header) -> Raw:
    name = tidied(body[header.kind].get("ticket", ""))
    # Neither the place in the file nor its time: the same row in a later file is the same row.
    key = f"file:{header.kind}:{name or '-'}:{digest(body)}{':clash' if 'clash' in told else ''}"
    whole = {**body, **told, "columns": header.columns}
    return Raw(
        key=key,
        body=json.dumps(whole, ensure_ascii=False).encode(),
        external_id=name or None if header.kind == ROW else None,
    )


def _is_open(cells: Mapping[str, str]) -> bool:
    is_answered = {"theirs", "number", "status", "reason"} & cells.keys()
    return local_number(cells) is not None and not is_answered


def _unanswered(sheet: Sheet, rows: Sequence[int]) -> Iterator[str]:
    if rows:
        named = ", ".join(map(str, rows[:ROWS_NAMED]))
        more = f" dan {len(rows) - ROWS_NAMED} lainnya" if len(rows) > ROWS_NAMED else ""
        yield f"{sheet.name}, baris {named}{more}: belum dijawab, dilewati."
