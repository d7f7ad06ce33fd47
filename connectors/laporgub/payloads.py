"""Their complaint as any way brings it (list, file, page), and how a profile reads and fills their JSON.

There is no document to link to; the names of the fields stand in mappings/laporgub.toml.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from hub.contract import Node


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


def without(value: Any, paths: tuple[str, ...]) -> Any:
    """A copy of a JSON value without these dotted paths; identity is dropped before anything is kept."""
    if not isinstance(value, dict):
        return value
    here = {path for path in paths if "." not in path}
    return {
        key: without(
            inner, tuple(path.partition(".")[2] for path in paths if path.startswith(f"{key}."))
        )
        for key, inner in value.items()
        if key.lower() not in here
    }
