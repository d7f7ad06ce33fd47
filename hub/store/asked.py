"""What people are asked about repeats: which complaints wait to be compared, and what they have told."""

from collections.abc import Collection
from typing import Any

from sqlalchemy import Select, func, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from hub.rows import Candidate
from hub.store.matching_tables import gists, matches
from hub.store.tables import complaints, reports

UNDECIDED = ("open", "later")
TOLD_AT_MOST = 30


class SqlAsked:
    """The open questions of `hub.ports.Matches`."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

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
        """Nobody need be asked any more whether two parts of one complaint are the same: what was closed."""
        own = _questions(matches.c.id).where(
            reports.c.complaint_id == complaint_id,
            matches.c.complaint_id.in_(_spoken_for(complaint_id)),
        )
        closed = await self._connection.scalars(
            update(matches)
            .where(matches.c.id.in_(own.scalar_subquery()))
            .values(state="done")
            .returning(matches.c.id)
        )
        return sorted(closed)

    async def reopen(self, match_id: int) -> bool:
        """Ask once more; False if somebody is asked already."""
        done = await self._connection.execute(
            update(matches)
            .where(matches.c.id == match_id, matches.c.state != "open")
            .values(state="open", decided_by=None, decided_at=None)
        )
        return done.rowcount == 1


def _questions(*columns: Any) -> Select[Any]:
    """What waits for a person: a report, and the complaint that it was compared with then."""
    return (
        select(*columns)
        .select_from(matches.join(reports, reports.c.id == matches.c.report_id))
        .where(matches.c.state.in_(UNDECIDED))
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
