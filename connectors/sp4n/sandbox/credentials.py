"""The two static credentials of the imitation, both invented."""

import hmac
from collections.abc import Mapping
from random import Random
from uuid import UUID

FIRST_GUID = "00000000-0000-4000-8000-0000000C0470"
PRETENDED_HASH = "$2y$10$imitasi.imitasi.imitasi.imitasi.imitasi.imitasi.imita"


class Credentials:
    """A bearer under one of two header names, and a GUID in braces."""

    def __init__(self) -> None:
        self.bearer = PRETENDED_HASH
        self.token = f"{{{FIRST_GUID}}}"

    def rotate(self, rng: Random) -> None:
        """Replace the token, as happens there by hand every few weeks."""
        self.token = f"{{{str(UUID(int=rng.getrandbits(128), version=4)).upper()}}}"

    def fit(self, headers: Mapping[str, str]) -> bool:
        """Whether a call carries both."""
        bearer = headers.get("auth") or headers.get("authorization") or ""
        return hmac.compare_digest(
            bearer.removeprefix("Bearer ").encode(), self.bearer.encode()
        ) and hmac.compare_digest(headers.get("token", "").encode(), self.token.encode())
