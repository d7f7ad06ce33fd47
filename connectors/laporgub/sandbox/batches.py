"""Files that go to and fro: what the city carries here, our answer to it, and our export."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from connectors.laporgub.sandbox.desk import Desk
from connectors.laporgub.sandbox.forms import filled_in, said
from connectors.laporgub.sandbox.rows import Row, csv_of, rows_in
from connectors.laporgub.sandbox.shapes import status_of, written
from connectors.laporgub.sandbox.words import CITIES, OWN_CITY

ANSWER_COLUMNS = ("tiket", "penanda", "nomor_laporgub", "alasan")
EXPORT_COLUMNS = (
    "tiket",
    "nomor_luar",
    "status",
    "diubah",
    "kategori",
    "kabkota",
    "isi",
    "tanggapan",
)
UNKNOWN_PAIR = ("PKL-2026-999999", "f" * 12, "LGWP99999999", "")


@dataclass(slots=True)
class Outcome:
    """What became of a file; `pairs` are the rows of the answer."""

    created: int = 0
    followed_up: int = 0
    refused: list[str] = field(default_factory=list)
    pairs: list[tuple[str, ...]] = field(default_factory=list)


class Batches:
    """Remembers every marker it has taken: the same row again changes nothing."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._taken: dict[str, str] = {}
        self.last_answer = ""

    def upload(self, content: bytes) -> Mapping[str, Any]:
        """Take a file of the city, row by row, and answer with pairs of numbers."""
        outcome = Outcome()
        for number, row in enumerate(rows_in(content), 2):
            self._take(row, number=number, outcome=outcome)
        pairs = _mixed_up(outcome.pairs) if self._desk.switches.messy_answer else outcome.pairs
        self.last_answer = csv_of(ANSWER_COLUMNS, pairs)
        return {
            "created": outcome.created,
            "followed_up": outcome.followed_up,
            "refused": outcome.refused,
            "answer": self.last_answer,
        }

    def download(self) -> str:
        """All complaints of the city, as a file."""
        switches = self._desk.switches
        mine = [each for each in self._desk.complaints.values() if each.form.city == OWN_CITY]
        return csv_of(
            EXPORT_COLUMNS,
            [
                (
                    each.ticket,
                    each.form.our_ticket or "",
                    status_of(each, switches),
                    written(each.changed),
                    each.form.category,
                    CITIES[each.form.city],
                    each.form.text,
                    each.answer,
                )
                for each in mine
            ],
        )

    def _take(self, row: Row, *, number: int, outcome: Outcome) -> None:
        ours, marker = said(row, "tiket"), said(row, "penanda")
        try:
            ticket = self._taken.get(marker) or self._done(row, marker, outcome=outcome)
        except ValueError as error:
            outcome.refused.append(f"baris {number}: {error}")
            outcome.pairs.append((ours, marker, "", str(error)))
            return
        self._taken[marker] = ticket
        outcome.pairs.append((ours, marker, ticket, ""))

    def _done(self, row: Row, marker: str, *, outcome: Outcome) -> str:
        if not marker:
            raise ValueError("penanda wajib diisi")
        theirs = said(row, "nomor")
        if theirs:
            complaint = self._desk.complaint(theirs)
            self._desk.follow_up(
                complaint, said(row, "isi"), status=said(row, "status"), marker=marker
            )
            outcome.followed_up += 1
        else:
            form = filled_in({**row, "nomor_luar": said(row, "tiket")})
            complaint = self._desk.file(form)
            outcome.created += 1
        return complaint.ticket


def _mixed_up(pairs: Sequence[tuple[str, ...]]) -> list[tuple[str, ...]]:
    """An answer as careless hands make it: the last is missing, the first twice, one unknown."""
    return [*pairs[:1], *pairs[:-1], UNKNOWN_PAIR]
