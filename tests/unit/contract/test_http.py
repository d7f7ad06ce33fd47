"""Failures are translated once, here: what each means for a write and for a read."""

import asyncio
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta

import httpx
import pytest

from hub.contract import (
    Api,
    NotFound,
    OutcomeUnknown,
    Rejected,
    Scope,
    Throttled,
    Unauthorized,
    Unavailable,
    Unreachable,
    UpstreamError,
    Verdict,
    WindowClosed,
    json_of,
    retry_after,
)
from hub.contract.http import LONGEST_BODY_SHOWN, from_epoch

Answer = Callable[[httpx.Request], httpx.Response]


class Upstream:
    """Gives the same answer to every call, and counts the calls."""

    def __init__(self, *answers: httpx.Response | type[httpx.RequestError]) -> None:
        self._answers: Iterator[httpx.Response | type[httpx.RequestError]] = iter(answers)
        self._last: httpx.Response | type[httpx.RequestError] = answers[-1]
        self.calls = 0

    def __call__(self, request: httpx.Request) -> httpx.Response:
        self.calls += 1
        answer = next(self._answers, self._last)
        if isinstance(answer, httpx.Response):
            return answer
        raise answer("made to fail", request=request)

    def api(self, complain: Callable[[httpx.Response], UpstreamError | None] | None = None) -> Api:
        client = httpx.AsyncClient(
            transport=httpx.MockTransport(self), base_url="https://upstream.example"
        )
        return Api(client, complain=complain)


@pytest.fixture(autouse=True)
def _nobody_waits(monkeypatch: pytest.MonkeyPatch) -> None:
    really = asyncio.sleep

    async def at_once(_: float) -> None:
        await really(0)

    monkeypatch.setattr(asyncio, "sleep", at_once)


async def failed_write(
    answer: httpx.Response | type[httpx.RequestError],
) -> tuple[UpstreamError, int]:
    upstream = Upstream(answer)
    with pytest.raises(UpstreamError) as caught:
        await upstream.api().write("POST", "/complaints", json={"text": "halo"})
    return caught.value, upstream.calls


async def failed_read(
    answer: httpx.Response | type[httpx.RequestError],
) -> tuple[UpstreamError, int]:
    upstream = Upstream(answer)
    with pytest.raises(UpstreamError) as caught:
        await upstream.api().read("GET", "/complaints/1")
    return caught.value, upstream.calls


@pytest.mark.parametrize(
    ("lost", "kind"),
    [
        (httpx.ConnectError, Unreachable),
        (httpx.ConnectTimeout, Unreachable),
        (httpx.PoolTimeout, Unreachable),
        (httpx.UnsupportedProtocol, Unreachable),
        (httpx.ReadTimeout, OutcomeUnknown),
        (httpx.ReadError, OutcomeUnknown),
        (httpx.WriteTimeout, OutcomeUnknown),
        (httpx.WriteError, OutcomeUnknown),
        (httpx.CloseError, OutcomeUnknown),
        (httpx.RemoteProtocolError, OutcomeUnknown),
        (httpx.LocalProtocolError, Unreachable),
        (httpx.ProxyError, OutcomeUnknown),
    ],
)
async def test_a_write_is_in_doubt_unless_no_byte_can_have_left(
    lost: type[httpx.RequestError], kind: type[UpstreamError]
) -> None:
    error, calls = await failed_write(lost)
    assert type(error) is kind
    assert calls == 1


async def test_an_answer_whose_compression_is_broken_leaves_a_write_in_doubt() -> None:
    def broken(_: httpx.Request) -> httpx.Response:
        return httpx.Response(
            200, headers={"content-encoding": "gzip"}, stream=httpx.ByteStream(b"no gzip")
        )

    api = Api(httpx.AsyncClient(transport=httpx.MockTransport(broken)))
    with pytest.raises(OutcomeUnknown):
        await api.write("POST", "https://upstream.example/complaints")


@pytest.mark.parametrize(
    ("status", "kind", "verdict", "code"),
    [
        (302, Rejected, Verdict.GIVE_UP, "http_302"),
        (400, Rejected, Verdict.GIVE_UP, "http_400"),
        (401, Unauthorized, Verdict.PAUSE, "http_401"),
        (403, Unauthorized, Verdict.PAUSE, "http_403"),
        (404, NotFound, Verdict.GIVE_UP, "http_404"),
        (408, OutcomeUnknown, Verdict.DOUBT, "http_408"),
        (409, Rejected, Verdict.GIVE_UP, "http_409"),
        (410, NotFound, Verdict.GIVE_UP, "http_410"),
        (422, Rejected, Verdict.GIVE_UP, "http_422"),
        (429, Throttled, Verdict.RETRY, "throttled"),
        (500, OutcomeUnknown, Verdict.DOUBT, "http_500"),
        (502, OutcomeUnknown, Verdict.DOUBT, "http_502"),
        (503, OutcomeUnknown, Verdict.DOUBT, "http_503"),
        (504, OutcomeUnknown, Verdict.DOUBT, "http_504"),
    ],
)
async def test_a_status_has_one_meaning_for_a_write(
    status: int, kind: type[UpstreamError], verdict: Verdict, code: str
) -> None:
    error, calls = await failed_write(httpx.Response(status, text="bukan begitu"))
    assert (type(error), error.verdict, error.code, calls) == (kind, verdict, code, 1)


