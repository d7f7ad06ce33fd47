"""Complaints whose channels undo each other, where no single contradiction is open to be decided."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, and_, exists, func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from hub.domain.status import Status
from hub.store.agreement_tables import conflicts
from hub.store.tables import complaints, sources


@dataclass(frozen=True, slots=True, kw_only=True)
class HeldRow:
    """A held complaint. `said`: what its channels show, each once, and what holds."""

    ticket: str
    title: str
    status: Status
    held_at: datetime
    held_why: str
    said: tuple[Status, ...]


async def held(connection: AsyncConnection) -> tuple[HeldRow, ...]:
    """Read them, the one that waits longest first."""
    rows = (
        await connection.execute(
            select(complaints).where(_is_held_alone()).order_by(complaints.c.held_at)
        )
    ).all()
    shown = await connection.execute(
        select(sources.c.complaint_id, sources.c.shown)
        .where(
            sources.c.complaint_id.in_([row.id for row in rows]),
            sources.c.listens,
            sources.c.shown.is_not(None),
        )
        .order_by(sources.c.id)
    )
    said: dict[int, list[Status]] = {}
    for complaint_id, status in shown:
        said.setdefault(complaint_id, []).append(Status(status))
    return tuple(
        HeldRow(
            ticket=row.ticket,
            title=row.title,
            status=Status(row.status),
            held_at=row.held_at,
            held_why=row.held_why or "",
            said=tuple(dict.fromkeys([Status(row.status), *said.get(row.id, ())])),
        )
        for row in rows
    )


async def count_held(connection: AsyncConnection) -> int:
    """How many they are."""
    query = select(func.count()).select_from(complaints).where(_is_held_alone())
    return int(await connection.scalar(query) or 0)


def _is_held_alone() -> ColumnElement[bool]:
    contradicted = exists().where(
        conflicts.c.source_id == sources.c.id,
        sources.c.complaint_id == complaints.c.id,
        conflicts.c.ended_at.is_(None),
    )
    return and_(
        complaints.c.held_at.is_not(None), complaints.c.merged_into.is_(None), ~contradicted
    )
