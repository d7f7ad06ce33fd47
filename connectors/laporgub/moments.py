"""Dates as LaporGub writes them: ISO, "02-03-2026 08:00 WIB", "Senin, 2 Maret 2026 08.00"."""

import re
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from zoneinfo import ZoneInfo

_MONTHS = {
    word: number
    for number, words in enumerate(
        (
            "jan januari january",
            "feb februari february pebruari",
            "mar maret march",
            "apr april",
            "mei may",
            "jun juni june",
            "jul juli july",
            "agu agt ags agustus aug august",
            "sep sept september",
            "okt oktober oct october",
            "nov november nopember",
            "des desember dec december",
        ),
        start=1,
    )
    for word in words.split()
}
_ZONES = {"wib": 7, "wita": 8, "wit": 9}
_WORDED = re.compile(
    r"(?:[a-z']+\s*,\s*)?(\d{1,2})[\s./-]+(\d{1,2}|[a-z]+)[\s./-]+(\d{4})"
    r"(?:[\s,|-]*(?:pukul|jam)?\s*(\d{1,2})[.:](\d{2})(?:[.:](\d{2}))?)?\s*(wib|wita|wit)?"
)


def moment(text: str, zone: ZoneInfo) -> datetime | None:
    """Aware UTC, in `zone` where the text names none; None if it is no time."""
    text = " ".join(text.lower().split())
    try:
        return _utc(datetime.fromisoformat(text.upper()), zone)
    except (ValueError, OverflowError):
        pass
    found = _WORDED.fullmatch(text)
    if found is None:
        return None
    day, month, year, hour, minute, second, named = found.groups()
    number = int(month) if month.isdecimal() else _MONTHS.get(month, 0)
    offset = timezone(timedelta(hours=_ZONES[named])) if named else zone
    iso = f"{year}-{number:02}-{day:0>2}T{hour or 0:0>2}:{minute or 0:0>2}:{second or 0:0>2}"
    try:
        return _utc(datetime.fromisoformat(iso).replace(tzinfo=offset), zone)
    except (ValueError, OverflowError):
        return None


def _utc(naive_or_aware: datetime, zone: tzinfo) -> datetime:
    if naive_or_aware.tzinfo is None:
        naive_or_aware = naive_or_aware.replace(tzinfo=zone)
    return naive_or_aware.astimezone(UTC)
