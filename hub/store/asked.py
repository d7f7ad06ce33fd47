"""What people are asked about repeats: which complaints wait to be compared, and what they have told."""

from collections.abc import Collection
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, func, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from hub.rows import Candidate
from hub.store.matching_tables import gists, matches, merges
from hub.store.tables import complaints, reports

UNDECIDED = ("open", "later")
# What nobody is asked about, but may become clear by itself.
WAITING = (*UNDECIDED, "watched")
# Any number, the same in every process of one database.
ARRIVALS = 8_112_004
TOLD_AT_MOST = 30


class SqlAsked:
    """The open questions of `hub.ports.Matches`."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def one_at_a_time(self) -> None:
        """Let reports be compared one after the other, or two of one trouble would not see each other."""
        if self._connection.dialect.name == "postgresql":
            await self._connection.execute(select(func.pg_advisory_xact_lock(ARRIVALS)))

    async def kept_apart(self, one_id: int, other_id: int) -> bool:
        """Whether a person has parted two complaints, or said that they are two."""
        one, other = _spoken_for(one_id), _spoken_for(other_id)
        parted = select(merges.c.id).where(
            merges.c.undone_at.is_not(None),
            _between(merges.c.complaint_id, merges.c.lost_id, one=one, other=other),
        )
        said = (
            select(matches.c.id)
            .join(reports, reports.c.id == matches.c.report_id)
            .where(
                matches.c.state == "different",
                _between(reports.c.complaint_id, matches.c.complaint_id, one=one, other=other),
            )
        )
        found = await self._connection.scalar(parted.union_all(said).limit(1))
        return found is not None

    async def unread(self, *, since: datetime, limit: int) -> list[list[int]]:
        """Reports of complaints without a gist, those of one turn together."""
        turn = func.coalesce(reports.c.turn_id, -reports.c.id)
        rows = await self._connection.execute(
            select(func.min(reports.c.id), reports.c.turn_id)
            .outerjoin(gists, gists.c.report_id == reports.c.id)
            .where(reports.c.complaint_id.is_not(None), reports.c.said_at >= since)
            .group_by(turn, reports.c.turn_id)
            .having(func.count(gists.c.report_id) == 0)
            .order_by(func.min(reports.c.id))
            .limit(limit)
        )
        found = [(first, turn_id) for first, turn_id in rows]
        turns = [turn_id for _, turn_id in found if turn_id is not None]
        said = await self._connection.execute(
            select(reports.c.turn_id, reports.c.id)
            .where(reports.c.turn_id.in_(turns))
            .order_by(reports.c.id)
        )
        of_turn: dict[int, list[int]] = {}
        for turn_id, report_id in said:
            of_turn.setdefault(turn_id, []).append(report_id)
        return [of_turn.get(turn_id, [first]) for first, turn_id in found]

    async def asked_with(self, complaint_id: int) -> list[int]:
        """The complaints about which people are asked whether they are the same as this one."""
        own = _questions(matches.c.complaint_id).where(reports.c.complaint_id == complaint_id)
        theirs = _questions(reports.c.complaint_id).where(
            matches.c.complaint_id.in_(_spoken_for(complaint_id))
        )
        rows = await self._connection.execute(_speaking_for(own).union(theirs))
        found = {number for number in rows.scalars() if number is not None}
        return sorted(found - {complaint_id})

    async def gists_of(self, complaint_ids: Collection[int]) -> list[Candidate]:
        """What the latest reports of these complaints say."""
        newest = func.row_number().over(
            partition_by=reports.c.complaint_id, order_by=reports.c.id.desc()
        )
        ranked = (
            select(reports.c.complaint_id, gists, newest.label("rank"))
            .select_from(reports.join(gists, gists.c.report_id == reports.c.id))
            .where(reports.c.complaint_id.in_(list(complaint_ids)))
            .subquery()
        )
        rows = await self._connection.execute(
            select(ranked).where(ranked.c.rank <= TOLD_AT_MOST).order_by(ranked.c.report_id)
        )
        return [
            Candidate(
                report_id=row.report_id, complaint_id=row.complaint_id, version=row.version,
                gist=row.gist, shared=0.0,
            )
            for row in rows
        ]  # fmt: skip

    async def settle_between(self, complaint_id: int) -> list[int]:
        """Nobody need be asked any more about two parts of one complaint: the questions that people had."""
        own = _questions(matches.c.id).where(
            reports.c.complaint_id == complaint_id,
            matches.c.complaint_id.in_(_spoken_for(complaint_id)),
        )
        asked = own.where(matches.c.state.in_(UNDECIDED)).order_by(matches.c.id)
        closed = list(await self._connection.scalars(asked))
        await self._connection.execute(
            update(matches).where(matches.c.id.in_(own.scalar_subquery())).values(state="done")
        )
        return closed

    async def reopen(self, match_id: int) -> bool:
        """Ask once more; False if somebody is asked already."""
        done = await self._connection.execute(
            update(matches)
            .where(matches.c.id == match_id, matches.c.state != "open")
            .values(state="open", decided_by=None, decided_at=None)
        )
        return done.rowcount == 1


def _between(
    left: Any, right: Any, *, one: Select[Any], other: Select[Any]
) -> ColumnElement[bool]:
    return or_(
        and_(left.in_(one), right.in_(other)),
        and_(left.in_(other), right.in_(one)),
    )


def _questions(*columns: Any) -> Select[Any]:
    """What waits for a person: a report, and the complaint that it was compared with then."""
    return (
        select(*columns)
        .select_from(matches.join(reports, reports.c.id == matches.c.report_id))
        .where(matches.c.state.in_(WAITING))
    )


def _spoken_for(complaint_id: int) -> Select[Any]:
    """The complaint, and all that were merged into it, however often what they went to was merged on."""
    family = select(complaints.c.id).where(complaints.c.id == complaint_id).cte(recursive=True)
    family = family.union(select(complaints.c.id).where(complaints.c.merged_into == family.c.id))
    return select(family.c.id)


def _speaking_for(asked: Select[Any]) -> Select[Any]:
    """The complaints that speak for these now."""
    first = asked.subquery()
    chain = select(first.c[0].label("id")).cte(recursive=True)
    chain = chain.union(
        select(complaints.c.merged_into).where(
            complaints.c.id == chain.c.id, complaints.c.merged_into.is_not(None)
        )
    )
    return select(complaints.c.id).where(
        complaints.c.id.in_(select(chain.c.id)), complaints.c.merged_into.is_(None)
    )
