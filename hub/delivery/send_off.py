"""The last look before a parcel leaves: may it go now, what does it carry, and that it begins."""

from datetime import timedelta

from hub.contract.connector import Connector
from hub.contract.delivery import Delivery
from hub.contract.errors import Unsendable
from hub.delivery.old_news import still_news
from hub.delivery.pace import Pacer
from hub.delivery.pack import NotYet, Packing, pack
from hub.delivery.parked import give_up
from hub.delivery.patience import DAYS_OF_PATIENCE
from hub.ports import Begin, Clock, Work
from hub.record.write import write_down
from hub.rows import Parcel

LEASE = timedelta(minutes=5)
# A parcel that kills its worker each time never gets to the end of its patience; this ends it.
MOST_ATTEMPTS = 300


class SendOff:
    """Prepares parcels for one upstream. Once `is_closing`, what has not begun is released."""

    def __init__(
        self, *, begin: Begin, connector: Connector, clock: Clock, rules: Packing, owner: str
    ) -> None:
        self._begin = begin
        self._connector = connector
        self._clock = clock
        self._rules = rules
        self._owner = owner
        self.pacer = Pacer(connector.traits.pace)
        self.is_closing = False

    async def prepare(self, parcel: Parcel) -> Delivery | None:
        """Pack and begin, in one transaction; None if the parcel is not to leave now."""
        # A merge may hold what this needs, and need what this holds: then it goes again at once.
        return await write_down(self._begin, lambda work: self._prepared(work, parcel))

    async def _prepared(self, work: Work, parcel: Parcel) -> Delivery | None:
        # Locked first: a file that is stored from here on knows that it is too late to go along.
        await work.outbox.get(parcel.parcel_id)
        if not await self._may_leave(work, parcel):
            return None
        fresh = await still_news(work, parcel)
        if fresh is None:
            await self._drop(work, parcel)
            return None
        delivery = await self._packed(work, fresh)
        if delivery is None or not await self._is_its_turn(work, parcel):
            return None
        now = self._clock()
        # Packing may have waited long for its turn; the push gets a whole lease.
        begun = await work.outbox.begin(parcel, at=now, until=now + LEASE, owner=self._owner)
        return delivery if begun else None

    async def _may_leave(self, work: Work, parcel: Parcel) -> bool:
        now = self._clock()
        if self.is_closing:
            await work.outbox.release(parcel, until=now)
            return False
        lasted = now - parcel.promised_at
        if parcel.attempts > MOST_ATTEMPTS and lasted >= timedelta(days=DAYS_OF_PATIENCE):
            spent = Unsendable(
                f"menyerah sesudah {lasted.days} hari dan {parcel.attempts - 1} percobaan tanpa hasil",
                code="spent",
            )
            await give_up(work, parcel, spent, title=self._connector.traits.title, at=now)
            return False
        return True

    async def _drop(self, work: Work, parcel: Parcel) -> None:
        now = self._clock()
        await work.outbox.drop(parcel.parcel_id, at=now)
        await work.outbox.attempt(
            parcel, phase="ended", at=now, outcome="superseded", detail="a newer one went"
        )

    async def _packed(self, work: Work, parcel: Parcel) -> Delivery | None:
        now, traits = self._clock(), self._connector.traits
        try:
            return await pack(work, parcel, traits=traits, packing=self._rules, now=now)
        except NotYet:
            await work.outbox.release(parcel, until=now + self._rules.files_come_in)
            return None

    async def _is_its_turn(self, work: Work, parcel: Parcel) -> bool:
        now = self._clock()
        recipient = str(parcel.person_id) if parcel.person_id is not None else None
        wait = self.pacer.wait(recipient, now=now)
        if wait:
            await work.outbox.release(parcel, until=now + wait)
        return not wait
