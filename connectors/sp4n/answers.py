"""Answer files: beside our marker or ticket somebody filled in what became of it there."""

import json
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from hashlib import sha256
from itertools import islice

from connectors.sp4n.sheets import Row
from connectors.sp4n.translate_slips import FOLLOW_UP, REFERRAL
from hub.contract import ImportFile, Raw, UnreadableError
from hub.contract.mapping import folded

MARKER, TICKET, NUMBER = "penanda", "tiket", "nomor"
TRACKING_ID, REASON = "tracking_id", "alasan"
_READ = (MARKER, TICKET, NUMBER, TRACKING_ID, REASON)
_OURS = (FOLLOW_UP, REFERRAL)
_KNOWN = {folded(name.replace("_", " ")): name for name in (*_READ, *_OURS)}
SOUND_MARKER = re.compile(r"[0-9a-f]{12}")
LONGEST_IN_KEY = 40
ROWS_NAMED = 10


@dataclass(frozen=True, slots=True)
class Filled:
    """A row: only what is needed of it, since our own export holds much more."""

    row: int
    cells: dict[str, str]
    opens: bool

    @property
    def theirs(self) -> str:
        """Their number, if somebody wrote it down; beside a follow-up `nomor` is what we had written."""
        return self.cells[TRACKING_ID] or (self.cells[NUMBER] if self.opens else "")

    @property
    def ours(self) -> str:
        """What it is about."""
        return self.cells[MARKER] or self.cells[TICKET]


def are_titles(row: Row) -> bool:
    """Whether this is the first line of an answer file; Laporan Ringkas has no such column."""
    return not {MARKER, TICKET}.isdisjoint(map(_column, row))


def opened(table: Iterable[tuple[int, Row]], *, file: str, number: int, titles: Row) -> ImportFile:
    """The rows of an answer file, each with what the others say against it."""
    columns = tuple(map(_column, titles))
    if {TRACKING_ID, NUMBER, REASON}.isdisjoint(columns):
        raise UnreadableError(
            f"{file}, baris {number}: tidak ada kolom {TRACKING_ID!r} (nomor laporan di "
            f"SP4N-LAPOR!) atau {REASON!r} (bila ditolak di sana)."
        )
    rows = [_filled(line, row, columns) for line, row in table]
    doubled = _doubled(rows)
    seen = ", ".join(repr(name) for name in _READ if name in columns)
    recognised = f"{file}, baris {number}: berkas jawaban, dikenali dari kolom {seen}."
    return ImportFile(
        total=len(rows),
        raws=(_raw(row, doubled.get(row.row), file=file) for row in rows),
        remarks=(recognised, *_unanswered(rows, file=file, columns=columns)),
    )


def _filled(number: int, row: Row, columns: Row) -> Filled:
    # A spreadsheet shows long numbers as text behind an apostrophe.
    cells = {
        name: cell.strip().removeprefix("'").strip()
        for name, cell in zip(columns, row, strict=False)
        if name
    }
    opens = not any(cells.get(name) for name in _OURS)
    return Filled(number, {name: cells.get(name, "") for name in _READ}, opens)


def _doubled(rows: Sequence[Filled]) -> dict[int, tuple[str, str, str]]:
    """By row: the column in which others contradict it, where they stand, and what differs there."""
    said: dict[tuple[str, str, str], dict[str, list[int]]] = defaultdict(lambda: defaultdict(list))
    for row in rows:
        answer = row.theirs or row.cells[REASON]
        if answer and row.ours:
            column = MARKER if row.cells[MARKER] else TICKET
            said[column, row.ours.lower(), "jawaban"][answer].append(row.row)
        if row.theirs and row.cells[TICKET]:
            # A complaint and its follow-ups bear one number; two complaints never do.
            said[TRACKING_ID, row.theirs, "tiket"][row.cells[TICKET].upper()].append(row.row)
        # What a spreadsheet made of a marker ("1.23E+54") is the same for many.
        if row.cells[TICKET] and SOUND_MARKER.fullmatch(marker := row.cells[MARKER].lower()):
            said[MARKER, marker, "tiket"][row.cells[TICKET].upper()].append(row.row)
    found: dict[int, tuple[str, str, str]] = {}
    for (column, _, differs), by_answer in said.items():
        if len(by_answer) > 1:
            lines = sorted(line for each in by_answer.values() for line in each)
            for line in lines:
                others = ", ".join(str(other) for other in lines if other != line)
                found.setdefault(line, (column, others, differs))
    return found


def _raw(row: Filled, doubled: tuple[str, str, str] | None, *, file: str) -> Raw:
    column, others, differs = doubled or ("", "", "")
    answer = {**row.cells, "theirs": row.theirs, "opens": row.opens, "doubled": column}
    # Where it stands is not in the key: the same row in a later file is the same answer.
    content = json.dumps(answer, ensure_ascii=False, sort_keys=True)
    told = {"file": file, "number": row.row, "others": others, "differs": differs}
    body = {"answer": answer, **told}
    # No number of theirs: it would tie the rows of a complaint together, as if each replaced the last.
    mark = sha256(content.encode()).hexdigest()
    return Raw(
        key=f"answer:{row.ours[:LONGEST_IN_KEY] or '-'}:{mark}",
        body=json.dumps(body, ensure_ascii=False).encode(),
    )


def _unanswered(rows: Iterable[Filled], *, file: str, columns: Row) -> Iterator[str]:
    lines = [row.row for row in rows if row.ours and not (row.theirs or row.cells[REASON])]
    if not lines:
        return
    column = TRACKING_ID if TRACKING_ID in columns else NUMBER
    named = ", ".join(map(str, islice(lines, ROWS_NAMED)))
    more = f" dan {len(lines) - ROWS_NAMED} lainnya" if len(lines) > ROWS_NAMED else ""
    yield f"{file}, baris {named}{more}, kolom {column} kosong: belum dijawab, dilewati."


def _column(title: str) -> str:
    return _KNOWN.get(folded(title.replace("_", " ")), "")
