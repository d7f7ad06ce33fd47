"""Reports that nobody has read for matching: typed at the counter, or taken in while matching was off."""

from datetime import timedelta

from hub.domain.matching.tables import Matching
from hub.intake.gists import Gists
from hub.intake.recognise import WINDOW
from hub.ports import Begin, Clock

AT_ONCE = 100
EVERY = timedelta(minutes=10)


class CatchUp:
    """`step` reads some of them, so that later reports find them; False when none was left."""

    def __init__(self, *, begin: Begin, clock: Clock, matching: Matching | None) -> None:
        self._begin = begin
        self._clock = clock
        self._matching = matching

    async def step(self) -> bool:
        """Read the next of them. Nobody is asked about these: they are compared with what comes."""
        if self._matching is None:
            return False
        gists = Gists(self._matching.reader)
        async with self._begin() as work:
            unread = await work.matches.unread(since=self._clock() - WINDOW, limit=AT_ONCE)
            for report_ids in unread:
                reports = await work.reports.get(report_ids)
                await gists.keep(work, reports[0], await gists.read(work, reports))
        return len(unread) == AT_ONCE
