"""HMAC over the raw bytes, compared in constant time, several secrets during a rotation."""

import hashlib
import hmac
from collections.abc import Iterable

from hub.contract.errors import BadSignature


def verify_hmac_sha256(body: bytes, *, given: str | None, secrets: Iterable[str]) -> None:
    """Raise `BadSignature` unless `given` is `sha256=<hex>` of `body` under one of the secrets.

    The expected value is never part of the error: whoever sees it could sign the next request.
    """
    if not given:
        raise BadSignature("no signature header")
    scheme, _, digest = given.partition("=")
    # Every secret is tried, so that the time taken does not tell which one fits.
    fits = [
        hmac.compare_digest(
            hmac.new(secret.encode(), body, hashlib.sha256).hexdigest().encode(),
            digest.strip().lower().encode(),
        )
        for secret in secrets
        if secret
    ]
    if scheme != "sha256" or not any(fits):
        raise BadSignature("the signature does not fit")


def same_secret(given: str, expected: str) -> bool:
    """Constant-time comparison of two secrets."""
    return hmac.compare_digest(given.encode(), expected.encode())
