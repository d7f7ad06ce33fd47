"""What a person does with what the hub laid out: take it, carry it there, type back what came of it."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import timedelta

from hub.contract.connector import HandsOver, Inspects
from hub.contract.errors import UpstreamError
from hub.contract.slip import Number, Slip
from hub.delivery.decide import DecisionRefused, NoSuchThing
from hub.delivery.pack import Packing, pack
from hub.domain.complaint import Complaint, Source
from hub.domain.status import Status
from hub.ports import Begin, Clock, Upstream, Work
from hub.record.disagree import agree
from hub.record.promises import can_be_told, promise_status
from hub.record.settle import Settled, settle
from hub.record.speaking import numbered
from hub.record.undelivered import park_refused
from hub.record.write import write_down
from hub.rows import Kind, Parcel, State, Topic


class LooksOdd(DecisionRefused):
    """The number looks wrong; the message asks, and `number` is what would be kept."""

    def __init__(self, sentence: str, number: str) -> None:
        super().__init__(sentence)
        self.number = number


@dataclass(frozen=True, slots=True)
class Laid:
    """A parcel as it lies before the operator; `slip` is None where it cannot be made, `why` says it."""

    parcel: Parcel
    ticket: str
    slip: Slip | None
    why: str | None


class Handwork:
    """Each is one transaction, written down with who did it. No two operators carry one parcel."""

    def __init__(
        self, *, begin: Begin, upstreams: Mapping[str, Upstream], clock: Clock, packing: Packing
    ) -> None:
        self._begin = begin
        self._upstreams = upstreams
        self._clock = clock
        # What lies before somebody is shown as it is, also while another attachment is still to come.
        self._packing = replace(packing, files_wait=timedelta())

    async def lay(self, parcel_id: str) -> Laid:
        """Make its slip, with every text ready to copy. Raises `NoSuchThing`."""
        return await write_down(self._begin, lambda work: self._lay(work, parcel_id))

    async def take(self, parcel_id: str, *, who: str) -> None:
        """This operator carries it now. Raises `DecisionRefused` if another one does."""

        async def write(work: Work) -> None:
            parcel = await self._free_for(work, parcel_id, who=who)
            if parcel.batch_id is not None:
                raise DecisionRefused(
                    "Kiriman ini sudah ditulis ke berkas; muat jawabannya dengan `hub import`, atau "
                    "catat hasilnya di sini."
                )
            await work.hands.take(parcel_id, who=who)
            await self._note(work, parcel, "taken", who=who)

        await write_down(self._begin, write)

    async def put_back(self, parcel_id: str, *, who: str, why: str) -> None:
        """Nobody has carried it after all; it is laid out again, or pushed where the hub pushes.

        Anybody may say so: who took it may be on leave.
        """

        async def write(work: Work) -> None:
            parcel = await self._handed(work, parcel_id)
            await work.hands.take(parcel_id, who=None)
            await self._note(work, parcel, "put_back", who=who, detail=why)
            work.nudge(Topic.OUTBOX, parcel.connector)

        await write_down(self._begin, write)

    async def done(
        self, parcel_id: str, *, number: str | None, who: str, is_sure: bool = False
    ) -> None:
        """It is there, under this number. Raises `LooksOdd` unless `is_sure`."""

        async def write(work: Work) -> None:
            parcel = await self._free_for(work, parcel_id, who=who)
            external_id = None
            if parcel.kind is Kind.OPENING:
                external_id = await self._number(work, parcel.connector, number, is_sure=is_sure)
            await settle(
                work, parcel, upstreams=self._upstreams, external_id=external_id, at=self._clock(),
                how=Settled("person", "carried there", who=who),
            )  # fmt: skip

        await write_down(self._begin, write)

    async def refused(self, parcel_id: str, *, why: str, who: str) -> None:
        """They did not take it."""

        async def write(work: Work) -> None:
            parcel = await self._free_for(work, parcel_id, who=who)
            title = self._upstream(parcel.connector).connector.traits.title
            await park_refused(work, parcel, why=why, title=title, at=self._clock())
            await self._note(work, parcel, "refused_there", who=who, detail=why)

        await write_down(self._begin, write)

    async def correct(
        self,
        ticket: str,
        connector: str,
        *,
        number: str,
        why: str,
        who: str,
        is_sure: bool = False,
        wrong: str | None = None,
    ) -> None:
        """The number typed before (`wrong`, where there are several) was not right; it stays written down."""

        async def write(work: Work) -> None:
            complaint = await work.complaints.by_ticket(ticket)
            sources = await work.complaints.sources(complaint.id) if complaint else []
            found = numbered(sources, connector, wrong)
            if complaint is None or not found:
                raise NoSuchThing(f"Aduan {ticket} belum punya nomor di {connector}.")
            if len(found) > 1:
                raise DecisionRefused(f"Ada beberapa nomor di {connector}; sebutkan yang salah.")
            source = found[0]
            if await work.outbox.is_under_way(source.id):
                raise DecisionRefused("Sedang ada kiriman ke nomor yang lama; coba sebentar lagi.")
            put_right = await self._number(work, connector, number, is_sure=is_sure)
            await self._relink(work, complaint, source, number=put_right, who=who, why=why)

        await write_down(self._begin, write)

    async def _lay(self, work: Work, parcel_id: str) -> Laid:
        parcel = await self._handed(work, parcel_id)
        upstream = self._upstreams.get(parcel.connector)
        if upstream is None or not isinstance(upstream.connector, HandsOver):
            return Laid(parcel, "", None, f"Konektor {parcel.connector} tidak aktif.")
        ticket = ""
        try:
            delivery = await pack(
                work, parcel, traits=upstream.connector.traits, packing=self._packing,
                now=self._clock(),
            )  # fmt: skip
            ticket = delivery.ticket
            return Laid(parcel, ticket, upstream.connector.slip(delivery), None)
        except UpstreamError as error:
            return Laid(parcel, ticket, None, error.detail or error.code)

    async def _relink(
        self,
        work: Work,
        complaint: Complaint,
        source: Source,
        *,
        number: str,
        who: str,
        why: str,
    ) -> None:
        connector, now = self._upstream(source.connector).connector, self._clock()
        await work.complaints.relink(
            source, number, at=now, by=who, why=why,
            inspect_at=now if isinstance(connector, Inspects) else None,
        )  # fmt: skip
        await work.cards.close(f"gone:{source.connector}:{source.external_id}", at=now, by=who)
        await agree(work, complaint, source, at=now, by=who)
        if complaint.status is not Status.RECEIVED and source.listens and can_be_told(connector):
            # What was told before was told about somebody else's complaint.
            await promise_status(work, complaint, source, at=now, note=None)
        work.nudge(Topic.OUTBOX, source.connector)

    async def _number(
        self, work: Work, connector: str, typed: str | None, *, is_sure: bool
    ) -> str:
        if not (typed or "").strip():
            raise DecisionRefused("Isikan nomor aduan di sana.")
        upstream = self._upstream(connector).connector
        given = typed or ""
        number = (
            upstream.number(given) if isinstance(upstream, HandsOver) else Number(given.strip())
        )
        known = await work.complaints.source(connector, number.text)
        if known is not None:
            other = await work.complaints.get(known.complaint_id)
            raise DecisionRefused(
                f"Nomor {number.text} sudah tertaut pada aduan {other.ticket}; periksa lagi."
            )
        if number.odd and not is_sure:
            raise LooksOdd(number.odd, number.text)
        return number.text

    async def _free_for(self, work: Work, parcel_id: str, *, who: str) -> Parcel:
        parcel = await self._handed(work, parcel_id)
        if parcel.handed_to not in (None, who):
            raise DecisionRefused(f"Sedang dikerjakan oleh {parcel.handed_to}.")
        return parcel

    async def _handed(self, work: Work, parcel_id: str) -> Parcel:
        parcel = await work.outbox.get(parcel_id)
        if parcel is None:
            raise NoSuchThing(f"Tidak ada kiriman {parcel_id}.")
        if parcel.state is not State.HANDED:
            raise DecisionRefused(
                "Kiriman ini tidak (lagi) menunggu disalin: sudah selesai, atau kanalnya kini "
                "dikirimi langsung oleh hub."
            )
        return parcel

    async def _note(
        self, work: Work, parcel: Parcel, outcome: str, *, who: str, detail: str | None = None
    ) -> None:
        await work.outbox.attempt(
            parcel, phase="person", at=self._clock(), outcome=outcome, detail=detail, who=who
        )

    def _upstream(self, connector: str) -> Upstream:
        upstream = self._upstreams.get(connector)
        if upstream is None:
            raise NoSuchThing(f"Tidak ada konektor {connector} yang aktif.")
        return upstream
