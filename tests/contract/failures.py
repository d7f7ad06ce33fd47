"""All the ways a call to an upstream fails, and what the hub must be told of each."""

from collections.abc import Callable
from dataclasses import dataclass

import httpx

from hub.contract import Verdict

WAIT_SECONDS = 7
Answer = Callable[[httpx.Request, httpx.Response | None], httpx.Response]


@dataclass(frozen=True, kw_only=True)
class Failure:
    """A way to fail, what follows from it for a write, and for a read where that differs."""

    name: str
    answer: Answer
    verdict: Verdict
    retry_after: int | None = None

    def __str__(self) -> str:
        return self.name

    def verdicts(self, *, is_write: bool, is_last_write: bool) -> frozenset[Verdict]:
        """What the hub may be told: only where a repetition harms nobody, RETRY for DOUBT."""
        if self.verdict is not Verdict.DOUBT:
            return frozenset({self.verdict})
        if not is_write:
            return frozenset({Verdict.RETRY})
        return frozenset({Verdict.DOUBT} if is_last_write else {Verdict.RETRY, Verdict.DOUBT})


def _lost(kind: type[httpx.TransportError]) -> Answer:
    def lose(request: httpx.Request, _: httpx.Response | None) -> httpx.Response:
        raise kind("made to fail", request=request)

    return lose


def _status(status: int, **headers: str) -> Answer:
    def refuse(_: httpx.Request, __: httpx.Response | None) -> httpx.Response:
        return httpx.Response(status, headers=headers, json={"message": "kesalahan buatan"})

    return refuse


def _gateway(_: httpx.Request, __: httpx.Response | None) -> httpx.Response:
    return httpx.Response(502, html="<html><body><h1>502 Bad Gateway</h1></body></html>")


def _truncated(_: httpx.Request, whole: httpx.Response | None) -> httpx.Response:
    content = whole.content if whole is not None else b""
    half = content[: len(content) // 2] or b'{"data": {"id'
    return httpx.Response(200, content=half, headers={"content-type": "application/json"})


RETRY, DOUBT, PAUSE, GIVE_UP = Verdict.RETRY, Verdict.DOUBT, Verdict.PAUSE, Verdict.GIVE_UP

UNREACHABLE = Failure(name="ConnectError", answer=_lost(httpx.ConnectError), verdict=RETRY)

FAILURES = (
    UNREACHABLE,
    Failure(name="ConnectTimeout", answer=_lost(httpx.ConnectTimeout), verdict=RETRY),
    Failure(name="ReadTimeout", answer=_lost(httpx.ReadTimeout), verdict=DOUBT),
    Failure(name="ReadError", answer=_lost(httpx.ReadError), verdict=DOUBT),
    Failure(name="RemoteProtocolError", answer=_lost(httpx.RemoteProtocolError), verdict=DOUBT),
    Failure(name="500", answer=_status(500), verdict=DOUBT),
    Failure(name="502_html", answer=_gateway, verdict=DOUBT),
    Failure(name="503", answer=_status(503), verdict=DOUBT),
    Failure(name="200_truncated", answer=_truncated, verdict=DOUBT),
    Failure(name="429", answer=_status(429), verdict=RETRY),
    Failure(
        name="429_retry_after",
        answer=_status(429, **{"retry-after": str(WAIT_SECONDS)}),
        verdict=RETRY,
        retry_after=WAIT_SECONDS,
    ),
    *(Failure(name=f"{code}", answer=_status(code), verdict=PAUSE) for code in (401, 403)),
    *(Failure(name=f"{code}", answer=_status(code), verdict=GIVE_UP) for code in (400, 404, 422)),
)
