"""A delivery in Meta's words: one text, or one approved template. Pure."""

import re
from collections.abc import Iterator
from collections.abc import Mapping as Words
from typing import Any

from connectors.whatsapp.payloads import OutMessage, OutTemplate, OutText
from hub.contract import (
    Addition,
    Delivery,
    Mapping,
    Notice,
    Opening,
    Status,
    StatusUpdate,
    Unsendable,
)

LONGEST_TEXT = 4096
# Meta counts the filled-in body of a template as a whole (1024); this leaves room for its words.
LONGEST_PARAMETER = 600
PLACEHOLDERS = ("ticket", "status", "note", "agency")
_PLACEHOLDER = re.compile(r"\{(\w+)\}")


def compose(delivery: Delivery, mapping: Mapping) -> OutMessage:
    """The one message of this delivery. `Unsendable` where WhatsApp has no form for it."""
    message: OutMessage = {
        "messaging_product": "whatsapp",
        "recipient_type": "individual",
        "type": "text",
        "biz_opaque_callback_data": delivery.parcel_id,
    }
    address = delivery.recipient or {}
    if phone := address.get("phone"):
        message["to"] = phone
    elif user_id := address.get("user_id"):
        message["recipient"] = user_id
    else:
        raise Unsendable("neither a phone number nor a user id to send to")
    match delivery.content:
        case StatusUpdate() as update if delivery.conversation_open:
            message["text"] = _text(_status_text(update, delivery, mapping))
        case StatusUpdate() as update:
            message["type"] = "template"
            words = mapping.from_status(update.status)
            if update.by_hub and "note" not in words.get("params", ()):
                words = mapping.tables["remark"]
            message["template"] = _template(words, _values(update, delivery))
        case Notice() as notice if delivery.conversation_open:
            words = mapping.notice(notice.name)
            message["text"] = _text(fill(words["text"], {"ticket": delivery.ticket}))
        case Notice():
            raise Unsendable("the conversation is closed, and a notice has no template")
        case Opening() | Addition():
            raise Unsendable("WhatsApp takes news for citizens, no complaints")
    return message


def _text(body: str) -> OutText:
    return {"body": body, "preview_url": False}


def _status_text(update: StatusUpdate, delivery: Delivery, mapping: Mapping) -> str:
    text = mapping.from_status(update.status)["text"]
    # A report that joined a known complaint starts in the middle; say first that it arrived.
    if update.is_first and update.status is not Status.RECEIVED:
        text = f"{mapping.tables['first']['text']}\n{text}"
    values = _values(update, delivery)
    if update.by_hub:
        # No officer said it: it stands for itself, behind what the status says.
        return cut(f"{fill(text, values | {'note': ''})}\n{values['note']}".strip(), LONGEST_TEXT)
    whole = fill(text, values)
    excess = len(whole) - LONGEST_TEXT
    if excess > 0 and (note := values["note"]):
        whole = fill(text, values | {"note": cut(note, max(1, len(note) - excess))})
    return cut(whole, LONGEST_TEXT)


def _values(update: StatusUpdate, delivery: Delivery) -> dict[str, str]:
    return {
        "ticket": delivery.ticket,
        "status": update.status.label,
        "note": (update.note or "").strip(),
        "agency": (update.agency or "").strip(),
    }


def _template(words: Words[str, Any], values: Words[str, str]) -> OutTemplate:
    # A parameter may hold no line break and may not be empty (132018).
    parameters = [
        cut(" ".join(values[name].split()), LONGEST_PARAMETER) or "-"
        for name in words.get("params", ())
    ]
    return {
        "name": words["template"],
        "language": {"code": words["language"]},
        "components": [
            {"type": "body", "parameters": [{"type": "text", "text": text} for text in parameters]}
        ]
        if parameters
        else [],
    }


def fill(text: str, values: Words[str, str]) -> str:
    """Put values in; a line whose value is missing goes as a whole."""

    def line_filled(line: str) -> str | None:
        names = _PLACEHOLDER.findall(line)
        if not all(values.get(name) for name in names):
            return None
        return _PLACEHOLDER.sub(lambda found: values[found[1]], line)

    lines = (line_filled(line) for line in text.strip().splitlines())
    return "\n".join(line for line in lines if line is not None)


def cut(text: str, longest: int) -> str:
    """Shorten on a word, and show it."""
    if len(text) <= longest:
        return text
    kept = text[: longest - 1]
    at_word = kept.rpartition(" ")[0]
    # One endless word (an address) is cut where it must be.
    return f"{(at_word if len(at_word) > longest // 2 else kept).rstrip()}…"


def faults(mapping: Mapping) -> Iterator[str]:
    """What the mapping gets wrong for this connector, each a sentence."""
    where = "mappings/whatsapp.toml"
    for status, words in mapping.status_out.items():
        for name in ("text", "template", "language"):
            if not words.get(name):
                yield f"{where}: [status_out.{status.value}] needs {name}"
        named = {*_PLACEHOLDER.findall(words.get("text", "")), *words.get("params", ())}
        for name in sorted(named - set(PLACEHOLDERS)):
            known = ", ".join(PLACEHOLDERS)
            yield f"{where}: [status_out.{status.value}] names {name!r}; known are {known}"
    if not mapping.tables.get("first", {}).get("text"):
        yield f"{where}: [first] needs text"
    for name in ("template", "language"):
        if not mapping.tables.get("remark", {}).get(name):
            yield f"{where}: [remark] needs {name}"
    for notice, words in mapping.notices.items():
        if not words.get("text"):
            yield f"{where}: [notices.{notice}] needs text"
