"""An httpx transport straight into an ASGI app, for tests without a socket."""

import httpx
from starlette.types import ASGIApp

from hub.sandbox.faults import DroppedByFault


class SandboxTransport(httpx.AsyncBaseTransport):
    """`ASGITransport`, but a dropped connection is what httpx would see on a real one."""

    def __init__(self, app: ASGIApp) -> None:
        self._inner = httpx.ASGITransport(app=app)

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Pass the request on."""
        try:
            return await self._inner.handle_async_request(request)
        except DroppedByFault as error:
            raise httpx.ReadError("connection reset by peer", request=request) from error
