"""Doubt: a push whose outcome is unknown is looked for; where that is impossible, a person is asked."""

from collections.abc import Mapping
from datetime import datetime, timedelta

import structlog

from hub.contract.connector import ReadsBack
from hub.contract.delivery import Absent, Found, ReadBack, Unclear
from hub.contract.errors import UpstreamError
from hub.delivery.pack import NotYet, Packing, pack
from hub.ports import Begin, Card, Clock, Kind, Parcel, Reaches, Upstream, Work
from hub.record.settle import Settled, settle

log = structlog.get_logger()

LOOK_AGAIN = timedelta(seconds=60)
LEASE = timedelta(minutes=2)
BATCH = 20


class Doubts:
    """`step` looks for a few parcels in doubt; False when none was due."""

    def __init__(
        self,
        *,
        begin: Begin,
        upstreams: Mapping[str, Upstream],
        name: str,
        clock: Clock,
        reach: Reaches,
        packing: Packing,
        look_again: timedelta = LOOK_AGAIN,
    ) -> None:
        self._begin = begin
        self._upstreams = upstreams
        self._connector = upstreams[name].connector
        self._clock = clock
        self._reach = reach
        self._packing = packing
        self._look_again = look_again

    async def step(self) -> bool:
        """Take what is due and look."""
        name, now = self._connector.name, self._clock()
        async with self._begin() as work:
            if await work.upstreams.paused_until(name, now=now):
                return False
            parcels = await work.outbox.take_doubts(name, now=now, until=now + LEASE, limit=BATCH)
        for parcel in parcels:
            await self._look(parcel)
        return bool(parcels)

    async def _look(self, parcel: Parcel) -> None:
        try:
            found = await self._find(parcel)
        except UpstreamError as error:
            await self._reach.failed(parcel.connector, error)
            async with self._begin() as work:
                await work.outbox.doubt(
                    parcel,
                    until=self._clock() + self._look_again,
                    code=error.code,
                    detail=error.detail,
                    at=self._clock(),
                )
            return
        now = self._clock()
        async with self._begin() as work:
            await self._conclude(work, parcel, found, at=now)
        log.info(
            "delivery.looked_for",
            parcel_id=parcel.parcel_id,
            connector=parcel.connector,
            found=type(found).__name__.lower(),
        )

    async def _find(self, parcel: Parcel) -> ReadBack:
        if not isinstance(self._connector, ReadsBack):
            return Unclear("Kanal ini tidak dapat ditanya apakah kiriman sudah sampai.")
        async with self._begin() as work:
            try:
                delivery = await pack(
                    work,
                    parcel,
                    traits=self._connector.traits,
                    packing=self._packing,
                    now=self._clock(),
                )
            except NotYet:
                return Absent()
        return await self._connector.find(delivery)

    async def _conclude(
        self, work: Work, parcel: Parcel, found: ReadBack, *, at: datetime
    ) -> None:
        match found:
            case Found():
                await settle(
                    work, parcel, upstreams=self._upstreams, external_id=found.external_id,
                    at=at, how=Settled("readback", "found there"),
                )  # fmt: skip
            case Absent():
                await work.outbox.attempt(
                    parcel, phase="readback", at=at, outcome="absent", detail="surely not there"
                )
                await work.outbox.again(parcel.parcel_id, now=at, fresh=False)
            case Unclear():
                await work.outbox.attempt(
                    parcel, phase="readback", at=at, outcome="unclear", detail=found.reason
                )
                await work.outbox.ask_person(parcel, reason=found.reason)
                await work.cards.open(
                    _card(parcel, self._connector.traits.title, found.reason), at=at
                )


def _card(parcel: Parcel, title: str, reason: str) -> Card:
    what = {
        Kind.OPENING: "Aduan",
        Kind.STATUS: "Kabar status",
        Kind.ADDITION: "Tambahan pelapor",
        Kind.NOTICE: "Pesan",
    }[parcel.kind]
    return Card(
        key=f"doubt:{parcel.parcel_id}",
        kind="doubt",
        connector=parcel.connector,
        complaint_id=parcel.complaint_id,
        parcel_id=parcel.parcel_id,
        text=f"{what} ke {title}: belum pasti sampai. {reason}",
        next_step=f"Lihat di {title}. Bila sudah ada di sana, isikan nomornya; bila tidak ada, "
        "tekan «kirim lagi». Hub tidak mengirim dua kali atas dugaan.",
    )
