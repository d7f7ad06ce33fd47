"""What a person settles: found there, not there, send again, drop; pause and resume."""

from collections.abc import Mapping

from hub.contract.connector import Inspects
from hub.contract.errors import NotFound, UpstreamError
from hub.ports import Begin, Clock, Upstream, Work
from hub.record.settle import Settled, settle
from hub.rows import Kind, Parcel, State, Topic


class NoSuchThing(Exception):
    """The message is a sentence in Bahasa Indonesia."""


class DecisionRefused(Exception):
    """The message is a sentence in Bahasa Indonesia."""


class Decide:
    """Each decision is one transaction, written down with who made it."""

    def __init__(self, *, begin: Begin, upstreams: Mapping[str, Upstream], clock: Clock) -> None:
        self._begin = begin
        self._upstreams = upstreams
        self._clock = clock

    async def found(self, parcel_id: str, *, external_id: str | None, who: str) -> None:
        """It is there, under this number. An opening needs the number, and it is looked at first."""
        await self._look(parcel_id, (external_id or "").strip())
        async with self._begin() as work:
            parcel = await self._unsettled(work, parcel_id)
            number = (external_id or "").strip() or None
            if parcel.kind is Kind.OPENING:
                if number is None:
                    raise DecisionRefused("Isikan nomor aduan di sana.")
                if await work.complaints.source(parcel.connector, number) is not None:
                    raise DecisionRefused(f"Nomor {number} sudah tertaut pada aduan lain.")
            await settle(
                work, parcel, upstreams=self._upstreams, external_id=number, at=self._clock(),
                how=Settled("person", "found there", who=who),
            )  # fmt: skip

    async def send_again(self, parcel_id: str, *, who: str) -> None:
        """It is not there."""
        async with self._begin() as work:
            parcel = await self._unsettled(work, parcel_id)
            if parcel.state is not State.DOUBT:
                raise DecisionRefused("Hanya kiriman yang belum pasti dapat dikirim lagi di sini.")
            await self._again(work, parcel, outcome="not_there", who=who)

    async def replay(self, parcel_id: str, *, who: str) -> None:
        """What was given up is tried again, with new patience."""
        async with self._begin() as work:
            parcel = await self._unsettled(work, parcel_id)
            if parcel.state is not State.ABANDONED:
                raise DecisionRefused("Hanya kiriman yang diparkir dapat dikirim ulang.")
            await self._again(work, parcel, outcome="replayed", who=who)

    async def drop(self, parcel_id: str, *, who: str, why: str) -> None:
        """It need not be sent any more."""
        now = self._clock()
        async with self._begin() as work:
            parcel = await self._unsettled(work, parcel_id)
            if parcel.state is State.LEASED:
                raise DecisionRefused("Kiriman sedang berjalan; coba lagi sebentar.")
            if parcel.handed_to not in (None, who):
                raise DecisionRefused(f"Sedang dikerjakan oleh {parcel.handed_to}.")
            for each in (parcel, *await self._never_opened(work, parcel)):
                await work.outbox.drop(each.parcel_id, at=now)
                await work.outbox.attempt(
                    each, phase="person", at=now, outcome="dropped", detail=why, who=who
                )
                await self._close_cards(work, each, who=who)

    async def _never_opened(self, work: Work, parcel: Parcel) -> list[Parcel]:
        """Where a complaint is not opened at all, what would have followed has nowhere to go."""
        if parcel.kind is not Kind.OPENING or parcel.source_id is None:
            return []
        await work.complaints.leave_out(parcel.source_id)
        return await work.outbox.waiting_behind(parcel)

    async def pause(self, connector: str, *, who: str) -> None:
        """Neither push nor ask there until somebody resumes; what comes from there is read, parcels wait."""
        self._known(connector)
        async with self._begin() as work:
            await work.upstreams.pause(
                connector, until=None, code="operator", detail=f"Dijeda oleh {who}", by=who
            )

    async def resume(self, connector: str, *, who: str) -> None:
        """Send again, slowly at first."""
        self._known(connector)
        async with self._begin() as work:
            await work.upstreams.resume(connector, at=self._clock())
            await work.cards.close(f"paused:{connector}", at=self._clock(), by=who)
            work.nudge(Topic.OUTBOX, connector)

    async def read_again(self, inbox_id: int, *, who: str) -> None:
        """Read a kept raw thing again, after a fix."""
        async with self._begin() as work:
            if not await work.inbox.again(inbox_id, now=self._clock()):
                raise NoSuchThing(
                    "Kiriman asli itu tidak ada, atau sudah dihapus menurut retensi."
                )
            await work.cards.close(f"unreadable:{inbox_id}", at=self._clock(), by=who)

    async def let_go(self, inbox_id: int, *, who: str, why: str) -> None:
        """A kept raw thing need not be read any more: a typing mistake that came again in a better file."""
        now = self._clock()
        async with self._begin() as work:
            if not await work.inbox.let_go(inbox_id, at=now, summary=f"dilepaskan: {why} ({who})"):
                raise NoSuchThing("Kiriman masuk itu tidak ada, atau sudah terbaca.")
            await work.cards.close(f"unreadable:{inbox_id}", at=now, by=who)

    async def close_card(self, card_id: int, *, who: str) -> None:
        """Put a card away."""
        async with self._begin() as work:
            if not await work.cards.close_by_id(card_id, at=self._clock(), by=who):
                raise NoSuchThing("Kartu itu tidak ada atau sudah ditutup.")

    async def _look(self, parcel_id: str, number: str) -> None:
        async with self._begin() as work:
            parcel = await self._unsettled(work, parcel_id)
        upstream = self._upstreams.get(parcel.connector)
        if parcel.kind is not Kind.OPENING or not number or upstream is None:
            return
        if not isinstance(upstream.connector, Inspects):
            return
        title = upstream.connector.traits.title
        try:
            await upstream.connector.inspect(number)
        except NotFound as error:
            raise DecisionRefused(
                f"{title} tidak mengenal nomor {number}; periksa lagi."
            ) from error
        except UpstreamError as error:
            raise DecisionRefused(
                f"{title} sedang tidak dapat ditanya tentang nomor {number}; coba lagi sebentar."
            ) from error

    async def _again(self, work: Work, parcel: Parcel, *, outcome: str, who: str) -> None:
        now = self._clock()
        await work.outbox.attempt(parcel, phase="person", at=now, outcome=outcome, who=who)
        await work.outbox.again(parcel.parcel_id, when=parcel.state, now=now, fresh=True)
        await self._close_cards(work, parcel, who=who)

    async def _close_cards(self, work: Work, parcel: Parcel, *, who: str) -> None:
        for kind in ("doubt", "parked"):
            await work.cards.close(f"{kind}:{parcel.parcel_id}", at=self._clock(), by=who)

    async def _unsettled(self, work: Work, parcel_id: str) -> Parcel:
        parcel = await work.outbox.get(parcel_id)
        if parcel is None:
            raise NoSuchThing(f"Tidak ada kiriman {parcel_id}.")
        if parcel.state in (State.SETTLED, State.DROPPED):
            raise DecisionRefused("Kiriman ini sudah selesai.")
        return parcel

    def _known(self, connector: str) -> None:
        if connector not in self._upstreams:
            raise NoSuchThing(f"Tidak ada konektor {connector} yang aktif.")
