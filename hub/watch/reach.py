"""Whether an upstream can be reached: logged once when it goes, once when it returns."""

from collections import Counter
from collections.abc import Mapping
from datetime import datetime, timedelta

import structlog

from hub.contract.errors import Throttled, Unreachable, UpstreamError, Verdict
from hub.ports import Begin, Clock
from hub.record.away import ANSWERS, SILENCE, away_for
from hub.record.hold import hold
from hub.rows import Card

log = structlog.get_logger()

# So many failures in a row, none of them a clear answer, are as good as no connection.
LOST_AFTER = 5
# What waits is tried more often than this, so nothing waits any more that could end the outage.
NOBODY_PUSHES = timedelta(hours=2)


class Reach:
    """Told after every exchange; opens and closes cards, pauses and resumes.

    What pushes found out (`by_push`) only a push can end: where reads go well, pushes may still fail.
    """

    def __init__(
        self,
        *,
        begin: Begin,
        clock: Clock,
        titles: Mapping[str, str] | None = None,
        pause: timedelta = timedelta(seconds=60),
        throttled: timedelta = timedelta(seconds=30),
    ) -> None:
        self._begin = begin
        self._clock = clock
        self._titles = titles or {}
        self._pause = pause
        self._throttled = throttled
        self._seen_well: dict[str, datetime] = {}
        self._failures: Counter[tuple[str, bool]] = Counter()
        self._pushes_failed: dict[str, datetime] = {}
        self._reads_failed: set[str] = set()

    async def succeeded(self, connector: str, *, by_push: bool = False) -> None:
        """An exchange went well. Written down at most every few seconds while all is well."""
        now = self._clock()
        self._failures.pop((connector, False), None)
        is_new = connector in self._reads_failed
        self._reads_failed.discard(connector)
        if by_push:
            self._failures.pop((connector, True), None)
            is_new |= self._pushes_failed.pop(connector, None) is not None
        seen = self._seen_well.get(connector)
        if not is_new and seen is not None and now - seen < timedelta(seconds=5):
            return
        self._seen_well[connector] = now
        if self._do_pushes_fail(connector, now=now):
            await self._read_well(connector, is_new=is_new, now=now)
        else:
            await self._back(connector, now=now)

    async def failed(self, connector: str, error: UpstreamError, *, by_push: bool = False) -> None:
        """An exchange failed: pause what has to be paused, show what a person must mend."""
        if isinstance(error, ANSWERS):
            await self.succeeded(connector, by_push=by_push)
        elif self._is_lost(connector, error, by_push=by_push):
            self._seen_well.pop(connector, None)
            if by_push:
                self._pushes_failed[connector] = self._clock()
            else:
                self._reads_failed.add(connector)
            await self._lost(connector, error, by_push=by_push)
        elif error.verdict is Verdict.PAUSE:
            self._seen_well.pop(connector, None)
            await self._paused(connector, error)
        elif isinstance(error, Throttled):
            self._seen_well.pop(connector, None)
            async with self._begin() as work:
                until = self._clock() + (error.retry_after or self._throttled)
                await work.upstreams.pause(
                    connector, until=until, code=error.code, detail=error.detail
                )

    def _is_lost(self, connector: str, error: UpstreamError, *, by_push: bool) -> bool:
        if not isinstance(error, SILENCE):
            return False
        self._failures[connector, by_push] += 1
        return (
            isinstance(error, Unreachable)
            or self._failures[connector, by_push] >= LOST_AFTER
            or (by_push and connector in self._pushes_failed)
        )

    def _do_pushes_fail(self, connector: str, *, now: datetime) -> bool:
        failed_at = self._pushes_failed.get(connector)
        if failed_at is not None and now - failed_at > NOBODY_PUSHES:
            del self._pushes_failed[connector]
            return False
        return failed_at is not None

    async def _read_well(self, connector: str, *, is_new: bool, now: datetime) -> None:
        """Reads go well and pushes do not, as far as we know; the next probe tells."""
        async with self._begin() as work:
            await work.upstreams.reached(connector, at=now, is_back=False)
            if await work.upstreams.end_pause(connector, now=now):
                await work.cards.close(f"paused:{connector}", at=now, by="hub")
            if is_new:
                # It was away altogether: something must be due, or nothing would probe.
                await work.outbox.hasten_unreached(connector, now=now)

    async def _back(self, connector: str, *, now: datetime) -> None:
        async with self._begin() as work:
            was_away = away_for(await work.upstreams.gate(connector), now=now)
            was_lost = await work.upstreams.reached(connector, at=now)
            was_paused = await work.upstreams.end_pause(connector, now=now)
            if was_away:
                await work.upstreams.return_slowly(connector, at=now)
                await work.outbox.hasten_unreached(connector, now=now)
            if was_lost or was_paused:
                await work.cards.close(f"lost:{connector}", at=now, by="hub")
                await work.cards.close(f"paused:{connector}", at=now, by="hub")
        if was_lost:
            log.info("upstream.back", connector=connector)

    async def _lost(self, connector: str, error: UpstreamError, *, by_push: bool) -> None:
        now, title = self._clock(), self._titles.get(connector, connector)
        text = f"{title} tidak dapat dihubungi."
        if by_push and not isinstance(error, Unreachable):
            text = f"Kiriman ke {title} tidak dijawab dengan jelas, berkali-kali."
        async with self._begin() as work:
            is_new = await work.upstreams.lost(connector, at=now)
            if is_new:
                await work.cards.open(
                    Card(
                        key=f"lost:{connector}",
                        kind="lost",
                        connector=connector,
                        text=text,
                        next_step="Hub terus mencoba; tidak ada yang hilang. Bila lebih dari satu jam, "
                        "periksa jaringan dan alamat di pengaturan, lalu hubungi pengelolanya.",
                    ),
                    at=now,
                )
        if is_new:
            log.warning("upstream.lost", connector=connector, code=error.code)

    async def _paused(self, connector: str, error: UpstreamError) -> None:
        now = self._clock()
        async with self._begin() as work:
            await hold(
                work, connector, error, title=self._titles.get(connector, connector),
                until=now + (error.retry_after or self._pause), at=now,
            )  # fmt: skip
