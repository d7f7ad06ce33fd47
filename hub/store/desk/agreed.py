"""How long it takes until a channel agrees: from the promise to the acknowledgement."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Subquery, and_, case, func, literal, or_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from hub.rows import Kind, State
from hub.store.desk.step import OPEN_STATES
from hub.store.statements import seconds_between
from hub.store.tables import parcels
from hub.store.types import UtcTime

ALL = ""
HALF, NEARLY_ALL = 50, 95


@dataclass(frozen=True, slots=True, kw_only=True)
class TimeToAgreement:
    """Of `number` openings and statuses `waiting` are not there yet: they count as long as they have waited.

    The quantiles are seconds: half of them, or 95 of 100, took no longer.
    """

    days: int
    number: int = 0
    waiting: int = 0
    p50: float | None = None
    p95: float | None = None


async def times_to_agreement(
    connection: AsyncConnection, *, days: int, now: datetime
) -> Mapping[str, TimeToAgreement]:
    """What arrived in the last `days`, and what has not arrived yet; `ALL` is every channel together."""
    found: dict[str, TimeToAgreement] = {ALL: TimeToAgreement(days=days)}
    for by_channel in (False, True):
        spans = _spans(
            connection, since=now - timedelta(days=days), now=now, by_channel=by_channel
        )
        for row in await connection.execute(_quantiles(spans)):
            found[row.connector] = TimeToAgreement(
                days=days, number=row.number, waiting=row.waiting, p50=row.p50, p95=row.p95
            )
    return found


def _spans(
    connection: AsyncConnection, *, since: datetime, now: datetime, by_channel: bool
) -> Subquery:
    """Each promise with how long it took, and its place among the others."""
    ends = func.coalesce(parcels.c.settled_at, literal(now, UtcTime()), type_=UtcTime())
    took = seconds_between(connection, parcels.c.promised_at, ends)
    arrived = and_(parcels.c.state == State.SETTLED, parcels.c.settled_at >= since)
    # A promise that is stuck has no end that a window could leave out.
    waits = parcels.c.state.in_(OPEN_STATES)
    partition = parcels.c.connector if by_channel else None
    return (
        select(
            (parcels.c.connector if by_channel else literal(ALL)).label("connector"),
            took.label("took"),
            case((waits, 1), else_=0).label("waits"),
            func.row_number().over(partition_by=partition, order_by=took).label("place"),
            func.count().over(partition_by=partition).label("number"),
        )
        .where(
            parcels.c.kind.in_([Kind.OPENING, Kind.STATUS]),
            parcels.c.source_id.is_not(None),
            or_(arrived, waits),
        )
        .subquery("spans")
    )


def _quantiles(spans: Subquery) -> Any:
    def at(percent: int) -> Any:
        # The first place that has `percent` of all at or before it.
        is_it = and_(
            spans.c.place * 100 >= spans.c.number * percent,
            (spans.c.place - 1) * 100 < spans.c.number * percent,
        )
        return func.max(case((is_it, spans.c.took)))

    return select(
        spans.c.connector,
        func.count().label("number"),
        func.sum(spans.c.waits).label("waiting"),
        at(HALF).label("p50"),
        at(NEARLY_ALL).label("p95"),
    ).group_by(spans.c.connector)
