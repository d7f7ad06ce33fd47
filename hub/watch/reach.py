"""Whether an upstream can be reached: logged once when it goes, once when it returns."""

from collections import Counter
from collections.abc import Mapping
from datetime import datetime, timedelta

import structlog

from hub.contract.errors import Rejected, Scope, Throttled, Unreachable, UpstreamError, Verdict
from hub.ports import Begin, Clock
from hub.record.away import away_for
from hub.record.hold import hold
from hub.rows import Card

log = structlog.get_logger()

# So many failures in a row, none of them a clear answer, are as good as no connection.
LOST_AFTER = 5


class Reach:
    """Told after every exchange; opens and closes cards, pauses and resumes."""

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
        self._failures: Counter[str] = Counter()

    async def succeeded(self, connector: str) -> None:
        """An exchange went well. Written down at most every few seconds while all is well."""
        now = self._clock()
        self._failures.pop(connector, None)
        seen = self._seen_well.get(connector)
        if seen is not None and now - seen < timedelta(seconds=5):
            return
        self._seen_well[connector] = now
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

    async def failed(self, connector: str, error: UpstreamError) -> None:
        """An exchange failed: pause what has to be paused, show what a person must mend."""
        if isinstance(error, Rejected):
            # It answered, and to the point.
            await self.succeeded(connector)
        if error.verdict is Verdict.GIVE_UP:
            return
        self._failures[connector] += 1
        is_lost = isinstance(error, Unreachable) or self._failures[connector] >= LOST_AFTER
        if error.scope is Scope.CONNECTOR or is_lost:
            self._seen_well.pop(connector, None)
        if is_lost and error.scope is Scope.PARCEL:
            await self._lost(connector, error)
        elif error.verdict is Verdict.PAUSE:
            await self._paused(connector, error)
        elif isinstance(error, Throttled):
            async with self._begin() as work:
                until = self._clock() + (error.retry_after or self._throttled)
                await work.upstreams.pause(
                    connector, until=until, code=error.code, detail=error.detail
                )

    async def _lost(self, connector: str, error: UpstreamError) -> None:
        now = self._clock()
        async with self._begin() as work:
            is_new = await work.upstreams.lost(connector, at=now)
            if is_new:
                await work.cards.open(
                    Card(
                        key=f"lost:{connector}",
                        kind="lost",
                        connector=connector,
                        text=f"{self._titles.get(connector, connector)} tidak dapat dihubungi.",
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
