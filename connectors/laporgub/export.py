"""Files of LaporGub, row by row: an export of theirs, or the answer to one of ours."""

import json
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from itertools import count
from pathlib import Path
from typing import Any

from connectors.laporgub.headers import PAIR, ROW, Header, header_of, remarks_on
from connectors.laporgub.numbers import tidied
from connectors.laporgub.pairs import Pairing, answered, local_number
from connectors.laporgub.profile import Columns
from connectors.laporgub.shapes import digest
from connectors.laporgub.sheets import BROKEN, Row, Sheet, opened
from hub.contract import ImportFile, Raw, UnreadableError

ROWS_NAMED = 10


def open_export(path: Path, columns: Columns) -> ImportFile:
    """Take a file apart. It is read twice, once to count, so that a progress bar has an end."""
    sheet = opened(path)
    try:
        header = header_of(sheet, columns)
        open_rows, total = [], 0
        for number, row in _table(sheet, header):
            total += 1
            if header.kind == PAIR and _is_open(_cells(row, header)):
                open_rows.append(number)
        written = datetime.fromtimestamp(path.stat().st_mtime, UTC).isoformat()
    except BROKEN as error:
        raise UnreadableError(
            f"{sheet.name}: berkas rusak atau terpotong ({type(error).__name__})."
        ) from error
    return ImportFile(
        total=total,
        raws=_raws(sheet, header, written=written),
        remarks=(*sheet.remarks, *remarks_on(sheet, header), *_unanswered(sheet, open_rows)),
    )


def _table(sheet: Sheet, header: Header) -> Iterator[tuple[int, Row]]:
    for number, row in zip(count(1), sheet.rows(), strict=False):
        is_title = tuple(cell.strip() for cell in row) == header.names
        if number > header.number and any(cell.strip() for cell in row) and not is_title:
            yield number, row


def _raws(sheet: Sheet, header: Header, *, written: str) -> Iterator[Raw]:
    pairing = Pairing()
    for number, row in _table(sheet, header):
        cells = _cells(row, header)
        body: dict[str, Any] = {header.kind: cells}
        if sheet.is_csv and len(row) < header.width:
            after, full = header.names[len(row) - 1], header.width
            body["cut"] = f"terpotong setelah kolom {after}: {len(row)} dari {full} kolom"
        elif header.kind == PAIR and (earlier := pairing.earlier(cells, number)):
            body["earlier"] = earlier
        yield _raw(body, number, sheet=sheet, header=header, written=written)


def _cells(row: Row, header: Header) -> dict[str, str]:
    found = {
        word: next(filter(None, (row[at].strip() for at in places if at < len(row))), "")
        for word, places in header.places.items()
    }
    if header.kind == PAIR:
        return answered(found, header.places)
    return {word: cell for word, cell in found.items() if cell}


def _raw(body: dict[str, Any], number: int, *, sheet: Sheet, header: Header, written: str) -> Raw:
    cells = body[header.kind]
    name = tidied(cells.get("ticket", ""))
    # Neither the place in the file nor its time: the same row in a later file is the same row.
    key = f"file:{header.kind}:{name or '-'}:{digest(body)}"
    told = {"file": sheet.name, "number": number, "written": written, "columns": header.columns}
    return Raw(
        key=key,
        body=json.dumps(body | told, ensure_ascii=False).encode(),
        external_id=name or None if header.kind == ROW else None,
    )


def _is_open(cells: Mapping[str, str]) -> bool:
    is_answered = {"theirs", "status", "reason"} & cells.keys()
    return local_number(cells) is not None and not is_answered


def _unanswered(sheet: Sheet, rows: Sequence[int]) -> Iterator[str]:
    if rows:
        named = ", ".join(map(str, rows[:ROWS_NAMED]))
        more = f" dan {len(rows) - ROWS_NAMED} lainnya" if len(rows) > ROWS_NAMED else ""
        yield f"{sheet.name}, baris {named}{more}: belum dijawab, dilewati."
