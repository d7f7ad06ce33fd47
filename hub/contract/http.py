"""HTTP for connectors: one client per upstream, failures translated once, here.

`Api.write` is one attempt. `Api.read` is for idempotent reads: up to 3 tries within 10 seconds.
"""

import json
import re
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Any

import httpx
import tenacity

from hub.contract.errors import (
    NotFound,
    OutcomeUnknown,
    Rejected,
    Throttled,
    Unauthorized,
    Unavailable,
    Unreachable,
    UpstreamError,
)

# Plain httpx slows down sharply above ten requests at once to one host.
LIMITS = httpx.Limits(max_connections=10, max_keepalive_connections=5, keepalive_expiry=3)
TIMEOUT = httpx.Timeout(30, connect=10)
LONGEST_BODY_SHOWN = 300
LONGEST_WAIT = timedelta(days=1)

# Raised before a byte of the request left: a retry cannot double anything.
_NOTHING_SENT = (
    httpx.ConnectError,
    httpx.ConnectTimeout,
    httpx.PoolTimeout,
    httpx.UnsupportedProtocol,
    httpx.LocalProtocolError,
)

# Numbers of six digits and more (however they are grouped), mail addresses, long opaque words.
_TELLING = re.compile(r"\+?\d(?:[ .\-]?\d){5,}|[\w.+-]+@[\w-]+\.[\w.]+|[\w+/=$.-]{40,}")

Complain = Callable[[httpx.Response], UpstreamError | None]


class Api:
    """One upstream over HTTP. `complain` may read a finer error out of a 4xx/5xx than its status."""

    def __init__(self, client: httpx.AsyncClient, *, complain: Complain | None = None) -> None:
        self._client = client
        self._complain = complain

    async def write(self, method: str, url: str, **request: Any) -> httpx.Response:
        """Send once. What may have been done raises `OutcomeUnknown`."""
        try:
            response = await self._client.request(method, url, **request)
        except _NOTHING_SENT as error:
            raise Unreachable(_named(error)) from error
        except httpx.RequestError as error:
            raise OutcomeUnknown(_named(error)) from error
        return self._checked(response, unclear=OutcomeUnknown)

    async def read(self, method: str, url: str, **request: Any) -> httpx.Response:
        """Ask something that changes nothing; a passing failure is tried again."""
        patient = tenacity.AsyncRetrying(
            retry=tenacity.retry_if_exception_type((Unreachable, Unavailable)),
            stop=tenacity.stop_after_attempt(3) | tenacity.stop_after_delay(10),
            wait=tenacity.wait_random_exponential(multiplier=0.2, max=3),
            reraise=True,
        )
        return await patient(self._read_once, method, url, **request)

    async def _read_once(self, method: str, url: str, **request: Any) -> httpx.Response:
        try:
            response = await self._client.request(method, url, **request)
        except httpx.RequestError as error:
            raise Unreachable(_named(error)) from error
        return self._checked(response, unclear=Unavailable)

    @asynccontextmanager
    async def stream(self, url: str, **request: Any) -> AsyncIterator[httpx.Response]:
        """Open a download; the caller reads `aiter_bytes()`. Failures on the way are `Unreachable`."""
        try:
            async with self._client.stream("GET", url, **request) as response:
                if response.is_error:
                    await response.aread()
                yield self._checked(response, unclear=Unavailable)
        except httpx.RequestError as error:
            raise Unreachable(_named(error)) from error

    async def aclose(self) -> None:
        """Close the connections."""
        await self._client.aclose()

    def _checked(
        self, response: httpx.Response, *, unclear: type[UpstreamError]
    ) -> httpx.Response:
        if response.is_success:
            return response
        if self._complain and (finer := self._complain(response)):
            raise finer
        raise failure(response, unclear=unclear)


def failure(response: httpx.Response, *, unclear: type[UpstreamError]) -> UpstreamError:
    """What an unsuccessful answer means. 5xx is `unclear`: doubt for a write, a retry for a read."""
    detail = f"HTTP {response.status_code}: {excerpt(response)}"
    code = f"http_{response.status_code}"
    match response.status_code:
        case 401 | 403:
            return Unauthorized(detail, code=code)
        case 404 | 410:
            return NotFound(detail, code=code)
        case 429:
            return Throttled(detail, retry_after=retry_after(response.headers))
        case 408:
            return unclear(detail, code=code)
        case status if status >= httpx.codes.INTERNAL_SERVER_ERROR:
            return unclear(detail, code=code, retry_after=retry_after(response.headers))
        case _:
            return Rejected(detail, code=code)


def json_of(response: httpx.Response, *, unclear: type[UpstreamError]) -> dict[str, Any]:
    """The JSON object of a 2xx answer; anything else (HTML from a gateway, half a body) is `unclear`."""
    try:
        body = json.loads(response.content)
    except (ValueError, RecursionError) as error:
        raise unclear(f"not JSON: {excerpt(response)}", code="bad_body") from error
    if not isinstance(body, dict):
        raise unclear(f"not a JSON object: {excerpt(response)}", code="bad_body")
    return body


def retry_after(headers: Mapping[str, str]) -> timedelta | None:
    """`Retry-After` in seconds or as an HTTP date, a day at most; None where absent or nonsense."""
    value = headers.get("retry-after", "").strip()
    if value.isdecimal():
        return timedelta(seconds=min(float(value), LONGEST_WAIT.total_seconds()))
    try:
        # Their clock against their clock; without a date of theirs a date says nothing.
        until, now = (parsedate_to_datetime(each) for each in (value, headers.get("date", "")))
    except ValueError:
        return None
    return min(max(until.astimezone(UTC) - now.astimezone(UTC), timedelta()), LONGEST_WAIT)


def excerpt(response: httpx.Response) -> str:
    """The beginning of an answer, on one line, for operators; what may identify a person is masked.

    An answer often repeats what was sent: a number, an address, in the worst case our own token.
    """
    # Masked before it is cut: the beginning of a number or a token tells enough of it.
    beginning = " ".join(response.text[: 4 * LONGEST_BODY_SHOWN].split())
    return _TELLING.sub("[…]", beginning)[:LONGEST_BODY_SHOWN]


def _named(error: Exception) -> str:
    # Its text may quote a header, and so a credential; its kind never does.
    return type(error).__name__


def from_epoch(seconds: float) -> datetime:
    """Unix seconds, or milliseconds where the number can only be that, as aware UTC."""
    thousand_years = 1e11
    return datetime.fromtimestamp(seconds / 1000 if seconds > thousand_years else seconds, tz=UTC)
