"""The recap of what was counted in a month: means and a file."""

import csv
from calendar import monthrange
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from io import StringIO

from hub.store.desk import CountRow
from hub.web import counted

# Words of the telephone exchange begin so; what they count are calls, and not tickets.
EXCHANGE = "pbx_"
# The months beside one of these are dates as well.
YEARS = range(2000, 2100)


@dataclass(frozen=True, slots=True)
class Month:
    """A calendar month."""

    first: date

    @classmethod
    def of(cls, written: str, otherwise: date) -> "Month":
        """Read 2026-01; what is no month is the month of `otherwise`."""
        try:
            month = cls(date.fromisoformat(f"{written}-01"))
        except ValueError:
            return cls(otherwise.replace(day=1))
        return month if month.first.year in YEARS else cls(otherwise.replace(day=1))

    @property
    def last(self) -> date:
        return self.first.replace(day=monthrange(self.first.year, self.first.month)[1])

    @property
    def days(self) -> tuple[date, ...]:
        return tuple(self.first.replace(day=day) for day in range(1, self.last.day + 1))

    @property
    def before(self) -> "Month":
        return Month((self.first - timedelta(days=1)).replace(day=1))

    @property
    def after(self) -> "Month":
        return Month(self.last + timedelta(days=1))

    def __str__(self) -> str:
        return self.first.isoformat()[:7]


def seconds_by_word(rows: Sequence[CountRow]) -> dict[str, tuple[float | None, float | None]]:
    """Mean waiting and talking of each word over all its days."""
    of_word: dict[str, list[CountRow]] = {}
    for row in rows:
        of_word.setdefault(row.word, []).append(row)
    return {
        word: (
            _mean([(row.waited, row.number) for row in theirs]),
            _mean([(row.talked, row.number) for row in theirs]),
        )
        for word, theirs in of_word.items()
    }


def as_csv(rows: Sequence[CountRow]) -> str:
    """The recap as a table that a spreadsheet opens; decimals are whole seconds."""
    sheet = StringIO()
    writer = csv.writer(sheet)
    writer.writerow(
        ("tanggal", "kata", "arti", "jumlah", "rerata_tunggu_detik", "rerata_bicara_detik")
    )
    for row in rows:
        writer.writerow(
            (
                row.day.isoformat(),
                row.word,
                counted.name(row.word),
                row.number,
                "" if row.waited is None else round(row.waited),
                "" if row.talked is None else round(row.talked),
            )
        )
    return sheet.getvalue()


def _mean(values: Sequence[tuple[float | None, int]]) -> float | None:
    known = [(value, weight) for value, weight in values if value is not None]
    weight = sum(weight for _, weight in known)
    return sum(value * each for value, each in known) / weight if weight else None
