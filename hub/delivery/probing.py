"""Trying an upstream that is away: one parcel now and then, while the others wait and lose no patience."""

from datetime import datetime, timedelta

from hub.delivery.pace import LONG_AGO
from hub.record.away import STUMBLE, away_for
from hub.rows import Gate

LONGEST = timedelta(minutes=1)
# What may have been done there is a doubt each time, and perhaps a question to a person.
LONGEST_IN_DOUBT = timedelta(minutes=10)


class Probing:
    """When an upstream that is away is tried next; remembered in this process.

    Once a push has failed only a push that is answered ends it: where reads go well, pushes may not.
    """

    def __init__(self) -> None:
        self._forget()

    def _forget(self) -> None:
        self.next_at = LONG_AGO
        self._lost_since: datetime | None = None
        self._is_on = self._in_doubt = self._failed = False

    def is_on(self, gate: Gate, *, now: datetime) -> bool:
        """Whether nothing goes there but a probe. Where every try costs a doubt, even after a stumble."""
        if not self._failed:
            if gate.lost_since is None:
                self._forget()
            self._lost_since = gate.lost_since
        elif self._lost_since is None:
            self._lost_since = gate.lost_since
        is_away = away_for(Gate(lost_since=self._lost_since), now=now) > timedelta()
        self._is_on = is_away or (self._in_doubt and self._lost_since is not None)
        return self._is_on

    def leaves(self, *, now: datetime) -> None:
        """A push leaves. Only now: what was leased and did not leave found nothing out."""
        if self._is_on and self._lost_since is not None:
            self.next_at = now + probe_wait(now - self._lost_since, in_doubt=self._in_doubt)

    def answered(self) -> None:
        """A push was answered to the point."""
        self._forget()

    def failed(self, *, in_doubt: bool) -> None:
        """Nobody answered a push; `in_doubt`: it may have been done."""
        self._failed, self._in_doubt = True, in_doubt


def probe_wait(lost_for: timedelta, *, in_doubt: bool) -> timedelta:
    """How long from one probe to the next: longer, the longer it is away."""
    longest = LONGEST_IN_DOUBT if in_doubt else LONGEST
    return min(max(STUMBLE, lost_for / 4), longest)
