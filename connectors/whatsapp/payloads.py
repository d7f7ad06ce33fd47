"""Meta's messages, field for field. Any of it may be missing or of the wrong type."""

import re
from dataclasses import dataclass
from typing import Literal, NotRequired, TypedDict

from connectors.whatsapp.envelope import digest
from hub.contract import Node, UnreadableError

LONGEST_ID = 255
LONGEST_NUMBER = 20
_BSUID = re.compile(r"[A-Z]{2}\.[A-Za-z0-9]{1,128}")


@dataclass(frozen=True, slots=True)
class Contact:
    """`value.contacts[]`: who wrote, found by wa_id or user_id, never by position.

    https://developers.facebook.com/documentation/business-messaging/whatsapp/webhooks/reference/messages
    """

    node: Node

    @property
    def phone(self) -> str | None:
        return phone_in(self.node["wa_id"])

    @property
    def user_id(self) -> str | None:
        return user_id_in(self.node["user_id"]) or user_id_in(self.node["wa_id"])

    @property
    def name(self) -> str | None:
        profile = self.node["profile"]
        return profile["name"].text() or profile["username"].text()


@dataclass(frozen=True, slots=True)
class Message:
    """`value.messages[]`.

    https://developers.facebook.com/documentation/business-messaging/whatsapp/webhooks/reference/messages
    """

    node: Node

    @property
    def key(self) -> str:
        """Meta's own id; what has none is known by its content."""
        return f"message:{id_in(self.node['id']) or digest(self.node.value)}"

    @property
    def type(self) -> str:
        return self.node["type"].text() or ""

    @property
    def body(self) -> Node:
        """What stands under the type's own name."""
        return self.node[self.type]

    @property
    def phone(self) -> str | None:
        return phone_in(self.node["from"])

    @property
    def user_id(self) -> str | None:
        return user_id_in(self.node["from_user_id"]) or user_id_in(self.node["from"])

    @property
    def quoted(self) -> str | None:
        return id_in(self.node["context"]["id"])

    @property
    def error_codes(self) -> tuple[str, ...]:
        """`errors[].code`, as text."""
        return tuple(code for error in self.node["errors"] if (code := error["code"].text()))


class OutText(TypedDict):
    """Free text.

    https://developers.facebook.com/documentation/business-messaging/whatsapp/messages/text-messages
    """

    body: str
    preview_url: bool


class OutParameter(TypedDict):
    """One value for `{{1}}` of a template."""

    type: Literal["text"]
    text: str


class OutComponent(TypedDict):
    """The values of a template's body."""

    type: Literal["body"]
    parameters: list[OutParameter]


class OutTemplate(TypedDict):
    """A template by name, with the values for its body.

    https://developers.facebook.com/documentation/business-messaging/whatsapp/templates/overview
    """

    name: str
    language: dict[Literal["code"], str]
    components: list[OutComponent]


class OutMessage(TypedDict):
    """What is posted to /messages: `to` is a phone number, `recipient` a BSUID.

    https://developers.facebook.com/documentation/business-messaging/whatsapp/messages/send-messages
    """

    messaging_product: Literal["whatsapp"]
    recipient_type: Literal["individual"]
    to: NotRequired[str]
    recipient: NotRequired[str]
    type: Literal["text", "template"]
    text: NotRequired[OutText]
    template: NotRequired[OutTemplate]
    biz_opaque_callback_data: str


def id_in(node: Node) -> str | None:
    """An id Meta gave, as long as ids are (they promise no more than "text")."""
    text = node.text()
    return text if text and len(text) <= LONGEST_ID else None


def need_id(node: Node) -> str:
    """The id, or `UnreadableError`."""
    found = id_in(node)
    if found is None:
        raise UnreadableError(f"{node.path} is missing or no id")
    return found


def user_id_in(node: Node) -> str | None:
    """The business-scoped user id, which was also seen where a phone number belongs."""
    text = node.text() or ""
    return text if _BSUID.fullmatch(text) else None


def phone_in(node: Node) -> str | None:
    """The digits of a phone number."""
    if user_id_in(node):
        return None
    digits = re.sub(r"\D", "", node.text() or "", flags=re.ASCII)
    return digits if 0 < len(digits) <= LONGEST_NUMBER else None
