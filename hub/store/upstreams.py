"""How it goes with each upstream: heard, reached, lost, paused; where its poll stands."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import Row, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from hub.rows import Gate
from hub.store.statements import upsert
from hub.store.tables import attachments, cursors, sources, upstreams

LONGEST_LEASE = timedelta(minutes=10)
FOR_EVER = datetime(9999, 1, 1, tzinfo=UTC)


class SqlUpstreams:
    """`hub.ports.Upstreams`."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def heard(self, connector: str, *, at: datetime) -> None:
        """Something came from there."""
        await self._put(connector, heard_at=at)

    async def heard_at(self, connector: str) -> datetime | None:
        """When something came from there last."""
        found: datetime | None = await self._get(connector, "heard_at")
        return found

    async def reached(self, connector: str, *, at: datetime, is_back: bool = True) -> bool:
        """A call got an answer. True if the upstream was lost until now and, so `is_back`, is no more."""
        if not is_back:
            await self._put(connector, reached_at=at)
            return False
        was_lost = await self._get(connector, "lost_since") is not None
        await self._put(connector, reached_at=at, lost_since=None)
        return was_lost

    async def lost(self, connector: str, *, at: datetime) -> bool:
        """A call got no answer. True if that is new."""
        if await self._get(connector, "lost_since") is not None:
            return False
        await self._put(connector, lost_since=at)
        return True

    async def pause(
        self,
        connector: str,
        *,
        until: datetime | None,
        code: str,
        detail: str,
        by: str | None = None,
    ) -> None:
        """Send nothing there until `until`; None: until somebody resumes it."""
        if by is None and await self._get(connector, "held_by") is not None:
            return
        await self._put(
            connector,
            paused_until=until or FOR_EVER,
            pause_code=code,
            pause_detail=detail,
            held_by=by,
        )

    async def resume(self, connector: str, *, at: datetime) -> bool:
        """Send again, slowly at first. True if it was paused."""
        was = await self._get(connector, "paused_until") is not None
        if was:
            await self._put(
                connector, paused_until=None, pause_code=None, pause_detail=None, held_by=None,
                resumed_at=at,
            )  # fmt: skip
        return was

    async def return_slowly(self, connector: str, *, at: datetime) -> None:
        """It was away and is back: what has gathered for it must not fall on it all at once."""
        await self._put(connector, resumed_at=at)

    async def gate(self, connector: str) -> Gate:
        """What lies on the way there."""
        columns = (upstreams.c.paused_until, upstreams.c.lost_since, upstreams.c.resumed_at)
        row = (
            await self._connection.execute(
                select(*columns).where(upstreams.c.connector == connector)
            )
        ).first()
        return Gate() if row is None else Gate(*row)

    async def end_pause(self, connector: str, *, now: datetime) -> bool:
        """A call went well after the hub's own pause had run out; an operator's pause is not ended so."""
        ended = await self._connection.execute(
            update(upstreams)
            .where(
                upstreams.c.connector == connector,
                upstreams.c.paused_until <= now,
                upstreams.c.held_by.is_(None),
            )
            .values(paused_until=None, pause_code=None, pause_detail=None, resumed_at=now)
        )
        return bool(ended.rowcount)

    async def paused_until(self, connector: str, *, now: datetime) -> datetime | None:
        """Until when nothing is sent there; None if it is open."""
        until: datetime | None = await self._get(connector, "paused_until")
        return until if until is not None and until > now else None

    async def take_poll(
        self, connector: str, *, now: datetime, until: datetime
    ) -> tuple[bool, str | None, int]:
        """Whether it is our turn to poll, the cursor, and the failures so far. One poller at a time."""
        row = await self._cursor(connector)
        if row is None:
            # There is no row yet that could keep two first pollers apart: the upstream's own does.
            await self._put(connector)
            await self._connection.execute(
                select(upstreams).where(upstreams.c.connector == connector).with_for_update()
            )
            row = await self._cursor(connector)
        if row is not None and row.due_at > now:
            return False, row.value, row.failures
        value, failures = (row.value, row.failures) if row is not None else (None, 0)
        await upsert(
            self._connection,
            cursors,
            key="connector",
            values={
                "connector": connector,
                "value": value,
                "due_at": until,
                "failures": failures,
            },
        )
        return True, value, failures

    async def polled(
        self, connector: str, *, cursor: str | None, due_at: datetime, failures: int
    ) -> None:
        """Where to go on, and when. Committed together with what the page brought."""
        await self._connection.execute(
            update(cursors)
            .where(cursors.c.connector == connector)
            .values(value=cursor, due_at=due_at, failures=failures)
        )

    async def take_masters(self, connector: str, *, now: datetime, until: datetime) -> bool:
        """Whether it is our turn to copy the upstream's own tables."""
        await self._put(connector)
        taken = await self._connection.execute(
            update(upstreams)
            .where(
                upstreams.c.connector == connector,
                or_(upstreams.c.masters_due_at.is_(None), upstreams.c.masters_due_at <= now),
            )
            .values(masters_due_at=until)
        )
        return bool(taken.rowcount)

    async def save_masters(
        self, connector: str, masters: Mapping[str, Any], *, at: datetime, due_at: datetime
    ) -> None:
        """Keep the copy."""
        await self._put(connector, masters=masters, masters_at=at, masters_due_at=due_at)

    async def masters(self, connector: str) -> Mapping[str, Any] | None:
        """The copy, if there is one."""
        found: Mapping[str, Any] | None = await self._get(connector, "masters")
        return found

    async def _cursor(self, connector: str) -> Row[Any] | None:
        return (
            await self._connection.execute(
                select(cursors).where(cursors.c.connector == connector).with_for_update()
            )
        ).first()

    async def free_leases(self, *, now: datetime) -> None:
        """Nobody else works on this database: polls, looks and downloads of the dead are due now."""
        await self._connection.execute(
            update(cursors).where(cursors.c.due_at > now).values(due_at=now)
        )
        await self._connection.execute(
            update(attachments)
            .where(attachments.c.state == "expected", attachments.c.due_at > now)
            .values(due_at=now)
        )
        await self._connection.execute(
            update(sources)
            .where(sources.c.inspect_due_at.between(now, now + LONGEST_LEASE))
            .values(inspect_due_at=now)
        )

    async def _get(self, connector: str, column: str) -> Any:
        return await self._connection.scalar(
            select(upstreams.c[column]).where(upstreams.c.connector == connector)
        )

    async def _put(self, connector: str, **values: Any) -> None:
        await upsert(
            self._connection,
            upstreams,
            key="connector",
            values={"connector": connector, **values},
        )
