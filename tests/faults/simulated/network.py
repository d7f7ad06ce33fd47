"""What lies between the hub and everybody else: every call takes time, and each end may be gone meanwhile."""

import asyncio
from collections.abc import Awaitable, Callable, Coroutine
from dataclasses import dataclass, field
from email.utils import format_datetime
from random import Random
from typing import Any

import httpx
from starlette.types import ASGIApp

from hub.sandbox import Journal, SandboxClock, SandboxTransport
from tests.faults.simulated.process import Process

CONNECTING = 0.002
SLOWEST_LEG = 0.06
READ_TIMEOUT = 10.0
# A webhook that is to be overtaken waits for another one at most so long.
OVERTAKEN_WITHIN = 20.0

Spawn = Callable[[Coroutine[Any, Any, Any]], asyncio.Task[Any]]


class Line(httpx.AsyncBaseTransport):
    """From one process of the hub to the imitations. What has left goes on when the process is killed."""

    def __init__(
        self,
        upstreams: ASGIApp,
        *,
        spawn: Spawn,
        rng: Random,
        clocks: Callable[[str], SandboxClock],
    ) -> None:
        self._inner = SandboxTransport(upstreams)
        self._spawn = spawn
        self._rng = rng
        self._clocks = clocks
        self._leaving: dict[asyncio.Task[Any], None] = {}
        self._open: dict[asyncio.Future[httpx.Response], None] = {}

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        # Until here nothing has left.
        await asyncio.sleep(CONNECTING)
        answered: asyncio.Future[httpx.Response] = asyncio.get_running_loop().create_future()
        self._open[answered] = None
        carrying = self._spawn(self._carry(request, answered))
        self._leaving[carrying] = None
        try:
            return await _in_time(request, answered)
        finally:
            self._open.pop(answered, None)

    def cut(self) -> int:
        """The process is gone. Of what had just left, some never arrives. How many calls were open."""
        for carrying in list(self._leaving):
            if self._rng.random() < 0.5:
                carrying.cancel()
        self._leaving.clear()
        return len(self._open)

    async def _carry(
        self, request: httpx.Request, answered: asyncio.Future[httpx.Response]
    ) -> None:
        await asyncio.sleep(self._rng.uniform(0.001, SLOWEST_LEG))
        self._leaving.pop(_this_task(), None)
        try:
            response = await self._inner.handle_async_request(request)
        except httpx.TransportError as error:
            await asyncio.sleep(self._rng.uniform(0.001, SLOWEST_LEG))
            if not answered.done() and answered in self._open:
                answered.set_exception(error)
            return
        await asyncio.sleep(self._rng.uniform(0.001, SLOWEST_LEG))
        name = request.url.path.split("/")[2]
        response.headers.setdefault("date", format_datetime(self._clocks(name).now(), usegmt=True))
        if not answered.done():
            answered.set_result(response)


@dataclass(slots=True, kw_only=True)
class Post:
    """A switch over webhooks: `share` of them, at most `times`, come twice, late or out of turn."""

    kind: str
    share: float = 1.0
    times: int | None = None
    seconds: float = 20.0


@dataclass(slots=True, kw_only=True)
class Door(httpx.AsyncBaseTransport):
    """From the world to whichever process of the hub listens; refused while none does."""

    listening: Callable[[], tuple[Process, ASGIApp] | None]
    spawn: Spawn
    rng: Random
    journal: Journal
    posts: list[Post] = field(default_factory=list)
    _passed: asyncio.Event = field(default_factory=asyncio.Event)

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """A webhook perhaps with something in its way, all else straight."""
        await request.aread()
        post = self._drawn(request)
        if post is None:
            response = await self._bring(request)
            self._passes()
            return response
        return await self._badly(post, request)

    async def _badly(self, post: Post, request: httpx.Request) -> httpx.Response:
        match post.kind:
            case "duplicate":
                response = await self._bring(request)
                _ = self.spawn(self._once_more(request, self.rng.uniform(0, post.seconds)))
                return response
            case "reorder":
                waiting = asyncio.wait_for(self._passed.wait(), OVERTAKEN_WITHIN)
                await _quietly(waiting)
            case _:
                await asyncio.sleep(post.seconds)
        return await self._bring(request)

    async def _once_more(self, request: httpx.Request, after: float) -> None:
        await asyncio.sleep(after)
        await _quietly(self._bring(request))

    async def _bring(self, request: httpx.Request) -> httpx.Response:
        await asyncio.sleep(self.rng.uniform(0.001, SLOWEST_LEG))
        found = self.listening()
        if found is None:
            raise httpx.ConnectError("connection refused", request=request)
        process, app = found
        answered: asyncio.Future[httpx.Response] = asyncio.get_running_loop().create_future()
        process.breaks_with(answered, httpx.ReadError("connection reset", request=request))
        _ = process.spawn(_serve(app, request, answered))
        response = await _in_time(request, answered)
        await asyncio.sleep(self.rng.uniform(0.001, SLOWEST_LEG))
        return response

    def _passes(self) -> None:
        self._passed.set()
        self._passed.clear()

    def _drawn(self, request: httpx.Request) -> Post | None:
        if not request.url.path.startswith("/webhooks/"):
            return None
        for post in self.posts:
            if post.times == 0 or self.rng.random() >= post.share:
                continue
            if post.times is not None:
                post.times -= 1
            name = request.url.path.rsplit("/", 1)[1]
            self.journal.write(name, "fault", fault=f"webhook_{post.kind}")
            return post
        return None


async def _serve(
    app: ASGIApp, request: httpx.Request, answered: asyncio.Future[httpx.Response]
) -> None:
    response = await httpx.ASGITransport(app, raise_app_exceptions=False).handle_async_request(
        request
    )
    if not answered.done():
        answered.set_result(response)


async def _in_time(
    request: httpx.Request, answered: asyncio.Future[httpx.Response]
) -> httpx.Response:
    within = request.extensions.get("timeout", {}).get("read") or READ_TIMEOUT
    late = asyncio.get_running_loop().call_later(within, _too_late, answered, request)
    try:
        return await answered
    finally:
        late.cancel()


def _too_late(answered: asyncio.Future[httpx.Response], request: httpx.Request) -> None:
    if not answered.done():
        answered.set_exception(httpx.ReadTimeout("no answer in time", request=request))


async def _quietly(waiting: Awaitable[Any]) -> None:
    try:
        await waiting
    except (TimeoutError, httpx.TransportError):
        return


def _this_task() -> asyncio.Task[Any]:
    task = asyncio.current_task()
    assert task is not None
    return task
