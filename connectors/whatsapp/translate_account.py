"""What Meta says about the account, its numbers and its templates. Pure.

https://developers.facebook.com/documentation/business-messaging/whatsapp/webhooks/overview
"""

from collections.abc import Iterator

from connectors.whatsapp import errors
from connectors.whatsapp.envelope import Change, digest
from hub.contract import Alarm, Ignored, News, Node, Unreadable

# A new event of an account is more often bad news than good: what is not listed raises an alarm.
HARMLESS_ACCOUNT = frozenset(
    {
        "ACCOUNT_RECONNECTED",
        "AD_ACCOUNT_LINKED",
        "AUTH_INTL_PRICE_ELIGIBILITY_UPDATE",
        "BUSINESS_PRIMARY_LOCATION_COUNTRY_UPDATE",
        "MM_LITE_TERMS_SIGNED",
        "PARTNER_ADDED",
        "PARTNER_APP_INSTALLED",
        "PARTNER_CLIENT_CERTIFICATION_STATUS_UPDATE",
        "VERIFIED_ACCOUNT",
        "VOLUME_BASED_PRICING_TIER_UPDATE",
    }
)
# Templates and numbers have news every day: only what is listed does.
HARMFUL = {
    "message_template_status_update": frozenset(
        {"DISABLED", "FLAGGED", "LIMIT_EXCEEDED", "PAUSED", "PENDING_DELETION", "REJECTED"}
    ),
    "message_template_quality_update": frozenset({"RED", "YELLOW"}),
    "phone_number_quality_update": frozenset({"DOWNGRADE", "FLAGGED", "THROUGHPUT_DOWNGRADE"}),
}
_TEXT = {
    "account_update": "Meta mengubah keadaan akun WhatsApp",
    "account_alerts": "Peringatan Meta tentang akun WhatsApp",
    "message_template_status_update": "Template WhatsApp tidak dapat dipakai",
    "message_template_quality_update": "Mutu template WhatsApp turun",
    "phone_number_quality_update": "Mutu nomor WhatsApp turun, jatah pesan dapat dikurangi",
}
LONGEST_CODE = 60
_OPEN_MANAGER = "Buka WhatsApp Manager dan ikuti petunjuk di Business Support Home."
_MEND_TEMPLATE = (
    "Buka WhatsApp Manager > Message templates, perbaiki, lalu ajukan ulang; "
    "kabar sesudah 24 jam tidak terkirim selama template tidak aktif."
)


def read_account(change: Change) -> Iterator[News]:
    """A change without messages and statuses."""
    key = f"change:{change.key}"
    if change.field in ("", "messages"):
        yield Unreadable(key=key, reason=f"{change.node.path}: nothing to read")
        return
    event = _event(change.value)
    if not _is_harmful(change, event):
        yield Ignored(key=key, reason=f"{change.field}: {event or 'not read'}")
        return
    about = [change.value["message_template_name"].text(), event, *_reasons(change.value)]
    yield Alarm(
        key=key,
        code=f"{change.field}_{event}".lower()[:LONGEST_CODE],
        text=f"{_TEXT[change.field]}: {' · '.join(word for word in about if word)}",
        next_step=_MEND_TEMPLATE if "template" in change.field else _OPEN_MANAGER,
    )


def read_value_error(error: Node, change: Change, *, alone: bool) -> News:
    """`value.errors[]` on its own is about the account, beside a message about that message."""
    code = errors.code_of(error)
    key = f"error:{digest([change.key, error.value])}"
    if not alone:
        return Ignored(key=key, reason=f"error {code} about another piece of this change")
    title = error["message"].text() or error["title"].text() or "tanpa keterangan"
    return Alarm(
        key=key,
        code=str(code) if code is not None else "value_error",
        text=f"WhatsApp melaporkan galat pada akun: {title}",
        next_step=errors.next_step(code),
    )


def _event(value: Node) -> str:
    names = ("event", "new_quality_score", "alert_type")
    return next((word for name in names if (word := value[name].text())), "")


def _is_harmful(change: Change, event: str) -> bool:
    match change.field:
        case "account_update":
            reinstated = change.value["ban_info"]["waba_ban_state"].text() == "REINSTATE"
            return event not in HARMLESS_ACCOUNT and not reinstated
        case "account_alerts":
            return True
        case field:
            return event in HARMFUL.get(field, frozenset())


def _reasons(value: Node) -> Iterator[str | None]:
    yield value["rejection_info"]["reason"].text() or value["reason"].text()
    yield value["violation_info"]["violation_type"].text()
    yield value["ban_info"]["waba_ban_state"].text()
    for restriction in value["restriction_info"]:
        yield restriction["restriction_type"].text()
