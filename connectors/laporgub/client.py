"""The agreed interface over HTTP: one method per call of the profile."""

from collections.abc import Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any
from urllib.parse import quote

import httpx

from connectors.laporgub.numbers import tidied
from connectors.laporgub.payloads import at, text_at
from connectors.laporgub.profile import Paging, Profile, Search, Table, Write
from connectors.laporgub.settings import Settings
from hub.contract import (
    LIMITS,
    TIMEOUT,
    Api,
    Node,
    OutcomeUnknown,
    Unavailable,
    UpstreamError,
    json_of,
)

TICKET = "{tiket}"


def headers(settings: Settings) -> dict[str, str]:
    """The key, with its prefix once."""
    key, prefix = settings.api_key.get_secret_value().strip(), settings.auth_prefix.strip()
    if prefix and not key.lower().startswith(f"{prefix.lower()} "):
        key = f"{prefix} {key}"
    return {settings.auth_header: key, "Accept": "application/json"}


class Client:
    """What the province agrees to answer to, as the profile says."""

    def __init__(
        self, settings: Settings, profile: Profile, *, transport: httpx.AsyncBaseTransport | None
    ) -> None:
        self._profile = profile
        self._size = settings.page_size
        self._api = Api(
            httpx.AsyncClient(
                base_url=settings.base_url.rstrip("/"),
                headers=headers(settings),
                timeout=TIMEOUT,
                limits=LIMITS,
                transport=transport,
            ),
            complain=_finer,
        )

    async def create(self, body: Mapping[str, Any]) -> str:
        """Open a complaint; their number of it, else their id."""
        call = self._profile.create
        response = await self._api.write(call.method, call.path, json=body)
        answer = Node(json_of(response, unclear=OutcomeUnknown))
        number = tidied(text_at(answer, call.ticket)) or tidied(text_at(answer, call.id))
        if not number:
            raise OutcomeUnknown("jawaban LaporGub tidak menyebut nomor aduan", code="id_missing")
        return number

    async def tell(self, call: Write, external_id: str, body: Mapping[str, Any]) -> str | None:
        """Write to a complaint; their id of what was written, if they say one."""
        response = await self._api.write(call.method, _path(call.path, external_id), json=body)
        if not response.content.strip():
            return None
        return text_at(Node(json_of(response, unclear=OutcomeUnknown)), call.id) or None

    async def page(self, cursor: str | None) -> tuple[list[Any], Any, datetime | None]:
        """One page of the list, what they say of the next one, and when it was by their clock."""
        call = self._profile.list
        query: dict[str, Any] = {call.size: self._size} if call.size else {}
        start = "1" if call.paging is Paging.PAGE else None
        if cursor or start:
            query[call.cursor] = cursor or start
        response = await self._api.read("GET", call.path, params=query)
        answer = Node(json_of(response, unclear=Unavailable))
        told = at(answer, call.next).value if call.next else None
        return _items(answer, call.items), told, seen_by(response)

    async def one(self, external_id: str) -> tuple[Any, datetime | None]:
        """One complaint, and when it was seen by their clock."""
        response = await self._api.read("GET", _path(self._profile.one_path, external_id))
        item = at(Node(json_of(response, unclear=Unavailable)), self._profile.one_item)
        if not isinstance(item.value, dict):
            raise Unavailable("jawaban LaporGub tidak memuat aduan", code="bad_body")
        return item.value, seen_by(response)

    async def search(self, call: Search, ticket: str) -> list[Any]:
        """What they have under a ticket of ours."""
        return _items(await self._read(call.path, {call.marker: ticket}), call.items)

    async def regions(self, call: Table) -> list[tuple[str, str]]:
        """Their kabupaten and kota: id and name."""
        rows = map(Node, _items(await self._read(call.path, {}), call.items))
        return [(text_at(row, call.id), text_at(row, call.name)) for row in rows]

    async def aclose(self) -> None:
        await self._api.aclose()

    async def _read(self, path: str, query: Mapping[str, Any]) -> Node:
        response = await self._api.read("GET", path, params=query)
        return Node(json_of(response, unclear=Unavailable))


def seen_by(response: httpx.Response) -> datetime | None:
    """Their clock, where the answer tells it."""
    try:
        return parsedate_to_datetime(response.headers["date"]).astimezone(UTC)
    except (KeyError, ValueError):
        return None


def _path(path: str, external_id: str) -> str:
    return path.replace(TICKET, quote(external_id, safe=""))


def _items(answer: Node, path: str) -> list[Any]:
    items = at(answer, path).value
    if not isinstance(items, list):
        raise Unavailable(
            f"jawaban LaporGub tidak memuat daftar pada {path or 'akarnya'!r}", code="bad_body"
        )
    return items


def _finer(response: httpx.Response) -> UpstreamError | None:
    """A conflict after a write may be our own earlier one: look before sending again."""
    if response.status_code == httpx.codes.CONFLICT:
        return OutcomeUnknown("HTTP 409: mungkin sudah ada di LaporGub", code="http_409")
    return None
