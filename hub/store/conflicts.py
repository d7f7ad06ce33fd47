"""Contradictions as rows: both sides, the rule that decided, and what a person chose."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Row, func, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from hub.domain.authority import Ends, Rule, Word
from hub.domain.status import Status
from hub.rows import Conflict
from hub.store.agreement_tables import conflicts


class SqlConflicts:
    """`hub.ports.Conflicts`."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def note(self, conflict: Conflict) -> int:
        """Keep it; its id is given here."""
        statement = conflicts.insert().values(_columns(conflict)).returning(conflicts.c.id)
        return int((await self._connection.execute(statement)).scalar_one())

    async def seen(self, conflict_id: int) -> Conflict | None:
        """One of them, not locked: whoever decides locks the complaint first, as news does."""
        row = (
            await self._connection.execute(select(conflicts).where(conflicts.c.id == conflict_id))
        ).first()
        return None if row is None else _conflict(row)

    async def latest_of(self, complaint_id: int) -> int | None:
        """The newest of a complaint, ended or not."""
        newest = select(func.max(conflicts.c.id)).where(conflicts.c.complaint_id == complaint_id)
        found: int | None = await self._connection.scalar(newest)
        return found

    async def get(self, conflict_id: int) -> Conflict | None:
        """One of them."""
        row = (
            await self._connection.execute(
                select(conflicts).where(conflicts.c.id == conflict_id).with_for_update()
            )
        ).first()
        return None if row is None else _conflict(row)

    async def open_of(self, source_id: int) -> list[Conflict]:
        """What a source still says else, oldest first."""
        rows = await self._connection.execute(
            select(conflicts)
            .where(conflicts.c.source_id == source_id, conflicts.c.ended_at.is_(None))
            .order_by(conflicts.c.id)
        )
        return [_conflict(row) for row in rows]

    async def end(
        self,
        source_id: int,
        *,
        at: datetime,
        decided: Status | None = None,
        by: str | None = None,
    ) -> int:
        """The source agrees again, or somebody has decided; how many that ended."""
        ended = await self._connection.execute(
            update(conflicts)
            .where(conflicts.c.source_id == source_id, conflicts.c.ended_at.is_(None))
            .values(ended_at=at, decided=decided, decided_by=by)
        )
        return ended.rowcount

    async def decide(self, conflict_id: int, *, status: Status, by: str, at: datetime) -> None:
        """A person has chosen a side, though it may have ended before."""
        await self._connection.execute(
            update(conflicts)
            .where(conflicts.c.id == conflict_id)
            .values(
                decided=status,
                decided_by=by,
                ended_at=func.coalesce(conflicts.c.ended_at, at),
            )
        )


def _columns(conflict: Conflict) -> dict[str, Any]:
    return {
        "complaint_id": conflict.complaint_id,
        "source_id": conflict.source_id,
        "connector": conflict.connector,
        "at": conflict.at,
        "rule": conflict.rule,
        "outcome": conflict.outcome,
        "ours": conflict.ours.status,
        "ours_at": conflict.ours.at,
        "ours_from": conflict.ours.origin,
        "theirs": conflict.theirs.status,
        "their_word": conflict.their_word,
        "theirs_at": conflict.theirs.at,
        "ahead": conflict.ahead.total_seconds(),
        "reason": conflict.reason,
        "ended_at": conflict.ended_at,
    }


def _conflict(row: Row[Any]) -> Conflict:
    return Conflict(
        id=row.id,
        complaint_id=row.complaint_id,
        source_id=row.source_id,
        connector=row.connector,
        at=row.at,
        rule=Rule(row.rule),
        outcome=Ends(row.outcome),
        ours=Word(Status(row.ours), row.ours_at, row.ours_from),
        theirs=Word(Status(row.theirs), row.theirs_at, row.connector),
        their_word=row.their_word,
        ahead=timedelta(seconds=row.ahead),
        reason=row.reason,
        ended_at=row.ended_at,
        decided=Status(row.decided) if row.decided else None,
        decided_by=row.decided_by,
    )
