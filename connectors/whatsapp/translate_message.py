"""One message of a citizen in our words. Pure; raises `UnreadableError` for this message only."""

from collections.abc import Iterator, Sequence

from connectors.whatsapp.attachments import KINDS, attachment, display_name
from connectors.whatsapp.envelope import open_body
from connectors.whatsapp.payloads import Contact, Message, id_in
from connectors.whatsapp.said import Said
from connectors.whatsapp.translate_person import (
    LONGEST_NAME,
    own_number,
    person_of,
    read_system,
)
from hub.contract import Ignored, News, Node, Place, UnreadableError

# Nothing was said with these, so no answer is owed.
SILENT = ("reaction", "pin", "keep_in_chat", "poll_update")


def read_message(
    message: Message, *, contacts: Sequence[Contact], route: str | None
) -> Iterator[News]:
    """A message becomes one piece of news; a changed number may be two."""
    if message.node["group_id"]:
        yield Ignored(key=message.key, reason="a message in a group")
    elif message.type == "system":
        yield from read_system(message)
    else:
        person = person_of(message, contacts)
        yield _read(Said(message, person, message.node["timestamp"].need_time(), route))


def _read(said: Said) -> News:  # noqa: C901, PLR0911 - a table of types
    body = said.message.body
    match said.message.type:
        case "text":
            return _read_text(said, body)
        case kind if kind in KINDS:
            return _read_media(said, kind, body)
        case "location":
            return said.report(place=_place(body))
        case "contacts":
            return _read_contacts(said, body)
        case "button":
            return said.reply(body["text"].text() or body["payload"].need_text())
        case "interactive":
            return _read_choice(said, body)
        case "edit":
            return _read_edit(said, body)
        case "revoke":
            return said.ignored(f"took back {id_in(body['original_message_id'])}")
        case "reaction":
            return said.ignored("a reaction")
        case "unsupported":
            return _read_unsupported(said, body)
        case other:
            # An order, or a type from after our time.
            return said.ignored(f"type {other[:40]!r} cannot be read", notice="unsupported")


def _read_text(said: Said, body: Node) -> News:
    text = body["body"].need_text()
    return said.report(text) if text.strip() else said.ignored("an empty message")


def _read_media(said: Said, kind: str, media: Node) -> News:
    caption = media["caption"].text() or ""
    file = attachment(kind, media)
    if file is None and not caption.strip():
        codes = ", ".join(said.message.error_codes) or "no id"
        return said.ignored(f"{kind} without a file: {codes}", notice="media_failed")
    return said.report(caption, file=file)


def _place(location: Node) -> Place:
    latitude, longitude = location["latitude"].number(), location["longitude"].number()
    named = (location[name].text() for name in ("name", "address"))
    words = ", ".join(text.strip() for text in named if text and text.strip())
    if latitude is None or longitude is None or not _on_earth(latitude, longitude):
        if not words:
            raise UnreadableError(f"{location.path}: neither a point on earth nor a name")
        return Place(words=words)
    return Place(latitude, longitude, words or None)


def _on_earth(latitude: float, longitude: float) -> bool:
    return -90 <= latitude <= 90 and -180 <= longitude <= 180  # noqa: PLR2004 - degrees


def _read_contacts(said: Said, cards: Node) -> News:
    own = next((card for card in cards if card["origin"].text() == "contact_request"), None)
    if own is not None:
        return own_number(said.person, own, said.message)
    lines = [line for card in cards if (line := _card(card))]
    if not lines:
        raise UnreadableError(f"{cards.path}: no contact in it")
    return said.report("\n".join(f"Kontak: {line}" for line in lines))


def _card(card: Node) -> str:
    name = display_name(card["name"]["formatted_name"].text() or "", longest=LONGEST_NAME)
    phones = ", ".join(text for phone in card["phones"] if (text := phone["phone"].text()))
    return " ".join(part for part in (name, phones) if part)


def _read_choice(said: Said, body: Node) -> News:
    how = body["type"].text() or ""
    answer = body[how]
    match how:
        case "button_reply" | "list_reply" if answer:
            return said.reply(answer["title"].text() or answer["id"].need_text())
        case "nfm_reply" if answer:
            return said.reply(_form(answer))
        case "call_permission_reply":
            return said.ignored("an answer about calls")
        case _:
            # Seen together with value.errors 131000: something was chosen, Meta lost what.
            return said.ignored(
                f"a choice without content ({how or 'no type'})", notice="unsupported"
            )


def _form(answer: Node) -> str:
    """The fields of a filled-in form, one per line."""
    fields = open_body((answer["response_json"].text() or "null").encode()).value
    shown = fields if isinstance(fields, dict) else {}
    lines = [f"{name}: {value}" for name, value in shown.items() if name != "flow_token"]
    return "\n".join(lines) or answer["body"].need_text()


def _read_edit(said: Said, edit: Node) -> News:
    inner = Message(edit["message"])
    file = attachment(inner.type, inner.body) if inner.type in KINDS else None
    text = inner.body["body"].text() or inner.body["caption"].text() or ""
    if not text.strip() and file is None:
        return said.ignored("an edit without content", notice="edited")
    return said.reply(text, to=id_in(edit["original_message_id"]), file=file)


def _read_unsupported(said: Said, body: Node) -> News:
    what = (body["type"].text() or "unnamed")[:40]
    reason = f"Meta cannot pass on: {what} ({', '.join(said.message.error_codes)})"
    if what in SILENT:
        return said.ignored(reason)
    return said.ignored(reason, notice="edited" if what == "edit" else "unsupported")
