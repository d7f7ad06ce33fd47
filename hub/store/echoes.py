"""What we wrote into a channel and when, to know it again when it comes back; and their clock."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import func, or_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from hub.domain.status import Status
from hub.rows import Kind
from hub.store.statements import upsert
from hub.store.tables import attempts, history, parcels, upstreams

# What a channel said of the status, whether it moved the complaint or not.
WORDS = ("moved", "stands", "not_allowed", "held")


class SqlEchoes:
    """`hub.ports.Echoes`."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def told_since(
        self, source_id: int, *, since: datetime
    ) -> list[tuple[Status, datetime]]:
        """The statuses whose push to this source began since then, and when; newest first."""
        rows = await self._connection.execute(
            select(parcels.c.content, attempts.c.at)
            .join(attempts, attempts.c.parcel_id == parcels.c.parcel_id)
            .where(
                parcels.c.source_id == source_id,
                parcels.c.kind == Kind.STATUS,
                attempts.c.phase == "began",
                attempts.c.at >= since,
            )
            .order_by(attempts.c.id.desc())
        )
        return [(Status(content["status"]), at) for content, at in rows]

    async def began_at(self, parcel_id: str) -> datetime | None:
        """When a parcel left; None if it never did, or more than once: then nobody knows which arrived."""
        found = await self._connection.execute(
            select(func.count(), func.min(attempts.c.at)).where(
                attempts.c.parcel_id == parcel_id, attempts.c.phase == "began"
            )
        )
        number, at = found.one()
        return at if number == 1 else None

    async def clock(self, connector: str) -> Sequence[float]:
        """How far ahead their clock was lately, in seconds, the newest last."""
        found: Sequence[float] | None = await self._connection.scalar(
            select(upstreams.c.clock_samples).where(upstreams.c.connector == connector)
        )
        return found or ()

    async def note_clock(self, connector: str, samples: Sequence[float]) -> None:
        """Remember that."""
        values = {"connector": connector, "clock_samples": list(samples)}
        await upsert(self._connection, upstreams, key="connector", values=values)

    async def moves_after(self, complaint_id: int, *, at: datetime) -> list[str]:
        """Who moved a complaint to where it is, by words dated after `at`."""
        rows = await self._connection.execute(
            select(history.c.origin).where(
                history.c.complaint_id == complaint_id,
                history.c.at > at,
                history.c.outcome == "moved",
            )
        )
        return [origin for (origin,) in rows]

    async def last_word(self, source_id: int) -> tuple[Status, datetime] | None:
        """What a channel said last, as far as anything came of it, and when we heard it."""
        rows = await self._connection.execute(
            select(history.c.status, history.c.known_at)
            .where(history.c.source_id == source_id, history.c.outcome.in_((*WORDS, "late")))
            .order_by(history.c.id.desc())
            .limit(1)
        )
        row = rows.first()
        return None if row is None else (Status(row.status), row.known_at)

    async def words_since(
        self, complaint_id: int, *, since: datetime
    ) -> list[tuple[Status, str, int | None, str]]:
        """What was said of it, oldest first: status, who, as which source, and what came of it."""
        rows = await self._connection.execute(
            select(history.c.status, history.c.origin, history.c.source_id, history.c.outcome)
            .where(
                history.c.complaint_id == complaint_id,
                history.c.known_at >= since,
                or_(history.c.outcome.in_(WORDS), history.c.origin.startswith("operator:")),
            )
            .order_by(history.c.id)
        )
        return [(Status(row[0]), row[1], row[2], row[3]) for row in rows]
