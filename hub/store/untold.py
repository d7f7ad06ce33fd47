"""Sources that were to be told the present status, and nobody is telling them."""

from sqlalchemy import ColumnElement, and_, exists, func, or_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from hub.domain.status import Status
from hub.rows import Kind
from hub.store.agreement_tables import conflicts
from hub.store.desk.step import Standing, joined, standing, unsettled
from hub.store.tables import complaints, inbox, links, parcels, sources


class SqlUntold:
    """`hub.ports.Untold`."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def find(self, *, after: int, limit: int) -> list[int]:
        """The ids of such sources behind `after`, in order."""
        counted = unsettled()
        every = (
            select(sources.c.id, standing(counted))
            .select_from(joined(counted))
            .where(sources.c.id > after, *_might_be())
            .subquery("every")
        )
        rows = await self._connection.execute(
            select(every.c.id)
            .where(every.c.standing == Standing.UNTOLD.value)
            .order_by(every.c.id)
            .limit(limit)
        )
        return list(rows.scalars())

    async def is_still(self, source_id: int, complaint_id: int) -> bool:
        """Whether it is so now, with the complaint locked."""
        counted = unsettled([complaint_id])
        found = await self._connection.scalar(
            select(standing(counted))
            .select_from(joined(counted))
            .where(sources.c.id == source_id, *_might_be())
        )
        return bool(found == Standing.UNTOLD.value)

    async def last_promised(self, source_id: int) -> Status | None:
        """The last status it was promised, since its number was put right last."""
        corrected = (
            select(func.max(links.c.at))
            .where(links.c.source_id == source_id, links.c.before.is_not(None))
            .scalar_subquery()
        )
        content = await self._connection.scalar(
            select(parcels.c.content)
            .where(
                parcels.c.source_id == source_id,
                parcels.c.kind == Kind.STATUS,
                parcels.c.promised_at >= func.coalesce(corrected, parcels.c.promised_at),
            )
            .order_by(parcels.c.id.desc())
            .limit(1)
        )
        return Status(content["status"]) if content else None


def _might_be() -> tuple[ColumnElement[bool], ...]:
    """It knew something older; whoever never heard or showed anything was never to be told.

    What is held for a person, disputed, or about to be read is not ours to repeat.
    """
    unread = exists().where(
        inbox.c.connector == sources.c.connector,
        inbox.c.external_id == sources.c.external_id,
        inbox.c.state == "unread",
    )
    disputed = exists().where(
        conflicts.c.source_id == sources.c.id, conflicts.c.ended_at.is_(None)
    )
    # A channel that can be looked at has been, since the complaint was touched last.
    looked = or_(
        sources.c.inspect_due_at.is_(None), sources.c.looked_at >= complaints.c.updated_at
    )
    return (
        sources.c.listens,
        sources.c.external_id.is_not(None),
        or_(
            and_(sources.c.shown.is_not(None), sources.c.shown != complaints.c.status),
            and_(sources.c.told.is_not(None), sources.c.told != complaints.c.status),
        ),
        complaints.c.held_at.is_(None),
        looked,
        ~unread,
        ~disputed,
    )
