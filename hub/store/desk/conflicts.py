"""Channels that said something else than the complaint: both sides, and where it stands by now."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import (
    ColumnElement,
    RowMapping,
    ScalarSelect,
    Select,
    and_,
    case,
    func,
    or_,
    select,
)
from sqlalchemy.ext.asyncio import AsyncConnection

from hub.domain.status import Status
from hub.store.agreement_tables import conflicts as table
from hub.store.desk.complaints import sources_of
from hub.store.desk.held import count_held
from hub.store.desk.rows import SourceRow
from hub.store.desk.step import Standing
from hub.store.tables import complaints, sources

LONGEST_LIST = 200
SPEAKING = complaints.alias("speaking")


@dataclass(frozen=True, slots=True)
class SaidStatus:
    """One side: a status, since when, who said it, and the word they used (None: ours)."""

    status: Status
    at: datetime
    who: str
    word: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ConflictRow:
    """A contradiction. `speaks`: the ticket that speaks for it now, `status`: how that stands.

    `ahead`: by how many seconds their clock was put right. `is_last`: the complaint's latest one.
    `asks_person`: nothing moves until somebody decides; of the other open ones the channel is being told.
    """

    id: int
    ticket: str
    title: str
    speaks: str
    status: Status
    status_from: str
    connector: str
    external_id: str | None
    at: datetime
    rule: str
    outcome: str
    ours: SaidStatus
    theirs: SaidStatus
    ahead: float
    reason: str
    ended_at: datetime | None
    decided: Status | None
    decided_by: str | None
    listens: bool
    standing: Standing
    source_id: int
    is_last: bool
    asks_person: bool

    @property
    def is_open(self) -> bool:
        """Whether they have not agreed since, and nobody has decided."""
        return self.ended_at is None


async def conflicts(
    connection: AsyncConnection,
    *,
    is_open: bool | None = None,
    asks_person: bool | None = None,
    ticket: str | None = None,
    before: int | None = None,
    limit: int = 50,
) -> tuple[ConflictRow, ...]:
    """Read contradictions, the latest first; `before` is the last id seen."""
    query = _query().order_by(table.c.id.desc()).limit(limit)
    if is_open is not None:
        query = query.where(table.c.ended_at.is_(None) if is_open else ~table.c.ended_at.is_(None))
    if asks_person is not None:
        query = query.where(_asks_person() if asks_person else ~_asks_person())
    if ticket is not None:
        wanted = select(complaints.c.id).where(complaints.c.ticket == ticket.upper())
        query = query.where(_about(wanted.scalar_subquery()))
    if before is not None:
        query = query.where(table.c.id < before)
    return await _rows(connection, query)


async def conflicts_of(connection: AsyncConnection, complaint_id: int) -> tuple[ConflictRow, ...]:
    """Read those of a complaint, and of the sources that came to it, the latest first."""
    query = _query().where(_about(complaint_id)).order_by(table.c.id.desc()).limit(LONGEST_LIST)
    return await _rows(connection, query)


async def last_ended(connection: AsyncConnection, *, limit: int) -> tuple[ConflictRow, ...]:
    """Read those that have ended, the last ended first."""
    query = _query().where(~table.c.ended_at.is_(None))
    return await _rows(
        connection, query.order_by(table.c.ended_at.desc(), table.c.id.desc()).limit(limit)
    )


async def one_conflict(connection: AsyncConnection, conflict_id: int) -> ConflictRow | None:
    """Read one, whatever has become of it."""
    found = await _rows(connection, _query().where(table.c.id == conflict_id))
    return next(iter(found), None)


async def count_conflicts(connection: AsyncConnection) -> tuple[int, int]:
    """Count those that ask a person, and all that are open; what is held asks, whatever is open."""
    asking = func.coalesce(func.sum(case((_asks_person(), 1), else_=0)), 0)
    found = await connection.execute(
        select(asking, func.count()).select_from(_joined()).where(table.c.ended_at.is_(None))
    )
    asked, still = found.one()
    alone = await count_held(connection)
    return int(asked) + alone, int(still) + alone


def _query() -> Select[Any]:
    later = table.alias("later")
    newest = select(func.max(later.c.id)).where(later.c.complaint_id == table.c.complaint_id)
    return select(
        table,
        complaints.c.ticket,
        complaints.c.title,
        sources.c.external_id,
        SPEAKING.c.id.label("speaking_id"),
        SPEAKING.c.ticket.label("speaks"),
        SPEAKING.c.status.label("now"),
        SPEAKING.c.status_from,
        (table.c.id == newest.scalar_subquery()).label("is_last"),
        and_(table.c.ended_at.is_(None), _asks_person()).label("asks_person"),
    ).select_from(_joined())


def _joined() -> Any:
    return (
        table.join(complaints, complaints.c.id == table.c.complaint_id)
        .join(sources, sources.c.id == table.c.source_id)
        .join(SPEAKING, SPEAKING.c.id == sources.c.complaint_id)
    )


def _asks_person() -> ColumnElement[bool]:
    return or_(sources.c.disagrees.is_not(None), SPEAKING.c.held_at.is_not(None))


def _about(complaint_id: int | ScalarSelect[int]) -> ColumnElement[bool]:
    return or_(table.c.complaint_id == complaint_id, sources.c.complaint_id == complaint_id)


async def _rows(connection: AsyncConnection, query: Select[Any]) -> tuple[ConflictRow, ...]:
    found = (await connection.execute(query)).mappings().all()
    known = await sources_of(connection, {row["speaking_id"] for row in found})
    by_id = {source.id: source for each in known.values() for source in each}
    return tuple(_row(row, by_id[row["source_id"]]) for row in found)


def _row(row: RowMapping, source: SourceRow) -> ConflictRow:
    given: dict[str, Any] = {
        "status": Status(row["now"]),
        "ours": SaidStatus(Status(row["ours"]), row["ours_at"], row["ours_from"]),
        "theirs": SaidStatus(
            Status(row["theirs"]), row["theirs_at"], row["connector"], row["their_word"]
        ),
        "decided": Status(row["decided"]) if row["decided"] else None,
        "listens": source.listens,
        "standing": source.standing,
    }
    names = ConflictRow.__dataclass_fields__
    return ConflictRow(**{name: given[name] if name in given else row[name] for name in names})
