"""What a replay would take up again."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from hub.rows import REFUSED_THERE, Kind, State
from hub.store.tables import complaints, inbox, parcels

# A status that is past these says no more than the older one that was parked.
_SPEAKS = (State.WAITING, State.LEASED, State.HANDED, State.DOUBT, State.SETTLED, State.ABANDONED)


@dataclass(frozen=True, slots=True, kw_only=True)
class ParkedRow:
    """A parked parcel. `is_overtaken`: a newer status for the same source says all that it would say."""

    parcel_id: str
    connector: str
    kind: str
    ticket: str | None
    code: str | None
    is_overtaken: bool


async def kept(
    connection: AsyncConnection, *, connector: str | None, since: datetime | None, after: int = 0
) -> list[int]:
    """Ids of raw things that were read, or tried, and are not pruned, in the order they came."""
    query = select(inbox.c.id).where(
        inbox.c.sealed_body.is_not(None), inbox.c.state != "unread", inbox.c.id > after
    )
    if connector is not None:
        query = query.where(inbox.c.connector == connector)
    if since is not None:
        query = query.where(inbox.c.received_at >= since)
    return [int(row[0]) for row in await connection.execute(query.order_by(inbox.c.id))]


async def parked(
    connection: AsyncConnection,
    *,
    connector: str | None,
    since: datetime | None,
    parcel_id: str | None = None,
) -> list[ParkedRow]:
    """Parked parcels, oldest first; but not what people there refused: a mended mapping changes no mind."""
    other = parcels.alias("other")
    newest = (
        select(func.max(other.c.id))
        .where(
            other.c.source_id == parcels.c.source_id,
            other.c.kind == Kind.STATUS,
            other.c.state.in_(_SPEAKS),
        )
        .scalar_subquery()
    )
    query = (
        select(parcels, complaints.c.ticket, newest.label("newest"))
        .select_from(parcels.outerjoin(complaints, complaints.c.id == parcels.c.complaint_id))
        .where(
            parcels.c.state == State.ABANDONED,
            func.coalesce(parcels.c.code, "") != REFUSED_THERE,
        )
    )
    if connector is not None:
        query = query.where(parcels.c.connector == connector)
    if since is not None:
        query = query.where(parcels.c.promised_at >= since)
    if parcel_id is not None:
        query = query.where(parcels.c.parcel_id == parcel_id)
    return [_parked(row) for row in await connection.execute(query.order_by(parcels.c.id))]


def _parked(row: Row[Any]) -> ParkedRow:
    # What an officer wrote goes all the same, and so does what a channel needs step by step.
    words = row.content.get("note") and not row.content.get("by_hub", False)
    only_status = row.kind == Kind.STATUS and not row.needed and not words
    return ParkedRow(
        parcel_id=row.parcel_id,
        connector=row.connector,
        kind=row.kind,
        ticket=row.ticket,
        code=row.code,
        is_overtaken=only_status and row.newest is not None and row.newest > row.id,
    )
