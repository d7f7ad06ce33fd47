"""Dates as SP4N writes them, none of which says its zone."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from hub.contract.months import MONTHS

_FORMATS = (
    "%d-%m-%Y %H:%M:%S",
    "%d-%m-%Y %H:%M",
    "%d/%m/%Y %H:%M:%S",
    "%d/%m/%Y %H:%M",
    "%d-%m-%Y",
)


def moment(text: str, zone: ZoneInfo) -> datetime | None:
    """Aware UTC from "d-m-Y H:i:s" or ISO, in `zone` if the text names none; None if no time."""
    text = text.strip()
    try:
        return _utc(datetime.fromisoformat(text), zone)
    except (ValueError, OverflowError):
        pass
    for form in _FORMATS:
        try:
            return _utc(datetime.strptime(text, form), zone)  # noqa: DTZ007 - the zone follows
        except (ValueError, OverflowError):
            continue
    return None


def worded(day: str, time: str, zone: ZoneInfo) -> datetime | None:
    """Aware UTC from "9 Jan 2024" and "04:05:34"; the month may be English or Indonesian."""
    match day.replace(".", " ").split():
        case [number, month, year] if month.lower() in MONTHS:
            iso = f"{year:0>4}-{MONTHS[month.lower()]:02}-{number:0>2}"
        case [only]:
            iso = only
        case [only, clock] if not time:
            return moment(f"{only} {clock}", zone)
        case _:
            return None
    return moment(f"{iso} {time.replace('.', ':')}".strip(), zone)


def _utc(naive_or_aware: datetime, zone: ZoneInfo) -> datetime:
    if naive_or_aware.tzinfo is None:
        naive_or_aware = naive_or_aware.replace(tzinfo=zone)
    return naive_or_aware.astimezone(UTC)
