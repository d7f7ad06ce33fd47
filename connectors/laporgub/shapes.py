"""What list, file and page bring, as one `Aduan`. Pure and total."""

import json
import math
from collections.abc import Iterable, Iterator
from dataclasses import asdict
from hashlib import sha256
from typing import Any

from connectors.laporgub.numbers import tidied
from connectors.laporgub.payloads import Aduan, Line, at, filled, picked, text_at
from connectors.laporgub.profile import Profile
from hub.contract import Node
from hub.contract.mapping import folded

_YES = frozenset({"1", "true", "ya", "y", "anonim"})
_CATEGORIES = ("topic", "sub_category", "category")
_PLAIN = ("title", "text", "status", "reason", "created", "updated", "region", "place", "kind")
_READ = frozenset({*_PLAIN, *_CATEGORIES, "id", "ticket", "marker"}) | {
    "latitude",
    "longitude",
    "anonymous",
}


def item_of(item: Node, profile: Profile) -> Aduan:
    """A complaint of their JSON, by the fields of [api.item]."""
    fields = profile.item
    said = {word: text_at(item, fields.get(word)) for word in (*_PLAIN, "marker")}
    if isinstance(kind := _at(item, fields.get("kind")).value, bool):
        said["kind"] = str(kind)
    return Aduan(
        **said,
        # Where they have a ticket, an entry that lacks it once is not known by its id instead: it would
        # become another complaint.
        ticket=tidied(text_at(item, fields.get("ticket") or fields.get("id"))),
        categories=tuple(filter(None, (text_at(item, fields.get(word)) for word in _CATEGORIES))),
        latitude=_degrees(_at(item, fields.get("latitude")), 90),
        longitude=_degrees(_at(item, fields.get("longitude")), 180),
        anonymous=_flag(_at(item, fields.get("anonymous"))),
        lines=tuple(_lines(_at(item, fields.get("answers")), profile)),
    )


def has_timeline(item: Node, profile: Profile) -> bool:
    """Whether its timeline has the shape that we know, so that what is not in it is not there."""
    lines = _at(item, profile.item.get("answers")).value
    read = [path for word in ("text", "marker") if (path := profile.answer.get(word))]
    return isinstance(lines, list) and all(_holds(Node(line), read) for line in lines)


def kept_of(item: Node, profile: Profile) -> dict[str, Any]:
    """The complaint with nothing in it that `item_of` does not read: who reports is not kept."""
    fields = {word: path for word, path in profile.item.items() if word in _READ}
    words = {word: path for word, path in profile.answer.items() if word in asdict(Line())}
    kept = picked(item, fields)
    if answers := profile.item.get("answers"):
        lines = [picked(line, words) for line in _at(item, answers)]
        kept |= filled({"answers": answers}, {"answers": lines})
    return kept


def row_of(row: Node) -> Aduan:
    """A row of a file; its cells already stand under our words."""
    said = {word: text_at(row, word) for word in (*_PLAIN, "marker")}
    answer = text_at(row, "answer")
    line = Line(
        id=sha256(answer.encode()).hexdigest()[:16],
        title=said["status"],
        text=answer,
        # The row tells when anything last changed, not when this was said.
        at="",
    )
    return Aduan(
        **said,
        ticket=tidied(text_at(row, "ticket")),
        categories=tuple(filter(None, (text_at(row, word) for word in _CATEGORIES))),
        latitude=_degrees(row["latitude"], 90),
        longitude=_degrees(row["longitude"], 180),
        anonymous=_flag(row["anonymous"]),
        lines=(line,) if answer else (),
    )


def page_of(page: Node) -> Aduan:
    """The timeline of a public page."""
    words = ("title", "text", "at", "author")
    return Aduan(
        ticket=tidied(text_at(page, "ticket")),
        lines=tuple(
            Line(**{word: text_at(entry, word) for word in words}) for entry in page["lines"]
        ),
    )


def fingerprint(aduan: Aduan) -> str:
    """The same for the same content, whatever else the answer says."""
    return digest(asdict(aduan))


def digest(value: Any) -> str:
    """A hash of plain values."""
    return sha256(json.dumps(value, sort_keys=True).encode()).hexdigest()


def _lines(lines: Node, profile: Profile) -> Iterator[Line]:
    for line in lines:
        words = {word: text_at(line, profile.answer.get(word)) for word in asdict(Line())}
        if any(words.values()):
            yield Line(**words)


def _at(item: Node, path: str | None) -> Node:
    return at(item, path) if path else Node(None)


def _holds(line: Node, paths: Iterable[str]) -> bool:
    """Whether each of these fields is there at all, be it empty."""
    for path in paths:
        outer, _, last = path.rpartition(".")
        inner = at(line, outer).value
        if not isinstance(inner, dict) or last not in inner:
            return False
    return True


def _degrees(node: Node, limit: int) -> float | None:
    value = node.value.replace(",", ".") if isinstance(node.value, str) else node.value
    number = Node(value).number()
    return (
        number if number is not None and math.isfinite(number) and abs(number) <= limit else None
    )


def _flag(node: Node) -> bool:
    return node.value is True or folded(node.text() or "") in _YES
