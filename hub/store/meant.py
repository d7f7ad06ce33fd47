"""Which reports somebody at a terminal means: by number, by the channel's own number, or by ticket."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, select
from sqlalchemy.ext.asyncio import AsyncConnection

from hub.store.tables import complaints, reports

# A number of more digits is nobody's id, and no database holds it.
LONGEST_ID = 18


@dataclass(frozen=True, slots=True, kw_only=True)
class MeantReport:
    """A report, and the complaint it is part of."""

    id: int
    connector: str
    said_at: datetime
    ticket: str | None


async def reports_meant(connection: AsyncConnection, which: str) -> tuple[MeantReport, ...]:
    """Find them, in the order they were said; none if there are none."""
    found = await connection.execute(
        select(reports.c.id, reports.c.connector, reports.c.said_at, complaints.c.ticket)
        .select_from(reports.outerjoin(complaints, complaints.c.id == reports.c.complaint_id))
        .where(_is_it(which.strip()))
        .order_by(reports.c.said_at, reports.c.id)
    )
    return tuple(MeantReport(**row) for row in found.mappings())


def _is_it(which: str) -> ColumnElement[bool]:
    connector, colon, external_id = which.partition(":")
    if colon:
        return (reports.c.connector == connector) & (reports.c.external_id == external_id)
    if which.isascii() and which.isdigit() and len(which) <= LONGEST_ID:
        return reports.c.id == int(which)
    return complaints.c.ticket == which.upper()
