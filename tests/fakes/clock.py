"""A clock that stands still until a test lets time pass."""

from datetime import UTC, datetime, timedelta

A_MORNING = datetime(2026, 1, 19, 1, 0, tzinfo=UTC)


class SteppedClock:
    """`hub.ports.Clock`: call it for the time, `pass_time` to move it."""

    def __init__(self, now: datetime = A_MORNING) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now

    def pass_time(self, by: timedelta | None = None, **parts: float) -> datetime:
        """Let time pass: `pass_time(minutes=5)` or `pass_time(wait)`."""
        self.now += (by or timedelta()) + timedelta(**parts)
        return self.now
