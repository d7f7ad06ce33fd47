"""Looking at sources: which are due, in which order, and how many the budget allows."""

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Row, and_, func, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from hub.domain.looking import OLD, Budget
from hub.domain.status import FINAL, Status
from hub.rows import Inspection
from hub.store.statements import upsert
from hub.store.tables import complaints, sources, upstreams

# What is a day late goes before everything else, so nobody starves.
STARVING = timedelta(days=1)


class SqlLooks:
    """`hub.ports.Looks`."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def take(
        self, connector: str, *, now: datetime, until: datetime, budget: Budget, limit: int
    ) -> list[Inspection]:
        """Sources to look at now, paid from the budget; until `until` nobody else gets them."""
        whole_at = await self._lock(connector)
        number = min(limit, budget.free(whole_at, now=now))
        rows = await self._first(connector, number, now=now) if number else []
        if not rows:
            return []
        await self._connection.execute(
            update(sources)
            .where(sources.c.id.in_([row.id for row in rows]))
            .values(inspect_due_at=until)
        )
        await self._keep(connector, budget.spent(whole_at, len(rows), now=now))
        return [_inspection(row) for row in rows]

    async def rest(self, connector: str, *, until: datetime, budget: Budget) -> None:
        """Nobody looks there before `until`, in any process."""
        whole_at = await self._lock(connector)
        rested = budget.resting_until(until)
        await self._keep(connector, max(whole_at or rested, rested))

    async def plan(self, source_ids: Collection[int], *, due_at: datetime) -> None:
        """When to look at them."""
        await self._connection.execute(
            update(sources).where(sources.c.id.in_(source_ids)).values(inspect_due_at=due_at)
        )

    async def hasten(self, source_id: int, *, due_at: datetime) -> None:
        """Look by then at the latest, if it is looked at at all and could be looked at last time."""
        await self._connection.execute(
            update(sources)
            .where(
                sources.c.id == source_id,
                sources.c.inspect_due_at > due_at,
                sources.c.inspect_failures == 0,
                sources.c.listens.is_(True),
            )
            .values(inspect_due_at=due_at)
        )

    async def seen(self, source_ids: Collection[int], *, at: datetime, due_at: datetime) -> None:
        """The channel told what they show."""
        await self._connection.execute(
            update(sources)
            .where(sources.c.id.in_(source_ids))
            .values(inspect_due_at=due_at, inspect_failures=0, looked_at=at)
        )

    async def in_vain(
        self, source_id: int, *, failures: int, due_at: datetime, unreadable_at: datetime | None
    ) -> None:
        """It could not be looked at; `unreadable_at`: often enough to say that it cannot be read."""
        await self._connection.execute(
            update(sources)
            .where(sources.c.id == source_id)
            .values(
                inspect_due_at=due_at,
                inspect_failures=failures,
                looked_at=func.coalesce(unreadable_at, sources.c.looked_at),
            )
        )

    async def all_soon(self, connector: str, *, at: datetime) -> int:
        """Have every source of a connector looked at; tell how many are due by now."""
        await self._connection.execute(
            update(sources)
            .where(
                sources.c.connector == connector,
                sources.c.external_id.is_not(None),
                sources.c.listens,
                or_(sources.c.inspect_due_at > at, sources.c.inspect_due_at.is_(None)),
            )
            .values(inspect_due_at=at)
        )
        return await self.due(connector, now=at)

    async def due(self, connector: str, *, now: datetime) -> int:
        """How many wait to be looked at."""
        found = await self._connection.scalar(
            select(func.count()).select_from(sources).where(*_due(connector, now))
        )
        return found or 0

    async def whole_at(self, connector: str) -> datetime | None:
        """When the budget will be whole again."""
        found: datetime | None = await self._connection.scalar(
            select(upstreams.c.looks_free_at).where(upstreams.c.connector == connector)
        )
        return found

    async def _first(self, connector: str, number: int, *, now: datetime) -> list[Row[Any]]:
        """Those that matter most; one query where the budget is enough for all that are due."""
        rows = await self._some(*_due(connector, now), limit=number + 1)
        if len(rows) <= number:
            return rows
        starving = sources.c.inspect_due_at <= now - STARVING
        turns: tuple[tuple[ColumnElement[bool], ...], ...] = ((starving,), (_pressing(now),), ())
        chosen: list[Row[Any]] = []
        for which in turns:
            if len(chosen) < number:
                others = sources.c.id.not_in([row.id for row in chosen])
                chosen += await self._some(
                    *_due(connector, now), *which, others, limit=number - len(chosen)
                )
        return chosen

    async def _some(self, *which: ColumnElement[bool], limit: int) -> list[Row[Any]]:
        found = await self._connection.execute(
            select(
                sources.c.id,
                sources.c.external_id,
                sources.c.inspect_failures,
                complaints.c.status,
                complaints.c.status_at,
                complaints.c.opened_at,
                _apart().label("apart"),
            )
            .join(complaints, complaints.c.id == sources.c.complaint_id)
            .where(*which)
            .order_by(sources.c.inspect_due_at, sources.c.id)
            .limit(limit)
            .with_for_update(skip_locked=True, of=sources)
        )
        return list(found.all())

    async def _lock(self, connector: str) -> datetime | None:
        # One process at a time counts what is left of the budget.
        mine = (
            select(upstreams.c.looks_free_at)
            .where(upstreams.c.connector == connector)
            .with_for_update()
        )
        row = (await self._connection.execute(mine)).first()
        if row is None:
            await upsert(
                self._connection, upstreams, key="connector", values={"connector": connector}
            )
            row = (await self._connection.execute(mine)).one()
        whole_at: datetime | None = row.looks_free_at
        return whole_at

    async def _keep(self, connector: str, whole_at: datetime) -> None:
        await self._connection.execute(
            update(upstreams)
            .where(upstreams.c.connector == connector)
            .values(looks_free_at=whole_at)
        )


def _due(connector: str, now: datetime) -> tuple[ColumnElement[bool], ...]:
    return (
        sources.c.connector == connector,
        sources.c.inspect_due_at <= now,
        sources.c.external_id.is_not(None),
    )


def _pressing(now: datetime) -> ColumnElement[bool]:
    is_young = and_(complaints.c.opened_at > now - OLD, complaints.c.status.not_in(FINAL))
    return or_(is_young, _apart())


def _apart() -> ColumnElement[bool]:
    """Whether the channel shows, or was told, something else than the complaint."""
    known = func.coalesce(sources.c.shown, sources.c.told, "")
    return and_(
        sources.c.listens, or_(sources.c.disagrees.is_not(None), known != complaints.c.status)
    )


def _inspection(row: Row[Any]) -> Inspection:
    return Inspection(
        source_id=row.id,
        external_id=row.external_id,
        status=Status(row.status),
        opened_at=row.opened_at,
        status_at=row.status_at,
        failures=row.inspect_failures,
        apart=bool(row.apart),
    )
