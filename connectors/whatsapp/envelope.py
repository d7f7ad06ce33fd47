"""The envelope around all of Meta's webhooks, opened without trusting it.

https://developers.facebook.com/documentation/business-messaging/whatsapp/webhooks/overview
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import sha256
from json import dumps
from typing import Any

from hub.contract import Node, UnreadableError, parse_json

# NUL and half a surrogate pair are legal JSON, but no database takes them.
_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class Change:
    """`entry[].changes[]`: one field's news for one of our numbers."""

    node: Node
    entry: Node

    @property
    def field(self) -> str:
        return self.node["field"].text() or ""

    @property
    def value(self) -> Node:
        return self.node["value"]

    @property
    def phone_number_id(self) -> str | None:
        return self.value["metadata"]["phone_number_id"].text()

    @property
    def key(self) -> str:
        """Stable over redeliveries; the entry's time keeps equal news of another day apart."""
        return digest([self.entry["id"].value, self.entry["time"].value, self.node.value])


def open_body(body: bytes) -> Node:
    """The request body as a node, without characters that cannot be stored."""
    try:
        return Node(_storable(parse_json(body).value))
    except RecursionError as error:
        raise UnreadableError("nested too deeply") from error


def changes(body: Node) -> Iterator[Change]:
    """Every change of every entry; an entry without any is given as a change without content."""
    for entry in body["entry"]:
        found = list(entry["changes"])
        yield from (Change(node, entry) for node in found or [Node(None, f"{entry.path}.changes")])


def digest(piece: Any) -> str:
    """A name for a piece that has no id of its own."""
    return sha256(dumps(piece, sort_keys=True).encode()).hexdigest()


def _storable(value: Any) -> Any:
    match value:
        case str():
            return _UNSTORABLE.sub("\ufffd", value)
        case list():
            return [_storable(item) for item in value]
        case dict():
            return {_storable(key): _storable(item) for key, item in value.items()}
        case _:
            return value
