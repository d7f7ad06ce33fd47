"""Upstreams call here. The raw body comes first; 200 only after it is committed.

While the database cannot be used they are answered 503 and call again: Meta does so for days, and what
comes twice is known by its bytes. A spool beside the database would be a second place to encrypt, to
back up and to lose.
"""

import asyncio
from collections.abc import Coroutine
from typing import Any

import structlog
from starlette.requests import ClientDisconnect, Request
from starlette.responses import PlainTextResponse, Response

from hub.contract import BadSignature
from hub.ports import DatabaseAway
from hub.web.metrics import Metrics
from hub.web.needs import Needs, NotKnown

LARGEST_BODY = 3 * 1024 * 1024
# Seconds. Whoever calls hangs up by himself after some more, and then we would never know what he heard.
LONGEST_KEEP = 2.0
COME_AGAIN = {"retry-after": "10"}

log = structlog.get_logger()


class TooLarge(Exception):
    """More than any upstream sends."""


REFUSED: dict[type[Exception], int] = {
    TooLarge: 413,
    ClientDisconnect: 400,
    BadSignature: 401,
    NotKnown: 404,
    # Said once, where it was noticed; the upstream calls again.
    DatabaseAway: 503,
    TimeoutError: 503,
}


async def challenge(request: Request) -> Response:
    """Answer the upstream's question whether this is us."""
    needs: Needs = request.app.state.needs
    connector = request.path_params["connector"]
    try:
        answer = needs.webhooks.challenge(connector, request.query_params)
    except BadSignature:
        return _counted(request, Response(status_code=403))
    except NotKnown:
        return _counted(request, Response(status_code=404))
    return _counted(request, PlainTextResponse(answer))


async def receive(request: Request) -> Response:
    """Keep what came, then say so."""
    status = await _keep(request)
    headers = COME_AGAIN if status == 503 else None  # noqa: PLR2004 - the word for it
    return _counted(request, Response(status_code=status, headers=headers))


async def _keep(request: Request) -> int:
    needs: Needs = request.app.state.needs
    connector = request.path_params["connector"]
    try:
        body = await _body(request)
        await _in_time(request, needs.webhooks.receive(connector, request.headers, body))
    except tuple(REFUSED) as refused:
        return _status_of(refused)
    except Exception as error:  # noqa: BLE001 - see below
        # Whatever failed, nothing is committed: 503 makes the upstream keep it and call again.
        # The type only: messages of a database repeat what was to be written.
        await log.aerror("webhook.failed", connector=connector, error=type(error).__name__)
        return 503
    return 200


def _status_of(refused: Exception) -> int:
    return next(status for kind, status in REFUSED.items() if isinstance(refused, kind))


async def _in_time(request: Request, keeping: Coroutine[Any, Any, None]) -> None:
    """Wait for a moment. What was begun goes on: if it is kept after all, it will be known again."""
    under_way: set[asyncio.Task[None]] = request.app.state.keeping
    task = asyncio.create_task(keeping)
    under_way.add(task)
    task.add_done_callback(under_way.discard)
    task.add_done_callback(_heard)
    done, _ = await asyncio.wait({task}, timeout=LONGEST_KEEP)
    if not done:
        raise TimeoutError
    await task


def _heard(task: "asyncio.Task[None]") -> None:
    """Nobody may be waiting any more for what came of it."""
    if not task.cancelled():
        task.exception()


async def _body(request: Request) -> bytes:
    declared = request.headers.get("content-length", "")
    if declared.isdigit() and int(declared) > LARGEST_BODY:
        raise TooLarge
    body = bytearray()
    async for piece in request.stream():
        body += piece
        if len(body) > LARGEST_BODY:
            raise TooLarge
    return bytes(body)


def _counted(request: Request, response: Response) -> Response:
    metrics: Metrics = request.app.state.metrics
    metrics.answered(request.path_params["connector"], response.status_code)
    return response
