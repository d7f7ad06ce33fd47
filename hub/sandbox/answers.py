"""JSON in and out of the harness."""

import json
from typing import Any

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response


def as_json(answer: Any) -> Response:
    """An answer as JSON; facts of imitations may hold times and the like, which become text."""
    body = json.dumps(answer, ensure_ascii=False, default=str)
    return Response(body, media_type="application/json")


async def body_of(request: Request) -> dict[str, Any]:
    """The JSON object of a call; nothing at all is an empty one."""
    raw = await request.body()
    try:
        body = json.loads(raw or b"{}")
    except ValueError as error:
        raise HTTPException(400, "Isi permintaan bukan JSON.") from error
    if not isinstance(body, dict):
        raise HTTPException(400, "Isi permintaan harus berupa objek JSON.")
    return body
