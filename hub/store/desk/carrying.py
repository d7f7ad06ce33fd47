"""What waits to be copied to a channel by a person, or carried there by a file."""

from collections.abc import Collection
from typing import Any

from sqlalchemy import RowMapping, Select, and_, case, func, or_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from hub.store.desk.journey import status_in
from hub.store.desk.rows import CarriedRow, FileRow, ToCarry
from hub.store.tables import attachments, batches, complaints, parcels, sources

LONGEST_LIST = 200
HANDED = "handed"


async def to_carry(
    connection: AsyncConnection, connector: str, *, limit: int = 50
) -> tuple[CarriedRow, ...]:
    """Read what waits to be carried to a channel, the longest waiting first."""
    found = await connection.execute(
        _carried()
        .where(parcels.c.state == HANDED, parcels.c.connector == connector)
        .order_by(parcels.c.handed_at, parcels.c.id)
        .limit(min(limit, LONGEST_LIST))
    )
    return tuple(_row(row) for row in found.mappings())


async def carried(connection: AsyncConnection, parcel_id: str) -> CarriedRow | None:
    """Read one parcel, whatever has become of it."""
    found = await connection.execute(_carried().where(parcels.c.parcel_id == parcel_id))
    row = found.mappings().first()
    return None if row is None else _row(row)


async def count_to_carry(connection: AsyncConnection) -> dict[str, ToCarry]:
    """Count what waits to be carried, by channel."""
    held = parcels.c.handed_to.is_not(None)
    in_file = and_(parcels.c.batch_id.is_not(None), ~held)
    found = await connection.execute(
        select(
            parcels.c.connector,
            func.count(),
            func.sum(case((held, 1), else_=0)),
            func.sum(case((in_file, 1), else_=0)),
        )
        .where(parcels.c.state == HANDED)
        .group_by(parcels.c.connector)
        .order_by(parcels.c.connector)
    )
    return {row[0]: ToCarry(row[1], held=row[2], in_files=row[3]) for row in found}


async def next_to_carry(
    connection: AsyncConnection, row: CarriedRow, *, who: str, is_later: bool = False
) -> str | None:
    """Find the parcel that `who` can carry to the same channel next, the longest waiting first.

    `is_later`: only what waits less long than this one, so that it can be skipped.
    """
    mine = or_(parcels.c.handed_to.is_(None), parcels.c.handed_to == who)
    query = select(parcels.c.parcel_id).where(
        parcels.c.state == HANDED,
        parcels.c.connector == row.connector,
        parcels.c.batch_id.is_(None),
        parcels.c.id != row.id,
        mine,
    )
    if is_later:
        same = and_(parcels.c.handed_at == row.handed_at, parcels.c.id > row.id)
        query = query.where(or_(parcels.c.handed_at > row.handed_at, same))
    found = await connection.execute(query.order_by(parcels.c.handed_at, parcels.c.id).limit(1))
    following: str | None = found.scalar_one_or_none()
    return following


async def example_number(connection: AsyncConnection, connector: str) -> str | None:
    """Read the number that this channel gave last, to show what its numbers look like."""
    found = await connection.execute(
        select(sources.c.external_id)
        .where(sources.c.connector == connector, sources.c.external_id.is_not(None))
        .order_by(sources.c.id.desc())
        .limit(1)
    )
    number: str | None = found.scalar_one_or_none()
    return number


async def stored_file(connection: AsyncConnection, attachment_id: int) -> FileRow | None:
    """Read where an attachment lies; None unless it is stored."""
    found = await connection.execute(_stored().where(attachments.c.id == attachment_id))
    row = found.mappings().first()
    return None if row is None else FileRow(**row)


async def stored_at(connection: AsyncConnection, paths: Collection[str]) -> dict[str, FileRow]:
    """Read the attachments that lie at these paths."""
    found = await connection.execute(_stored().where(attachments.c.path.in_(paths)))
    return {row["path"]: FileRow(**row) for row in found.mappings()}


def _stored() -> Select[Any]:
    wanted = (attachments.c[name] for name in FileRow.__dataclass_fields__)
    return select(*wanted).where(attachments.c.state == "stored", attachments.c.path.is_not(None))


def _carried() -> Select[Any]:
    return select(
        parcels,
        complaints.c.ticket,
        complaints.c.title,
        sources.c.external_id.label("their_id"),
        batches.c.file_name,
        batches.c.made_at,
    ).select_from(
        parcels.outerjoin(complaints, complaints.c.id == parcels.c.complaint_id)
        .outerjoin(sources, sources.c.id == parcels.c.source_id)
        .outerjoin(batches, batches.c.id == parcels.c.batch_id)
    )


def _row(row: RowMapping) -> CarriedRow:
    given = {"status": status_in(row["content"]), "left_at": row["made_at"]}
    names = CarriedRow.__dataclass_fields__
    return CarriedRow(**{name: given[name] if name in given else row[name] for name in names})
