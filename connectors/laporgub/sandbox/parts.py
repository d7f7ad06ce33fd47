"""What a call or a form brings: fields and files."""

from collections.abc import Mapping
from typing import Any

from starlette.datastructures import UploadFile
from starlette.requests import Request

from connectors.laporgub.sandbox.records import Upload

Given = tuple[Mapping[str, Any], tuple[Upload, ...]]


async def given(request: Request) -> Given:
    """The fields and files of a call, as JSON or as a form."""
    if request.headers.get("content-type", "").startswith("application/json"):
        facts = await request.json()
        if not isinstance(facts, dict):
            raise ValueError("isi permintaan harus objek JSON")
        return facts, ()
    async with request.form() as form:
        facts = {name: value for name, value in form.items() if isinstance(value, str)}
        parts = [part for _, part in form.multi_items() if isinstance(part, UploadFile)]
        return facts, tuple([await upload_of(part) for part in parts])


async def upload_of(part: UploadFile) -> Upload:
    """A file as it came."""
    media_type = part.content_type or "application/octet-stream"
    return Upload(part.filename or "berkas", media_type, await part.read())
