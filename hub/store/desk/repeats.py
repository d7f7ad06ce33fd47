"""Reports that may speak of a complaint we have: one queue, side by side."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, RowMapping, Select, TextClause, func, select, text
from sqlalchemy.ext.asyncio import AsyncConnection

from hub.domain.status import Status
from hub.store.matching_tables import matches
from hub.store.tables import attachments, complaints, reports

LONGEST_LIST = 200
# In these very words, not as parameters: only so does SQLite know the partial index for it.
WAITING = text("matches.state IN ('open', 'later')")


@dataclass(frozen=True, slots=True, kw_only=True)
class SaidRow:
    """A report as it is laid beside another one; `place` are the channel's words for where it is."""

    id: int
    complaint_id: int
    connector: str
    said_at: datetime
    text: str
    category: str | None
    latitude: float | None
    longitude: float | None
    place: str | None
    secret: bool
    file_count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class SideRow:
    """A complaint, and the one of its reports to compare; None if it has none any more."""

    complaint_id: int
    ticket: str
    status: Status
    title: str
    report_count: int
    report: SaidRow | None


@dataclass(frozen=True, slots=True, kw_only=True)
class RepeatRow:
    """A verdict that a person is asked about; `state` is open, later, or what has become of it.

    `report` is the side that was judged; `complaint` shows the report said nearest in time.
    """

    id: int
    verdict: str
    score: float
    evidence: Sequence[Mapping[str, Any]]
    returns: bool
    at: datetime
    state: str
    decided_by: str | None
    decided_at: datetime | None
    report: SideRow
    complaint: SideRow


async def open_repeats(
    connection: AsyncConnection, limit: int = 50, *, offset: int = 0
) -> tuple[RepeatRow, ...]:
    """Read what waits for a decision: the likeliest first, then the newest; what was put off comes last."""
    query = _matches().where(*_waits()).order_by(*_URGENCY)
    return await _repeats(connection, query.limit(min(limit, LONGEST_LIST)).offset(offset))


async def waiting_repeats(connection: AsyncConnection) -> tuple[int, ...]:
    """Number all that waits, in the order of `open_repeats`."""
    query = select(matches.c.id).select_from(_judged()).where(*_waits()).order_by(*_URGENCY)
    return tuple((await connection.execute(query)).scalars())


async def repeats_of(connection: AsyncConnection, complaint_id: int) -> tuple[RepeatRow, ...]:
    """Read what waits about one complaint, and about those it speaks for."""
    family = select(complaints.c.id).where(complaints.c.id == complaint_id).cte(recursive=True)
    family = family.union(select(complaints.c.id).where(complaints.c.merged_into == family.c.id))
    # Two look-ups, each with an index of its own; neither database has one for an OR over two tables.
    judged = select(matches.c.id).where(matches.c.complaint_id.in_(select(family.c.id)))
    own = select(matches.c.id).select_from(_judged()).where(reports.c.complaint_id == complaint_id)
    query = _matches().where(matches.c.id.in_(judged.union(own)), *_waits())
    return await _repeats(connection, query.order_by(*_URGENCY).limit(LONGEST_LIST))


async def count_open_repeats(connection: AsyncConnection) -> int:
    """Count what waits for a decision, put off or not."""
    query = select(func.count()).select_from(_judged()).where(*_waits())
    return int((await connection.execute(query)).scalar_one())


async def one_repeat(connection: AsyncConnection, match_id: int) -> RepeatRow | None:
    """Read one of them, decided or not."""
    found = await _repeats(connection, _matches().where(matches.c.id == match_id))
    return found[0] if found else None


_URGENCY = (
    matches.c.state.desc(), matches.c.score.desc(), matches.c.at.desc(), matches.c.id.desc(),
)  # fmt: skip


def _judged() -> Any:
    return matches.join(reports, reports.c.id == matches.c.report_id)


def _matches() -> Select[Any]:
    return (
        select(matches, reports.c.complaint_id.label("own_id"), reports.c.said_at)
        .select_from(_judged())
        .where(reports.c.complaint_id.is_not(None))
    )


