"""The running reconciliation: N of M sources agree, and what keeps the others from it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Subquery, func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from hub.domain.status import Status
from hub.store.desk.step import Standing, joined, since, standing, unsettled
from hub.store.tables import complaints, sources


@dataclass(frozen=True, slots=True, kw_only=True)
class Agreement:
    """`agreeing` and the six reasons after it add up to `total`; no `oldest` when all agree."""

    total: int = 0
    agreeing: int = 0
    on_its_way: int = 0
    in_doubt: int = 0
    waiting_for_person: int = 0
    contradicting: int = 0
    unreadable: int = 0
    untold: int = 0
    oldest: datetime | None = None

    @property
    def is_settled(self) -> bool:
        """Whether every source agrees, or is known to contradict and why."""
        return self.agreeing + self.contradicting == self.total


@dataclass(frozen=True, slots=True, kw_only=True)
class Disagreement:
    """One source that does not agree; `status` is ours, `their_status` their own word."""

    since: datetime
    ticket: str
    connector: str
    standing: Standing
    status: Status
    their_status: str | None
    reason: str | None


async def agreement(connection: AsyncConnection) -> Agreement:
    """Count every source once; a channel that is told nothing has nothing to agree on."""
    return together((await agreement_by_channel(connection)).values())


async def agreement_by_channel(connection: AsyncConnection) -> Mapping[str, Agreement]:
    """The same, channel by channel; one that has no source is not named."""
    every = _every()
    found = await connection.execute(
        select(
            every.c.connector, every.c.standing, func.count(), func.min(every.c.since)
        ).group_by(every.c.connector, every.c.standing)
    )
    counted: dict[str, dict[str, tuple[int, Any]]] = {}
    for connector, name, number, first in found:
        counted.setdefault(connector, {})[name] = (number, first)
    return {name: _agreement(rows) for name, rows in sorted(counted.items())}


def together(parts: Iterable[Agreement]) -> Agreement:
    """Add channels up."""
    known = list(parts)
    numbers = {
        name: sum(getattr(part, name) for part in known)
        for name in Agreement.__dataclass_fields__
        if name != "oldest"
    }
    oldest = min((part.oldest for part in known if part.oldest), default=None)
    return Agreement(**numbers, oldest=oldest)


async def oldest_disagreement(connection: AsyncConnection) -> Disagreement | None:
    """The source that has been out of step for longest, and why."""
    every = _every()
    query = (
        select(
            every,
            complaints.c.ticket,
            complaints.c.status,
            sources.c.their_status,
            sources.c.disagrees,
        )
        .join(sources, sources.c.id == every.c.id)
        .join(complaints, complaints.c.id == sources.c.complaint_id)
        .where(every.c.standing != Standing.IN_STEP.value)
        .order_by(every.c.since, every.c.id)
        .limit(1)
    )
    row = (await connection.execute(query)).first()
    if row is None:
        return None
    return Disagreement(
        since=row.since,
        ticket=row.ticket,
        connector=row.connector,
        standing=Standing(row.standing),
        status=Status(row.status),
        their_status=row.their_status,
        reason=row.disagrees,
    )


def _every() -> Subquery:
    counted = unsettled()
    return (
        select(
            sources.c.id,
            sources.c.connector,
            standing(counted),
            since(counted).label("since"),
        )
        .select_from(joined(counted))
        .where(sources.c.listens)
        .subquery("every")
    )


def _agreement(rows: Mapping[str, tuple[int, Any]]) -> Agreement:
    apart = [first for name, (_, first) in rows.items() if name != Standing.IN_STEP and first]

    def how_many(name: Standing) -> int:
        return rows.get(name, (0, None))[0]

    return Agreement(
        total=sum(count for count, _ in rows.values()),
        agreeing=how_many(Standing.IN_STEP),
        on_its_way=how_many(Standing.ON_ITS_WAY),
        in_doubt=how_many(Standing.DOUBT),
        waiting_for_person=how_many(Standing.PERSON),
        contradicting=how_many(Standing.CONTRADICTS),
        unreadable=how_many(Standing.UNREADABLE),
        untold=how_many(Standing.UNTOLD),
        oldest=min(apart, default=None),
    )
