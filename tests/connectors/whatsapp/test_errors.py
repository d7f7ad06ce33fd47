"""Meta's error codes as verdicts: the fact sheet's table, for answers and for failed statuses."""

import json
from datetime import timedelta
from typing import Any

import httpx
import pytest

from connectors.whatsapp import errors
from hub.contract import (
    Held,
    OutcomeUnknown,
    PairThrottled,
    Receipt,
    Rejected,
    Throttled,
    Unauthorized,
    Unavailable,
    UpstreamError,
    WindowClosed,
)
from tests.connectors.whatsapp.given import connector, read, update, webhook

# Section 8 of the fact sheet, written down a second time.
TABLE: dict[type[UpstreamError], str] = {
    Unavailable: "1 2 131000 131016 133004 135000",
    PairThrottled: "131056",
    Throttled: "4 80007 130429 131057",
    Held: "131048 368 131031 130497 131064 131042 131045 133010 33 131037 131063",
    Unauthorized: "0 3 10 190 200 242 299 131005",
    WindowClosed: "131047",
    Rejected: (
        "131026 131021 131030 130403 131050 130472 131062 137000 131049 "
        "100 131008 131009 131051 131055 131053 131052 "
        "132000 132001 132005 132007 132008 132012 132015 132016 132018 132068 132069"
    ),
}
CODES = [
    pytest.param(int(code), family, id=f"{family.__name__}-{code}")
    for family, codes in TABLE.items()
    for code in codes.split()
]


async def failure(status: int, error: Any, **headers: str) -> UpstreamError:
    """What a push raises that is answered so."""
    body = error if isinstance(error, str) else json.dumps({"error": error})
    answer = httpx.Response(status, text=body, headers=headers)
    whatsapp = connector(httpx.MockTransport(lambda _: answer))
    with pytest.raises(UpstreamError) as raised:
        await whatsapp.push(update())
    await whatsapp.aclose()
    return raised.value


@pytest.mark.parametrize(("code", "family"), CODES)
@pytest.mark.parametrize("status", [400, 403, 404, 429])
async def test_the_code_decides_whatever_the_http_status(
    code: int, family: type[UpstreamError], status: int
) -> None:
    error = await failure(status, {"code": code, "message": "contoh"})
    assert type(error) is family
    assert error.code == str(code)


@pytest.mark.parametrize(("code", "family"), CODES)
def test_a_failed_status_means_the_same_as_the_answer(
    code: int, family: type[UpstreamError]
) -> None:
    status = {"id": "wamid.1", "status": "failed", "timestamp": "1768744000"}
    (receipt,) = read(webhook(statuses=[status | {"errors": [{"code": code, "title": "x"}]}]))
    assert isinstance(receipt, Receipt)
    assert type(receipt.error) is family
    assert receipt.error.code == str(code)


@pytest.mark.parametrize("code", [1, 131000, 135000])
async def test_something_went_wrong_with_a_500_leaves_open_whether_it_went_out(code: int) -> None:
    assert type(await failure(500, {"code": code})) is OutcomeUnknown


@pytest.mark.parametrize("code", [2, 131016, 133004])
async def test_a_5xx_whose_code_says_that_nothing_was_done_may_be_sent_again(code: int) -> None:
    assert type(await failure(503, {"code": code})) is Unavailable


@pytest.mark.parametrize(
    "body", ["", "<html>", "[]", '{"error": "x"}', '{"error": {"code": "ya"}}']
)
async def test_without_a_code_the_http_status_decides(body: str) -> None:
    assert type(await failure(500, body)) is OutcomeUnknown
    assert type(await failure(401, body)) is Unauthorized
    assert type(await failure(429, body)) is Throttled
    assert type(await failure(400, body)) is Rejected


async def test_an_unknown_code_is_a_refusal_unless_meta_calls_it_transient() -> None:
    assert type(await failure(400, {"code": 199_999})) is Rejected
    assert type(await failure(400, {"code": 199_999, "is_transient": True})) is Unavailable
    assert type(await failure(500, {"code": 199_999, "is_transient": True})) is OutcomeUnknown


def usage(minutes: Any) -> str:
    lines = [{"type": "whatsapp", "estimated_time_to_regain_access": minutes}]
    return json.dumps({"200000000000112": lines})


@pytest.mark.parametrize(
    ("headers", "wait"),
    [
        ({"x-business-use-case-usage": usage(7)}, timedelta(minutes=7)),
        ({"x-business-use-case-usage": usage(7), "retry-after": "30"}, timedelta(minutes=7)),
        ({"x-business-use-case-usage": usage(0), "retry-after": "30"}, timedelta(seconds=30)),
        ({"x-business-use-case-usage": usage(10**9)}, timedelta(days=1)),
        ({"x-business-use-case-usage": usage("NaN")}, None),
        ({"x-business-use-case-usage": "bukan json"}, None),
        ({"x-business-use-case-usage": "[1]"}, None),
        ({}, None),
    ],
)
async def test_the_longer_wait_that_meta_asks_for_is_kept(
    headers: dict[str, str], wait: timedelta | None
) -> None:
    error = await failure(400, {"code": 130429}, **headers)
    assert error.retry_after == wait


async def test_an_operator_reads_what_to_do_and_never_the_citizens_number() -> None:
    said = {"code": 131042, "message": "Recipient 628110001001 or ID.10000000000000001001"}
    error = await failure(403, said)
    assert "metode pembayaran" in error.detail
    assert "62811000" not in error.detail
    assert "1000000000" not in error.detail


def test_every_advice_is_for_a_code_that_is_known() -> None:
    assert set(errors._NEXT_STEP) <= set(errors.FAMILY)
