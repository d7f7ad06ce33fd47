"""Webhooks as Meta sends them: recorded ones, and made-up messages."""

import hashlib
import hmac
import json
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

import httpx

from hub.bootstrap import Hub
from tests.journey.city import ROOT

RECORDINGS = ROOT / "tests" / "connectors" / "whatsapp" / "recordings"
# The numbers that the recordings were sent to.
GIVEN = json.loads((RECORDINGS / "settings.json").read_text(encoding="utf-8"))
NUMBERS: str = GIVEN["WHATSAPP_PHONE_NUMBER_ID"]
APP_SECRET = "rahasia-aplikasi-tiruan"
OUR_NUMBER = "100000000000112"


def recordings() -> dict[str, bytes]:
    """Every recorded webhook body by its situation."""
    return {
        folder.name: (folder / "body.json").read_bytes()
        for folder in sorted((RECORDINGS / "inbound").iterdir())
        if folder.is_dir()
    }


def other_bytes(body: bytes) -> bytes:
    """The same content, written differently."""
    return json.dumps(json.loads(body), separators=(",", ":")).encode()


async def post(hub: Hub, body: bytes | Mapping[str, Any], *, secret: str = APP_SECRET) -> int:
    """Bring a webhook, signed; the answer's status."""
    content = body if isinstance(body, bytes) else json.dumps(body).encode()
    mark = hmac.new(secret.encode(), content, hashlib.sha256).hexdigest()
    async with httpx.AsyncClient(
        transport=httpx.ASGITransport(hub.web, raise_app_exceptions=False), base_url="http://hub"
    ) as client:
        headers = {"x-hub-signature-256": f"sha256={mark}"}
        answer = await client.post("/webhooks/whatsapp", content=content, headers=headers)
    return answer.status_code


def said(
    text: str,
    *,
    at: datetime,
    number: str = "1",
    phone: str | None = "6281100001001",
    user_id: str | None = "ID.10000000000000001001",
    after: float = 0,
    **more: Any,
) -> dict[str, Any]:
    """One message of a citizen, `after` seconds after `at`."""
    moment = int((at + timedelta(seconds=after)).timestamp())
    sender = {"from": phone} if phone else {}
    sender |= {"from_user_id": user_id} if user_id else {}
    message = {"id": f"wamid.{number}", "timestamp": str(moment), "type": "text", **sender}
    return message | {"text": {"body": text}} | more


def webhook(*messages: Mapping[str, Any], field: str = "messages", **value: Any) -> dict[str, Any]:
    """One body with these messages for our number."""
    full = {"metadata": {"phone_number_id": OUR_NUMBER}, "messages": list(messages), **value}
    change = {"field": field, "value": full}
    return {"object": "whatsapp_business_account", "entry": [{"id": "2", "changes": [change]}]}
