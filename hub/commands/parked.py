"""Sending again what was parked, one by one, while people and channels go on around it."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import datetime

from hub.delivery.decide import Decide, DecisionRefused, NoSuchThing
from hub.store.database import Database
from hub.store.replay import ParkedRow, parked

WHO = "hub replay"
SUPERSEDED = "sudah ada kabar yang lebih baru"


@dataclass(slots=True)
class Sent:
    """What came of the parked parcels. `skipped`: somebody else settled them meanwhile."""

    again: list[ParkedRow] = field(default_factory=list)
    overtaken: list[ParkedRow] = field(default_factory=list)
    skipped: list[ParkedRow] = field(default_factory=list)

    def add(self, row: ParkedRow) -> None:
        """Count one that is sent again or let go."""
        (self.overtaken if row.is_overtaken else self.again).append(row)


@dataclass(frozen=True, slots=True, kw_only=True)
class Parked:
    """The parked parcels of one channel, or of all."""

    database: Database
    decide: Decide
    connector: str | None
    since: datetime | None

    async def rows(self, parcel_id: str | None = None) -> list[ParkedRow]:
        """As they are parked now; one of them, or all."""
        async with self.database.reading() as connection:
            return await parked(
                connection, connector=self.connector, since=self.since, parcel_id=parcel_id
            )

    async def send_again(self, sent: Sent, *, wait: Callable[[], Awaitable[None]]) -> None:
        """Each is looked at once more when its turn has come: this may take hours."""
        for listed in await self.rows():
            await wait()
            try:
                sent.add(await self._settle(listed))
            except (DecisionRefused, NoSuchThing):
                sent.skipped.append(listed)

    async def _settle(self, listed: ParkedRow) -> ParkedRow:
        rows = await self.rows(listed.parcel_id)
        if not rows:
            raise NoSuchThing(f"Kiriman {listed.parcel_id} tidak diparkir lagi.")
        [row] = rows
        if row.is_overtaken:
            await self.decide.drop(row.parcel_id, who=WHO, why=SUPERSEDED)
        else:
            await self.decide.replay(row.parcel_id, who=WHO)
        return row
