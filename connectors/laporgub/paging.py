"""Where a list goes on after a page, for each of the ways they may agree to. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from connectors.laporgub.moments import moment
from connectors.laporgub.profile import Listing, Paging

SAME_TIME = (
    "Satu halaman penuh aduan LaporGub berubah pada saat yang sama, jadi sisanya tidak terjangkau; "
    "perbesar LAPORGUB_PAGE_SIZE."
)


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
            if is_full and newest == cursor:
                return Next(cursor, remarks=(SAME_TIME,))
            return Next(newest or cursor, is_full)


def newest_of(times: Iterable[str], zone: ZoneInfo) -> str | None:
    """The latest of these times, as a cursor."""
    known = [known for known in (moment(text, zone) for text in times) if known]
    return _written(max(known), zone) if known else None


def _written(moment_: datetime, zone: ZoneInfo) -> str:
    return moment_.astimezone(zone).isoformat()
