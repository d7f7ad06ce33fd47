"""Pacing: so many a second to an upstream, and so many to one recipient. Pure but for the memory."""

from datetime import datetime, timedelta

from hub.contract.connector import Pace

FORGET_AFTER = 5000


class Pacer:
    """Token buckets of one upstream, in this process; the upstream's own 429 guards the rest."""

    def __init__(self, pace: Pace) -> None:
        self._pace = pace
        self._next: datetime | None = None
        self._recipients: dict[str, datetime] = {}

    def wait(self, recipient: str | None, *, now: datetime) -> timedelta:
        """Zero and a token taken, or how long to wait for one."""
        whole = self._whole(now)
        pair = self._pair(recipient, now)
        wait = max(whole, pair)
        if wait <= timedelta():
            self._take(recipient, now)
        return wait

    def _whole(self, now: datetime) -> timedelta:
        return max(self._next - now, timedelta()) if self._next else timedelta()

    def _pair(self, recipient: str | None, now: datetime) -> timedelta:
        # `_recipients` holds when a recipient's bucket is full again; it may be ahead of now
        # by at most the burst.
        if recipient is None or not self._pace.pair_interval:
            return timedelta()
        full_again = self._recipients.get(recipient, now)
        ahead = full_again - now
        allowed = self._pace.pair_interval * (self._pace.pair_burst - 1)
        return max(ahead - allowed, timedelta())

    def _take(self, recipient: str | None, now: datetime) -> None:
        begin = max(self._next or now, now)
        self._next = begin + timedelta(seconds=1 / self._pace.per_second)
        if recipient is None or not self._pace.pair_interval:
            return
        full_again = max(self._recipients.get(recipient, now), now)
        self._recipients[recipient] = full_again + self._pace.pair_interval
        if len(self._recipients) > FORGET_AFTER:
            self._recipients = {r: at for r, at in self._recipients.items() if at > now}
