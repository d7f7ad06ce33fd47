"""The imitated Graph API: sending, and files."""

from collections.abc import Mapping
from typing import Any

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from connectors.whatsapp.sandbox.bodies import PHONE_NUMBER_ID
from connectors.whatsapp.sandbox.desk import Desk, GraphError

LONGEST_TEXT = 4096
ERRORS = {
    100: (400, "Invalid parameter"),
    190: (401, "Error validating access token"),
    131000: (500, "Something went wrong"),
    131008: (400, "Required parameter is missing"),
    131047: (400, "Re-engagement message"),
    131056: (400, "(Business Account, Consumer Account) pair rate limit hit"),
}


class Graph:
    """The endpoints."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self.app = Starlette(
            routes=[
                Route("/files/{media_id}", self.file),
                Route("/{version}/{phone_number_id}/messages", self.messages, methods=["POST"]),
                Route("/{version}/{phone_number_id}/media", self.upload, methods=["POST"]),
                Route("/{version}/{media_id}", self.media),
            ],
            exception_handlers={GraphError: _error},
        )

    async def messages(self, request: Request) -> Response:
        self._check_token(request)
        sent = await _json(request)
        if request.path_params["phone_number_id"] != PHONE_NUMBER_ID:
            raise GraphError(100)
        if sent.get("status") == "read":
            return JSONResponse({"success": True})
        _check(sent)
        return JSONResponse(self._desk.accept(sent))

    async def upload(self, request: Request) -> Response:
        self._check_token(request)
        file = (await request.form()).get("file")
        if file is None or isinstance(file, str):
            raise GraphError(131008)
        media_type = file.content_type or "application/octet-stream"
        return JSONResponse({"id": self._desk.shelf.keep(await file.read(), media_type).id})

    async def media(self, request: Request) -> Response:
        self._check_token(request)
        found = self._desk.shelf.find(request.path_params["media_id"])
        if found is None:
            raise GraphError(100)
        about = {
            "messaging_product": "whatsapp",
            "url": self._desk.shelf.address(found),
            "mime_type": found.media_type,
            "sha256": found.digest.hex(),
            "file_size": str(len(found.content)),
            "id": found.id,
        }
        return JSONResponse(about)

    async def file(self, request: Request) -> Response:
        self._check_token(request)
        until = request.query_params.get("ext", "")
        found = self._desk.shelf.opened(request.path_params["media_id"], until)
        if found is None or not request.headers.get("user-agent"):
            return Response(status_code=404)
        return Response(found.content, media_type=found.media_type)

    def _check_token(self, request: Request) -> None:
        if request.headers.get("authorization") != f"Bearer {self._desk.token}":
            raise GraphError(190)


async def _json(request: Request) -> dict[str, Any]:
    try:
        sent = await request.json()
    except ValueError as error:
        raise GraphError(100) from error
    if not isinstance(sent, dict) or sent.get("messaging_product") != "whatsapp":
        raise GraphError(100)
    return sent


def _check(sent: Mapping[str, Any]) -> None:
    match sent:
        case {"type": "text", "text": {"body": str(body)}} if body and len(body) <= LONGEST_TEXT:
            return
        case {"type": "template", "template": {"name": str(), "language": {"code": str()}}}:
            return
        case _:
            raise GraphError(131008)


async def _error(_: Request, failure: Exception) -> Response:
    code = failure.code if isinstance(failure, GraphError) else 131000
    status, words = ERRORS[code]
    error = {
        "message": f"(#{code}) {words}",
        "type": "OAuthException",
        "code": code,
        "error_data": {"messaging_product": "whatsapp", "details": words},
        "fbtrace_id": "Tiruan",
    }
    return JSONResponse({"error": error}, status)
