"""The Graph API and nothing but the Graph API; one method per endpoint."""

import re
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager

import httpx

from connectors.whatsapp.errors import complain
from connectors.whatsapp.payloads import OutMessage
from connectors.whatsapp.settings import Settings
from hub.contract import (
    LIMITS,
    TIMEOUT,
    Api,
    Node,
    NotFound,
    OutcomeUnknown,
    Rejected,
    Unavailable,
    UnreadableError,
    UpstreamError,
    parse_json,
)

# Meta's file servers refuse requests with an empty or a library's own name.
USER_AGENT = "SimpulAduan/0.1 (WhatsApp connector)"
META_HOSTS = re.compile(r"(?:[a-z0-9-]+\.)*fbsbx\.com|graph\.facebook\.com")
MEDIA_ID = re.compile(r"[A-Za-z0-9_-]{1,128}")
# Meta's answer to GET for an object that does not exist (any more) is a 400 with this code.
NO_SUCH_OBJECT = "100"


class Graph:
    """One city's access to the Graph API."""

    def __init__(
        self, settings: Settings, *, transport: httpx.AsyncBaseTransport | None = None
    ) -> None:
        self._base = httpx.URL(settings.base_url.rstrip("/"))
        self._root = f"{self._base}/{settings.api_version}"
        self._token = settings.access_token
        client = httpx.AsyncClient(
            headers={"User-Agent": USER_AGENT},
            limits=LIMITS,
            timeout=TIMEOUT,
            transport=transport,
            follow_redirects=False,
        )
        self._api = Api(client, complain=complain)

    async def send(self, sender: str, message: OutMessage) -> Node:
        """POST /{phone_number_id}/messages, once.

        https://developers.facebook.com/documentation/business-messaging/whatsapp/messages/send-messages
        """
        response = await self._api.write(
            "POST", f"{self._root}/{sender}/messages", json=message, headers=self._bearer()
        )
        return _json(response, unclear=OutcomeUnknown)

    async def media_url(self, media_id: str, *, sender: str | None) -> httpx.URL:
        """GET /{media_id}: where the file is for the next five minutes.

        https://developers.facebook.com/documentation/business-messaging/whatsapp/business-phone-numbers/media
        """
        if not MEDIA_ID.fullmatch(media_id):
            raise NotFound("no media id", code="media_id")
        try:
            response = await self._api.read(
                "GET",
                f"{self._root}/{media_id}",
                params={"phone_number_id": sender} if sender else None,
                headers=self._bearer(),
            )
        except Rejected as error:
            if error.code == NO_SUCH_OBJECT:
                raise NotFound(error.detail, code=error.code) from error
            raise
        return self._trusted(_json(response, unclear=Unavailable)["url"].text())

    @asynccontextmanager
    async def download(self, url: httpx.URL) -> AsyncIterator[AsyncIterator[bytes]]:
        """GET the file itself, as a stream."""
        async with self._api.stream(str(url), headers=self._bearer()) as response:
            yield response.aiter_bytes()

    async def aclose(self) -> None:
        await self._api.aclose()

    def _bearer(self) -> Mapping[str, str]:
        return {"Authorization": f"Bearer {self._token.get_secret_value()}"}

    def _trusted(self, given: str | None) -> httpx.URL:
        """The address, if the token may be shown there: Meta's hosts, or the configured one."""
        try:
            url = httpx.URL(given or "")
        except httpx.InvalidURL as error:
            raise Rejected("the media address is no address", code="media_host") from error
        meta = url.scheme == "https" and url.port is None and META_HOSTS.fullmatch(url.host)
        ours = _origin(url) == _origin(self._base)
        if not (meta or ours):
            raise Rejected(f"no file is fetched from {url.host!r}", code="media_host")
        return url


def _json(response: httpx.Response, *, unclear: type[UpstreamError]) -> Node:
    try:
        return parse_json(response.content)
    except UnreadableError:
        # Not a word of the answer in the error: it repeats the citizen's number.
        raise unclear("the answer is no JSON", code="bad_body") from None


def _origin(url: httpx.URL) -> tuple[str, str, int | None]:
    return url.scheme, url.host, url.port
