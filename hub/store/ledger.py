"""The ledger of merges: what was re-pointed, on which evidence, by whom, and whether it was undone."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Row, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from hub.rows import Merge
from hub.store.matching_tables import merges

KEPT = tuple(name for name in Merge.__dataclass_fields__ if name not in ("id", "undone_at"))


class SqlLedger:
    """The part of `hub.ports.Matches` that merges and undoing are written into."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def add_merge(self, merge: Merge) -> int:
        """Write a merge down under a new number, whatever number it carries."""
        values = {name: getattr(merge, name) for name in KEPT}
        added = await self._connection.execute(
            merges.insert().values(**values).returning(merges.c.id)
        )
        return int(added.scalar_one())

    async def merge(self, merge_id: int) -> Merge | None:
        """One row of the ledger."""
        rows = await self._connection.execute(select(merges).where(merges.c.id == merge_id))
        row = rows.first()
        return None if row is None else _merge(row)

    async def merges_of(self, complaint_id: int) -> list[Merge]:
        """What was merged into a complaint, and what it was merged into, oldest first."""
        rows = await self._connection.execute(
            select(merges)
            .where(or_(merges.c.complaint_id == complaint_id, merges.c.lost_id == complaint_id))
            .order_by(merges.c.id)
        )
        return [_merge(row) for row in rows]

    async def remember(self, merge_id: int, before: Mapping[str, Any]) -> None:
        """Keep what undoing this merge is to restore from now on."""
        await self._connection.execute(
            update(merges).where(merges.c.id == merge_id).values(before=before)
        )

    async def undone(
        self, merge_id: int, *, who: str, why: str, at: datetime, lost_id: int | None
    ) -> bool:
        """Write down that a merge was undone; False if it was before.

        `lost_id`: the complaint that speaks for what was split off, where undoing made one.
        """
        values: dict[str, Any] = {"undone_at": at, "undone_by": who, "undone_why": why}
        if lost_id is not None:
            values["lost_id"] = lost_id
        done = await self._connection.execute(
            update(merges)
            .where(merges.c.id == merge_id, merges.c.undone_at.is_(None))
            .values(**values)
        )
        return done.rowcount == 1


def _merge(row: Row[Any]) -> Merge:
    return Merge(**{name: getattr(row, name) for name in Merge.__dataclass_fields__})
