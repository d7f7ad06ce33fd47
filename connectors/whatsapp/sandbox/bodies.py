"""The bodies Meta sends, built from the fact sheet."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from connectors.whatsapp.sandbox.citizens import Citizen

PHONE_NUMBER_ID = "100000000000112"
DISPLAY_NUMBER = "6281100000112"
BUSINESS_ACCOUNT_ID = "200000000000112"

Body = dict[str, Any]


def message(citizen: Citizen, *, said: Mapping[str, Any], message_id: str, at: datetime) -> Body:
    """A message of a citizen; `said` is its type and what stands under it."""
    sender = {"from": citizen.phone} if citizen.phone else {}
    contact = {"profile": {"name": citizen.name}, "user_id": citizen.user_id}
    if citizen.phone:
        contact["wa_id"] = citizen.phone
    envelope = {
        **sender,
        "from_user_id": citizen.user_id,
        "id": message_id,
        "timestamp": _seconds(at),
    }
    return _body("messages", {"contacts": [contact], "messages": [{**envelope, **said}]})


def status(
    citizen: Citizen | None, *, sent: Mapping[str, Any], word: str, message_id: str, at: datetime
) -> Body:
    """What became of a message of ours; `failed` comes without the citizen, as Meta does it."""
    news: Body = {"id": message_id, "status": word, "timestamp": _seconds(at)}
    if marker := sent.get("biz_opaque_callback_data"):
        news["biz_opaque_callback_data"] = marker
    if citizen is None:
        words = {"title": "Message undeliverable", "message": "Message undeliverable"}
        news["errors"] = [{"code": 131026, **words}]
    else:
        news |= {"recipient_user_id": citizen.user_id}
        news |= {"recipient_id": citizen.phone} if citizen.phone else {}
        category = "utility" if sent.get("type") == "template" else "service"
        price = {"pricing_model": "PMP", "category": category, "type": "regular"}
        news |= {"pricing": price} if word == "sent" else {}
    return _body("messages", {"statuses": [news]})


def user_id_update(citizen: Citizen, *, previous: str, at: datetime) -> Body:
    """A citizen has a new user id."""
    update = {
        "detail": "ID pengguna berubah (tiruan)",
        "user_id": {"previous": previous, "current": citizen.user_id},
        "timestamp": _seconds(at),
    }
    if citizen.phone:
        update["wa_id"] = citizen.phone
    return _body("user_id_update", {"user_id_update": [update]})


def _body(field: str, value: Mapping[str, Any]) -> Body:
    metadata = {"display_phone_number": DISPLAY_NUMBER, "phone_number_id": PHONE_NUMBER_ID}
    full = {"messaging_product": "whatsapp", "metadata": metadata, **value}
    entry = {"id": BUSINESS_ACCOUNT_ID, "changes": [{"value": full, "field": field}]}
    return {"object": "whatsapp_business_account", "entry": [entry]}


def _seconds(at: datetime) -> str:
    return str(int(at.timestamp()))
