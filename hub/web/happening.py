"""An event laid out: its complaints, its kelurahan, the map, and the busy times to choose from."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import groupby

from hub.domain.status import Status
from hub.domain.wards import Point, Wards
from hub.store.desk import BusyHour, EventRow
from hub.web.city_map import CityMap, Spot, draw
from hub.web.whereabouts import point_of, ward_named

HOUR = timedelta(hours=1)
# Hours with nothing in between belong to the same night.
LULL = timedelta(hours=3)
MOST_TIMES = 8
SHADES = 5
SMALLEST, GROWTH = 4.0, 2.6
# A circle this large has room for its number.
ROOM = 9.0


@dataclass(frozen=True, slots=True, kw_only=True)
class EventComplaint:
    """A complaint with its reports of that time; `known`: all it has, whenever they came."""

    ticket: str
    status: Status
    category: str | None
    place: str | None
    channels: tuple[str, ...]
    reports: int
    known: int
    first: datetime
    point: Point | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Happening:
    """What a page shows of an event beside its columns of time."""

    complaints: tuple[EventComplaint, ...]
    wards: tuple[tuple[str, int], ...]
    unplaced: int
    map: CityMap | None


@dataclass(frozen=True, slots=True, kw_only=True)
class BusyTime:
    """A stretch of busy hours; `category` is what most of them were about."""

    since: datetime
    until: datetime
    reports: int
    category: str | None


def lay_out(rows: Sequence[EventRow], wards: Wards) -> Happening:
    """Gather reports by complaint and by kelurahan."""
    by_complaint = groupby(
        sorted(rows, key=lambda row: (row.complaint_id, row.said_at)),
        key=lambda row: row.complaint_id,
    )
    complaints = sorted(
        (_complaint(list(theirs), wards) for _, theirs in by_complaint),
        key=lambda each: (-each.reports, each.first),
    )
    places = _places(rows, wards)
    codes = Counter(code for code in places.values() if code is not None)
    names = {ward.code: ward.name for ward in wards.wards}
    return Happening(
        complaints=tuple(complaints),
        wards=tuple((names[code], number) for code, number in codes.most_common()),
        unplaced=sum(code is None for code in places.values()),
        map=_map(complaints, wards, codes),
    )


def busy_times(hours: Sequence[BusyHour]) -> tuple[BusyTime, ...]:
    """Join busy hours to stretches; of the busiest the latest first."""
    found: list[list[BusyHour]] = []
    for each in sorted(hours, key=lambda busy: busy.hour):
        if found and each.hour - found[-1][-1].hour <= LULL:
            found[-1].append(each)
        else:
            found.append([each])
    busiest = sorted((_stretch(night) for night in found), key=lambda time: -time.reports)
    return tuple(sorted(busiest[:MOST_TIMES], key=lambda time: time.since, reverse=True))


def _stretch(night: Sequence[BusyHour]) -> BusyTime:
    about: Counter[str | None] = Counter()
    for each in night:
        about[each.category] += each.number
    # What begins slowly and dies away belongs to the picture.
    return BusyTime(
        since=night[0].hour - HOUR,
        until=night[-1].hour + 2 * HOUR,
        reports=about.total(),
        category=about.most_common(1)[0][0],
    )


def _complaint(rows: Sequence[EventRow], wards: Wards) -> EventComplaint:
    first = rows[0]
    points = [
        point
        for row in rows
        if (point := point_of(row.latitude, row.longitude, wards)) is not None
    ]
    return EventComplaint(
        ticket=first.ticket,
        status=first.status,
        category=first.category,
        place=next((row.place for row in rows if row.place), None),
        channels=tuple(dict.fromkeys(row.connector for row in rows)),
        reports=len(rows),
        known=first.report_count,
        first=first.said_at,
        # A pin that was really sent; the mean of two streets lies on a roof between them.
        point=points[len(points) // 2] if points else None,
    )


def _places(rows: Sequence[EventRow], wards: Wards) -> dict[int, str | None]:
    """The kelurahan of each report; one that tells none is where the others of its complaint are."""
    own = {row.id: _ward(row, wards) for row in rows}
    of_complaint: dict[int, Counter[str]] = {}
    for row in rows:
        if (code := own[row.id]) is not None:
            of_complaint.setdefault(row.complaint_id, Counter())[code] += 1
    most = {each: codes.most_common(1)[0][0] for each, codes in of_complaint.items()}
    return {row.id: own[row.id] or most.get(row.complaint_id) for row in rows}


def _ward(row: EventRow, wards: Wards) -> str | None:
    point = point_of(row.latitude, row.longitude, wards)
    found = wards.at(*point) if point is not None else None
    found = found or ward_named(wards, (row.place,))
    return found.code if found is not None else None


def _map(
    complaints: Sequence[EventComplaint], wards: Wards, codes: Mapping[str, int]
) -> CityMap | None:
    most = max(codes.values(), default=1)
    spots = [_circle(each, each.point) for each in complaints if each.point is not None]
    return draw(
        wards,
        spots=spots,
        marks={code: f"heat-{_shade(number, most)}" for code, number in codes.items()},
        numbers=codes,
    )


def _circle(complaint: EventComplaint, point: Point) -> Spot:
    # The area, not the width, grows with the number: so do eyes compare.
    radius = round(SMALLEST + GROWTH * (complaint.reports - 1) ** 0.5, 1)
    return Spot(
        point=point,
        letter=str(complaint.reports) if radius >= ROOM else "",
        says=f"{complaint.ticket}: {complaint.reports} laporan",
        mark="reports",
        radius=radius,
    )


def _shade(number: int, most: int) -> int:
    return min(-(-number * SHADES // most), SHADES)
