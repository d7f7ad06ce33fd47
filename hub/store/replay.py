"""What a replay would take up again."""

from datetime import datetime

from sqlalchemy import func, or_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from hub.rows import REFUSED_THERE, State
from hub.store.tables import inbox, news, parcels


async def unreadable(
    connection: AsyncConnection, *, connector: str | None, since: datetime | None
) -> list[int]:
    """Ids of raw things that could not be read, or held an unknown word, oldest first."""
    unknown = select(news.c.inbox_id).where(news.c.outcome == "unknown_word")
    query = select(inbox.c.id).where(
        or_(inbox.c.state == "unreadable", inbox.c.id.in_(unknown)),
        inbox.c.sealed_body.is_not(None),
    )
    if connector is not None:
        query = query.where(inbox.c.connector == connector)
    if since is not None:
        query = query.where(inbox.c.received_at >= since)
    return [int(row[0]) for row in await connection.execute(query.order_by(inbox.c.id))]


async def abandoned(
    connection: AsyncConnection, *, connector: str | None, since: datetime | None
) -> list[str]:
    """Parked parcels, oldest first; but not what people there refused: a mended mapping changes no mind."""
    query = select(parcels.c.parcel_id).where(
        parcels.c.state == State.ABANDONED,
        func.coalesce(parcels.c.code, "") != REFUSED_THERE,
    )
    if connector is not None:
        query = query.where(parcels.c.connector == connector)
    if since is not None:
        query = query.where(parcels.c.promised_at >= since)
    return [str(row[0]) for row in await connection.execute(query.order_by(parcels.c.id))]
