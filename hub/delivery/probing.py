"""Trying an upstream that is away: one parcel now and then, while the others wait and lose no patience."""

from datetime import datetime, timedelta

from hub.delivery.pace import LONG_AGO
from hub.record.away import STUMBLE, away_for
from hub.rows import Gate

LONGEST = timedelta(minutes=1)
# What may have been done there is a doubt each time, and perhaps a question to a person.
LONGEST_IN_DOUBT = timedelta(minutes=10)


class Probing:
    """When an upstream that is away is tried next; remembered in this process."""

    def __init__(self) -> None:
        self.next_at = LONG_AGO
        self._in_doubt = False

    def is_on(self, gate: Gate, *, now: datetime) -> bool:
        """Whether nothing goes there but a probe. Where every try costs a doubt, even after a stumble."""
        if gate.lost_since is None:
            self.next_at, self._in_doubt = LONG_AGO, False
            return False
        return self._in_doubt or away_for(gate, now=now) > timedelta()

    def begins(self, gate: Gate, *, now: datetime) -> None:
        """A probe leaves."""
        if gate.lost_since is not None:
            self.next_at = now + probe_wait(now - gate.lost_since, in_doubt=self._in_doubt)

    def failed(self, *, in_doubt: bool) -> None:
        """A push came to nothing; `in_doubt`: it may have been done."""
        self._in_doubt = in_doubt


def probe_wait(lost_for: timedelta, *, in_doubt: bool) -> timedelta:
    """How long from one probe to the next: longer, the longer it is away."""
    longest = LONGEST_IN_DOUBT if in_doubt else LONGEST
    return min(max(STUMBLE, lost_for / 4), longest)
