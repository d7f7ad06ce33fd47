"""Rounds of looking: when one begins, what it cost, and when everything has been looked at once."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, and_, exists, func, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from hub.domain.looking import UNREADABLE_AFTER
from hub.rows import How
from hub.store.agreement_tables import conflicts, rounds
from hub.store.desk.step import joined, standing, unsettled
from hub.store.statements import insert_new
from hub.store.tables import inbox, sources
from hub.store.whole import not_looked_at, to_look_at

REPAIRED = "repaired"
EXPLAINED = "explained"


class SqlRounds:
    """`hub.ports.Rounds`. Several processes take part in one round; its row is what they share."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def begin(self, connector: str, *, at: datetime) -> bool:
        """Begin a round, unless one is under way or there is nothing to look at."""
        if await self._open(connector) is not None:
            return False
        there = await self._count(*to_look_at(connector))
        if not there:
            return False
        values = {"connector": connector, "began_at": at, "sources": there}
        return await insert_new(self._connection, rounds, values) is not None

    async def called(self, connector: str, number: int) -> None:
        """So many looks more, or fewer, were taken for it."""
        await self._connection.execute(
            update(rounds).where(*_open(connector)).values(calls=rounds.c.calls + number)
        )

    async def repaired(self, connector: str) -> None:
        """A missed promise was found and made anew."""
        row = await self._open(connector, lock=True)
        if row is None:
            return
        found = dict(row.found or {})
        found[REPAIRED] = found.get(REPAIRED, 0) + 1
        await self._connection.execute(
            update(rounds).where(rounds.c.id == row.id).values(found=found)
        )

    async def end(self, connector: str, *, at: datetime) -> bool:
        """End the round if everything has been looked at, and read, since it began."""
        row = await self._open(connector)
        if row is None or await self._is_anything_left(connector, row.began_at):
            return False
        ended = await self._connection.execute(
            update(rounds)
            .where(rounds.c.id == row.id, rounds.c.ended_at.is_(None))
            .values(
                ended_at=at,
                unreadable=await self._count(
                    *to_look_at(connector), sources.c.inspect_failures >= UNREADABLE_AFTER
                ),
                found=await self._found(connector, row),
            )
        )
        return bool(ended.rowcount)

    async def _found(self, connector: str, row: Row[Any]) -> Mapping[str, int]:
        counted = unsettled()
        every = (
            select(standing(counted))
            .select_from(joined(counted))
            .where(*to_look_at(connector))
            .subquery("every")
        )
        found = await self._connection.execute(
            select(every.c.standing, func.count()).group_by(every.c.standing)
        )
        explained = await self._connection.scalar(
            select(func.count())
            .select_from(conflicts)
            .where(conflicts.c.connector == connector, conflicts.c.at >= row.began_at)
        )
        return {
            REPAIRED: 0,
            **(row.found or {}),
            **{row[0]: row[1] for row in found},
            EXPLAINED: explained or 0,
        }

    async def _is_anything_left(self, connector: str, began_at: datetime) -> bool:
        unread = and_(
            inbox.c.connector == connector,
            inbox.c.state == "unread",
            inbox.c.how == How.INSPECT,
        )
        return bool(
            await self._connection.scalar(
                select(
                    or_(
                        exists().where(*not_looked_at(connector, began_at)), exists().where(unread)
                    )
                )
            )
        )

    async def _open(self, connector: str, *, lock: bool = False) -> Row[Any] | None:
        query = select(rounds).where(*_open(connector))
        return (await self._connection.execute(query.with_for_update() if lock else query)).first()

    async def _count(self, *which: ColumnElement[bool]) -> int:
        found = await self._connection.scalar(
            select(func.count()).select_from(sources).where(*which)
        )
        return found or 0


def _open(connector: str) -> tuple[ColumnElement[bool], ...]:
    return rounds.c.connector == connector, rounds.c.ended_at.is_(None)
