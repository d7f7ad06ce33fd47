"""The cells of a row under our names, and what identifies the call and its hour."""

from collections.abc import Mapping as Table
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from hashlib import sha256
from zoneinfo import ZoneInfo

from connectors.call112 import payloads
from connectors.call112.moments import Moment, is_nothing, moment
from connectors.call112.phones import digits_of
from connectors.call112.profiles import Profile
from connectors.call112.settings import Settings
from hub.contract.mapping import folded

# Any day: only the width of what the format writes is wanted.
_ANY_DAY = date(2026, 1, 1)
_DIGEST = 32
# Of a ticket number in a key, which has its limits.
LONGEST_ID = 80


@dataclass(frozen=True, slots=True)
class Fields:
    """A row under our names; cells that only say "none" are empty.

    `headers`: the columns as the file names them. `others`: every cell by its folded header.
    `known_by`: what the call was known by when more of the row was there.
    """

    cells: Table[str, str]
    profile: Profile
    headers: Table[str, str]
    others: Table[str, str]
    known_by: str = ""

    def __getitem__(self, ours: str) -> str:
        return self.cells.get(ours, "")

    @property
    def ticket(self) -> str:
        """Their number of the call, apart from those of other logs; empty if there is none."""
        ticket = " ".join(self[payloads.TICKET].split())
        return f"{self.profile.id_prefix}{ticket}" if ticket else ""

    def call_id(self) -> str:
        """The same for the same call in every file: the ticket, else what it is known by."""
        if self.known_by:
            return self.known_by
        if 0 < len(self.ticket) <= LONGEST_ID:
            return self.ticket
        # Not the whole number: whoever tries them all could find it in the digest.
        number = (digits_of(self[payloads.PHONE]) or "")[-4:]
        parts = (self.ticket, number, self[payloads.TIME], folded(self[payloads.CATEGORY]))
        known_by = "|".join(filter(None, parts))
        return sha256(known_by.encode()).hexdigest()[:_DIGEST]


@dataclass(frozen=True, slots=True)
class Said:
    """When the call came, and its day there. `odd`: why the hour is not known."""

    at: datetime
    day: date
    odd: str | None = None


def fields_of(row: Table[str, str], profile: Profile) -> Fields:
    """The cells by our names; of several columns for one thing the first that says something."""
    by_name = {folded(name): cell.strip() for name, cell in row.items()}
    cells = {
        ours: next(filter(None, (_said(by_name.get(name, "")) for name in names)), "")
        for ours, names in profile.columns.items()
    }
    spelled = {folded(name): name for name in row}
    headers = {
        ours: next((spelled[name] for name in names if name in spelled), profile.says(ours))
        for ours, names in profile.columns.items()
    }
    others = {name: _said(cell) for name, cell in by_name.items()}
    return Fields(cells, profile, headers, others)


def zone_of(profile: Profile, settings: Settings) -> ZoneInfo:
    """The zone of times in this layout."""
    return ZoneInfo(profile.zone) if profile.zone else settings.zone


def said(fields: Fields, settings: Settings) -> Said | None:
    """When the call came; None where its cell cannot be read, or nothing tells even the day."""
    profile, zone = fields.profile, zone_of(fields.profile, settings)
    cell = fields[payloads.TIME]
    seen = moment(cell, zone, order=profile.dates)
    day = ticket_day(fields)
    if seen is None:
        return _day_only(day, zone, "tidak dicatat") if is_nothing(cell) and day else None
    if seen.past_midnight and day == _written_day(seen, zone):
        # Their own number says that it was still the day before: the hour is a slip of the pen.
        return _day_only(day, zone, f"tertulis {cell}")
    odd = None if seen.has_clock else "hanya tanggal yang dicatat"
    return Said(seen.at, seen.at.astimezone(zone).date(), odd)


def day_of(fields: Fields, settings: Settings) -> date | None:
    """The day to count a call under, if anything at all tells it."""
    known = said(fields, settings)
    return known.day if known else ticket_day(fields)


def ticket_day(fields: Fields) -> date | None:
    """The day that stands in the number of the ticket."""
    form, ticket = fields.profile.ticket_day, fields[payloads.TICKET]
    if not form:
        return None
    try:
        beginning = ticket[: len(_ANY_DAY.strftime(form))]
        return datetime.strptime(beginning, form).date()  # noqa: DTZ007 - a day has no zone
    except ValueError:
        return None


def _written_day(seen: Moment, zone: ZoneInfo) -> date:
    return date.fromordinal(seen.at.astimezone(zone).toordinal() - 1)


def _day_only(day: date, zone: ZoneInfo, why: str) -> Said:
    at = datetime.combine(day, time(), zone).astimezone(UTC)
    return Said(at, day, f"jam {why}; hari dari nomor tiket")


def _said(cell: str) -> str:
    return "" if is_nothing(cell) else cell
