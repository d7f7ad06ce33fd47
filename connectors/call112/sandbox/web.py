"""The centre's web server: the log of today as one CSV, with a name for each of its states."""

from collections.abc import Callable
from hashlib import sha256

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.types import ASGIApp

FILE_NAME = "log.csv"
NOT_MODIFIED = 304


def build_app(log: Callable[[], bytes]) -> ASGIApp:
    """GET /log.csv, conditional by ETag."""

    async def file(request: Request) -> Response:
        body = log()
        etag = f'"{sha256(body).hexdigest()[:16]}"'
        if request.headers.get("if-none-match") == etag:
            return Response(status_code=NOT_MODIFIED, headers={"ETag": etag})
        return Response(body, media_type="text/csv", headers={"ETag": etag})

    return Starlette(routes=[Route(f"/{FILE_NAME}", file)])
