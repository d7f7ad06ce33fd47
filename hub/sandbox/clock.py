"""A clock that can be put forward."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta


def _utc_now() -> datetime:
    return datetime.now(tz=UTC)  # noqa: TID251 - the one clock an imitation has


class SandboxClock:
    """Real time plus an offset that people move; all imitations share one."""

    def __init__(self, real: Callable[[], datetime] = _utc_now) -> None:
        self._real = real
        self.offset = timedelta()

    def now(self) -> datetime:
        """The time it is in the sandbox, aware UTC."""
        return self._real() + self.offset

    def advance(self, by: timedelta) -> datetime:
        """Let time pass."""
        self.offset += by
        return self.now()
