"""Their complaint as any way brings it (list, file, page), and how a profile reads and fills their JSON.

There is no document to link to; the names of the fields stand in mappings/laporgub.toml.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from hub.contract import Node

_PLAIN = str | int | float | bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One entry of the timeline, in their words."""

    id: str = ""
    title: str = ""
    text: str = ""
    at: str = ""
    author: str = ""
    marker: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Aduan:
    """A complaint in their words; empty is what they did not say. `categories`: the finest first."""

    ticket: str = ""
    title: str = ""
    text: str = ""
    status: str = ""
    reason: str = ""
    created: str = ""
    updated: str = ""
    categories: tuple[str, ...] = ()
    region: str = ""
    place: str = ""
    latitude: float | None = None
    longitude: float | None = None
    kind: str = ""
    anonymous: bool = False
    marker: str = ""
    lines: tuple[Line, ...] = ()


def at(node: Node, path: str) -> Node:
    """The node at a dotted path; the node itself where the path is empty."""
    for step in filter(None, path.split(".")):
        node = node[step]
    return node


def text_at(node: Node, path: str | None) -> str:
    """The text at a dotted path, trimmed; empty where there is none."""
    return (at(node, path).text() or "").strip() if path else ""


def filled(fields: Mapping[str, str], values: Mapping[str, Any]) -> dict[str, Any]:
    """A body with each value at its field's dotted path; what has no field or no value is left out."""
    body: dict[str, Any] = {}
    for word, path in fields.items():
        if values.get(word) is None:
            continue
        *outer, last = path.split(".")
        inner = body
        for step in outer:
            inner = inner.setdefault(step, {})
        inner[last] = values[word]
    return body


def picked(item: Node, fields: Mapping[str, str]) -> dict[str, Any]:
    """Only the plain values at the paths of these fields; whatever else is there is never kept."""
    said = {word: at(item, path).value for word, path in fields.items() if path}
    plain = {word: value for word, value in said.items() if isinstance(value, _PLAIN)}
    return filled({word: fields[word] for word in plain}, plain)
