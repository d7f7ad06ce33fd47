"""What operators decided about two reports, as labelled pairs to learn the weights of matching from."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from hub.store.matching_tables import matches, merges
from hub.store.tables import reports

SAME, DIFFERENT = "same", "different"


@dataclass(frozen=True, slots=True, kw_only=True)
class Decided:
    """A person's decision on a report and a complaint; `at` is when the report had not come to it yet."""

    report_id: int
    complaint_id: int
    label: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class PairedReport:
    """One side of a pair."""

    id: int
    connector: str
    said_at: datetime
    category: str | None
    place: str | None
    latitude: float | None
    longitude: float | None
    secret: bool
    text: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class LabelledPair:
    """Two reports and whether they speak of one complaint."""

    a: PairedReport
    b: PairedReport
    label: str


async def decided(connection: AsyncConnection) -> list[Decided]:
    """All decisions: those on the desk, and automatic joins that somebody undid."""
    asked = await connection.execute(
        select(matches.c.report_id, matches.c.complaint_id, matches.c.state, matches.c.decided_at)
        .where(matches.c.state.in_((SAME, DIFFERENT)), matches.c.decided_at.is_not(None))
        .order_by(matches.c.id)
    )
    found = {
        (row.report_id, row.complaint_id): Decided(
            report_id=row.report_id, complaint_id=row.complaint_id, label=row.state, at=row.decided_at
        )
        for row in asked
    }  # fmt: skip
    undone = await connection.execute(
        select(merges.c.report_ids, merges.c.complaint_id, merges.c.at)
        .where(merges.c.kind == "join", merges.c.undone_at.is_not(None))
        .order_by(merges.c.id)
    )
    for row in undone:
        for report_id in row.report_ids:
            one = Decided(
                report_id=report_id, complaint_id=row.complaint_id, label=DIFFERENT, at=row.at
            )
            found.setdefault((report_id, row.complaint_id), one)
    return list(found.values())


async def labelled_pairs(
    connection: AsyncConnection, decisions: Sequence[Decided]
) -> list[LabelledPair]:
    """The pairs of some decisions; what no report is left of on the other side makes none."""
    moved = await _moved(connection, {one.complaint_id for one in decisions})
    now = await _said(connection, decisions, moved)
    merged_into = await _merged_into(connection)
    pairs = []
    for one in decisions:
        report = now.get(one.report_id)
        others = _others(one, now, moved)
        if report is None or not others:
            continue
        nearest = min(others, key=lambda other: (abs(other.said_at - report.said_at), other.id))
        is_apart = report.complaint_id != _speaking(one.complaint_id, merged_into)
        label = DIFFERENT if is_apart else one.label
        pairs.append(LabelledPair(report.side(), nearest.side(), label))
    return pairs


@dataclass(frozen=True, slots=True, kw_only=True)
class _Said(PairedReport):
    complaint_id: int | None

    def side(self) -> PairedReport:
        names = PairedReport.__dataclass_fields__
        return PairedReport(**{name: getattr(self, name) for name in names})


def _others(one: Decided, now: Mapping[int, _Said], moved: Sequence[Any]) -> list[_Said]:
    """The reports that were the complaint's when it was decided, wherever they are by now."""
    there = {said.id for said in now.values() if said.complaint_id == one.complaint_id}
    for row in moved:
        if row.lost_id == one.complaint_id:
            there.update(row.report_ids)
    for row in moved:
        if row.complaint_id == one.complaint_id and row.at >= one.at:
            there.difference_update(row.report_ids)
    return [now[report_id] for report_id in there - {one.report_id} if report_id in now]


def _speaking(complaint_id: int, merged_into: Mapping[int, int]) -> int:
    while complaint_id in merged_into:
        complaint_id = merged_into[complaint_id]
    return complaint_id


async def _merged_into(connection: AsyncConnection) -> Mapping[int, int]:
    found = await connection.execute(
        select(merges.c.lost_id, merges.c.complaint_id).where(
            merges.c.kind == "merge", merges.c.undone_at.is_(None)
        )
    )
    return {row.lost_id: row.complaint_id for row in found}


async def _moved(connection: AsyncConnection, complaint_ids: Collection[int]) -> Sequence[Any]:
    found = await connection.execute(
        select(merges)
        .where(or_(merges.c.complaint_id.in_(complaint_ids), merges.c.lost_id.in_(complaint_ids)))
        .order_by(merges.c.id)
    )
    return found.all()


async def _said(
    connection: AsyncConnection, decisions: Sequence[Decided], moved: Sequence[Any]
) -> Mapping[int, _Said]:
    wanted = {one.report_id for one in decisions}
    wanted |= {report_id for row in moved for report_id in row.report_ids}
    names = list(_Said.__dataclass_fields__)
    found = await connection.execute(
        select(*(reports.c[name] for name in names)).where(
            or_(
                reports.c.id.in_(wanted),
                reports.c.complaint_id.in_({one.complaint_id for one in decisions}),
            )
        )
    )
    return {row["id"]: _Said(**row) for row in found.mappings()}
