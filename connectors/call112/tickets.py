"""The log of tickets, sheet by sheet: what is a row, what is a header again, a total or a signature."""

from collections.abc import Iterator
from dataclasses import dataclass

from connectors.call112 import payloads
from connectors.call112.detect import Found, header_in
from connectors.call112.lines import unescaped
from connectors.call112.sheets import Row, Sheet
from hub.contract.mapping import folded

# A header again holds that many of its names; a row never does.
_ENOUGH_NAMES = 3
# Under the table stand a place, a date, a signature: single cells.
_LONE_CELLS = 2


@dataclass(frozen=True, slots=True)
class Entry:
    """A row of the table, or its header once more (then without cells).

    `raw`: the cells as they were decoded. `broken`: the column at which it breaks off; such a row
    is not used, because nobody knows what it was, nor whether its number may be kept.
    """

    number: int
    found: Found
    raw: Row = ()
    broken: str | None = None

    @property
    def is_header(self) -> bool:
        return not self.raw and self.broken is None

    def cells(self) -> dict[str, str]:
        """The cells under their columns."""
        return dict(zip(self.found.titles(), map(unescaped, self.raw), strict=False))


@dataclass(frozen=True, slots=True)
class Table:
    """A sheet and where its header stands."""

    sheet: Sheet
    found: Found

    def entries(self) -> Iterator[Entry]:
        """Every header, and every row below it with the columns of the last header."""
        found = self.found
        for number, row in self.sheet.numbered():
            if row is None:
                yield Entry(number, found, broken=found.titles()[0])
            elif number < found.number or not any(cell.strip() for cell in row):
                continue
            elif number == found.number or _is_header(row, found):
                again = header_in([row], found.profile)
                if again is not None:
                    found = Found(found.profile, number, again.names, again.shown, again.places)
                yield Entry(number, found)
            elif not _is_footer(row, found):
                yield Entry(number, found, row, self._broken(row, found))

    def _broken(self, row: Row, found: Found) -> str | None:
        titles = found.titles()
        if any(cell.strip() for cell in row[len(titles) :]):
            return titles[-1]
        if self.sheet.ragged or len(row) >= len(titles):
            return None
        return titles[len(row) - 1]


def _is_header(row: Row, found: Found) -> bool:
    filled = [folded(cell) for cell in row if cell.strip()]
    known = found.profile.known() | set(found.names)
    names = sum(cell in known for cell in filled)
    return names >= _ENOUGH_NAMES and names * 2 > len(filled)


def _is_footer(row: Row, found: Found) -> bool:
    filled = [folded(cell) for cell in row if cell.strip()]
    if len(filled) > _LONE_CELLS:
        return False
    return filled[0].startswith(found.profile.footer) or not any(_core(row, found))


def _core(row: Row, found: Found) -> Iterator[str]:
    cells = dict(zip(found.usual(), row, strict=False))
    for ours in (payloads.TICKET, payloads.TYPE, payloads.CATEGORY):
        for name in found.profile.columns.get(ours, ()):
            yield cells.get(name, "").strip()
