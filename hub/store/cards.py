"""Cards: one open card per key, counted when the same thing happens again."""

from collections.abc import Collection
from datetime import datetime
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from hub.rows import Card
from hub.store.statements import insert_new
from hub.store.tables import cards


class SqlCards:
    """`hub.ports.Cards`."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def open(self, card: Card, *, at: datetime) -> bool:
        """Open the card; if it is open already, count and refresh it. True if it is new."""
        values = {name: getattr(card, name) for name in Card.__dataclass_fields__}
        added = await insert_new(
            self._connection, cards, {**values, "opened_at": at, "last_at": at}
        )
        if added is not None:
            return True
        await self._connection.execute(
            update(cards)
            .where(cards.c.key == card.key, cards.c.closed_at.is_(None))
            .values(seen=cards.c.seen + 1, last_at=at, text=card.text, next_step=card.next_step)
        )
        return False

    async def standing(self, key: str) -> tuple[str, datetime] | None:
        """What the open card says, and since when it is open."""
        found = await self._connection.execute(
            select(cards.c.text, cards.c.opened_at).where(
                cards.c.key == key, cards.c.closed_at.is_(None)
            )
        )
        row = found.one_or_none()
        return None if row is None else (row.text, row.opened_at)

    async def close(self, key: str, *, at: datetime, by: str) -> bool:
        """What the card asked for is done, or no longer needed."""
        return await self._close(cards.c.key == key, at=at, by=by)

    async def close_by_id(self, card_id: int, *, at: datetime, by: str) -> bool:
        """An operator puts the card away."""
        return await self._close(cards.c.id == card_id, at=at, by=by)

    async def keys_about(self, complaint_id: int) -> list[str]:
        """The open cards about a complaint."""
        found = await self._connection.scalars(
            select(cards.c.key)
            .where(cards.c.complaint_id == complaint_id, cards.c.closed_at.is_(None))
            .order_by(cards.c.id)
        )
        return list(found)

    async def repoint(self, keys: Collection[str], complaint_id: int) -> None:
        """From now on these open cards are about that complaint."""
        await self._connection.execute(
            update(cards)
            .where(cards.c.key.in_(keys), cards.c.closed_at.is_(None))
            .values(complaint_id=complaint_id)
        )

    async def _close(self, which: Any, *, at: datetime, by: str) -> bool:
        closed = await self._connection.execute(
            update(cards)
            .where(which, cards.c.closed_at.is_(None))
            .values(closed_at=at, closed_by=by)
        )
        return bool(closed.rowcount)
