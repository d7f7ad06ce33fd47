"""The relay: leases what is due, pushes it with no transaction open, writes down what came of it."""

import asyncio
import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog

from hub.contract.connector import Pushes
from hub.contract.delivery import Acknowledged, Delivery
from hub.contract.errors import OutcomeUnknown, UpstreamError
from hub.contract.reading import storable
from hub.delivery.bug import note_bug
from hub.delivery.consequence import Consequences, follow
from hub.delivery.pack import Packing
from hub.delivery.places import Places
from hub.delivery.send_off import LEASE, SendOff
from hub.ports import Begin, Clock, DatabaseAway, Reaches, Upstream, Work
from hub.record.settle import Settled, settle
from hub.record.write import write_down_patiently
from hub.rows import Parcel

log = structlog.get_logger()

# A push must be over, one way or the other, before its lease is.
LONGEST_PUSH = 240.0
# Seconds. One push that hangs must not keep unseen that there are more places by now.
LOOK_AGAIN = 2.0
SOON = timedelta(seconds=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class RelayRules:
    """`at_once`: pushes under way to one upstream. `longest_push` (seconds) is shorter than a lease."""

    owner: str
    consequences: Consequences
    packing: Packing
    at_once: int = 8
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
        self._send_off = SendOff(
            begin=begin, connector=self._connector, clock=clock, rules=rules.packing,
            owner=rules.owner,
        )  # fmt: skip
        self._under_way: set[asyncio.Task[None]] = set()
        self._places = Places(self._send_off.pacer, most=rules.at_once)
        self._moved = asyncio.Event()

    @property
    def ready_at(self) -> datetime:
        """Before this nothing leaves, whatever is due."""
        return self._places.ready_at

    async def step(self) -> bool:
        """Start pushing what is due, as many at once as may be. False when nothing may leave now.

        A slow push takes one place and holds up nobody else.
        """
        pushes, now = self._connector, self._clock()
        if not isinstance(pushes, Pushes) or self._send_off.is_closing:
            return False
        self._moved.clear()
        async with self._begin() as work:
            gate = await work.upstreams.gate(self._connector.name)
            free = self._places.free(gate, under_way=len(self._under_way), now=now)
            parcels = await self._lease(work, free, now=now) if free else []
        self._places.leased(len(parcels))
        for parcel in parcels:
            task = asyncio.create_task(self._carry(pushes, parcel))
            self._under_way.add(task)
            task.add_done_callback(self._arrive)
        if self._send_off.is_closing:
            # `finish` was called while we leased and knows nothing of these.
            await self.finish()
        if free is None:
            with suppress(TimeoutError):
                await asyncio.wait_for(self._moved.wait(), LOOK_AGAIN)
        return bool(parcels) or free is None

    async def _lease(self, work: Work, free: int, *, now: datetime) -> list[Parcel]:
        return await work.outbox.lease(
            self._connector.name, now=now, until=now + LEASE, owner=self._rules.owner,
            limit=free, fresh=self._places.for_new(free),
        )  # fmt: skip

    def _arrive(self, task: asyncio.Task[None]) -> None:
        self._under_way.discard(task)
        self._moved.set()

    async def finish(self) -> None:
        """Wait for every push under way; start no more. What is leased but not begun is released."""
        self._send_off.is_closing = True
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

    async def _packed(self, parcel: Parcel) -> Delivery | None:
        delivery = None
        try:
            delivery = await self._send_off.prepare(parcel)
        finally:
            self._places.packed(leaves=delivery is not None, now=self._clock())
            self._moved.set()
        return delivery

    async def _deliver(self, pushes: Pushes, parcel: Parcel) -> None:
        started = time.perf_counter()
        try:
            delivery = await self._packed(parcel)
        except DatabaseAway:
            await self._put_back(parcel)
            return
        except Exception as error:  # noqa: BLE001 - one parcel must not stop the others
            # Nothing has left: try again with patience, and show it when that is spent.
            code = note_bug("delivery.bug", parcel, error)
            await self._record(parcel, UpstreamError("kesalahan program", code=code), started)
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
            # Where it broke is unknown, so is whether it arrived. It is our fault and says nothing
            # about them.
            code = note_bug("delivery.bug", parcel, error)
            await self._record(parcel, OutcomeUnknown("kesalahan program", code=code), started)
        else:
            await self._arrived(parcel, acknowledged, started)

    async def _arrived(self, parcel: Parcel, acknowledged: Acknowledged, started: float) -> None:
        now, took = self._clock(), _milliseconds(started)
        self._places.ended()

        async def write(work: Work) -> None:
            await settle(
                work, parcel, upstreams=self._upstreams, external_id=acknowledged.external_id,
                at=now, how=Settled("ended", milliseconds=took),
            )  # fmt: skip

        # Only this process knows the answer; without it a person would be asked.
        await write_down_patiently(self._begin, write, lasts=None)
        await self._reach.succeeded(parcel.connector, by_push=True)
        _log(parcel, outcome="settled", code=None, milliseconds=took)

    async def _refused(self, parcel: Parcel, error: UpstreamError, started: float) -> None:
        self._places.ended(error)
        await self._record(parcel, error, started)
        await self._reach.failed(parcel.connector, error, by_push=True)

    async def _put_back(self, parcel: Parcel) -> None:
        """Nothing has left, and neither the parcel nor the upstream has any part in it."""
        is_said = False

        async def write(work: Work) -> None:
            nonlocal is_said
            # Said once it may have been committed, and the parcel leased anew: that lease is not ours.
            if not is_said:
                await work.outbox.release(parcel, until=self._clock() + SOON)
            is_said = True

        await write_down_patiently(self._begin, write)

    async def _record(self, parcel: Parcel, error: UpstreamError, started: float) -> None:
        now, took = self._clock(), _milliseconds(started)
        traits, rules = self._connector.traits, self._rules.consequences
        # It may quote a body that no database keeps as it is.
        error.detail = storable(error.detail)

        async def write(work: Work) -> str:
            outcome = await follow(work, parcel, error, traits=traits, rules=rules, now=now)
            await work.outbox.attempt(
                parcel, phase="ended", at=now, outcome=outcome, code=error.code,
                detail=error.detail, milliseconds=took,
            )  # fmt: skip
            return outcome

        outcome = await write_down_patiently(self._begin, write)
        _log(parcel, outcome=outcome, code=error.code, milliseconds=took)


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