@pytest.mark.parametrize(
    ("answer", "kind", "calls"),
    [
        (httpx.ConnectError, Unreachable, 3),
        (httpx.ReadTimeout, Unreachable, 3),
        (httpx.RemoteProtocolError, Unreachable, 3),
        (httpx.Response(500), Unavailable, 3),
        (httpx.Response(503), Unavailable, 3),
        (httpx.Response(408), Unavailable, 3),
        (httpx.Response(429), Throttled, 1),
        (httpx.Response(401), Unauthorized, 1),
        (httpx.Response(404), NotFound, 1),
        (httpx.Response(422), Rejected, 1),
    ],
)
async def test_a_read_is_tried_again_only_where_that_may_help(
    answer: httpx.Response | type[httpx.RequestError], kind: type[UpstreamError], calls: int
) -> None:
    error, made = await failed_read(answer)
    assert (type(error), made) == (kind, calls)
    assert error.verdict is not Verdict.DOUBT


async def test_a_read_that_succeeds_at_last_is_a_success() -> None:
    upstream = Upstream(httpx.ReadTimeout, httpx.Response(503), httpx.Response(200, text="ada"))
    assert (await upstream.api().read("GET", "/complaints/1")).text == "ada"
    assert upstream.calls == 3


async def test_a_connector_may_read_a_finer_error_out_of_an_answer() -> None:
    def complain(response: httpx.Response) -> UpstreamError | None:
        return WindowClosed() if "131047" in response.text else None

    with pytest.raises(WindowClosed):
        await Upstream(httpx.Response(400, text="131047")).api(complain).write("POST", "/messages")
    with pytest.raises(Rejected):
        await Upstream(httpx.Response(400, text="100")).api(complain).write("POST", "/messages")


async def test_a_throttle_concerns_the_whole_connector_and_says_how_long() -> None:
    error, _ = await failed_write(httpx.Response(429, headers={"Retry-After": "30"}))
    assert (error.scope, error.retry_after) == (Scope.CONNECTOR, timedelta(seconds=30))


async def test_an_upstream_under_repair_says_how_long() -> None:
    error, _ = await failed_write(httpx.Response(503, headers={"Retry-After": "120"}))
    assert (error.scope, error.retry_after) == (Scope.PARCEL, timedelta(minutes=2))


@pytest.mark.parametrize(
    ("headers", "wait"),
    [
        ({}, None),
        ({"retry-after": "0"}, timedelta()),
        ({"retry-after": " 30 "}, timedelta(seconds=30)),
        ({"retry-after": "9999999999"}, timedelta(days=1)),
        ({"retry-after": "soon"}, None),
        ({"retry-after": "-5"}, None),
        ({"retry-after": "1.5"}, None),
        ({"retry-after": "\N{SUPERSCRIPT TWO}"}, None),
        (
            {
                "retry-after": "Mon, 02 Mar 2026 05:30:45 GMT",
                "date": "Mon, 02 Mar 2026 05:30:00 GMT",
            },
            timedelta(seconds=45),
        ),
        (
            {
                "retry-after": "Mon, 02 Mar 2026 12:31:00 +0700",
                "date": "Mon, 02 Mar 2026 05:30:00 GMT",
            },
            timedelta(minutes=1),
        ),
        (
            {
                "retry-after": "Mon, 02 Mar 2026 05:29:00 GMT",
                "date": "Mon, 02 Mar 2026 05:30:00 GMT",
            },
            timedelta(),
        ),
        (
            {
                "retry-after": "Mon, 02 Mar 2099 05:30:00 GMT",
                "date": "Mon, 02 Mar 2026 05:30:00 GMT",
            },
            timedelta(days=1),
        ),
        ({"retry-after": "Mon, 02 Mar 2026 05:30:45 GMT", "date": "yesterday"}, None),
        ({"retry-after": "Mon, 02 Mar 2026 05:30:45 GMT"}, None),
    ],
)
def test_retry_after_is_seconds_or_a_date_and_never_more_than_a_day(
    headers: dict[str, str], wait: timedelta | None
) -> None:
    assert retry_after(headers) == wait


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"<html>502</html>",
        b'{"data": {"id": 92',
        b"[1, 2]",
        b"null",
        b"\xff\xfe",
        pytest.param(b"[" * 100_000, id="a hundred thousand brackets"),
    ],
)
@pytest.mark.parametrize("unclear", [OutcomeUnknown, Unavailable])
def test_a_success_whose_body_says_nothing_is_unclear(
    content: bytes, unclear: type[UpstreamError]
) -> None:
    with pytest.raises(unclear) as caught:
        json_of(httpx.Response(200, content=content), unclear=unclear)
    assert caught.value.code == "bad_body"


def test_an_object_is_what_an_answer_should_be() -> None:
    response = httpx.Response(200, json={"id": 9200001})
    assert json_of(response, unclear=OutcomeUnknown) == {"id": 9200001}


async def test_of_a_long_answer_an_operator_sees_the_beginning_on_one_line() -> None:
    error, _ = await failed_write(httpx.Response(500, text="galat\n  besar " * 1000))
    assert error.detail.startswith("HTTP 500: galat besar galat")
    assert len(error.detail) <= LONGEST_BODY_SHOWN + len("HTTP 500: ")
    assert "\n" not in error.detail


async def test_a_download_comes_in_parts_and_its_failures_are_translated() -> None:
    async with Upstream(httpx.Response(200, content=b"gambar")).api().stream("/media") as answer:
        assert b"".join([part async for part in answer.aiter_bytes()]) == b"gambar"
    with pytest.raises(NotFound):
        async with Upstream(httpx.Response(404)).api().stream("/media"):
            pytest.fail("a missing file was opened")
    with pytest.raises(Unreachable):
        async with Upstream(httpx.ReadError).api().stream("/media"):
            pytest.fail("a lost file was opened")


@pytest.mark.parametrize("number", [1_772_429_400, 1_772_429_400_000])
def test_an_epoch_may_be_in_seconds_or_in_milliseconds(number: float) -> None:
    assert from_epoch(number) == datetime(2026, 3, 2, 5, 30, tzinfo=UTC)
