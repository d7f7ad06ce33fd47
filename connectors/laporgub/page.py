"""The public page of a complaint, read slowly and only where LAPORGUB_READ_PAGE allows it.

Never a login, never a CAPTCHA: where the page wants either, reading stops and a person is told.
Only the timeline is looked at; whatever else the page shows of a reporter is never kept.
"""

import asyncio
import json
import time
from collections import OrderedDict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace

import httpx

from connectors.laporgub.client import seen_by
from connectors.laporgub.profile import PageMarkup, Profile
from connectors.laporgub.settings import Settings
from connectors.laporgub.shapes import digest
from connectors.laporgub.slips import page_of
from connectors.laporgub.timeline import timeline_of
from hub.contract import (
    TIMEOUT,
    Held,
    NotFound,
    Raw,
    Rejected,
    Throttled,
    Unavailable,
    Unreachable,
    UpstreamError,
    failure,
)

REMEMBERED = 2000
MOST_REDIRECTS = 3
_LOGIN = "/login"


@dataclass(frozen=True, slots=True)
class Known:
    """What a page was when it was last read, and how to ask whether it has changed."""

    at: float
    raw: Raw | None = None
    error: UpstreamError | None = None
    asking: Mapping[str, str] = field(default_factory=dict)


class PageReader:
    """One page at a time, none more often than LAPORGUB_PAGE_SECONDS, with a name of its own.

    The hub may ask earlier, after a failure for instance; then the last answer is given again.
    """

    def __init__(
        self,
        settings: Settings,
        profile: Profile,
        *,
        transport: httpx.AsyncBaseTransport | None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._settings = settings
        self._markup = profile.page
        self._clock = clock
        self._turn = asyncio.Lock()
        self._known: OrderedDict[str, Known] = OrderedDict()
        self._stopped: Known | None = None
        self._client = httpx.AsyncClient(
            headers={"User-Agent": settings.page_agent, "Accept": "text/html"},
            timeout=TIMEOUT,
            transport=transport,
        )

    async def look(self, external_id: str) -> Raw:
        """The timeline, under a key that changes only with it. One attempt at most."""
        async with self._turn:
            known = self._stopped or self._known.get(external_id)
            if known is None or self._clock() >= known.at + self._settings.page_seconds:
                self._stopped = None
                known = await self._read(external_id, self._known.get(external_id))
            if known.raw is None:
                raise known.error.with_traceback(None) if known.error else Unavailable()
            return known.raw

    async def aclose(self) -> None:
        """Close the connections."""
        await self._client.aclose()

    async def _read(self, external_id: str, before: Known | None) -> Known:
        now = self._clock()
        asking = before.asking if before else {}
        try:
            response = await self._get(external_id, asking)
            if before and response.status_code == httpx.codes.NOT_MODIFIED:
                known = replace(before, at=now)
            else:
                raw = _raw(external_id, response, self._markup)
                known = Known(now, raw=raw, asking=_asking(response))
        except (Held, Throttled) as error:
            # They want no more of this, whichever page it is.
            self._stopped = Known(now, error=error)
            return self._stopped
        except (Rejected, Unavailable) as error:
            known = Known(now, error=error)
        self._known[external_id] = known
        self._known.move_to_end(external_id)
        if len(self._known) > REMEMBERED:
            self._known.popitem(last=False)
        return known

    async def _get(self, external_id: str, asking: Mapping[str, str]) -> httpx.Response:
        url = page_of(external_id, self._settings)
        try:
            response = await self._followed(self._client.build_request("GET", url, headers=asking))
        except httpx.RequestError as error:
            raise Unreachable(type(error).__name__) from error
        match response.status_code:
            case httpx.codes.OK | httpx.codes.NOT_MODIFIED:
                return response
            case httpx.codes.UNAUTHORIZED | httpx.codes.FORBIDDEN:
                raise Held("LaporGub menolak pembacaan laman", code=f"page_{response.status_code}")
            case httpx.codes.NOT_FOUND | httpx.codes.GONE:
                raise NotFound(
                    "tidak ada laman publik; aduan rahasia tidak punya", code="page_404"
                )
            case _:
                raise failure(response, unclear=Unavailable)

    async def _followed(self, request: httpx.Request) -> httpx.Response:
        """The answer after redirects, which never lead us to anybody else."""
        response = await self._client.send(request)
        for _ in range(MOST_REDIRECTS):
            following = response.next_request
            if following is None:
                break
            if following.url.host != request.url.host:
                raise Held("laman LaporGub mengalihkan ke situs lain", code="page_elsewhere")
            response = await self._client.send(following)
        return response


def _raw(external_id: str, response: httpx.Response, markup: PageMarkup) -> Raw:
    if response.url.path.startswith(_LOGIN):
        raise Held("laman LaporGub meminta masuk", code="page_login")
    html = response.text
    lines = timeline_of(html, markup)
    if not lines:
        if any(word in html.lower() for word in markup.captcha):
            raise Held("laman LaporGub meminta CAPTCHA", code="captcha")
        raise Unavailable("laman LaporGub tidak memuat linimasa", code="no_timeline")
    seen = seen_by(response)
    body = {"page": {"ticket": external_id, "lines": lines}, "seen": seen and seen.isoformat()}
    return Raw(
        key=f"page:{external_id}:{digest(lines)}",
        body=json.dumps(body, ensure_ascii=False).encode(),
        external_id=external_id,
    )


def _asking(response: httpx.Response) -> dict[str, str]:
    wanted = {"etag": "If-None-Match", "last-modified": "If-Modified-Since"}
    return {
        asked: response.headers[told] for told, asked in wanted.items() if told in response.headers
    }
