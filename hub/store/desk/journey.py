"""One complaint and everything that happened to it: a fixed number of queries, each bounded."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass, fields
from typing import Any, TypeVar

from sqlalchemy import ColumnElement, RowMapping, Table, or_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from hub.domain.status import Status
from hub.store.desk.complaints import is_alone, sources_of
from hub.store.desk.rows import (
    AttachmentRow,
    AttemptRow,
    ComplaintRow,
    HistoryRow,
    LinkRow,
    ParcelRow,
    ReceiptRow,
    ReportRow,
    SourceRow,
)
from hub.store.tables import (
    attachments,
    attempts,
    cards,
    complaints,
    history,
    links,
    parcels,
    receipts,
    reports,
)

Row = TypeVar("Row")
MANY = 500
EMERGENCY = "emergency"


@dataclass(frozen=True, slots=True, kw_only=True)
class Journey:
    """A complaint with its reports, sources, history and parcels, each in order.

    `is_emergency`: an alarm was raised over it. `spoken_for`: the channels of the complaint that speaks for
    it, where another one does.
    """

    complaint: ComplaintRow
    reports: tuple[ReportRow, ...]
    sources: tuple[SourceRow, ...]
    history: tuple[HistoryRow, ...]
    parcels: tuple[ParcelRow, ...]
    links: tuple[LinkRow, ...] = ()
    is_emergency: bool = False
    spoken_for: tuple[SourceRow, ...] = ()

    @property
    def in_step(self) -> bool:
        """Whether every channel agrees; its own have gone to the complaint that speaks for it."""
        return all(source.in_step for source in (*self.sources, *self.spoken_for))

    @property
    def is_alone(self) -> bool:
        """Whether no channel but the one it came from knows it."""
        known = (*self.sources, *self.spoken_for)
        return is_alone(known, {report.connector for report in self.reports})


async def journey(connection: AsyncConnection, ticket: str) -> Journey | None:
    """Read the journey of a ticket; None if there is no such complaint."""
    found = await _latest(connection, complaints, complaints.c.ticket == ticket)
    if not found:
        return None
    complaint = await _complaint(connection, found[0])
    known = (await sources_of(connection, [complaint.id])).get(complaint.id, ())
    return Journey(
        complaint=complaint,
        reports=await _reports(connection, complaint.id),
        sources=known,
        history=await _history(connection, complaint.id),
        parcels=await _parcels(connection, complaint.id),
        links=await _links(connection, [source.id for source in known]),
        is_emergency=await _alarmed(connection, complaint),
        spoken_for=await _spoken_for(connection, found[0]["merged_into"]),
    )


async def _spoken_for(
    connection: AsyncConnection, complaint_id: int | None
) -> tuple[SourceRow, ...]:
    """The channels of the complaint that speaks at the end of a chain of merges."""
    speaks = None
    while complaint_id is not None:
        speaks = complaint_id
        complaint_id = await connection.scalar(
            select(complaints.c.merged_into).where(complaints.c.id == speaks)
        )
    if speaks is None:
        return ()
    return (await sources_of(connection, [speaks])).get(speaks, ())


async def _complaint(connection: AsyncConnection, row: RowMapping) -> ComplaintRow:
    linked = [row[name] for name in ("merged_into", "continues") if row[name] is not None]
    others = await _latest(connection, complaints, complaints.c.id.in_(linked)) if linked else []
    tickets = {other["id"]: other["ticket"] for other in others}
    return _as(
        ComplaintRow,
        row,
        status=Status(row["status"]),
        merged_into=tickets.get(row["merged_into"]),
        continues=tickets.get(row["continues"]),
    )


async def _alarmed(connection: AsyncConnection, complaint: ComplaintRow) -> bool:
    """Whether an alarm names it; one that was put away still does."""
    about = or_(cards.c.complaint_id == complaint.id, cards.c.text.contains(complaint.ticket))
    found = await connection.execute(
        select(cards.c.id).where(cards.c.kind == EMERGENCY, about).limit(1)
    )
    return found.first() is not None


async def _reports(connection: AsyncConnection, complaint_id: int) -> tuple[ReportRow, ...]:
    rows = await _latest(connection, reports, reports.c.complaint_id == complaint_id)
    theirs = attachments.c.report_id.in_([row["id"] for row in rows])
    files = [_as(AttachmentRow, row) for row in await _latest(connection, attachments, theirs)]
    return tuple(
        _as(ReportRow, row, attachments=tuple(f for f in files if f.report_id == row["id"]))
        for row in rows
    )


async def _history(connection: AsyncConnection, complaint_id: int) -> tuple[HistoryRow, ...]:
    rows = await _latest(connection, history, history.c.complaint_id == complaint_id)
    return tuple(
        _as(HistoryRow, row, before=_status(row["before"]), status=Status(row["status"]))
        for row in rows
    )


async def _links(connection: AsyncConnection, source_ids: Collection[int]) -> tuple[LinkRow, ...]:
    rows = await _latest(connection, links, links.c.source_id.in_(source_ids))
    return tuple(_as(LinkRow, row) for row in rows)


async def _parcels(connection: AsyncConnection, complaint_id: int) -> tuple[ParcelRow, ...]:
    rows = await _latest(connection, parcels, parcels.c.complaint_id == complaint_id)
    ids = [row["parcel_id"] for row in rows]
    tries = await _by_parcel(connection, AttemptRow, table=attempts, ids=ids)
    heard = await _by_parcel(connection, ReceiptRow, table=receipts, ids=ids)
    return tuple(
        _as(
            ParcelRow,
            row,
            status=status_in(row["content"]),
            tries=tuple(tries[row["parcel_id"]]),
            receipts=tuple(heard[row["parcel_id"]]),
        )
        for row in rows
    )


async def _by_parcel(
    connection: AsyncConnection, kind: type[Row], *, table: Table, ids: Collection[str]
) -> dict[str, list[Row]]:
    grouped: dict[str, list[Row]] = defaultdict(list)
    for row in await _latest(connection, table, table.c.parcel_id.in_(ids)):
        grouped[row["parcel_id"]].append(_as(kind, row))
    return grouped


async def _latest(
    connection: AsyncConnection, table: Table, condition: ColumnElement[bool]
) -> list[RowMapping]:
    """Read the newest rows, oldest first: of a parcel tried for a week the end matters."""
    query = select(table).where(condition).order_by(table.c.id.desc()).limit(MANY)
    found = await connection.execute(query)
    return list(reversed(found.mappings().all()))


def status_in(content: Any) -> Status | None:
    """Read the status a parcel carries, if it carries one."""
    return _status(content.get("status")) if isinstance(content, dict) else None


def _status(word: Any) -> Status | None:
    return Status(word) if word in set(Status) else None


def _as(kind: type[Row], row: RowMapping, **given: Any) -> Row:
    names: Iterable[str] = (field.name for field in fields(kind))  # type: ignore[arg-type]
    return kind(**{name: given[name] if name in given else row[name] for name in names})
