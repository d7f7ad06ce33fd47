"""Times and ages as Indonesians write them."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from babel.dates import format_date, format_datetime, format_timedelta, get_timezone_name

LOCALE = "id"
JUST_NOW = timedelta(seconds=3)
ONE_DAY = timedelta(hours=24)
# Days around one of these are dates as well.
YEARS = range(2000, 2100)
# Eleven months are told as such; babel alone calls ten and a half a year.
NEARLY = 0.944


class Times:
    """Speaks about times as seen at `now` in one zone."""

    def __init__(self, zone: ZoneInfo, now: datetime) -> None:
        self._zone = zone
        self.now = now

    def when(self, at: datetime) -> str:
        """21 Nov 2026 19.40 WIB."""
        zone = get_timezone_name(at.astimezone(self._zone), width="short", locale=LOCALE)
        written = format_datetime(at, "d MMM y HH.mm", tzinfo=self._zone, locale=LOCALE)
        return f"{written} {zone}"

    def day(self, at: datetime) -> str:
        """Sabtu, 21 November 2026."""
        return format_date(at.astimezone(self._zone), "EEEE, d MMMM y", locale=LOCALE)

    def clock(self, at: datetime) -> str:
        """19.40."""
        return format_datetime(at, "HH.mm", tzinfo=self._zone, locale=LOCALE)

    def short_day(self, at: datetime) -> str:
        """Sab, 21 Nov."""
        return format_datetime(at, "EEE, d MMM", tzinfo=self._zone, locale=LOCALE)

    def floor(self, at: datetime, step: timedelta) -> datetime:
        """The last full quarter of an hour, hour or day, as clocks on the wall here have them."""
        here = at.astimezone(self._zone)
        midnight = here.replace(hour=0, minute=0, second=0, microsecond=0)
        return midnight + (here - midnight) // step * step

    def read(self, written: str) -> datetime | None:
        """Understand a time as a form gives it: 2026-11-21T19:40, as clocks here show it."""
        try:
            at = datetime.fromisoformat(written)
        except ValueError:
            return None
        if at.year not in YEARS:
            return None
        return (at if at.tzinfo else at.replace(tzinfo=self._zone)).astimezone(UTC)

    def written(self, at: datetime) -> str:
        """For a field of a form: 2026-11-21T19:40."""
        return at.astimezone(self._zone).strftime("%Y-%m-%dT%H:%M")

    def age(self, at: datetime) -> str:
        """14 menit."""
        return format_timedelta(max(self.now - at, timedelta()), threshold=NEARLY, locale=LOCALE)

    def waiting(self, since: datetime) -> str:
        """Menunggu 3 jam; baru saja."""
        is_new = self.now - since <= JUST_NOW
        return "baru saja" if is_new else f"menunggu {self.age(since)}"

    def is_overdue(self, at: datetime) -> bool:
        """Whether somebody should have come to it by now."""
        return self.now - at > ONE_DAY

    def ago(self, at: datetime) -> str:
        """14 menit yang lalu; baru saja; dalam 5 menit."""
        if abs(self.now - at) <= JUST_NOW:
            return "baru saja"
        return format_timedelta(at - self.now, threshold=NEARLY, add_direction=True, locale=LOCALE)

    def today(self) -> date:
        """Tell the day that it is here."""
        return self.now.astimezone(self._zone).date()

    def month(self, day: date) -> str:
        """November 2026."""
        return format_date(day, "MMMM y", locale=LOCALE)

    def date(self, day: date) -> str:
        """21 Nov 2026."""
        return format_date(day, "d MMM y", locale=LOCALE)

    def iso(self, at: datetime) -> str:
        """For the machine-readable half of <time>."""
        return at.isoformat(timespec="seconds")
