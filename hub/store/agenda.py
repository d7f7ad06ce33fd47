"""When there is something to do next, asked without disturbing anybody."""

from datetime import datetime
from typing import Any

from sqlalchemy import Column, ColumnElement, Table, func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from hub.domain.looking import Budget
from hub.rows import State
from hub.store.database import Database
from hub.store.outbox import held_up, on_its_way
from hub.store.tables import attachments, cursors, inbox, parcels, sources, turns, upstreams


class Agenda:
    """Each method: the time of the next thing to do, or None."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def inbox(self) -> datetime | None:
        """The next raw thing to read."""
        return await self._first(inbox, inbox.c.due_at, inbox.c.state == "unread")

    async def turns(self) -> datetime | None:
        """The next turn to close."""
        return await self._first(turns, turns.c.due_at, turns.c.closed_at.is_(None))

    async def files(self) -> datetime | None:
        """The next attachment to fetch."""
        return await self._first(
            attachments, attachments.c.due_at, attachments.c.state == "expected"
        )

    async def outbox(self, connector: str) -> datetime | None:
        """The next parcel to push, not before a pause is over."""
        return await self._after_pause(
            connector,
            parcels,
            parcels.c.due_at,
            parcels.c.connector == connector,
            parcels.c.state == State.WAITING,
            on_its_way(),
            ~held_up(),
        )

    async def doubts(self, connector: str) -> datetime | None:
        """The next doubt to look into."""
        return await self._after_pause(
            connector,
            parcels,
            parcels.c.due_at,
            parcels.c.connector == connector,
            parcels.c.state == State.DOUBT,
            on_its_way(),
            parcels.c.asks_person.is_(False),
        )

    async def looks(self, connector: str, budget: Budget) -> datetime | None:
        """The next source to look at, not before a good handful may be looked at."""
        due = await self._after_pause(
            connector,
            sources,
            sources.c.inspect_due_at,
            sources.c.connector == connector,
            sources.c.external_id.is_not(None),
        )
        if due is None:
            return None
        async with self._database.reading() as connection:
            whole_at: datetime | None = await connection.scalar(
                select(upstreams.c.looks_free_at).where(upstreams.c.connector == connector)
            )
        if whole_at is None:
            return due
        return max(due, budget.ready_at(whole_at, number=(budget.burst + 1) // 2))

    async def poll(self, connector: str) -> datetime | None:
        """The next page to fetch."""
        return await self._after_pause(
            connector, cursors, cursors.c.due_at, cursors.c.connector == connector
        )

    async def _first(
        self, table: Table, column: Column[Any], *which: ColumnElement[bool]
    ) -> datetime | None:
        async with self._database.reading() as connection:
            return await _first(connection, table, column, *which)

    async def _after_pause(
        self, connector: str, table: Table, column: Column[Any], *which: ColumnElement[bool]
    ) -> datetime | None:
        async with self._database.reading() as connection:
            due = await _first(connection, table, column, *which)
            if due is None:
                return None
            paused: datetime | None = await connection.scalar(
                select(upstreams.c.paused_until).where(upstreams.c.connector == connector)
            )
        return due if paused is None else max(due, paused)


async def _first(
    connection: AsyncConnection,
    table: Table,
    column: Column[Any],
    *which: ColumnElement[bool],
) -> datetime | None:
    found: datetime | None = await connection.scalar(
        select(func.min(column)).select_from(table).where(*which)
    )
    return found
