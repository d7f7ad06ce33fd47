"""Asking upstreams: pages of what is new, and one complaint at a time by due time."""

import asyncio
import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from hub.contract.connector import Inspects, KeepsMasters, Polls
from hub.contract.errors import NotFound, UpstreamError
from hub.contract.news import Counted, Page, Raw
from hub.domain.status import Status
from hub.ports import Begin, Clock, Reaches, Upstream, Work
from hub.record.disagree import note_unmoved
from hub.rows import Card, How, Inspection

LEASE = timedelta(minutes=5)
BATCH = 100
DAILY = timedelta(days=1)
OLD = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class PollRules:
    """How long after a failure an upstream is asked again."""

    after_error: timedelta = timedelta(minutes=60)
    at_once: int = 5


class Poll:
    """Everything we ask of one upstream. Each method does what is due and says whether there was anything."""

    def __init__(
        self, *, begin: Begin, upstream: Upstream, clock: Clock, reach: Reaches, rules: PollRules
    ) -> None:
        self._begin = begin
        self._connector = upstream.connector
        self._clock = clock
        self._reach = reach
        self._rules = rules

    async def page(self) -> bool:
        """Fetch one page; what it brought and the cursor are committed together."""
        connector = self._connector
        if not isinstance(connector, Polls):
            return False
        now = self._clock()
        name = self._connector.name
        async with self._begin() as work:
            if await work.upstreams.paused_until(name, now=now):
                return False
            ours, cursor, failures = await work.upstreams.take_poll(
                name, now=now, until=now + LEASE
            )
        if not ours:
            return False
        try:
            page = await connector.poll(cursor)
        except UpstreamError as error:
            await self._reach.failed(name, error)
            async with self._begin() as work:
                due_at = self._clock() + self._wait_after(failures)
                await work.upstreams.polled(
                    name, cursor=cursor, due_at=due_at, failures=failures + 1
                )
            return False
        now = self._clock()
        wait = timedelta() if page.has_more else self._connector.traits.poll_every
        async with self._begin() as work:
            await self._keep(work, page, at=now)
            await work.upstreams.polled(name, cursor=page.cursor, due_at=now + wait, failures=0)
            await work.upstreams.heard(name, at=now)
        await self._reach.succeeded(name)
        return page.has_more

    def _wait_after(self, failures: int) -> timedelta:
        """Soon at first, twice as long each time, and no longer than the rules say."""
        doubled: timedelta = self._connector.traits.poll_every * (1 << min(failures, 10))
        return min(doubled, self._rules.after_error)

    async def _keep(self, work: Work, page: Page, *, at: datetime) -> None:
        name = self._connector.name
        for raw in page.raws:
            if isinstance(raw, Raw):
                await work.inbox.keep(name, raw, how=How.POLL, at=at)
        await work.tallies.count(name, [row for row in page.raws if isinstance(row, Counted)])
        for remark in page.remarks:
            await work.cards.open(
                Card(
                    key=f"remark:{name}:{_kind_of(remark)}",
                    kind="remark",
                    connector=name,
                    text=f"{self._connector.traits.title}: {remark}",
                    next_step="Periksa hal itu di sumbernya. Bila sudah beres atau memang begitu, "
                    "tutup kartu ini.",
                ),
                at=at,
            )

    async def inspect(self) -> bool:
        """Look at every source that is due, a few at once."""
        connector = self._connector
        if not isinstance(connector, Inspects):
            return False
        now = self._clock()
        async with self._begin() as work:
            if await work.upstreams.paused_until(connector.name, now=now):
                return False
            due = await work.complaints.take_inspections(
                connector.name, now=now, until=now + LEASE, limit=BATCH
            )
        at_once = asyncio.Semaphore(self._rules.at_once)
        await asyncio.gather(*(self._look(connector, source, at_once=at_once) for source in due))
        return len(due) == BATCH

    async def _look(
        self, connector: Inspects, due: Inspection, *, at_once: asyncio.Semaphore
    ) -> None:
        name = self._connector.name
        try:
            async with at_once:
                raw = await connector.inspect(due.external_id)
        except UpstreamError as error:
            await self._reach.failed(name, error)
            await self._not_seen(due, error)
            return
        now = self._clock()
        wait = inspect_wait(
            due.status, age=now - due.opened_at, every=self._connector.traits.inspect_every
        )
        async with self._begin() as work:
            if not await work.inbox.keep(name, raw, how=How.INSPECT, at=now):
                await self._note_unmoved(work, due.source_id, at=now)
            await work.upstreams.heard(name, at=now)
            await work.complaints.inspected(due.source_id, due_at=now + wait, failures=0)
            if due.failures:
                await work.cards.close(f"gone:{name}:{due.external_id}", at=now, by="hub")
        await self._reach.succeeded(name)

    async def _not_seen(self, due: Inspection, error: UpstreamError) -> None:
        now = self._clock()
        name = self._connector.name
        async with self._begin() as work:
            await work.complaints.inspected(
                due.source_id, due_at=now + self._rules.after_error, failures=due.failures + 1
            )
            if isinstance(error, NotFound) and due.failures:
                await work.cards.open(
                    Card(
                        key=f"gone:{name}:{due.external_id}",
                        kind="gone",
                        connector=name,
                        text=f"{self._connector.traits.title} tidak lagi mengenal nomor "
                        f"{due.external_id}: {error.detail}",
                        next_step="Periksa nomor itu di sana. Bila salah ketik, betulkan tautannya.",
                    ),
                    at=now,
                )

    async def _note_unmoved(self, work: Work, source_id: int, *, at: datetime) -> None:
        """Nothing new there, which says something if they were told of a move meanwhile."""
        source = await work.complaints.source_by_id(source_id)
        if source is not None and source.shown is not None and source.told is not source.shown:
            complaint = await work.complaints.get(source.complaint_id)
            await note_unmoved(work, complaint, source, title=self._connector.traits.title, at=at)

    async def masters(self) -> bool:
        """Copy the upstream's own tables once a day and compare our mapping with them."""
        connector = self._connector
        if not isinstance(connector, KeepsMasters):
            return False
        now = self._clock()
        name = self._connector.name
        async with self._begin() as work:
            if not await work.upstreams.take_masters(name, now=now, until=now + LEASE):
                return False
        try:
            masters = await connector.masters()
        except UpstreamError as error:
            await self._reach.failed(name, error)
            return False
        now = self._clock()
        rows: Mapping[str, list[list[str]]] = {
            table: [[row.id, row.name] for row in rows] for table, rows in masters.items()
        }
        problems = connector.check_masters(masters)
        async with self._begin() as work:
            await work.upstreams.save_masters(name, rows, at=now, due_at=now + DAILY)
            if problems:
                await work.cards.open(
                    Card(
                        key=f"masters:{name}",
                        kind="masters",
                        connector=name,
                        text=f"Data acuan {self._connector.traits.title} tidak cocok dengan pengaturan: "
                        + "; ".join(problems[:10]),
                        next_step="Betulkan id di pengaturan atau pemetaan, lalu jalankan `hub check`.",
                    ),
                    at=now,
                )
            else:
                await work.cards.close(f"masters:{name}", at=now, by="hub")
        return False


def _kind_of(remark: str) -> str:
    """The same remark about another file or number is the same card; one a day would be a flood."""
    bare = re.sub(r"[\W\d_]+", " ", remark.partition(":")[2] or remark)
    return hashlib.sha256(bare.encode()).hexdigest()[:32]


def inspect_wait(status: Status, *, age: timedelta, every: timedelta) -> timedelta:
    """How long until a source is looked at again: young and open ones often, closed ones seldom."""
    if status.is_final:
        return every * 24
    return every if age < OLD else every * 6
