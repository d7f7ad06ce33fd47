"""Stands between the upstreams and the hub's web and notes every answer it gives, and how long it took."""

import asyncio
import time
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

import httpx
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from hub.serving import listening, server_of

NO_ANSWER = 0


@dataclass(slots=True)
class Gatehouse:
    """`answers` by status (0: none came), `slowest` in seconds; of webhooks alone, `since` it began anew."""

    hub_url: str
    answers: Counter[int] = field(default_factory=Counter)
    slowest: float = 0.0
    retry_after: Counter[str] = field(default_factory=Counter)
    since: float = 0.0

    def begin_anew(self) -> None:
        """Count what comes from now on; what is under way belongs to before."""
        self.since = time.monotonic()
        self.answers.clear()
        self.retry_after.clear()
        self.slowest = 0.0

    def app(self, client: httpx.AsyncClient) -> Starlette:
        """Pass everything on."""

        async def through(request: Request) -> Response:
            began = time.monotonic()
            answer = await self._ask(client, request)
            if request.url.path.startswith("/webhooks/") and began >= self.since:
                self.answers[answer.status_code if answer else NO_ANSWER] += 1
                self.slowest = max(self.slowest, time.monotonic() - began)
                if answer and "retry-after" in answer.headers:
                    self.retry_after[answer.headers["retry-after"]] += 1
            if answer is None:
                return Response(status_code=502)
            return Response(answer.content, status_code=answer.status_code)

        return Starlette(routes=[Route("/{path:path}", through, methods=["GET", "POST"])])

    async def _ask(self, client: httpx.AsyncClient, request: Request) -> httpx.Response | None:
        headers = {
            name: value
            for name, value in request.headers.items()
            if name not in {"host", "content-length", "connection"}
        }
        try:
            return await client.request(
                request.method, f"{self.hub_url}{request.url.path}", content=await request.body(),
                params=request.query_params, headers=headers,
            )  # fmt: skip
        except httpx.TransportError:
            return None


@asynccontextmanager
async def gatehouse(*, port: int, hub_url: str) -> AsyncIterator[Gatehouse]:
    """Listen at `port` for what is meant for the hub at `hub_url`."""
    house = Gatehouse(hub_url)
    limits = httpx.Limits(max_connections=50)
    async with httpx.AsyncClient(timeout=60, trust_env=False, limits=limits) as client:
        server = server_of(house.app(client))
        with listening("127.0.0.1", port) as listener:
            serving = asyncio.create_task(server.serve(sockets=[listener]))
            try:
                yield house
            finally:
                server.should_exit = True
                await serving
