"""How reports and complaints came together: each verdict, and the ledger of what was merged."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from hub.store.matching_tables import matches, merges
from hub.store.tables import complaints

LONGEST_LIST = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class JudgedRow:
    """The verdict on a report against one complaint, and who decided if a person did."""

    id: int
    complaint_id: int
    ticket: str
    verdict: str
    score: float
    evidence: Sequence[Mapping[str, Any]]
    returns: bool
    at: datetime
    state: str
    decided_by: str | None
    decided_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class LedgerRow:
    """What was merged into `ticket`: a report on arrival, or all of `lost_ticket`."""

    id: int
    kind: str
    ticket: str
    lost_ticket: str | None
    report_ids: Sequence[int]
    source_ids: Sequence[int]
    score: float | None
    evidence: Sequence[Mapping[str, Any]]
    who: str
    at: datetime
    undone_at: datetime | None
    undone_by: str | None
    undone_why: str | None


async def explained(connection: AsyncConnection, report_id: int) -> tuple[JudgedRow, ...]:
    """Read every verdict on a report, the likeliest complaint first."""
    found = await connection.execute(
        select(matches, complaints.c.ticket)
        .select_from(matches.join(complaints, complaints.c.id == matches.c.complaint_id))
        .where(matches.c.report_id == report_id)
        .order_by(matches.c.score.desc(), matches.c.id)
        .limit(LONGEST_LIST)
    )
    names = JudgedRow.__dataclass_fields__
    return tuple(JudgedRow(**{name: row[name] for name in names}) for row in found.mappings())


async def ledger_of(connection: AsyncConnection, complaint: int | str) -> tuple[LedgerRow, ...]:
    """Read what a complaint, by id or ticket, was merged with, the latest first, undone or not."""
    is_it = complaints.c.id if isinstance(complaint, int) else complaints.c.ticket
    wanted = select(complaints.c.id).where(is_it == complaint).scalar_subquery()
    stays, lost = complaints.alias("stays"), complaints.alias("lost")
    found = await connection.execute(
        select(merges, stays.c.ticket, lost.c.ticket.label("lost_ticket"))
        .select_from(
            merges.join(stays, stays.c.id == merges.c.complaint_id).outerjoin(
                lost, lost.c.id == merges.c.lost_id
            )
        )
        .where(or_(merges.c.complaint_id == wanted, merges.c.lost_id == wanted))
        .order_by(merges.c.id.desc())
        .limit(LONGEST_LIST)
    )
    names = LedgerRow.__dataclass_fields__
    return tuple(LedgerRow(**{name: row[name] for name in names}) for row in found.mappings())
