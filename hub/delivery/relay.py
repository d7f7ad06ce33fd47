"""The relay: leases what is due, pushes it with no transaction open, writes down what came of it."""

import asyncio
import time
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog

from hub.contract.connector import Pushes
from hub.contract.delivery import Acknowledged, Delivery
from hub.contract.errors import (
    OutcomeUnknown,
    Unsendable,
    UpstreamError,
    Verdict,
    WindowClosed,
)
from hub.contract.reading import storable
from hub.delivery.bug import note_bug
from hub.delivery.pace import Pacer
from hub.delivery.pack import NotYet, Packing, pack
from hub.delivery.parked import parked_card
from hub.delivery.patience import Patience
from hub.delivery.write import write_down
from hub.ports import Begin, Clock, Kind, Parcel, Reaches, State, Upstream, Work
from hub.record.settle import Settled, settle

log = structlog.get_logger()

LEASE = timedelta(minutes=5)
# A push must be over, one way or the other, before its lease is.
LONGEST_PUSH = 240.0
# A file that is stored hastens what waits for it; this only bounds a lost nudge.
FILES_COME_IN = timedelta(seconds=15)


@dataclass(frozen=True, slots=True, kw_only=True)
class RelayRules:
    """`at_once`: pushes under way to one upstream. `settling`: how long a doubt rests before a look.

    `longest_push` (seconds) must be shorter than a lease.
    """

    owner: str
    patience: Patience
    packing: Packing
    at_once: int = 8
    settling: timedelta = timedelta(seconds=30)
    longest_push: float = LONGEST_PUSH


