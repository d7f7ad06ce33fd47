"""Where the hub does not push: what is due is laid out for people and files to carry."""

from collections.abc import Mapping
from datetime import timedelta

import structlog

from hub.contract.connector import HandsOver
from hub.contract.errors import UpstreamError
from hub.delivery.bug import note_bug
from hub.delivery.consequence import follow
from hub.delivery.old_news import still_news
from hub.delivery.pack import NotYet, pack
from hub.delivery.relay import RelayRules
from hub.ports import Begin, Clock, Upstream, Work
from hub.record.settle import Settled, settle
from hub.rows import Parcel

log = structlog.get_logger()

LEASE = timedelta(minutes=5)
BATCH = 50


class HandOver:
    """The relay of an upstream whose mode is file or assisted; the same methods, and no network.

    A slip is made once here, so that what the mapping lacks is parked and shown as always; the page
    and the file make it anew when somebody carries it.
    """

    def __init__(
        self,
        *,
        begin: Begin,
        upstreams: Mapping[str, Upstream],
        name: str,
        clock: Clock,
        rules: RelayRules,
    ) -> None:
        self._begin = begin
        self._upstreams = upstreams
        self._connector = upstreams[name].connector
        self._clock = clock
        self._rules = rules
        self._is_closing = False

    async def step(self) -> bool:
        """Lay out what is due; False when nothing was."""
        connector = self._connector
        if not isinstance(connector, HandsOver) or self._is_closing:
            return False
        now = self._clock()
        async with self._begin() as work:
            if await work.upstreams.paused_until(connector.name, now=now):
                return False
            if await work.upstreams.end_pause(connector.name, now=now):
                # Nobody pushes here whose success would end it.
                await work.cards.close(f"paused:{connector.name}", at=now, by="hub")
            parcels = await work.outbox.lease(
                connector.name, now=now, until=now + LEASE, owner=self._rules.owner, limit=BATCH
            )
        for parcel in parcels:
            await self._lay_out(connector, parcel)
        return bool(parcels)

    async def finish(self) -> None:
        """Lay out no more."""
        self._is_closing = True

    async def drain(self) -> None:
        """Lay out until nothing is due (for scripts and tests)."""
        while await self.step():
            pass

    async def _lay_out(self, connector: HandsOver, parcel: Parcel) -> None:
        now = self._clock()
        async with self._begin() as work:
            await work.outbox.get(parcel.parcel_id)
            fresh = await still_news(work, parcel)
            if fresh is None:
                await work.outbox.drop(parcel.parcel_id, at=now)
                await work.outbox.attempt(
                    parcel, phase="handed", at=now, outcome="superseded", detail="a newer one went"
                )
                return
            try:
                delivery = await pack(
                    work, fresh, traits=self._connector.traits, packing=self._rules.packing,
                    now=now,
                )  # fmt: skip
                slip = connector.slip(delivery)
            except NotYet:
                until = now + self._rules.packing.files_come_in
                await work.outbox.release(parcel, until=until)
                return
            except UpstreamError as error:
                await self._refused(work, parcel, error)
                return
            except Exception as error:  # noqa: BLE001 - one parcel must not stop the others
                code = note_bug("delivery.bug", parcel, error)
                await self._refused(work, parcel, UpstreamError("kesalahan program", code=code))
                return
            if slip.is_empty:
                # Their status needs no word of ours: an API would have acknowledged it at once.
                await settle(
                    work, parcel, upstreams=self._upstreams, external_id=None, at=now,
                    how=Settled("ended", "nothing to carry"),
                )  # fmt: skip
                return
            await work.hands.hand(parcel, at=now)
            await work.outbox.attempt(parcel, phase="handed", at=now, outcome="laid_out")
        log.info("delivery.handed", parcel_id=parcel.parcel_id, connector=parcel.connector)

    async def _refused(self, work: Work, parcel: Parcel, error: UpstreamError) -> None:
        now, traits = self._clock(), self._connector.traits
        rules = self._rules.consequences
        outcome = await follow(work, parcel, error, traits=traits, rules=rules, now=now)
        await work.outbox.attempt(
            parcel, phase="handed", at=now, outcome=outcome, code=error.code, detail=error.detail
        )
