"""What merging moves from one complaint to another: reports and sources, and what was heard of them."""

from collections.abc import Collection

from sqlalchemy import and_, func, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from hub.domain.status import Status
from hub.rows import Heard
from hub.store.tables import history, reports, sources


class SqlThreads:
    """The part of `hub.ports.Complaints` that merging and un-merging need."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def report_ids(
        self, complaint_id: int, *, people: Collection[int] | None = None
    ) -> list[int]:
        """The reports of a complaint, or only those of some people, oldest first."""
        query = select(reports.c.id).where(reports.c.complaint_id == complaint_id)
        if people is not None:
            query = query.where(reports.c.person_id.in_(people))
        return list(await self._connection.scalars(query.order_by(reports.c.id)))

    async def repoint(self, source_ids: Collection[int], complaint_id: int) -> None:
        """From now on that complaint speaks for these sources."""
        # A version of before may have made it since the migration.
        thread = func.coalesce(sources.c.thread_id, sources.c.complaint_id)
        await self._connection.execute(
            update(sources)
            .where(sources.c.id.in_(source_ids))
            .values(complaint_id=complaint_id, thread_id=thread)
        )

    async def mark(self) -> int:
        """How far everything that was heard has come."""
        return int(await self._connection.scalar(select(func.max(history.c.id))) or 0)

    async def heard_since(
        self, mark: int, complaint_id: int, source_ids: Collection[int]
    ) -> list[Heard]:
        """What these sources said since, whichever complaint they belonged to, and operators of this one."""
        names = Heard.__dataclass_fields__
        by_operators = and_(history.c.complaint_id == complaint_id, history.c.source_id.is_(None))
        rows = await self._connection.execute(
            select(*(history.c[name] for name in names))
            .where(history.c.id > mark, or_(history.c.source_id.in_(source_ids), by_operators))
            .order_by(history.c.id)
        )
        return [
            Heard(row.id, Status(row.status), row.at, row.origin, row.outcome, row.source_id)
            for row in rows
        ]
