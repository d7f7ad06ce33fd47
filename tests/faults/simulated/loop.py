"""An asyncio loop whose time jumps to whatever comes next: a day costs what its work costs."""

import asyncio
import itertools
import weakref
from collections.abc import Callable, Coroutine
from contextvars import Context
from typing import Any, cast

_births = itertools.count(1)


class Deadlocked(Exception):
    """Nothing is ready and nothing will ever be: everybody waits for somebody else."""


class NumberedTask(asyncio.Task[Any]):
    """Sets of tasks are walked in the order of their birth, not of their place in memory."""

    def __hash__(self) -> int:
        number: int | None = getattr(self, "_number", None)
        if number is None:
            number = self._number = next(_births)
        return number


class _Jump:
    """In the place of a selector: it waits for nobody."""

    def __init__(self, loop: "VirtualLoop") -> None:
        self._loop = weakref.ref(loop)

    def select(self, timeout: float | None) -> list[Any]:
        """Put the clock forward to the next timer."""
        loop = self._loop()
        assert loop is not None
        if timeout is None:
            raise Deadlocked(f"after {loop.time():.3f} virtual seconds")
        if timeout > 0:
            loop.jump()
        return []


class VirtualLoop(asyncio.BaseEventLoop):
    """No sockets, no threads, no waiting."""

    def __init__(self) -> None:
        super().__init__()
        self._now = 0.0
        self._selector = _Jump(self)
        self.set_task_factory(cast(Any, _numbered))
        # May refuse what would run in a thread, by raising an OSError.
        self.refuses: Callable[[Callable[..., Any]], None] | None = None

    def time(self) -> float:
        """Virtual seconds since the day began."""
        return self._now

    def jump(self) -> None:
        """Nothing can happen before the next timer."""
        timers: list[asyncio.TimerHandle] = self.__dict__["_scheduled"]
        self._now = max(self._now, timers[0].when())

    def run_in_executor(  # type: ignore[override]
        self, executor: Any, func: Callable[..., Any], *args: Any
    ) -> asyncio.Future[Any]:
        """At once and here; whoever awaits it goes on in the next turn, as after a thread."""
        del executor
        done = self.create_future()
        try:
            if self.refuses is not None:
                self.refuses(func)
            result = func(*args)
        except Exception as error:  # noqa: BLE001 - it belongs to whoever awaits
            self.call_soon(_fail, done, error)
        else:
            self.call_soon(_give, done, result)
        return done

    def _process_events(self, events: list[Any]) -> None:
        """There are none."""

    def _write_to_self(self) -> None:
        """Nobody sleeps, so nobody needs to be woken."""


def _numbered(
    loop: asyncio.AbstractEventLoop,
    coro: Coroutine[Any, Any, Any],
    *,
    name: str | None = None,
    context: Context | None = None,
) -> NumberedTask:
    return NumberedTask(coro, loop=loop, name=name, context=context)


def _give(done: asyncio.Future[Any], result: Any) -> None:
    if not done.done():
        done.set_result(result)


def _fail(done: asyncio.Future[Any], error: Exception) -> None:
    if not done.done():
        done.set_exception(error)
