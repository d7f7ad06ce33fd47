"""The running reconciliation: N of M sources agree, and what keeps the others from it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from hub.store.desk.step import Standing, joined, since, standing, unsettled
from hub.store.tables import sources


@dataclass(frozen=True, slots=True, kw_only=True)
class Agreement:
    """`agreeing` and the five reasons after it add up to `total`; no `oldest` when all agree."""

    total: int
    agreeing: int
    on_its_way: int
    in_doubt: int
    waiting_for_person: int
    contradicting: int
    untold: int
    oldest: datetime | None


async def agreement(connection: AsyncConnection) -> Agreement:
    """Count every source once; a channel that is told nothing has nothing to agree on."""
    counted = unsettled()
    every = (
        select(standing(counted), since(counted).label("since"))
        .select_from(joined(counted))
        .where(sources.c.listens)
        .subquery("every")
    )
    found = await connection.execute(
        select(every.c.standing, func.count(), func.min(every.c.since)).group_by(every.c.standing)
    )
    rows: dict[str, tuple[int, Any]] = {row[0]: (row[1], row[2]) for row in found}
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
        untold=how_many(Standing.UNTOLD),
        oldest=min(apart, default=None),
    )
