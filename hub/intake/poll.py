"""Asking upstreams: pages of what is new, and copies of their own tables."""

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from hub.contract.connector import KeepsMasters, Polls
from hub.contract.errors import UpstreamError
from hub.contract.news import Counted, Page, Raw
from hub.ports import Begin, Clock, Reaches, Upstream, Work
from hub.record.write import write_down_patiently
from hub.rows import Card, How

LEASE = timedelta(minutes=5)
DAILY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class PollRules:
    """How long after a failure an upstream is asked again."""

    after_error: timedelta = timedelta(minutes=60)


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

        async def write(work: Work) -> None:
            await self._keep(work, page, at=now)
            await work.upstreams.polled(name, cursor=page.cursor, due_at=now + wait, failures=0)
            await work.upstreams.heard(name, at=now)

        # A page that is lost costs the rest of the lease.
        await write_down_patiently(self._begin, write)
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
