"""The shapes their answers come in: several names for one thing, lists as objects."""

import json
from typing import Any

from connectors.sp4n.translate_out import NAMELESS_AGENCY
from hub.contract import Node, UnreadableError


def scrubbed(node: Node) -> Node:
    """The same without what no database takes: half a surrogate pair, a NUL."""
    try:
        return Node(_scrubbed(node.value))
    except RecursionError as error:
        raise UnreadableError("JSON bersarang terlalu dalam") from error


def rows_of(node: Node) -> list[Node]:
    """The objects of a list, or of an object with numbers for keys (PHP, a list with gaps)."""
    if isinstance(node.value, dict):
        return [
            node[key] for key in node.value if key.isdigit() and isinstance(node[key].value, dict)
        ]
    return [item for item in node if isinstance(item.value, dict)]


def first(node: Node, *names: str) -> str | None:
    """The first of these fields that says something."""
    texts = ((node[name].text() or "").strip() for name in names)
    return next(filter(None, texts), None)


def words_of(entry: Node) -> dict[str, str]:
    """What the placeholders of an entry stand for, in all the shapes these have been seen in."""
    inner = _unpacked(entry["data"])
    sides = ("institution_from", "institution_to", "institution")
    statuses = ("status_old", "status_new")
    return {side: institution(entry, side) or NAMELESS_AGENCY for side in sides} | {
        name: first(entry[name], "name") or first(entry, name) or first(inner, name) or ""
        for name in statuses
    }


def institution(entry: Node, side: str) -> str | None:
    """The name of the institution on one side of an entry; None where there is only a citizen."""
    return (
        first(entry, f"{side}_name")
        or first(entry[side], "name")
        or first(entry[f"{side}_id"], "name")
        # A name, not a bare id.
        or next((name for name in (first(entry, side),) if name and not name.isdigit()), None)
    )


def _unpacked(data: Node) -> Node:
    if not isinstance(data.value, str):
        return data
    try:
        return scrubbed(Node(json.loads(data.value)))
    except (ValueError, RecursionError, UnreadableError):
        return Node(None)


def _scrubbed(value: Any) -> Any:
    match value:
        case dict():
            return {_scrubbed(key): _scrubbed(inner) for key, inner in value.items()}
        case list():
            return [_scrubbed(item) for item in value]
        case str():
            return value.encode(errors="replace").decode().replace("\0", "")
        case _:
            return value
