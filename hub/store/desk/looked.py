"""Rounds of looking, as the desk shows them: the last completed one, and how far the present one is."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Row, func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from hub.store.agreement_tables import rounds
from hub.store.tables import sources
from hub.store.whole import not_looked_at


@dataclass(frozen=True, slots=True, kw_only=True)
class Round:
    """One pass over everything a channel knows. `found`: standing -> number, repaired, explained."""

    began_at: datetime
    ended_at: datetime | None
    sources: int
    looked: int
    calls: int
    unreadable: int
    found: Mapping[str, int] = field(default_factory=dict)

    @property
    def took(self) -> timedelta | None:
        """How long it took; None while it is under way."""
        return self.ended_at - self.began_at if self.ended_at else None


@dataclass(frozen=True, slots=True, kw_only=True)
class ChannelRounds:
    """What a channel's looks have come to."""

    last: Round | None = None
    under_way: Round | None = None


async def rounds_by_channel(connection: AsyncConnection) -> Mapping[str, ChannelRounds]:
    """Channels that have been looked at."""
    newest = (
        select(func.max(rounds.c.id))
        .where(rounds.c.ended_at.is_not(None))
        .group_by(rounds.c.connector)
    )
    found = await connection.execute(
        select(rounds).where(rounds.c.id.in_(newest) | rounds.c.ended_at.is_(None))
    )
    last: dict[str, Round] = {}
    under_way: dict[str, Round] = {}
    for row in found:
        if row.ended_at is not None:
            last[row.connector] = _round(row, left=0)
        else:
            left = await _left(connection, row)
            under_way[row.connector] = _round(row, left=left)
    return {
        name: ChannelRounds(last=last.get(name), under_way=under_way.get(name))
        for name in sorted({*last, *under_way})
    }


async def _left(connection: AsyncConnection, row: Row[Any]) -> int:
    found = await connection.scalar(
        select(func.count())
        .select_from(sources)
        .where(*not_looked_at(row.connector, row.began_at))
    )
    return found or 0


def _round(row: Row[Any], *, left: int) -> Round:
    return Round(
        began_at=row.began_at,
        ended_at=row.ended_at,
        sources=row.sources,
        looked=max(row.sources - left, 0),
        calls=row.calls,
        unreadable=row.unreadable,
        found=row.found or {},
    )
