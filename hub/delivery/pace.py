"""Pacing: so many a second to an upstream, and so many to one recipient. Pure but for the memory."""

from datetime import UTC, datetime, timedelta

from hub.contract.connector import Pace

FORGET_AFTER = 5000
FIRST_SHARE = 0.1
DOUBLES_EVERY = timedelta(seconds=30)
WHOLE_AFTER = 4 * DOUBLES_EVERY
# What may leave within this time is leased together.
AHEAD = timedelta(milliseconds=10)
LONG_AGO = datetime.min.replace(tzinfo=UTC)


def ramp(since_resumed: timedelta | None) -> float:
    """The share of its pace that an upstream gets after it was resumed: a tenth, and soon the whole."""
    if since_resumed is None or since_resumed >= WHOLE_AFTER:
        return 1.0
    doublings: float = max(since_resumed, timedelta()) / DOUBLES_EVERY
    return min(1.0, FIRST_SHARE * float(2**doublings))


def at_once(most: int, share: float) -> int:
    """How many pushes may be under way with that share of the pace; one at least."""
    return max(1, int(most * share))


class Pacer:
    """Token buckets of one upstream, in this process; the upstream's own 429 guards the rest."""

    def __init__(self, pace: Pace) -> None:
        self._pace = pace
        self._next: datetime | None = None
        self._recipients: dict[str, datetime] = {}
        self.share = 1.0

    @property
    def ready_at(self) -> datetime:
        """From when on another push may begin."""
        return self._next or LONG_AGO

    @property
    def batch(self) -> int:
        """How many may begin as good as together."""
        return max(1, int(self._per_second * AHEAD.total_seconds()))

    @property
    def _per_second(self) -> float:
        return self._pace.per_second * self.share

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
        self._next = begin + timedelta(seconds=1 / self._per_second)
        if recipient is None or not self._pace.pair_interval:
            return
        full_again = max(self._recipients.get(recipient, now), now)
        self._recipients[recipient] = full_again + self._pace.pair_interval
        if len(self._recipients) > FORGET_AFTER:
            self._recipients = {r: at for r, at in self._recipients.items() if at > now}
