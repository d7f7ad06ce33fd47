"""How each channel fares, and whether the hub itself is at work."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, and_, case, exists, func, or_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from hub.store.desk.step import OPEN_STATES
from hub.store.outbox import on_its_way
from hub.store.tables import attempts, inbox, parcels, upstreams

# So long after a return what had gathered may still be on its way, at their pace.
CATCHES_UP_WITHIN = timedelta(days=1)
# Whoever is away is tried oftener than this, be it by one probe; or else nobody is at work.
TRIED_WITHIN = timedelta(minutes=20)


@dataclass(frozen=True, slots=True, kw_only=True)
class ConnectorHealth:
    """A channel at a glance. `paused`: nothing is pushed; `held_by` is the operator who did it.

    `waiting` counts what is promised and not yet there, `to_carry` what people or files bring there
    and nobody has confirmed yet, `in_doubt` includes what is `asking` a
    person, `parked` is what was given up and waits for a person.
    """

    connector: str
    heard_at: datetime | None
    reached_at: datetime | None
    lost_since: datetime | None
    waiting: int
    oldest_waiting: datetime | None
    to_carry: int
    oldest_to_carry: datetime | None
    in_doubt: int
    asking: int
    parked: int
    unreadable: int
    paused: bool
    paused_until: datetime | None
    pause_code: str | None
    pause_detail: str | None
    held_by: str | None

    @property
    def unsent(self) -> int:
        """What is promised and not known to be there, whoever brings it."""
        return self.waiting + self.to_carry

    @property
    def oldest_unsent(self) -> datetime | None:
        """Since when the oldest of it waits."""
        known = (self.oldest_waiting, self.oldest_to_carry)
        return min((since for since in known if since), default=None)

    @property
    def wants_person(self) -> bool:
        """Whether something stays as it is until a person acts."""
        return bool(self.asking or self.parked or self.unreadable or self.to_carry)


@dataclass(frozen=True, slots=True)
class Readiness:
    """The database answers; `oldest_due` is the parcel that longest could have gone."""

    oldest_due: datetime | None


async def health(
    connection: AsyncConnection, connectors: Collection[str], *, now: datetime
) -> tuple[ConnectorHealth, ...]:
    """Read the health of these connectors, and of any other that left something behind."""
    known = await _by_connector(connection, select(upstreams))
    carried = await _by_connector(connection, _carried())
    unread = await _by_connector(connection, _unreadable())
    names = list(dict.fromkeys([*connectors, *sorted({*carried, *unread})]))
    return tuple(
        _health(name, known.get(name, {}), carried.get(name, {}) | unread.get(name, {}), now=now)
        for name in names
    )


async def readiness(connection: AsyncConnection, *, now: datetime) -> Readiness:
    """Find the oldest due parcel that no pause, no outage and no earlier one of its lane holds back."""
    earlier = parcels.alias("earlier")
    blocked = exists().where(
        earlier.c.lane == parcels.c.lane,
        earlier.c.connector == parcels.c.connector,
        earlier.c.source_id.is_not_distinct_from(parcels.c.source_id),
        earlier.c.id < parcels.c.id,
        or_(
            earlier.c.state.in_(("waiting", "leased", "handed", "doubt")),
            and_(earlier.c.state == "abandoned", earlier.c.needed),
        ),
    )
    paused = select(upstreams.c.connector).where(
        or_(
            upstreams.c.held_by.is_not(None),
            upstreams.c.paused_until > now,
            _is_slow_and_tried(now=now),
        )
    )
    found = await connection.execute(
        select(func.min(parcels.c.due_at)).where(
            parcels.c.state == "waiting",
            parcels.c.due_at <= now,
            parcels.c.connector.not_in(paused),
            ~blocked,
        )
    )
    return Readiness(found.scalar_one())


def _is_slow_and_tried(*, now: datetime) -> ColumnElement[bool]:
    """Away or come back a while ago, so that much may be overdue; and somebody does try."""
    lately = now - TRIED_WITHIN
    of_it = parcels.c.connector == upstreams.c.connector
    # By way of the parcels, since nothing finds attempts by their time.
    tried = (
        select(attempts.c.id)
        .join(parcels, parcels.c.parcel_id == attempts.c.parcel_id)
        .where(of_it, on_its_way(), attempts.c.at > lately)
    ).correlate(upstreams)
    arrived = select(parcels.c.id).where(of_it, parcels.c.settled_at > lately).correlate(upstreams)
    lost_since, resumed_at = upstreams.c.lost_since, upstreams.c.resumed_at
    return or_(
        lost_since > lately,
        resumed_at > lately,
        and_(
            or_(lost_since.is_not(None), resumed_at > now - CATCHES_UP_WITHIN),
            or_(tried.exists(), arrived.exists()),
        ),
    )


def _carried() -> Any:
    state = parcels.c.state
    moving = state.in_(("waiting", "leased"))
    return (
        select(
            parcels.c.connector,
            _count(moving).label("waiting"),
            func.min(case((moving, parcels.c.promised_at))).label("oldest_waiting"),
            _count(state == "handed").label("to_carry"),
            func.min(case((state == "handed", parcels.c.handed_at))).label("oldest_to_carry"),
            _count(state == "doubt").label("in_doubt"),
            _count(and_(state == "doubt", parcels.c.asks_person)).label("asking"),
            _count(state == "abandoned").label("parked"),
        )
        .where(state.in_(OPEN_STATES))
        .group_by(parcels.c.connector)
    )


def _unreadable() -> Any:
    return (
        select(inbox.c.connector, func.count().label("unreadable"))
        .where(inbox.c.state == "unreadable")
        .group_by(inbox.c.connector)
    )


def _count(condition: ColumnElement[bool]) -> ColumnElement[int]:
    return func.sum(case((condition, 1), else_=0))


async def _by_connector(connection: AsyncConnection, query: Any) -> dict[str, dict[str, Any]]:
    found = await connection.execute(query)
    return {row["connector"]: dict(row) for row in found.mappings()}


def _health(
    name: str, known: dict[str, Any], counted: dict[str, Any], *, now: datetime
) -> ConnectorHealth:
    until = known.get("paused_until")
    held_by = known.get("held_by")
    return ConnectorHealth(
        connector=name,
        heard_at=known.get("heard_at"),
        reached_at=known.get("reached_at"),
        lost_since=known.get("lost_since"),
        waiting=counted.get("waiting", 0),
        oldest_waiting=counted.get("oldest_waiting"),
        to_carry=counted.get("to_carry", 0),
        oldest_to_carry=counted.get("oldest_to_carry"),
        in_doubt=counted.get("in_doubt", 0),
        asking=counted.get("asking", 0),
        parked=counted.get("parked", 0),
        unreadable=counted.get("unreadable", 0),
        paused=held_by is not None or (until is not None and until > now),
        paused_until=until,
        pause_code=known.get("pause_code"),
        pause_detail=known.get("pause_detail"),
        held_by=held_by,
    )
