"""HTTP and nothing but HTTP: one file, downloaded only when it has changed."""

from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from urllib.parse import unquote, urlsplit

import httpx

from connectors.call112.settings import Settings
from hub.contract import LIMITS, TIMEOUT, Api, Rejected, Unavailable, UpstreamError

USER_AGENT = "SimpulAduan/0.1 (Call 112 connector)"


@dataclass(frozen=True, slots=True)
class Download:
    """The file as it is there now, and what their server calls this state of it."""

    path: Path
    digest: str
    etag: str
    modified: str


class _NotModified(UpstreamError):
    """304: it is still the one we have."""


class FileClient:
    """One address, asked with GET."""

    def __init__(
        self, settings: Settings, *, transport: httpx.AsyncBaseTransport | None = None
    ) -> None:
        self._url = settings.file_url
        self._authorization = settings.file_authorization
        self._max_bytes = settings.max_file_bytes
        client = httpx.AsyncClient(
            headers={"User-Agent": USER_AGENT},
            limits=LIMITS,
            timeout=TIMEOUT,
            transport=transport,
            follow_redirects=True,
        )
        self._api = Api(client, complain=_complain)

    async def fetch(self, into: Path, *, etag: str, modified: str) -> Download | None:
        """GET the file if it is no longer the one of `etag` or `modified`; None if it is.

        https://www.rfc-editor.org/rfc/rfc9110#name-conditional-requests
        """
        path = into / (Path(unquote(urlsplit(self._url).path)).name or "log")
        try:
            async with self._api.stream(
                self._url, headers=dict(self._headers(etag, modified))
            ) as response:
                digest = await self._saved(response, path)
                told = response.headers
        except _NotModified:
            return None
        return Download(path, digest, told.get("etag", ""), told.get("last-modified", ""))

    async def aclose(self) -> None:
        await self._api.aclose()

    def _headers(self, etag: str, modified: str) -> Iterator[tuple[str, str]]:
        if authorization := self._authorization.get_secret_value():
            yield "Authorization", authorization
        if etag:
            yield "If-None-Match", etag
        if modified:
            yield "If-Modified-Since", modified

    async def _saved(self, response: httpx.Response, path: Path) -> str:
        digest, size = sha256(), 0
        with path.open("wb") as file:
            async for part in response.aiter_bytes():
                size += len(part)
                if size > self._max_bytes:
                    raise Rejected(
                        f"berkas lebih besar dari {self._max_bytes} byte (CALL112_MAX_FILE_BYTES)",
                        code="too_large",
                    )
                digest.update(part)
                file.write(part)
        promised = response.headers.get("content-length", "")
        is_packed = "content-encoding" in response.headers
        if promised.isdecimal() and not is_packed and size < int(promised):
            raise Unavailable(
                "berkas terputus di tengah pengunduhan; dicoba lagi", code="truncated"
            )
        return digest.hexdigest()


def _complain(response: httpx.Response) -> UpstreamError | None:
    if response.status_code == httpx.codes.NOT_MODIFIED:
        return _NotModified()
    if not response.is_error:
        # Not read yet, so nothing can be quoted from it.
        return Rejected(f"HTTP {response.status_code}", code=f"http_{response.status_code}")
    return None
