"""A detail is read by operators and kept for ever: nothing in it may identify a person or open a door."""

from collections.abc import Awaitable, Callable

import httpx
import pytest

from hub.contract import Api, OutcomeUnknown, Unavailable, Unreachable, UpstreamError, json_of
from hub.contract.http import LONGEST_BODY_SHOWN, excerpt, failure

TOKEN = "EAAGm0PX4ZCps" + "0BAKlm8rzTq5" * 4
SECRETS = {
    "phone": "628110000001",
    "phone_grouped": "+62 811-0000-001",
    "phone_dotted": "0811.0000.001",
    "nik": "3375010101900001",
    "nik_grouped": "3375 0101 0190 0001",
    "mail": "suharti.rekaan+lapor@surat.example",
    "token": TOKEN,
    "jwt": "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.dBjftJeZ4CVPmB92K27uhbUJU1p1r",
}
secrets = pytest.mark.parametrize("secret", SECRETS.values(), ids=SECRETS.keys())


def told(text: str) -> str:
    return excerpt(httpx.Response(400, text=text))


@secrets
@pytest.mark.parametrize(
    "sentence",
    ["{}", "recipient {} not found", '{{"to": "{}", "code": 131026}}', "({})", "a\n{}\nb"],
)
def test_of_an_answer_nothing_that_tells_who_is_shown(secret: str, sentence: str) -> None:
    shown = told(sentence.format(secret))
    assert "[…]" in shown
    assert secret not in shown
    assert secret[:12] not in shown


@secrets
@pytest.mark.parametrize("kept", range(1, 40, 3))
def test_what_is_cut_off_in_the_middle_of_a_secret_shows_no_beginning_of_it(
    secret: str, kept: int
) -> None:
    before = "galat " * LONGEST_BODY_SHOWN
    shown = told(before[: LONGEST_BODY_SHOWN - kept - 1] + " " + secret + " selesai")
    assert len(shown) <= LONGEST_BODY_SHOWN
    assert secret[:8] not in shown


def test_what_an_operator_needs_stays_readable() -> None:
    text = "(#131026) Message undeliverable, see error 33 and try at 07:30"
    assert told("error 131, HTTP 502 from gateway-3") == "error 131, HTTP 502 from gateway-3"
    assert "Message undeliverable, see error 33 and try at 07:30" in told(text)


@secrets
@pytest.mark.parametrize("status", [400, 401, 404, 409, 429, 500, 503])
def test_no_failure_quotes_what_was_sent(secret: str, status: int) -> None:
    error = failure(httpx.Response(status, text=f"no {secret}"), unclear=OutcomeUnknown)
    assert secret not in f"{error.detail} {error!r} {error}"


@secrets
@pytest.mark.parametrize("body", ["{} is no JSON", '["{}"]'])
def test_no_broken_body_is_quoted_with_what_tells_who(secret: str, body: str) -> None:
    with pytest.raises(Unavailable) as caught:
        json_of(httpx.Response(200, text=body.format(secret)), unclear=Unavailable)
    assert secret not in caught.value.detail


Call = Callable[[Api], Awaitable[object]]


async def _stream(api: Api) -> None:
    async with api.stream("/media"):
        pytest.fail("a file was opened")


CALLS: dict[str, Call] = {
    "write": lambda api: api.write("POST", "/messages"),
    "read": lambda api: api.read("GET", "/messages"),
    "stream": _stream,
}


async def failed(call: Call, kind: type[httpx.RequestError]) -> UpstreamError:
    def refuse(request: httpx.Request) -> httpx.Response:
        raise kind(f"Illegal header value b'Bearer {TOKEN}\\n'", request=request)

    client = httpx.AsyncClient(
        transport=httpx.MockTransport(refuse), base_url="https://upstream.example"
    )
    with pytest.raises(UpstreamError) as caught:
        await call(Api(client))
    await client.aclose()
    return caught.value


@pytest.mark.parametrize("call", CALLS.values(), ids=CALLS.keys())
async def test_a_request_that_cannot_be_written_was_not_sent_and_its_token_is_not_quoted(
    call: Call,
) -> None:
    error = await failed(call, httpx.LocalProtocolError)
    assert type(error) is Unreachable
    assert TOKEN not in f"{error.detail} {error!r} {error}"


@pytest.mark.parametrize("call", [CALLS["write"], CALLS["stream"]], ids=["write", "stream"])
@pytest.mark.parametrize(
    "kind",
    [httpx.ConnectError, httpx.ReadTimeout, httpx.RemoteProtocolError, httpx.UnsupportedProtocol],
)
async def test_of_a_lost_exchange_only_its_kind_is_told(
    call: Call, kind: type[httpx.RequestError]
) -> None:
    assert (await failed(call, kind)).detail == kind.__name__
