"""Upstreams call here. The raw body comes first; 200 only after it is committed."""

import structlog
from starlette.requests import ClientDisconnect, Request
from starlette.responses import PlainTextResponse, Response

from hub.contract import BadSignature
from hub.web.metrics import Metrics
from hub.web.needs import Needs, NotKnown

LARGEST_BODY = 3 * 1024 * 1024

log = structlog.get_logger()


class TooLarge(Exception):
    """More than any upstream sends."""


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
    return _counted(request, Response(status_code=await _keep(request)))


async def _keep(request: Request) -> int:
    needs: Needs = request.app.state.needs
    connector = request.path_params["connector"]
    try:
        body = await _body(request)
        await needs.webhooks.receive(connector, request.headers, body)
    except TooLarge:
        return 413
    except ClientDisconnect:
        return 400
    except BadSignature:
        return 401
    except NotKnown:
        return 404
    except Exception as error:  # noqa: BLE001 - see below
        # Whatever failed, nothing is committed: 503 makes the upstream keep it and call again.
        # The type only: messages of a database repeat what was to be written.
        await log.aerror("webhook.failed", connector=connector, error=type(error).__name__)
        return 503
    return 200


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
