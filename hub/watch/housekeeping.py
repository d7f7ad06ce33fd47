"""What has to be done now and then: leases of the dead, raw bytes past their time."""

from datetime import timedelta

from hub.ports import Begin, Clock

RECLAIM_EVERY = timedelta(seconds=10)
PRUNE_EVERY = timedelta(hours=1)


class Housekeeping:
    """Small chores, each one transaction."""

    def __init__(self, *, begin: Begin, clock: Clock, raw_days: int) -> None:
        self._begin = begin
        self._clock = clock
        self._raw_kept = timedelta(days=raw_days)

    async def reclaim(self, *, all_leases: bool = False) -> bool:
        """Leases whose holder is gone go on: in doubt if the push had begun, else as if never leased."""
        async with self._begin() as work:
            await work.outbox.reclaim(now=self._clock(), all_leases=all_leases)
        return False

    async def prune(self) -> bool:
        """Forget raw bytes that were read long ago."""
        async with self._begin() as work:
            await work.inbox.prune(before=self._clock() - self._raw_kept)
        return False
