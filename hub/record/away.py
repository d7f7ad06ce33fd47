"""When an upstream that does not answer is away, and not only stumbled."""

from datetime import datetime, timedelta

from hub.contract.errors import (
    OutcomeUnknown,
    PairThrottled,
    Rejected,
    Unavailable,
    Unreachable,
    WindowClosed,
)
from hub.rows import Gate

# One call in ten may fail on a bad line; nobody is away before this has passed without any success.
STUMBLE = timedelta(seconds=10)

# It understood and answered to the point, if only that this one cannot go.
ANSWERS = (Rejected, PairThrottled, WindowClosed)
# Signs that nobody is there. A fault of ours is none, nor is a request to slow down.
SILENCE = (Unreachable, Unavailable, OutcomeUnknown)


def away_for(gate: Gate, *, now: datetime) -> timedelta:
    """How long it has been away; nothing while it answers or has just stumbled."""
    if gate.lost_since is None or now - gate.lost_since < STUMBLE:
        return timedelta()
    return now - gate.lost_since
