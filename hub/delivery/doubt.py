"""Doubt: a push whose outcome is unknown is looked for; where that is impossible, a person is asked."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta

import structlog

from hub.contract.connector import ReadsBack, Traits
from hub.contract.delivery import Absent, Found, ReadBack, Unclear
from hub.contract.errors import OutcomeUnknown, UpstreamError
from hub.contract.reading import storable
from hub.delivery.bug import note_bug
from hub.delivery.pack import Packing, pack
from hub.delivery.parked import parked_card
from hub.delivery.patience import Patience
from hub.delivery.settling import Settling
from hub.ports import Begin, Clock, DatabaseAway, Reaches, Upstream, Work
from hub.record.doubled import WHAT, note_doubled
from hub.record.settle import Settled, settle
from hub.rows import Card, Kind, Parcel, State

log = structlog.get_logger()

LEASE = timedelta(minutes=2)
LOOKED_LONG = timedelta(hours=1)
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
        patience: Patience,
        settling: Settling,
    ) -> None:
        self._begin = begin
        self._upstreams = upstreams
        self._connector = upstreams[name].connector
        self._clock = clock
        self._reach = reach
        # What was pushed is looked for as it is: a photo that came since is no reason to wait.
        self._packing = replace(packing, files_wait=timedelta())
        self._patience = patience
        self._settling = settling

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
            async with self._begin() as work:
                await self._conclude(work, parcel, found, at=self._clock())
        except UpstreamError as error:
            await self._later(parcel, error)
            await self._reach.failed(parcel.connector, error)
            return
        except DatabaseAway:
            # Neither they nor our code are at fault; when the lease is over it is looked for again.
            raise
        except Exception as error:  # noqa: BLE001 - one parcel must not hold up the others
            code = note_bug("delivery.bug", parcel, error)
            await self._later(parcel, UpstreamError("kesalahan program", code=code))
            return
        log.info(
            "delivery.looked_for",
            parcel_id=parcel.parcel_id,
            connector=parcel.connector,
            found=type(found).__name__.lower(),
        )

    async def _later(self, parcel: Parcel, error: UpstreamError) -> None:
        now = self._clock()
        error.detail = storable(error.detail)
        since = parcel.doubt_since or now
        async with self._begin() as work:
            if not await _is_still_in_doubt(work, parcel):
                return
            await work.outbox.doubt(
                parcel,
                until=now + 2 * self._settling.first,
                code=error.code,
                detail=error.detail,
                at=now,
            )
            if now - since > LOOKED_LONG:
                reason = f"Sudah satu jam tidak dapat dilihat ({error.code}); hub terus mencoba."
                await work.cards.open(_card(parcel, self._connector.traits.title, reason), at=now)

    async def _find(self, parcel: Parcel) -> ReadBack:
        if not isinstance(self._connector, ReadsBack):
            return Unclear(_cannot_be_asked(self._connector.traits))
        now, traits = self._clock(), self._connector.traits
        async with self._begin() as work:
            delivery = await pack(work, parcel, traits=traits, packing=self._packing, now=now)
        found = await self._connector.find(delivery)
        if not isinstance(found, Unclear) or found.may_show:
            # Where only a person can tell, perhaps nobody was asked: no sign of life.
            await self._reach.succeeded(parcel.connector)
        return found

    async def _conclude(
        self, work: Work, parcel: Parcel, found: ReadBack, *, at: datetime
    ) -> None:
        found = await _unless_of_another(work, parcel, found)
        if not isinstance(found, Found) and not await _is_still_in_doubt(work, parcel):
            return
        match found:
            case Found():
                await settle(
                    work, parcel, upstreams=self._upstreams, external_id=found.external_id,
                    at=at, how=Settled("readback", "found there"),
                )  # fmt: skip
                if found.others:
                    await note_doubled(
                        work, parcel, title=self._connector.traits.title,
                        numbers=(found.external_id, *found.others), at=at,
                    )  # fmt: skip
            case Absent() | Unclear():
                await self._not_seen(work, parcel, found, at=at)

    async def _not_seen(
        self, work: Work, parcel: Parcel, found: Absent | Unclear, *, at: datetime
    ) -> None:
        """Once proves nothing, it may only show late. Looked for often enough, it is surely absent."""
        looked = parcel.looks + 1
        rest = self._settling.rest(looked)
        if rest is not None and (isinstance(found, Absent) or found.may_show):
            await work.outbox.attempt(
                parcel, phase="readback", at=at, outcome="not_yet",
                detail=f"look {looked} of {self._settling.looks}",
            )  # fmt: skip
            await work.outbox.looked(parcel, until=at + rest)
            return
        match found:
            case Absent():
                await work.outbox.attempt(
                    parcel, phase="readback", at=at, outcome="absent", detail="surely not there"
                )
                await self._send_again(work, parcel, at=at)
            case Unclear(reason=reason):
                await work.outbox.attempt(
                    parcel, phase="readback", at=at, outcome="unclear", detail=reason
                )
                await work.outbox.ask_person(parcel, reason=reason)
                await work.cards.open(_card(parcel, self._connector.traits.title, reason), at=at)

    async def _send_again(self, work: Work, parcel: Parcel, *, at: datetime) -> None:
        """It is surely not there: once more, after a wait that grows, until patience is spent."""
        await work.cards.close(f"doubt:{parcel.parcel_id}", at=at, by="hub")
        wait = self._patience.next_wait(
            OutcomeUnknown(), attempts=parcel.attempts, promised_at=parcel.promised_at, now=at
        )
        if wait is not None:
            await work.outbox.again(parcel.parcel_id, when=State.DOUBT, now=at + wait)
            return
        detail = (
            "Tujuh hari dicoba; setiap kali jawabannya hilang dan kirimannya tidak ada di sana."
        )
        await work.outbox.abandon(parcel, code="spent", detail=detail, at=at)
        await work.cards.open(parked_card(parcel, self._connector.traits.title, detail), at=at)


def _cannot_be_asked(traits: Traits) -> str:
    if not traits.receipt_within:
        return "Kanal ini tidak dapat ditanya apakah kiriman sudah sampai."
    return (
        f"Belum ada tanda terima dalam {traits.receipt_within.total_seconds():.0f} detik; bila datang "
        "belakangan, kiriman ini selesai dengan sendirinya."
    )


async def _is_still_in_doubt(work: Work, parcel: Parcel) -> bool:
    # A receipt, an inspection or a person may have settled it while the upstream was asked.
    current = await work.outbox.get(parcel.parcel_id)
    return (
        current is not None
        and current.state is State.DOUBT
        and (current.attempts, current.looks) == (parcel.attempts, parcel.looks)
    )


async def _unless_of_another(work: Work, parcel: Parcel, found: ReadBack) -> ReadBack:
    if not isinstance(found, Found) or parcel.kind is not Kind.OPENING or not found.external_id:
        return found
    source = await work.complaints.source(parcel.connector, found.external_id)
    if source is None or source.id == parcel.source_id:
        return found
    return Unclear(
        f"Ditemukan sebagai {found.external_id}, tetapi nomor itu sudah tertaut pada aduan lain."
    )


def _card(parcel: Parcel, title: str, reason: str) -> Card:
    return Card(
        key=f"doubt:{parcel.parcel_id}",
        kind="doubt",
        connector=parcel.connector,
        complaint_id=parcel.complaint_id,
        parcel_id=parcel.parcel_id,
        text=f"{WHAT[parcel.kind]} ke {title}: belum pasti sampai. {reason}",
        next_step=f"Lihat di {title}. Bila sudah ada di sana, isikan nomornya; bila tidak ada, "
        "tekan «kirim lagi». Hub tidak mengirim dua kali atas dugaan.",
    )