class Relay:
    """Everything that goes to one upstream."""

    def __init__(
        self,
        *,
        begin: Begin,
        upstreams: Mapping[str, Upstream],
        name: str,
        clock: Clock,
        reach: Reaches,
        rules: RelayRules,
    ) -> None:
        self._begin = begin
        self._upstreams = upstreams
        self._connector = upstreams[name].connector
        self._clock = clock
        self._reach = reach
        self._rules = rules
        self._pacer = Pacer(self._connector.traits.pace)
        self._under_way: set[asyncio.Task[None]] = set()
        self._closing = False

    async def step(self) -> bool:
        """Start pushing what is due, as many at once as the rules allow. False when nothing was due.

        A slow push takes one place and holds up nobody else.
        """
        if not isinstance(self._connector, Pushes) or self._closing:
            return False
        if len(self._under_way) >= self._rules.at_once:
            await asyncio.wait(self._under_way, return_when=asyncio.FIRST_COMPLETED)
            return True
        name, now = self._connector.name, self._clock()
        async with self._begin() as work:
            if await work.upstreams.paused_until(name, now=now):
                return False
            parcels = await work.outbox.lease(
                name,
                now=now,
                until=now + LEASE,
                owner=self._rules.owner,
                limit=self._rules.at_once - len(self._under_way),
            )
        for parcel in parcels:
            task = asyncio.create_task(self._carry(self._connector, parcel))
            self._under_way.add(task)
            task.add_done_callback(self._under_way.discard)
        if self._closing:
            # `finish` was called while we leased and knows nothing of these.
            await self.finish()
        return bool(parcels)

    async def finish(self) -> None:
        """Wait for every push under way; start no more. What is leased but not begun is released."""
        self._closing = True
        while self._under_way:
            await asyncio.gather(*self._under_way, return_exceptions=True)

    async def drain(self) -> None:
        """Push until nothing is due (for scripts and tests)."""
        while await self.step() or self._under_way:
            await asyncio.gather(*self._under_way)

    async def _carry(self, pushes: Pushes, parcel: Parcel) -> None:
        try:
            await self._deliver(pushes, parcel)
        except Exception as error:  # noqa: BLE001 - nobody waits for this task
            # What came of it could not be written down. The lease runs out: a doubt if the push
            # had begun, a plain retry if it had not.
            note_bug("delivery.not_recorded", parcel, error)

    async def _deliver(self, pushes: Pushes, parcel: Parcel) -> None:
        started = time.perf_counter()
        try:
            delivery = await self._prepare(parcel)
        except Exception as error:  # noqa: BLE001 - one parcel must not stop the others
            # Nothing has left: try again with patience, and show it when that is spent.
            code = note_bug("delivery.bug", parcel, error)
            await self._refused(parcel, UpstreamError("kesalahan program", code=code), started)
            return
        if delivery is None:
            return
        # The lease and the beginning are committed and no transaction is open: the network may
        # take its time.
        started = time.perf_counter()
        try:
            async with asyncio.timeout(self._rules.longest_push):
                acknowledged = await pushes.push(delivery)
        except UpstreamError as error:
            await self._refused(parcel, error, started)
        except TimeoutError:
            await self._refused(parcel, OutcomeUnknown("no answer in time"), started)
        except Exception as error:  # noqa: BLE001 - a connector may have any bug
            # Where it broke is unknown, so is whether it arrived.
            code = note_bug("delivery.bug", parcel, error)
            await self._refused(parcel, OutcomeUnknown("kesalahan program", code=code), started)
        else:
            await self._arrived(parcel, acknowledged, started)

    async def _prepare(self, parcel: Parcel) -> Delivery | None:
        """Pack and begin, in one transaction; None if the parcel is not to leave now."""
        now = self._clock()
        async with self._begin() as work:
            # Locked first: a file that is stored from here on knows that it is too late to go along.
            await work.outbox.get(parcel.parcel_id)
            if self._closing:
                await work.outbox.release(parcel, until=now)
                return None
            if await self._is_old_news(work, parcel):
                await work.outbox.drop(parcel.parcel_id, at=now)
                await work.outbox.attempt(
                    parcel, phase="ended", at=now, outcome="superseded", detail="a newer one went"
                )
                return None
            try:
                delivery = await pack(
                    work,
                    parcel,
                    traits=self._connector.traits,
                    packing=self._rules.packing,
                    now=now,
                )
            except NotYet:
                await work.outbox.release(parcel, until=now + FILES_COME_IN)
                return None
            recipient = str(parcel.person_id) if parcel.person_id is not None else None
            if wait := self._pacer.wait(recipient, now=now):
                await work.outbox.release(parcel, until=now + wait)
                return None
            if not await work.outbox.begin(parcel, at=now, owner=self._rules.owner):
                return None
        return delivery

    async def _is_old_news(self, work: Work, parcel: Parcel) -> bool:
        """A bare status that was parked or postponed while a newer one arrived says nothing any more."""
        if parcel.kind is not Kind.STATUS or parcel.needed or parcel.content.get("note"):
            return False
        return await work.outbox.is_superseded(parcel)

    async def _arrived(self, parcel: Parcel, acknowledged: Acknowledged, started: float) -> None:
        now, took = self._clock(), _milliseconds(started)

        async def write(work: Work) -> None:
            await settle(
                work, parcel, upstreams=self._upstreams, external_id=acknowledged.external_id,
                at=now, how=Settled("ended", milliseconds=took),
            )  # fmt: skip

        await write_down(self._begin, write)
        await self._reach.succeeded(parcel.connector)
        _log(parcel, outcome="settled", code=None, milliseconds=took)

    async def _refused(self, parcel: Parcel, error: UpstreamError, started: float) -> None:
        now, took = self._clock(), _milliseconds(started)
        # It may quote a body that no database keeps as it is.
        error.detail = storable(error.detail)

        async def write(work: Work) -> str:
            outcome = await self._follow(work, parcel, error, now=now)
            await work.outbox.attempt(
                parcel, phase="ended", at=now, outcome=outcome, code=error.code,
                detail=error.detail, milliseconds=took,
            )  # fmt: skip
            return outcome

        outcome = await write_down(self._begin, write)
        await self._reach.failed(parcel.connector, error)
        _log(parcel, outcome=outcome, code=error.code, milliseconds=took)

    async def _follow(
        self, work: Work, parcel: Parcel, error: UpstreamError, *, now: datetime
    ) -> str:
        """Do what the failure says, and tell what that was."""
        match error.verdict:
            case Verdict.DOUBT:
                rest = max(self._rules.settling, self._connector.traits.receipt_within)
                await work.outbox.doubt(
                    parcel, until=now + rest, code=error.code, detail=error.detail, at=now
                )
            case Verdict.GIVE_UP:
                await self._give_up(work, parcel, error, at=now)
            case _:
                return await self._retry(work, parcel, error, now=now)
        return error.verdict.value

    async def _retry(
        self, work: Work, parcel: Parcel, error: UpstreamError, *, now: datetime
    ) -> str:
        if isinstance(error, WindowClosed) and parcel.person_id is not None:
            await work.people.close_window(parcel.person_id)
        wait = self._rules.patience.next_wait(
            error, attempts=parcel.attempts, promised_at=parcel.promised_at, now=now
        )
        if wait is None:
            spent = Unsendable(f"menyerah sesudah 7 hari: {error.detail}", code="spent")
            await self._give_up(work, parcel, spent, at=now)
            return "spent"
        await work.outbox.postpone(parcel, until=now + wait, code=error.code, detail=error.detail)
        return error.verdict.value

    async def _give_up(
        self, work: Work, parcel: Parcel, error: UpstreamError, *, at: datetime
    ) -> None:
        if parcel.kind is Kind.NOTICE and isinstance(error, Unsendable):
            # A greeting that is answered a day late is answered best by nothing.
            await work.outbox.drop(parcel.parcel_id, at=at)
            return
        await work.outbox.abandon(parcel, code=error.code, detail=error.detail, at=at)
        current = await work.outbox.get(parcel.parcel_id)
        if current is None or current.state is not State.ABANDONED:
            return
        detail = f"{error.detail} ({error.code})"
        await work.cards.open(parked_card(parcel, self._connector.traits.title, detail), at=at)


def _milliseconds(started: float) -> int:
    return round((time.perf_counter() - started) * 1000)


def _log(parcel: Parcel, *, outcome: str, code: str | None, milliseconds: int) -> None:
    log.info(
        "delivery.attempted",
        parcel_id=parcel.parcel_id,
        connector=parcel.connector,
        kind=parcel.kind.value,
        complaint_id=parcel.complaint_id,
        attempt=parcel.attempts,
        outcome=outcome,
        code=code,
        milliseconds=milliseconds,
    )
