"""Receipts: what became of a message of ours, in whatever order that is told."""

from sqlalchemy import or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from hub.contract.news import Receipt
from hub.store.tables import parcels, receipts


class SqlReceipts:
    """The receipt half of `hub.ports.Outbox`."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def add_receipt(
        self, connector: str, receipt: Receipt, *, parcel_id: str | None
    ) -> None:
        """Keep every receipt; without a parcel it is an orphan until its push is settled."""
        await self._connection.execute(
            receipts.insert().values(
                connector=connector,
                external_id=receipt.external_id,
                parcel_id=parcel_id,
                state=receipt.state,
                at=receipt.at,
                code=receipt.error.code if receipt.error else None,
                facts=dict(receipt.facts),
            )
        )

    async def orphan_receipts(self, connector: str, external_id: str) -> list[str]:
        """States that came for this id before we knew that it is ours; they are orphans no more."""
        orphans = (
            receipts.c.connector == connector,
            receipts.c.external_id == external_id,
            receipts.c.parcel_id.is_(None),
        )
        states = (await self._connection.execute(select(receipts.c.state).where(*orphans))).all()
        if not states:
            return []
        owner = (
            select(parcels.c.parcel_id)
            .where(parcels.c.connector == connector, parcels.c.external_id == external_id)
            .limit(1)
            .scalar_subquery()
        )
        await self._connection.execute(update(receipts).where(*orphans).values(parcel_id=owner))
        return [str(state) for (state,) in states]

    async def raise_receipt(self, parcel_id: str, state: str) -> None:
        """Sent < delivered < read < played; a failure counts only before anything else was seen."""
        weaker = {
            "sent": ["failed"],
            "delivered": ["sent", "failed"],
            "read": ["sent", "delivered", "failed"],
            "played": ["sent", "delivered", "read", "failed"],
            "failed": ["sent"],
        }[state]
        await self._connection.execute(
            update(parcels)
            .where(
                parcels.c.parcel_id == parcel_id,
                or_(parcels.c.receipt.is_(None), parcels.c.receipt.in_(weaker)),
            )
            .values(receipt=state)
        )
