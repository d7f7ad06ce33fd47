"""Who may bring us something: challenge and signature."""

import csv

import pytest

from hub.contract import BadSignature
from tests.connectors.whatsapp.given import INBOUND, connector, recorded

with (INBOUND / "own__signatures.csv").open(encoding="utf-8") as lines:
    SIGNATURES = [
        pytest.param(
            row["file"].removeprefix("own__").removesuffix(".json"),
            row["x_hub_signature_256"],
            id=row["file"],
        )
        for row in csv.DictReader(lines)
    ]
ASKED = {
    "hub.mode": "subscribe",
    "hub.challenge": "0012345678901234567890",
    "hub.verify_token": "kata-sandi-contoh",
}


@pytest.mark.parametrize(("situation", "signature"), SIGNATURES)
def test_a_body_is_taken_under_its_signature_and_not_with_one_bit_changed(
    situation: str, signature: str
) -> None:
    body = recorded(situation)
    connector().verify({"X-Hub-Signature-256": signature}, body)
    changed = bytes([body[0] ^ 1]) + body[1:]
    with pytest.raises(BadSignature):
        connector().verify({"X-Hub-Signature-256": signature}, changed)


@pytest.mark.parametrize(
    "secrets", ["baru,rahasia-aplikasi-contoh", "rahasia-aplikasi-contoh, baru"]
)
def test_both_secrets_are_taken_while_one_replaces_the_other(secrets: str) -> None:
    signature = SIGNATURES[0].values[1]
    body = recorded(str(SIGNATURES[0].values[0]))
    connector(app_secret=secrets).verify({"x-hub-signature-256": str(signature)}, body)


@pytest.mark.parametrize("name", ["x-hub-signature-256", "X-HUB-SIGNATURE-256"])
def test_the_signature_header_is_found_however_it_is_written(name: str) -> None:
    body = recorded(str(SIGNATURES[0].values[0]))
    connector().verify({name: str(SIGNATURES[0].values[1])}, body)


@pytest.mark.parametrize(
    "headers", [{}, {"x-hub-signature-256": ""}, {"x-hub-signature": "sha1=0"}]
)
def test_a_body_without_a_signature_is_refused(headers: dict[str, str]) -> None:
    with pytest.raises(BadSignature):
        connector().verify(headers, recorded("text"))


def test_the_challenge_comes_back_verbatim_with_its_leading_zeros() -> None:
    assert connector().challenge(ASKED) == "0012345678901234567890"


@pytest.mark.parametrize(
    "wrong",
    [
        {"hub.mode": "unsubscribe"},
        {"hub.mode": ""},
        {"hub.verify_token": "salah"},
        {"hub.verify_token": "kata-sandi-contoh "},
        {"hub.verify_token": "kåta"},
    ],
)
def test_a_wrong_mode_or_verify_token_is_refused(wrong: dict[str, str]) -> None:
    with pytest.raises(BadSignature):
        connector().challenge(ASKED | wrong)
