"""Turns: messages of one person that are gathered into one thing said."""

from collections.abc import Callable
from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from hub.rows import Turn
from hub.store.statements import insert_new
from hub.store.tables import turns


class SqlTurns:
    """`hub.ports.Turns`."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def extend(
        self,
        connector: str,
        *,
        person_id: int,
        route: str,
        now: datetime,
        due: Callable[[datetime], datetime],
    ) -> int:
        """The person's open turn, new or prolonged; `due` says until when, given its beginning."""
        key = {"connector": connector, "person_id": person_id, "route": route}
        turn_id = await insert_new(
            self._connection, turns, {**key, "opened_at": now, "due_at": due(now)}
        )
        if turn_id is not None:
            return turn_id
        row = (
            await self._connection.execute(
                select(turns)
                .where(
                    turns.c.connector == connector,
                    turns.c.person_id == person_id,
                    turns.c.route == route,
                    turns.c.closed_at.is_(None),
                )
                .with_for_update(key_share=True)
            )
        ).first()
        if row is None:  # closed between our two statements: the next one is a new turn
            return await self.extend(connector, person_id=person_id, route=route, now=now, due=due)
        await self._connection.execute(
            update(turns).where(turns.c.id == row.id).values(due_at=due(row.opened_at))
        )
        return int(row.id)

    async def next_due(self, *, now: datetime) -> Turn | None:
        """A turn whose time has come, locked until the transaction ends."""
        row = (
            await self._connection.execute(
                select(turns)
                .where(turns.c.closed_at.is_(None), turns.c.due_at <= now)
                .order_by(turns.c.due_at)
                .limit(1)
                .with_for_update(skip_locked=True, key_share=True)
            )
        ).first()
        if row is None:
            return None
        return Turn(row.id, row.connector, row.person_id, row.route, row.opened_at)

    async def close(self, turn_id: int, *, at: datetime) -> None:
        """Nothing is added to this turn any more."""
        await self._connection.execute(
            update(turns).where(turns.c.id == turn_id).values(closed_at=at)
        )
