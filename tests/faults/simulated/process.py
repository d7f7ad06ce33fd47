"""A simulated process: its awaits are counted, and at any of them it can be killed as by kill -9."""

import asyncio
import contextlib
import gc
import logging
import sys
import warnings
from collections.abc import Callable, Coroutine, Generator, Iterable, Iterator
from contextvars import Context, ContextVar, copy_context
from types import CoroutineType, FrameType
from typing import Any, cast

from tests.faults.simulated.inline import InlineConnection, closed
from tests.faults.simulated.loop import NumberedTask, VirtualLoop

HUB = "hub."

_running_in: ContextVar["Process | None"] = ContextVar("simulated process", default=None)


def current_process() -> "Process | None":
    """Whose code runs now; None is the world outside."""
    return _running_in.get()


class Process:
    """Everything that one start of the hub runs. `on_death` is called once, when it is killed."""

    def __init__(
        self,
        name: str,
        *,
        on_death: Callable[["Process"], None],
        passed: set[str] | None = None,
    ) -> None:
        self.name = name
        # Where it has been suspended, if anybody wants to know: asking at each await takes time.
        self._passed = passed
        self.awaits = 0
        self.is_dead = False
        self.died_at: tuple[str, ...] = ()
        self._on_death = on_death
        self._dies_after: int | None = None
        self._connections: dict[InlineConnection, None] = {}
        # Nothing of a killed process may be collected while the day goes on: its finally blocks would run.
        self._kept: dict[Watched, asyncio.Task[Any] | None] = {}
        self._connected: dict[asyncio.Future[Any], BaseException] = {}

    def spawn(self, coro: Coroutine[Any, Any, Any]) -> asyncio.Task[Any]:
        """Run it as a part of this process, and so all that it starts."""
        context = copy_context()
        context.run(_running_in.set, self)
        return asyncio.get_running_loop().create_task(coro, context=context)

    def kill_after(self, awaits: int) -> None:
        """Kill it at the n-th await from now on."""
        self._dies_after = self.awaits + awaits

    def kill(self, at: tuple[str, ...] = ()) -> None:
        """From now on nothing of it goes on; what it had not committed is lost."""
        if self.is_dead:
            return
        self.is_dead, self.died_at = True, at
        closed(self._connections)
        for waiting, error in list(self._connected.items()):
            if not waiting.done():
                waiting.set_exception(error)
        self._connected.clear()
        self._on_death(self)

    def breaks_with(self, waiting: asyncio.Future[Any], error: BaseException) -> None:
        """Whoever waits for an answer of this process learns from its death."""
        self._connected[waiting] = error
        waiting.add_done_callback(lambda done: self._connected.pop(done, None))

    def holds(self, connection: InlineConnection) -> None:
        self._connections[connection] = None

    def lets_go(self, connection: InlineConnection) -> None:
        self._connections.pop(connection, None)

    def begins(self, watched: "Watched") -> None:
        self._kept[watched] = None

    def runs(self, watched: "Watched", task: asyncio.Task[Any]) -> None:
        self._kept[watched] = task

    def ends(self, watched: "Watched") -> None:
        self._kept.pop(watched, None)

    def suspended(self, where: "Watched") -> None:
        """One more await; perhaps the last."""
        self.awaits += 1
        if self._passed is not None:
            self._passed.update(where.place())
        if self._dies_after is not None and self.awaits >= self._dies_after:
            self.kill(where.place())

    def forget(self) -> None:
        """Nothing of it is kept any longer."""
        self._kept.clear()

    def remains(self) -> Iterator[tuple["Watched", asyncio.Task[Any] | None]]:
        """What has not ended, the youngest first."""
        yield from reversed(list(self._kept.items()))


class Watched(Coroutine[Any, Any, Any]):
    """A coroutine of a process, as its task sees it."""

    def __init__(self, inner: Coroutine[Any, Any, Any], process: Process) -> None:
        self.inner = inner
        self._process = process
        self.__name__ = getattr(inner, "__name__", "")
        self.__qualname__ = getattr(inner, "__qualname__", "")
        process.begins(self)

    def send(self, value: Any) -> Any:
        return self._go(self.inner.send, value)

    def throw(self, *error: Any) -> Any:
        return self._go(self.inner.throw, *error)

    def close(self) -> None:
        """Only when the day is over."""
        self.inner.close()

    def _go(self, step: Callable[..., Any], *what: Any) -> Any:
        if self._process.is_dead:
            return _never()
        try:
            given = step(*what)
        except BaseException:
            self._process.ends(self)
            raise
        self._process.suspended(self)
        return given

    def place(self) -> tuple[str, ...]:
        """The awaits of the hub it stands in, outermost first: module:function:line."""
        return tuple(
            f"{name}:{frame.f_code.co_qualname}:{frame.f_lineno}"
            for frame in _frames(self.inner)
            if (name := str(frame.f_globals.get("__name__", ""))).startswith(HUB)
        )

    def __await__(self) -> Generator[Any, None, Any]:
        return self.inner.__await__()

    # Libraries ask a task's coroutine how it is.
    @property
    def cr_running(self) -> bool:
        return bool(getattr(self.inner, "cr_running", False))

    @property
    def cr_suspended(self) -> bool:
        return bool(getattr(self.inner, "cr_suspended", True))

    @property
    def cr_frame(self) -> FrameType | None:
        return getattr(self.inner, "cr_frame", None)

    @property
    def cr_await(self) -> Any:
        return getattr(self.inner, "cr_await", None)

    @property
    def cr_code(self) -> Any:
        return getattr(self.inner, "cr_code", None)


def _never() -> asyncio.Future[Any]:
    """What a dead coroutine waits for."""
    waiting = asyncio.get_running_loop().create_future()
    waiting._asyncio_future_blocking = True
    return waiting


def _frames(inner: Any) -> Iterator[FrameType]:
    while isinstance(inner, CoroutineType):
        if inner.cr_frame is not None:
            yield inner.cr_frame
        inner = inner.cr_await


def watch_processes(loop: VirtualLoop) -> None:
    """From now on a task belongs to the process that creates it."""

    def task_of(
        loop: asyncio.AbstractEventLoop,
        coro: Coroutine[Any, Any, Any],
        *,
        name: str | None = None,
        context: Context | None = None,
    ) -> asyncio.Task[Any]:
        process = _running_in.get() if context is None else context.get(_running_in)
        if process is None:
            return NumberedTask(coro, loop=loop, name=name, context=context)
        watched = Watched(coro, process)
        task = NumberedTask(watched, loop=loop, name=name, context=context)
        process.runs(watched, task)
        return task

    loop.set_task_factory(cast(Any, task_of))


def bury(processes: Iterable[Process]) -> None:
    """Let go of what killed processes left behind, when nobody can be harmed by it any more."""
    for process in processes:
        for watched, task in process.remains():
            if task is not None:
                task._log_destroy_pending = False  # type: ignore[attr-defined]
            with contextlib.suppress(BaseException):
                watched.close()
        process.forget()


@contextlib.contextmanager
def unheard() -> Iterator[None]:
    """Whatever is collected in here may complain to nobody.

    Closing a coroutine runs its finally blocks; what they reach for is gone, and what they say of it is
    nobody's business.
    """
    complain, sys.unraisablehook = sys.unraisablehook, _not_a_word
    level = logging.root.manager.disable
    logging.disable(logging.CRITICAL)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
            gc.collect()
    finally:
        sys.unraisablehook = complain
        logging.disable(level)


def _not_a_word(about: Any) -> None:
    del about
