"""The app of `hub sandbox`: imitations behind fault switches, played by people and scripts."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import BaseRoute, Mount, Route
from starlette.types import Receive, Scope, Send

from hub.sandbox.call import CONNECTION, connection_of
from hub.sandbox.control import Control
from hub.sandbox.imitation import Imitation
from hub.sandbox.playground import Playground
from hub.sandbox.stage import Stage
from hub.sandbox.troupe import Troupe


class Harness(Starlette):
    """Starlette, with the server's connection kept where a fault switch can hang up on it."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve; Starlette wraps `send`, so the connection is looked up before."""
        scope[CONNECTION] = connection_of(send)
        await super().__call__(scope, receive, send)


def build_harness(imitations: Sequence[Imitation], stage: Stage) -> Starlette:
    """Mount the imitations at /upstream/<name>, with a page, a control API and a beating clock."""
    troupe = Troupe(imitations, stage)

    @asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncIterator[None]:
        async with troupe.ticking():
            yield

    return Harness(
        routes=_routes(troupe),
        lifespan=lifespan,
        exception_handlers={HTTPException: _as_sentence},
    )


def _routes(troupe: Troupe) -> list[BaseRoute]:
    playground, control = Playground(troupe), Control(troupe)
    return [
        Route("/", playground.front),
        Route("/play/{name}", playground.show),
        Route("/play/{name}/{action}", playground.play, methods=["POST"]),
        Route("/control/act", control.act, methods=["POST"]),
        Route("/control/scenes", control.scenes),
        Route("/control/faults", control.faults),
        Route("/control/faults", control.add_faults, methods=["POST"]),
        Route("/control/faults", control.remove_faults, methods=["DELETE"]),
        Route("/control/clock", control.clock),
        Route("/control/clock", control.move_clock, methods=["POST"]),
        Route("/control/journal", control.journal),
        Route("/control/environment", control.environment),
        *[Mount(f"/upstream/{name}", app=switch) for name, switch in troupe.switches.items()],
    ]


async def _as_sentence(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)  # noqa: S101 - registered for nothing else
    if request.headers.get("content-type", "").startswith("application/json"):
        return JSONResponse({"message": error.detail}, status_code=error.status_code)
    return PlainTextResponse(error.detail, status_code=error.status_code)
