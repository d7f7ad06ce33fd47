"""Where a list goes on after a page, for each of the ways they may agree to. Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from connectors.laporgub.moments import moment
from connectors.laporgub.profile import Listing, Paging

SAME_TIME = (
    "Satu halaman penuh aduan LaporGub berubah pada saat yang sama, jadi sisanya tidak terjangkau; "
    "perbesar LAPORGUB_PAGE_SIZE."
)
NO_TIME = (
    "Satu halaman penuh aduan LaporGub tanpa waktu ubah yang dapat dipakai, jadi halaman "
    "berikutnya tidak terjangkau."
)
REPEATED = "Daftar LaporGub mengulang halaman yang sama; dibaca lagi pada putaran berikutnya."
PAGES_PER_ROUND = 200
# Clocks of two machines differ; by a day only if somebody mistyped a year.
AHEAD = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Next:
    """The cursor to keep, and whether more is there already."""

    cursor: str | None
    has_more: bool = False
    remarks: tuple[str, ...] = ()


def after(
    call: Listing, cursor: str | None, *, count: int, told: Any, size: int, newest: str | None
) -> Next:
    """What comes after a page of `count` rows; `told` is what they said of the next one."""
    is_full = count >= size
    match call.paging:
        case Paging.CURSOR:
            following = str(told) if told and not isinstance(told, bool) else None
            # At the end the last page is kept and read again: what is new there is new to us.
            return Next(following or cursor, bool(following and count and following != cursor))
        case Paging.PAGE:
            more = bool(told) if call.next else is_full
            more = more and count > 0
            return Next(str(int(cursor or 1) + 1) if more else None, more)
        case Paging.SINCE:
            if is_full and newest in {cursor, None}:
                return Next(cursor, remarks=(SAME_TIME if newest else NO_TIME,))
            return Next(newest or cursor, is_full)


class Round:
    """The pages since the end of the list was last reached: a list that repeats itself ends there."""

    def __init__(self) -> None:
        self._seen: set[str] = set()
        self._pages = 0

    def after(self, following: Next, call: Listing, keys: Sequence[str]) -> Next:
        """The same, but nothing more for now where the page held nothing new or was one too many."""
        is_old = self._seen.issuperset(keys)
        self._seen.update(keys)
        self._pages += 1
        if following.has_more and is_old:
            cursor = None if call.paging is Paging.PAGE else following.cursor
            following = Next(cursor, remarks=(*following.remarks, REPEATED))
        elif self._pages >= PAGES_PER_ROUND:
            following = replace(following, has_more=False)
        if not following.has_more:
            self._seen.clear()
            self._pages = 0
        return following


def newest_of(
    times: Iterable[str], zone: ZoneInfo, *, now: datetime
) -> tuple[str | None, tuple[str, ...]]:
    """The latest of these times, as a cursor; what lies ahead of us is remarked and not believed."""
    known = {known: text for text in times if (known := moment(text, zone))}
    ahead = [known.pop(each) for each in sorted(known) if each > now + AHEAD]
    remarks = tuple(
        f"Waktu ubah {text!r} pada daftar LaporGub ada di masa depan; tidak dipakai sebagai batas."
        for text in ahead
    )
    return _written(max(known), zone) if known else None, remarks


def _written(moment_: datetime, zone: ZoneInfo) -> str:
    return moment_.astimezone(zone).isoformat()
