"""Encryption at rest and blind indexes, from HUB_SECRET_KEY. Several keys during a rotation."""

import base64
import hashlib
import hmac
import json
from collections.abc import Sequence
from typing import Any

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF


class WrongKey(Exception):
    """Something was sealed with a key that is not among HUB_SECRET_KEY."""


class Seal:
    """Seals with the first secret, opens with any; blind indexes use the oldest, so that they stay."""

    def __init__(self, secrets: Sequence[str]) -> None:
        if not secrets or not all(secrets):
            raise ValueError("HUB_SECRET_KEY is empty")
        self._box = MultiFernet([Fernet(_derived(secret, b"seal")) for secret in secrets])
        self._blind_key = _derived(secrets[-1], b"blind")

    def close(self, body: bytes) -> bytes:
        """Encrypt."""
        return self._box.encrypt(body)

    def open(self, sealed: bytes) -> bytes:
        """Decrypt. Raises `WrongKey`."""
        try:
            return self._box.decrypt(sealed)
        except InvalidToken as error:
            raise WrongKey(
                "disegel dengan HUB_SECRET_KEY lain; tambahkan kunci lama di belakang yang baru, dipisah koma"
            ) from error

    def close_json(self, value: Any) -> bytes:
        """Encrypt a JSON value."""
        return self.close(json.dumps(value, ensure_ascii=False).encode())

    def open_json(self, sealed: bytes) -> Any:
        """Decrypt a JSON value."""
        return json.loads(self.open(sealed))

    def blind(self, value: str) -> str:
        """A keyed hash: equal for equal values, says nothing about them."""
        return hmac.new(self._blind_key, value.encode(), hashlib.sha256).hexdigest()


def _derived(secret: str, purpose: bytes) -> bytes:
    # The secret is a passphrase of the operator's; one key per purpose (BSSN 4/2021).
    key = HKDF(algorithm=SHA256(), length=32, salt=b"simpul-aduan", info=purpose)
    return base64.urlsafe_b64encode(key.derive(secret.encode()))