def _waits() -> tuple[TextClause, ColumnElement[bool]]:
    # What has come together by another way is no question any more.
    apart = reports.c.complaint_id != matches.c.complaint_id
    return WAITING, apart


async def _repeats(connection: AsyncConnection, query: Select[Any]) -> tuple[RepeatRow, ...]:
    rows = (await connection.execute(query)).mappings().all()
    about = await _asked_about(connection, rows)
    ids = {row["own_id"] for row in rows} | set(about.values())
    times = await _times(connection, ids)
    nearest = {row["id"]: _nearest(times[about[row["id"]]], row["said_at"]) for row in rows}
    shown = {row["report_id"] for row in rows} | set(nearest.values())
    said = await _said(connection, {report_id for report_id in shown if report_id is not None})
    heads = await _heads(connection, ids)

    def side(complaint_id: int, report_id: int | None) -> SideRow:
        head = heads[complaint_id]
        return SideRow(
            complaint_id=complaint_id,
            ticket=head["ticket"],
            status=Status(head["status"]),
            title=head["title"],
            report_count=len(times[complaint_id]),
            report=None if report_id is None else said[report_id],
        )

    return tuple(
        RepeatRow(
            **{name: row[name] for name in _KEPT},
            report=side(row["own_id"], row["report_id"]),
            complaint=side(about[row["id"]], nearest[row["id"]]),
        )
        for row in rows
    )


_KEPT = tuple(name for name in RepeatRow.__dataclass_fields__ if name in matches.c)


async def _asked_about(
    connection: AsyncConnection, rows: Sequence[RowMapping]
) -> Mapping[int, int]:
    """By match, the complaint it is about; while it waits, the one that speaks for that one now."""
    about = {row["id"]: row["complaint_id"] for row in rows}
    waiting = [row["id"] for row in rows if row["state"] in ("open", "later")]
    while moved := await _merged(connection, {about[match_id] for match_id in waiting}):
        about |= {number: moved.get(about[number], about[number]) for number in waiting}
    return about


async def _merged(
    connection: AsyncConnection, complaint_ids: Collection[int]
) -> Mapping[int, int]:
    found = await connection.execute(
        select(complaints.c.id, complaints.c.merged_into).where(
            complaints.c.id.in_(complaint_ids), complaints.c.merged_into.is_not(None)
        )
    )
    return {row.id: row.merged_into for row in found}


async def _times(
    connection: AsyncConnection, complaint_ids: Collection[int]
) -> Mapping[int, list[tuple[datetime, int]]]:
    found = await connection.execute(
        select(reports.c.complaint_id, reports.c.said_at, reports.c.id).where(
            reports.c.complaint_id.in_(complaint_ids)
        )
    )
    times: dict[int, list[tuple[datetime, int]]] = defaultdict(list)
    for complaint_id, said_at, report_id in found:
        times[complaint_id].append((said_at, report_id))
    return times


def _nearest(times: Sequence[tuple[datetime, int]], at: datetime) -> int | None:
    return (
        min((abs(said_at - at), report_id) for said_at, report_id in times)[1] if times else None
    )


async def _heads(
    connection: AsyncConnection, complaint_ids: Collection[int]
) -> dict[int, RowMapping]:
    found = await connection.execute(
        select(
            complaints.c.id, complaints.c.ticket, complaints.c.status, complaints.c.title
        ).where(complaints.c.id.in_(complaint_ids))
    )
    return {row["id"]: row for row in found.mappings()}


async def _said(connection: AsyncConnection, report_ids: Collection[int]) -> dict[int, SaidRow]:
    files = (
        select(func.count())
        .where(attachments.c.report_id == reports.c.id)
        .scalar_subquery()
        .label("file_count")
    )
    wanted = (name for name in SaidRow.__dataclass_fields__ if name != "file_count")
    found = await connection.execute(
        select(*(reports.c[name] for name in wanted), files).where(reports.c.id.in_(report_ids))
    )
    return {row["id"]: SaidRow(**row) for row in found.mappings()}
