"""One picture of a night: which reports came when, where and through which channel."""

from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import BigInteger, cast, extract, func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from hub.domain.status import Status
from hub.store.tables import complaints, reports

MOST_REPORTS = 2_000
MOST_HOURS = 500
HOUR = 3600
# The complaint's has been looked at; the report's is what the channel could say.
CATEGORY = func.coalesce(complaints.c.category, reports.c.category)


@dataclass(frozen=True, slots=True, kw_only=True)
class EventRow:
    """A report of that time; `report_count` are all reports of its complaint, whenever they came.

    `place` are the channel's words for where it is.
    """

    id: int
    complaint_id: int
    ticket: str
    status: Status
    connector: str
    said_at: datetime
    latitude: float | None
    longitude: float | None
    place: str | None
    category: str | None
    report_count: int


@dataclass(frozen=True, slots=True)
class Event:
    """The reports between two times, oldest first; `is_cut`: there were more than are shown."""

    reports: tuple[EventRow, ...]
    is_cut: bool = False


@dataclass(frozen=True, slots=True)
class BusyHour:
    """How many reports of a category were said in the hour that begins at `hour`."""

    hour: datetime
    category: str | None
    number: int


async def event(connection: AsyncConnection, since: datetime, until: datetime) -> Event:
    """Read what was reported from `since` until just before `until`."""
    others = reports.alias("others")
    count = (
        select(func.count())
        .where(others.c.complaint_id == reports.c.complaint_id)
        .scalar_subquery()
        .label("report_count")
    )
    own = ("id", "complaint_id", "connector", "said_at", "latitude", "longitude", "place")
    found = await connection.execute(
        select(*(reports.c[name] for name in own), CATEGORY.label("category"), count)
        .add_columns(complaints.c.ticket, complaints.c.status)
        .select_from(reports.join(complaints, complaints.c.id == reports.c.complaint_id))
        .where(reports.c.said_at >= since, reports.c.said_at < until)
        .order_by(reports.c.said_at, reports.c.id)
        .limit(MOST_REPORTS + 1)
    )
    rows = [
        EventRow(**row | {"status": Status(row["status"])}) for row in map(dict, found.mappings())
    ]
    return Event(tuple(rows[:MOST_REPORTS]), is_cut=len(rows) > MOST_REPORTS)


async def busy_hours(
    connection: AsyncConnection, since: datetime, until: datetime, *, at_least: int = 5
) -> tuple[BusyHour, ...]:
    """Find the hours in which a category was reported often, the busiest first."""
    moment = extract("epoch", reports.c.said_at)
    # Whole hours by counting seconds: the databases agree on no other way to cut a time.
    hour = cast(moment - moment % HOUR, BigInteger).label("hour")
    number = func.count().label("number")
    found = await connection.execute(
        select(hour, CATEGORY, number)
        .select_from(reports.outerjoin(complaints, complaints.c.id == reports.c.complaint_id))
        .where(reports.c.said_at >= since, reports.c.said_at < until)
        .group_by(hour, CATEGORY)
        .having(number >= at_least)
        .order_by(number.desc(), hour)
        .limit(MOST_HOURS)
    )
    return tuple(
        BusyHour(datetime.fromtimestamp(at, UTC), category, count) for at, category, count in found
    )
