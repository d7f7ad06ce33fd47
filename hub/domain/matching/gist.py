"""A report made comparable: read once, kept as JSON, compared many times."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from hub.domain.matching.spot import Pin, Spot

# A gist of an older version is read again from its report.
VERSION = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Gist:
    """What a report says: what, where, when, who, and in which words.

    `topics` and `kinds`: code -> strength; `shown`: code -> the words that said so; `details`:
    small things by which a trouble is recognised; `amounts`: unit -> numbers; `began`: earliest and
    latest beginning, seconds since 1970.
    """

    at: int
    channel: str
    number: str = ""
    tickets: frozenset[str] = frozenset()
    person: str | None = None
    category: str | None = None
    spot: Spot = field(default_factory=Spot)
    topics: Mapping[str, float] = field(default_factory=dict)
    kinds: Mapping[str, float] = field(default_factory=dict)
    shown: Mapping[str, str] = field(default_factory=dict)
    details: frozenset[str] = frozenset()
    amounts: Mapping[str, frozenset[str]] = field(default_factory=dict)
    words: frozenset[str] = frozenset()
    names: frozenset[str] = frozenset()
    began: tuple[int, int] | None = None
    again: bool = False
    returned: bool = False
    quoted: frozenset[str] = frozenset()
    photos: frozenset[str] = frozenset()

    @property
    def said_at(self) -> datetime:
        """When it was said, UTC."""
        return datetime.fromtimestamp(self.at, tz=UTC)

    @property
    def topic(self) -> str | None:
        """The strongest topic; None if nothing tells."""
        return max(self.topics, key=self.topics.__getitem__, default=None)

    def to_json(self) -> str:
        """Compact JSON; what is empty is left out."""
        values: dict[str, Any] = {}
        for name in self.__dataclass_fields__:
            value = getattr(self, name)
            if value is None or value is False or value in ("", frozenset()) or value == {}:
                continue
            values[name] = _plain(value)
        return json.dumps(values, ensure_ascii=False, separators=(",", ":"))

    @classmethod
    def from_json(cls, text: str) -> "Gist":
        """The gist that `to_json` wrote."""
        values = json.loads(text)
        for name in ("tickets", "details", "words", "names", "quoted", "photos"):
            if name in values:
                values[name] = frozenset(values[name])
        if "amounts" in values:
            values["amounts"] = {k: frozenset(v) for k, v in values["amounts"].items()}
        if "began" in values:
            values["began"] = tuple(values["began"])
        spot = values.get("spot", {})
        pin = spot.pop("pin", None)
        outside = spot.pop("outside", False)
        values["spot"] = Spot(
            **{name: frozenset(parts) for name, parts in spot.items()},
            pin=Pin(*pin) if pin else None,
            outside=outside,
        )
        return cls(**values)


def tickets_in(text: str) -> frozenset[str]:
    """The tickets in a gist of any version: no text tells them, so they outlive a new reading."""
    return frozenset(json.loads(text).get("tickets", ()))


def _plain(value: Any) -> Any:
    if isinstance(value, Spot):
        parts = {name: getattr(value, name) for name in value.__dataclass_fields__}
        return {name: _plain(part) for name, part in parts.items() if part}
    if isinstance(value, Pin):
        return [value.latitude, value.longitude, value.error, value.ward]
    if isinstance(value, frozenset):
        return sorted(value)
    if isinstance(value, dict):
        return {key: _plain(part) for key, part in value.items()}
    return value
