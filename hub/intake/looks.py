"""Looking at what an upstream shows of each complaint: by due time, on a budget, round after round."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import structlog

from hub.contract.connector import Inspects
from hub.contract.errors import NotFound, Scope, Unreachable, UpstreamError
from hub.contract.news import Raw
from hub.domain.looking import UNREADABLE_AFTER, Budget, look_again_after, try_again_after
from hub.ports import Begin, Clock, Reaches, Upstream, Work
from hub.record.disagree import note_unmoved
from hub.record.speaking import speaking_for
from hub.record.write import write_down_patiently
from hub.rows import Card, How, Inspection

log = structlog.get_logger()

LEASE = timedelta(minutes=5)
BATCH = 100
# An upstream that does not answer at all is asked again after this, by whichever process.
REST = timedelta(minutes=1)
DAILY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class LookRules:
    """`after_error`: the longest wait after looks in vain. `at_once`: so many calls beside each other."""

    per_minute: int = 60
    after_error: timedelta = timedelta(minutes=60)
    at_once: int = 5


@dataclass(slots=True)
class _Batch:
    """Looks that go together; the first ones find out whether the upstream answers at all."""

    at_once: asyncio.Semaphore
    is_over: bool = False
    seen: list[tuple[Inspection, Raw]] = field(default_factory=list)
    put_back: list[int] = field(default_factory=list)


class Looks:
    """`step` looks at what is due and paid for; True when there may be more at once."""

    def __init__(
        self, *, begin: Begin, upstream: Upstream, clock: Clock, reach: Reaches, rules: LookRules
    ) -> None:
        self._begin = begin
        self._connector = upstream.connector
        self._clock = clock
        self._reach = reach
        self._rules = rules
        own = self._connector.traits.looks_per_minute
        self.budget = Budget(min(rules.per_minute, own or rules.per_minute))

    @property
    def can_look(self) -> bool:
        """Whether the channel can be looked at at all."""
        return isinstance(self._connector, Inspects)

    async def step(self) -> bool:
        """Take what is due, look a few at a time, and keep what each of them shows."""
        connector = self._connector
        if not isinstance(connector, Inspects):
            return False
        async with self._begin() as work:
            taken = await self._take(work)
        if not taken:
            return False
        began, batch = self._clock(), _Batch(asyncio.Semaphore(self._rules.at_once))
        await asyncio.gather(*(self._look(connector, due, batch) for due in taken))
        await self._keep(batch.seen, at=began)
        if batch.put_back:
            async with self._begin() as work:
                await work.looks.plan(batch.put_back, due_at=self._clock())
                await work.rounds.called(connector.name, -len(batch.put_back))
        return len(taken) == BATCH

    async def _take(self, work: Work) -> list[Inspection]:
        now, name = self._clock(), self._connector.name
        if await work.upstreams.paused_until(name, now=now):
            return []
        taken = await work.looks.take(
            name, now=now, until=now + LEASE, budget=self.budget, limit=BATCH
        )
        await work.rounds.end(name, at=now)
        if taken:
            await work.rounds.begin(name, at=now)
            await work.rounds.called(name, len(taken))
        return taken

    async def _look(self, connector: Inspects, due: Inspection, batch: _Batch) -> None:
        async with batch.at_once:
            if batch.is_over:
                batch.put_back.append(due.source_id)
                return
            try:
                raw = await connector.inspect(due.external_id)
            except UpstreamError as error:
                await self._not_seen(due, error, batch)
                return
            except Exception as error:  # noqa: BLE001 - one that trips the connector stops no other
                await self._not_seen(due, self._bug(error), batch)
                return
        batch.seen.append((due, raw))

    async def _keep(self, seen: Sequence[tuple[Inspection, Raw]], *, at: datetime) -> None:
        """Most show what they showed before: that is written down for all of them at once."""
        if not seen:
            return
        name = self._connector.name

        async def write(work: Work) -> list[tuple[Inspection, Raw]]:
            news: list[tuple[Inspection, Raw]] = []
            same: dict[timedelta, list[int]] = {}
            for due, raw in seen:
                if due.apart or due.failures or not await work.inbox.has(name, raw):
                    news.append((due, raw))
                else:
                    same.setdefault(self._wait(due, at=at), []).append(due.source_id)
            for wait, source_ids in same.items():
                await work.looks.seen(sorted(source_ids), at=at, due_at=at + wait)
            await work.upstreams.heard(name, at=at)
            return news

        for due, raw in await write_down_patiently(self._begin, write):
            await self._keep_one(due, raw, at=at)
        await self._reach.succeeded(name)

    async def _keep_one(self, due: Inspection, raw: Raw, *, at: datetime) -> None:
        name = self._connector.name

        async def write(work: Work) -> None:
            wait = self._wait(due, at=at)
            if await work.inbox.keep(name, raw, how=How.INSPECT, at=at):
                # Something happens there: whatever it was, more may follow.
                wait = self._connector.traits.inspect_every
            else:
                await self._note_unmoved(work, due.source_id)
            await work.looks.seen([due.source_id], at=at, due_at=at + wait)
            if due.failures:
                await work.cards.close(f"gone:{name}:{due.external_id}", at=at, by="hub")

        await write_down_patiently(self._begin, write)

    def _wait(self, due: Inspection, *, at: datetime) -> timedelta:
        return look_again_after(
            due.status,
            every=self._connector.traits.inspect_every,
            age=at - due.opened_at,
            over_for=at - due.status_at,
            apart=due.apart,
        )

    async def _note_unmoved(self, work: Work, source_id: int) -> None:
        """Nothing new there, which says something if they were told of a move meanwhile."""
        complaint, source = await speaking_for(work, source_id)
        if source.shown is not None and source.told is not source.shown:
            title = self._connector.traits.title
            await note_unmoved(work, complaint, source, title=title, at=self._clock())

    async def _not_seen(self, due: Inspection, error: UpstreamError, batch: _Batch) -> None:
        name = self._connector.name
        is_away = isinstance(error, Unreachable) and not batch.seen
        if is_away or error.scope is Scope.CONNECTOR:
            batch.is_over = True
        await self._reach.failed(name, error)
        now = self._clock()
        is_gone = isinstance(error, NotFound) and due.failures > 0
        failures = max(due.failures + 1, UNREADABLE_AFTER if is_gone else 0)
        wait = try_again_after(due.failures, longest=self._rules.after_error)
        if is_gone:
            # Whoever mends the number has it looked at anew; until then once a day is plenty.
            wait = max(wait, min(DAILY, self._connector.traits.inspect_every * 24))
        async with self._begin() as work:
            await work.looks.in_vain(
                due.source_id,
                failures=failures,
                due_at=now + wait,
                unreadable_at=now if failures >= UNREADABLE_AFTER else None,
            )
            if is_away:
                await work.looks.rest(
                    name, until=now + min(REST, self._rules.after_error), budget=self.budget
                )
            if is_gone:
                await work.cards.open(self._gone(due, error), at=now)

    def _bug(self, error: Exception) -> UpstreamError:
        """A fault of ours: its text may quote a citizen, its kind does not."""
        kind = type(error).__name__
        log.error("look.bug", connector=self._connector.name, error=kind)
        return UpstreamError(kind, code="bug")

    def _gone(self, due: Inspection, error: UpstreamError) -> Card:
        name, title = self._connector.name, self._connector.traits.title
        return Card(
            key=f"gone:{name}:{due.external_id}",
            kind="gone",
            connector=name,
            text=f"{title} tidak lagi mengenal nomor {due.external_id}: {error.detail}",
            next_step="Periksa nomor itu di sana. Bila salah ketik, betulkan tautannya.",
        )
