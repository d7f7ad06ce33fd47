"""How often a complaint is looked at where it stands, and how many looks an upstream is asked for. Pure."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from hub.domain.status import Status

MINUTE = timedelta(minutes=1)
WEEK = timedelta(days=7)
OLD = timedelta(days=30)
LONG_OVER = timedelta(days=90)
# So many looks in vain, one after the other, are more than a hiccup: what it shows is not known.
UNREADABLE_AFTER = 3


@dataclass(frozen=True, slots=True)
class Budget:
    """At most `per_minute` looks in any minute, whoever makes them; a sixth of them may go at once.

    What is kept between looks is one time: when the budget will be whole again.
    """

    per_minute: int

    @property
    def burst(self) -> int:
        """How many may go at once after a rest; they are part of the minute's budget."""
        return max(1, self.per_minute // 6)

    @property
    def interval(self) -> timedelta:
        """How long one look takes to come back; rounded up, or a long minute would hold one more."""
        exact = MINUTE / (self.per_minute - self.burst + 1)
        return exact + timedelta(microseconds=1)

    def free(self, whole_at: datetime | None, *, now: datetime) -> int:
        """How many may go now."""
        missing = max((whole_at or now) - now, timedelta())
        return max(self.burst * self.interval - missing, timedelta()) // self.interval

    def spent(self, whole_at: datetime | None, number: int, *, now: datetime) -> datetime:
        """When the budget is whole again after `number` more."""
        return max(whole_at or now, now) + number * self.interval

    def ready_at(self, whole_at: datetime, *, number: int = 1) -> datetime:
        """From when on `number` may go at once."""
        return whole_at - (self.burst - min(number, self.burst)) * self.interval

    def resting_until(self, until: datetime) -> datetime:
        """What to keep so that nobody looks before `until`."""
        return until + (self.burst - 1) * self.interval


def look_again_after(
    status: Status,
    *,
    every: timedelta,
    age: timedelta,
    over_for: timedelta = timedelta(),
    apart: bool = False,
) -> timedelta:
    """How long until a complaint is looked at again: young and open ones often, ended ones seldom.

    `apart`: the channel shows something else than the complaint. No answer is longer than `longest_wait`,
    which is what makes a round end.
    """
    if apart:
        return every
    if status.is_final:
        return longest_wait(every) if over_for > LONG_OVER else every * 24
    return every if age < OLD else every * 6


def longest_wait(every: timedelta) -> timedelta:
    """After this time everything has come up once."""
    return min(every * 24 * 7, max(WEEK, every * 24))


def try_again_after(failures: int, *, longest: timedelta) -> timedelta:
    """How long after a look in vain the next one comes: a minute, then four times as long each time."""
    return min(MINUTE * int(4 ** min(failures, 6)), longest)
