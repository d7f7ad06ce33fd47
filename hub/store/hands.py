"""Parcels that people or files carry: handed out, taken by one person, put into one file."""

from datetime import datetime

from sqlalchemy import ColumnElement, and_, func, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from hub.rows import Batch, Kind, Parcel, State
from hub.store.outbox import held_up, parcel_of
from hub.store.tables import attempts, batches, parcels

# Nobody has begun with it: it may still go another way.
UNTOUCHED = and_(
    parcels.c.state == State.HANDED, parcels.c.handed_to.is_(None), parcels.c.batch_id.is_(None)
)


class SqlHands:
    """`hub.ports.Hands`."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def hand(self, parcel: Parcel, *, at: datetime) -> None:
        """It can be carried as it is; from here on it is for people or files."""
        await self._connection.execute(
            update(parcels)
            .where(
                parcels.c.id == parcel.id,
                parcels.c.state == State.LEASED,
                parcels.c.attempts == parcel.attempts,
            )
            .values(
                state=State.HANDED,
                handed_at=at,
                handed_to=None,
                batch_id=None,
                lease_owner=None,
                lease_until=None,
            )
        )

    async def take(self, parcel_id: str, *, who: str | None) -> None:
        """Somebody carries it now; None: nobody does any more."""
        await self._connection.execute(
            update(parcels)
            .where(parcels.c.parcel_id == parcel_id, parcels.c.state == State.HANDED)
            .values(handed_to=who, batch_id=None)
        )

    async def take_back(self, connector: str, *, at: datetime) -> int:
        """The hub pushes by itself again: what nobody has begun with is for the relay."""
        taken = await self._connection.execute(
            update(parcels)
            .where(UNTOUCHED, parcels.c.connector == connector)
            .values(
                state=State.WAITING,
                due_at=at,
                handed_at=None,
                begun=False,
            )
        )
        return taken.rowcount

    async def untouched(self, connector: str) -> list[Parcel]:
        """What waits to be carried and nobody has begun with, oldest first, locked."""
        return await self._where(UNTOUCHED, parcels.c.connector == connector)

    async def next_up(self, connector: str) -> list[Parcel]:
        """What will be laid out next; nothing older is before it."""
        return await self._where(
            parcels.c.connector == connector, parcels.c.state == State.WAITING, ~held_up()
        )

    async def of_source(self, source_id: int) -> list[Parcel]:
        """Statuses on their way by hand to one source, oldest first, locked."""
        return await self._where(
            parcels.c.source_id == source_id,
            parcels.c.kind == Kind.STATUS,
            parcels.c.state == State.HANDED,
        )

    async def overtake(self, source_id: int, *, at: datetime) -> None:
        """A newer status is about to be promised: bare older ones that nobody has begun with say nothing."""
        waiting = parcels.c.state == State.WAITING
        found = await self._where(
            parcels.c.source_id == source_id,
            parcels.c.kind == Kind.STATUS,
            parcels.c.needed.is_(False),
            UNTOUCHED | waiting,
        )
        bare = [parcel for parcel in found if not parcel.content.get("note")]
        await self._connection.execute(
            update(parcels)
            .where(parcels.c.id.in_([parcel.id for parcel in bare]))
            .values(state=State.DROPPED, settled_at=at)
        )
        for parcel in bare:
            await self._connection.execute(
                attempts.insert().values(
                    parcel_id=parcel.parcel_id,
                    number=parcel.attempts,
                    phase="handed",
                    at=at,
                    outcome="superseded",
                    detail="a newer one goes",
                )
            )

    async def add_batch(
        self, connector: str, carried: list[Parcel], *, file_name: str, who: str, at: datetime
    ) -> Batch:
        """These leave in one file, which is still to be written."""
        added = await self._connection.execute(
            batches.insert()
            .values(connector=connector, file_name=file_name, made_at=at, made_by=who)
            .returning(batches.c.id)
        )
        batch_id = int(added.scalar_one())
        await self._connection.execute(
            update(parcels)
            .where(parcels.c.id.in_([parcel.id for parcel in carried]))
            .values(batch_id=batch_id)
        )
        return Batch(
            id=batch_id, connector=connector, file_name=file_name, made_at=at, made_by=who,
            sha256=None,
        )  # fmt: skip

    async def last_batch(self, connector: str) -> Batch | None:
        """The batch made last."""
        row = (
            (
                await self._connection.execute(
                    select(batches)
                    .where(batches.c.connector == connector)
                    .order_by(batches.c.sha256.is_not(None), batches.c.id.desc())
                    .limit(1)
                    .with_for_update()
                )
            )
            .mappings()
            .first()
        )
        return None if row is None else Batch(**row)

    async def in_batch(self, batch_id: int) -> list[Parcel]:
        """What left in a file, whatever has become of it, oldest first. Only read, so not locked."""
        rows = await self._connection.execute(
            select(parcels).where(parcels.c.batch_id == batch_id).order_by(parcels.c.id)
        )
        return [parcel_of(row) for row in rows]

    async def written(self, batch_id: int, *, sha256: str) -> None:
        """The file lies on the disk."""
        await self._connection.execute(
            update(batches).where(batches.c.id == batch_id).values(sha256=sha256)
        )

    async def oldest(self, connector: str) -> tuple[int, datetime | None]:
        """How many wait to be carried, and since when the first of them."""
        row = (
            await self._connection.execute(
                select(func.count(), func.min(parcels.c.handed_at)).where(
                    parcels.c.connector == connector, parcels.c.state == State.HANDED
                )
            )
        ).one()
        return int(row[0]), row[1]

    async def _where(self, *which: ColumnElement[bool]) -> list[Parcel]:
        rows = await self._connection.execute(
            select(parcels).where(*which).order_by(parcels.c.id).with_for_update()
        )
        return [parcel_of(row) for row in rows]
