"""Dates as call centres write them: in words, in numbers, as Excel serials or epochs. None says its zone."""

from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from hub.contract.months import MONTHS

_ZONES = {"wib": "Asia/Jakarta", "wita": "Asia/Makassar", "wit": "Asia/Jayapura"}
_FILLERS = frozenset(
    {"senin", "selasa", "rabu", "kamis", "jumat", "jum'at", "sabtu", "minggu", "ahad"}
    | {"pukul", "pkl", "pkl.", "jam", "tanggal", "tgl", "tgl."}
)
_EXCEL_ORIGIN = datetime(1899, 12, 30)  # noqa: DTZ001 - a spreadsheet knows no zone
_EXCEL_DAYS = range(20_000, 80_000)
_LONGEST_SERIAL = 24
_YEARS = range(1990, 2100)
_EPOCH = range(10**9, 10**10)
_EPOCH_MILLIS = range(10**12, 10**13)
_HOURS = 24
_DAY = len("2026-01-18")
# What stands in a cell where there is nothing to say.
_NOTHING = frozenset({"", "-", "--", "n/a", "null", "none"})


@dataclass(frozen=True, slots=True)
class Moment:
    """When something was. `has_clock`: the hour was told, too; `past_midnight`: as 24 or more."""

    at: datetime
    has_clock: bool = True
    past_midnight: bool = False


def is_nothing(text: str) -> bool:
    """Whether the cell only says that there is no date."""
    return text.strip().lower() in _NOTHING


def moment(text: str, zone: ZoneInfo, *, order: str | None = None) -> Moment | None:
    """Aware UTC; None if it is no date.

    `order` "dmy" or "mdy" settles 03/04/2026, which is refused without.
    """
    text = text.strip()
    try:
        if text.replace(".", "", 1).isdigit():
            if (numbered := _numbered(text, zone)) is not None:
                return numbered
            return _eight_digits(text, zone)
        return _written(text, zone, order)
    except (ValueError, OverflowError, OSError):
        return None


def unserial(text: str) -> str:
    """The number of a day as a spreadsheet counts it, as a date; everything else as it is."""
    digits = text.replace(".", "", 1)
    if not (digits.isascii() and digits.isdigit() and len(digits) < _LONGEST_SERIAL):
        return text
    if int(float(text)) not in _EXCEL_DAYS:
        return text
    local = _of_serial(float(text))
    return local.isoformat(" ") if local.time() != time() else local.date().isoformat()


def _of_serial(number: float) -> datetime:
    # A second is 0.0000115 days: what is left beside whole seconds is rounding.
    return _EXCEL_ORIGIN + timedelta(seconds=round(number * 86400))


def _numbered(text: str, zone: ZoneInfo) -> Moment | None:
    number = float(text)
    if int(number) in _EPOCH:
        return Moment(datetime.fromtimestamp(number, UTC))
    if int(number) in _EPOCH_MILLIS:
        return Moment(datetime.fromtimestamp(number / 1000, UTC))
    if int(number) not in _EXCEL_DAYS:
        return None
    return Moment(_utc(_of_serial(number), zone), has_clock=not number.is_integer())


def _eight_digits(text: str, zone: ZoneInfo) -> Moment | None:
    if len(text) != len("20260118"):
        return None
    return Moment(_utc(datetime.fromisoformat(text), zone), has_clock=False)


def _written(text: str, zone: ZoneInfo, order: str | None) -> Moment | None:
    if text[4:5] == "-" and (
        text[10:11] in {"T", "t"} or (len(text) > _DAY and text[-6:-5] in {"+", "-"})
    ):
        return Moment(_utc(datetime.fromisoformat(text), zone))
    words = [word for word in text.lower().replace(",", " ").split() if word not in _FILLERS]
    if words and words[-1] in _ZONES:
        zone = ZoneInfo(_ZONES[words.pop()])
    match words:
        case [only]:
            day, clock = _day(only, order), None
        case [only, clock]:
            day = _day(only, order)
        case [number, month, year]:
            day, clock = _day_in_words(number, month, year), None
        case [number, month, year, clock]:
            day = _day_in_words(number, month, year)
        case _:
            return None
    if day is None:
        return None
    if clock is None:
        return Moment(_utc(day, zone), has_clock=False)
    hour, minute, second = _clock(clock)
    # 24:17 is seventeen minutes after midnight of the next day.
    local = day + timedelta(
        days=hour // _HOURS, hours=hour % _HOURS, minutes=minute, seconds=second
    )
    return Moment(_utc(local, zone), past_midnight=hour >= _HOURS)


def _day_in_words(number: str, month: str, year: str) -> datetime:
    return datetime(_year(year), MONTHS.get(month.strip("."), 0), int(number))  # noqa: DTZ001


def _day(text: str, order: str | None) -> datetime | None:
    separator = next((sign for sign in "/-." if sign in text), "/")
    first, second, third = text.split(separator)
    if second in MONTHS:
        return _day_in_words(first, second, third)
    if len(first) == len("2026"):
        return datetime(int(first), int(second), int(third))  # noqa: DTZ001
    day, month = int(first), int(second)
    if order is None:
        if max(day, month) <= 12 and day != month:  # noqa: PLR2004 - either could be the month
            return None
        order = "mdy" if month > 12 else "dmy"  # noqa: PLR2004
    if order == "mdy":
        day, month = month, day
    return datetime(_year(third), month, day)  # noqa: DTZ001


def _year(text: str) -> int:
    match len(text):
        case 4:
            return int(text)
        case 2:
            return 2000 + int(text)
        case _:
            raise ValueError(text)


def _clock(text: str) -> tuple[int, int, int]:
    # 21.14 is a time; in 21:14:05.123 the dot begins a fraction.
    parts = [part.split(".")[0] for part in text.split(":")] if ":" in text else text.split(".")
    hour, minute, second = (int(part) for part in (*parts, "0")[:3])
    if len(parts) > 3 or not 0 <= hour <= _HOURS or minute >= 60 or second >= 60:  # noqa: PLR2004
        raise ValueError(text)
    return hour, minute, second


def _utc(local: datetime, zone: ZoneInfo) -> datetime:
    if local.year not in _YEARS:
        raise ValueError(local.year)
    aware = local if local.tzinfo else local.replace(tzinfo=zone)
    return aware.astimezone(UTC)
