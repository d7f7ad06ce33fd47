"""A signature fits the exact bytes under one of our secrets, or the webhook is not believed."""

import hashlib
import hmac

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub.contract import BadSignature, same_secret, verify_hmac_sha256

BODY = b'{"text": "halo \\u2019"}'
OLD, NEW = "rahasia-lama", "rahasia-baru"


def signed(body: bytes, secret: str) -> str:
    return "sha256=" + hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()


@pytest.mark.parametrize("secret", [OLD, NEW])
def test_during_a_rotation_both_secrets_fit(secret: str) -> None:
    verify_hmac_sha256(BODY, given=signed(BODY, secret), secrets=[OLD, NEW])


def test_the_case_of_the_digits_does_not_matter() -> None:
    scheme, _, digest = signed(BODY, NEW).partition("=")
    verify_hmac_sha256(BODY, given=f"{scheme}={digest.upper()}", secrets=[NEW])


@pytest.mark.parametrize(
    "given_header",
    [
        None,
        "",
        "sha256=",
        "sha256",
        signed(BODY, "rahasia-orang"),
        signed(BODY + b" ", NEW),
        signed(BODY, NEW).replace("sha256=", "sha1="),
        signed(BODY, NEW).removeprefix("sha256="),
        signed(BODY, NEW)[:-1],
        "sha256=\N{SNOWMAN}",
    ],
)
def test_anything_else_is_not_believed(given_header: str | None) -> None:
    with pytest.raises(BadSignature):
        verify_hmac_sha256(BODY, given=given_header, secrets=[OLD, NEW])


def test_without_a_secret_nothing_is_believed() -> None:
    with pytest.raises(BadSignature):
        verify_hmac_sha256(BODY, given=signed(BODY, NEW), secrets=[])


def test_an_empty_secret_fits_nothing() -> None:
    with pytest.raises(BadSignature):
        verify_hmac_sha256(BODY, given=signed(BODY, ""), secrets=[""])


def test_the_error_does_not_tell_what_would_have_fitted() -> None:
    with pytest.raises(BadSignature) as caught:
        verify_hmac_sha256(BODY, given="sha256=00", secrets=[NEW])
    assert signed(BODY, NEW).removeprefix("sha256=") not in repr(caught.value)


@given(st.binary(), st.text(st.characters(codec="utf-8"), min_size=1))
def test_what_was_signed_is_believed(body: bytes, secret: str) -> None:
    verify_hmac_sha256(body, given=signed(body, secret), secrets=[secret])


def test_two_secrets_are_the_same_only_if_they_are() -> None:
    assert same_secret("sandi-\N{SNOWMAN}", "sandi-\N{SNOWMAN}")
    assert not same_secret("sandi", "sandi ")
