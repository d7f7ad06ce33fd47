"""The list of complaints, the latest change first."""

import base64
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import RowMapping, Select, and_, or_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from hub.domain.status import Status
from hub.store.desk.rows import ComplaintLine, SourceRow
from hub.store.desk.step import Standing, joined, standing, unsettled
from hub.store.tables import complaints as table
from hub.store.tables import reports, sources

LONGEST_PAGE = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Filter:
    """Which complaints; all given conditions hold together. `ticket`: any part of it."""

    status: Status | None = None
    connector: str | None = None
    updated_since: datetime | None = None
    ticket: str | None = None


@dataclass(frozen=True, slots=True)
class ComplaintPage:
    """A page of the list; `cursor` asks for the next one, None at the end."""

    complaints: tuple[ComplaintLine, ...]
    cursor: str | None


async def complaints(
    connection: AsyncConnection,
    wanted: Filter,
    *,
    cursor: str | None = None,
    limit: int = 50,
) -> ComplaintPage:
    """Read one page. Raises `ValueError` for a cursor that is none of ours."""
    size = min(max(limit, 1), LONGEST_PAGE)
    found = await connection.execute(_query(wanted, cursor).limit(size + 1))
    rows = found.mappings().all()
    page = rows[:size]
    ids = [row["id"] for row in page]
    known = await sources_of(connection, ids)
    origins = await _origins_of(connection, ids)
    lines = tuple(
        _line(row, known.get(row["id"], ()), origins=origins.get(row["id"], set())) for row in page
    )
    more = len(rows) > size
    return ComplaintPage(lines, _to_cursor(lines[-1]) if more else None)


async def sources_of(
    connection: AsyncConnection, complaint_ids: Collection[int]
) -> dict[int, tuple[SourceRow, ...]]:
    """Read the sources of these complaints, with their standing, in one query."""
    counted = unsettled(complaint_ids)
    found = await connection.execute(
        select(sources, standing(counted))
        .select_from(joined(counted))
        .where(sources.c.complaint_id.in_(complaint_ids))
        .order_by(sources.c.id)
    )
    known: dict[int, tuple[SourceRow, ...]] = {}
    for row in found.mappings():
        source = _source(row)
        known[source.complaint_id] = (*known.get(source.complaint_id, ()), source)
    return known


def is_alone(known: Collection[SourceRow], origins: Collection[str]) -> bool:
    """Whether no channel but the one that a complaint came from knows it."""
    channels = {source.connector for source in known}
    return len(channels) <= 1 and channels <= set(origins)


async def listeners(connection: AsyncConnection, ticket: str) -> tuple[str, ...]:
    """Name the channels that are told what becomes of a complaint."""
    found = await connection.execute(
        select(sources.c.connector)
        .select_from(sources.join(table, table.c.id == sources.c.complaint_id))
        .where(table.c.ticket == ticket, sources.c.listens)
        .order_by(sources.c.id)
    )
    return tuple(dict.fromkeys(found.scalars()))


async def _origins_of(
    connection: AsyncConnection, complaint_ids: Collection[int]
) -> dict[int, set[str]]:
    found = await connection.execute(
        select(reports.c.complaint_id, reports.c.connector)
        .where(reports.c.complaint_id.in_(complaint_ids))
        .distinct()
    )
    origins: dict[int, set[str]] = {}
    for complaint_id, connector in found:
        origins.setdefault(complaint_id, set()).add(connector)
    return origins


def _query(wanted: Filter, cursor: str | None) -> Select[Any]:
    query = select(table).order_by(table.c.updated_at.desc(), table.c.id.desc())
    if wanted.status is not None:
        query = query.where(table.c.status == wanted.status.value)
    if wanted.connector is not None:
        theirs = select(sources.c.complaint_id).where(sources.c.connector == wanted.connector)
        query = query.where(table.c.id.in_(theirs))
    if wanted.updated_since is not None:
        query = query.where(table.c.updated_at >= wanted.updated_since)
    if wanted.ticket:
        query = query.where(table.c.ticket.contains(wanted.ticket.upper(), autoescape=True))
    # Another complaint speaks for what was merged; only its whole number still leads to it.
    query = query.where(
        or_(table.c.merged_into.is_(None), table.c.ticket == (wanted.ticket or "").upper())
    )
    if cursor is not None:
        at, number = _from_cursor(cursor)
        same = and_(table.c.updated_at == at, table.c.id < number)
        query = query.where(or_(table.c.updated_at < at, same))
    return query


def _line(
    row: RowMapping, known: tuple[SourceRow, ...], *, origins: Collection[str]
) -> ComplaintLine:
    return ComplaintLine(
        id=row["id"],
        ticket=row["ticket"],
        title=row["title"],
        status=Status(row["status"]),
        category=row["category"],
        agency=row["agency"],
        opened_at=row["opened_at"],
        updated_at=row["updated_at"],
        channels=tuple(dict.fromkeys(source.connector for source in known)),
        in_step=all(source.in_step for source in known),
        is_alone=is_alone(known, origins),
        voices=row["voices"],
    )


def _source(row: RowMapping) -> SourceRow:
    return SourceRow(
        id=row["id"],
        complaint_id=row["complaint_id"],
        connector=row["connector"],
        external_id=row["external_id"],
        their_status=row["their_status"],
        shown=Status(row["shown"]) if row["shown"] else None,
        shown_at=row["shown_at"],
        told=Status(row["told"]) if row["told"] else None,
        told_at=row["told_at"],
        disagrees=row["disagrees"],
        listens=row["listens"],
        linked_at=row["linked_at"],
        linked_by=row["linked_by"],
        standing=Standing(row["standing"]),
    )


def _to_cursor(last: ComplaintLine) -> str:
    plain = f"{last.updated_at.isoformat()}|{last.id}"
    return base64.urlsafe_b64encode(plain.encode()).decode().rstrip("=")


def _from_cursor(cursor: str) -> tuple[datetime, int]:
    padded = cursor + "=" * (-len(cursor) % 4)
    at, _, number = base64.urlsafe_b64decode(padded.encode()).decode().partition("|")
    when = datetime.fromisoformat(at)
    if when.tzinfo is None:
        raise ValueError(f"a cursor without a zone: {cursor}")
    return when, int(number)
