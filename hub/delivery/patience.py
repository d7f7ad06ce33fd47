"""How long to wait before the next attempt, and when to stop waiting. Pure."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from hub.contract.errors import PairThrottled, Throttled, UpstreamError

DAYS_OF_PATIENCE = 7
# Nobody gives up on what was hardly tried: days under an operator's pause, or behind a probe while the
# upstream was away, are no attempts. So many take more than an hour, however they are spread.
FEWEST_TRIES = 12


@dataclass(frozen=True, slots=True)
class Patience:
    """Exponential waits with full jitter. `chance` gives numbers in [0, 1).

    `first` doubles up to `longest`; after `lasts` since the promise, and at least `tries` attempts, a
    parcel is parked for a person.
    """

    chance: Callable[[], float]
    first: timedelta = timedelta(seconds=2)
    longest: timedelta = timedelta(hours=1)
    lasts: timedelta = timedelta(days=DAYS_OF_PATIENCE)
    tries: int = FEWEST_TRIES

    def next_wait(
        self, error: UpstreamError, *, attempts: int, promised_at: datetime, now: datetime
    ) -> timedelta | None:
        """How long to wait after the `attempts`-th failure; None when patience is spent."""
        if now - promised_at >= self.lasts and attempts >= self.tries:
            return None
        doublings = min(max(attempts, 1) - 1, 30)
        ceiling = min(self.first * (1 << doublings), self.longest)
        if isinstance(error, PairThrottled):
            ceiling = min(timedelta(seconds=1 << 2 * min(attempts, 6)), self.longest)
            return max(ceiling, error.retry_after or timedelta())
        jittered = ceiling * self.chance()
        # Whoever names a time means "not before": jitter only ever adds to it.
        asked = error.retry_after or timedelta()
        wait = asked + (jittered / 4 if isinstance(error, Throttled) else timedelta())
        return max(wait, jittered)
