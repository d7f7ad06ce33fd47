"""Reading JSON of strangers: any key may be missing, any value of the wrong type.

A `Node` wraps a value and its path; what is needed and absent raises `UnreadableError` naming the path.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from hub.contract.errors import UnreadableError
from hub.contract.http import from_epoch


@dataclass(frozen=True, slots=True)
class Node:
    """A value somewhere in a body. Asking for what is not there gives an empty node, not an error."""

    value: Any
    path: str = "$"

    def __getitem__(self, key: str) -> "Node":
        inner = self.value.get(key) if isinstance(self.value, dict) else None
        return Node(inner, f"{self.path}.{key}")

    def __iter__(self) -> Iterator["Node"]:
        items = self.value if isinstance(self.value, list) else []
        return (Node(item, f"{self.path}[{i}]") for i, item in enumerate(items))

    def __bool__(self) -> bool:
        return self.value not in (None, "", [], {})

    def __contains__(self, key: str) -> bool:
        return isinstance(self.value, dict) and key in self.value

    def text(self, default: str | None = None) -> str | None:
        """The value as text; numbers count, since ids come as both."""
        if isinstance(self.value, str):
            return storable(self.value)
        if isinstance(self.value, int | float) and not isinstance(self.value, bool):
            return str(self.value)
        return default

    def need_text(self) -> str:
        """The value as non-empty text, or `UnreadableError`."""
        text = self.text()
        if not text:
            raise UnreadableError(f"{self.path} is missing or no text")
        return text

    def number(self) -> float | None:
        """The value as a number, also when it is written as text."""
        if isinstance(self.value, bool):
            return None
        try:
            return float(self.value)
        except (TypeError, ValueError, OverflowError):
            return None

    def need_time(self) -> datetime:
        """Epoch seconds or milliseconds, number or text, as aware UTC."""
        number = self.number()
        if number is None:
            raise UnreadableError(f"{self.path} is missing or no timestamp")
        try:
            return from_epoch(number)
        except (ValueError, OverflowError, OSError) as error:
            raise UnreadableError(f"{self.path} is no timestamp: {number}") from error


def storable(text: str) -> str:
    """The text without what no database keeps: NUL, and halves of surrogate pairs."""
    if "\0" not in text and text.isprintable():
        return text
    whole = text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return whole.replace("\0", "")


def parse_json(body: bytes) -> Node:
    """The body as a node; `UnreadableError` if it is no JSON."""
    try:
        return Node(json.loads(body))
    except (ValueError, RecursionError) as error:
        raise UnreadableError(f"not JSON: {error}") from error
