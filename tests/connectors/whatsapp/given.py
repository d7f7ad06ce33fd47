"""What the tests of the WhatsApp connector start from."""

import json
import tomllib
from collections.abc import Mapping
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any

import httpx

from connectors.whatsapp import Settings, WhatsApp, build
from hub.contract import Delivery, Raw, Status, StatusUpdate
from hub.contract import Mapping as Dictionary
from tests.contract.subjects import ROOT

INBOUND = Path(__file__).parent / "recordings" / "inbound"
OUR_NUMBER = "100000000000112"
PARCEL_ID = "0123456789abcdef0123456789abcdef"
CITIZEN = {"phone": "628110001001", "user_id": "ID.10000000000000001001"}


def dictionary() -> Dictionary:
    tables = tomllib.loads((ROOT / "mappings" / "whatsapp.toml").read_text(encoding="utf-8"))
    return Dictionary.from_tables("whatsapp", tables)


def connector(transport: httpx.AsyncBaseTransport | None = None, **settings: Any) -> WhatsApp:
    given: dict[str, Any] = {
        "phone_number_id": f"{OUR_NUMBER},100000000000275,1122334455667",
        "access_token": "token-contoh-rahasia",
        "app_secret": "rahasia-aplikasi-contoh",
        "verify_token": "kata-sandi-contoh",
    }
    return build(Settings(**given | settings), dictionary(), transport=transport)


def recorded(situation: str) -> bytes:
    return (INBOUND / situation / "body.json").read_bytes()


def read(body: bytes | Mapping[str, Any]) -> list[Any]:
    content = body if isinstance(body, bytes) else json.dumps(body).encode()
    return list(_reader().read(Raw(key="body", body=content)))


@cache
def _reader() -> WhatsApp:
    # One for all: a new HTTP client reads the system's certificates each time.
    return connector()


def webhook(**value: Any) -> dict[str, Any]:
    """A body with one change, for our number."""
    full = {"metadata": {"phone_number_id": OUR_NUMBER}, **value}
    change = {"field": "messages", "value": full}
    return {"object": "whatsapp_business_account", "entry": [{"id": "2", "changes": [change]}]}


def message(**said: Any) -> dict[str, Any]:
    sent = {"id": "wamid.1", "from": CITIZEN["phone"], "timestamp": "1768744000"}
    return webhook(messages=[sent | said])


def update(status: Status = Status.IN_PROGRESS, **more: Any) -> Delivery:
    """News for a citizen; what is no field of the delivery is one of the status update."""
    around: dict[str, Any] = {"recipient": CITIZEN, "conversation_open": True}
    around |= {name: more.pop(name) for name in around if name in more}
    content = StatusUpdate(status=status, at=datetime(2026, 1, 19, tzinfo=UTC), **more)
    return Delivery(parcel_id=PARCEL_ID, ticket="PKL-2026-000123", content=content, **around)
