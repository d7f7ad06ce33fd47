"""Where it is: pins of operators, put right by the rectangle of the city."""

import re
from dataclasses import dataclass

from connectors.call112.settings import Point, Settings

_NUMBER = re.compile(r"-?\d{1,3}(?:[.,]\d+)?")
# Decimal commas can only be told from the comma between where something else stands between.
_COMMA_DECIMALS = re.compile(r"-?\d{1,3},\d{3,}\s*[; ]\s*-?\d{1,3},\d{3,}")
# Of a pin and the operator's default: nearer than about ten metres.
_NEAR = 0.0001


@dataclass(frozen=True, slots=True)
class Pin:
    """A point in the city, or the words of one that cannot be used."""

    point: Point | None = None
    outside: str | None = None


def pin_of(text: str, settings: Settings) -> Pin:
    """LatLng(a, b) or "a, b"; also the wrong way round. (0, 0) and the operator's default are no place."""
    first, second = _pair(text) or (0.0, 0.0)
    default = settings.default_pin
    for point in (Point(first, second), Point(second, first)):
        if default and max(abs(point.lat - default.lat), abs(point.lon - default.lon)) < _NEAR:
            return Pin()
        if settings.box.holds(point):
            return Pin(point)
    return Pin() if (first, second) == (0, 0) else Pin(outside=f"{first}, {second}")


def _pair(text: str) -> tuple[float, float] | None:
    text = text.replace("\u2212", "-")
    if _COMMA_DECIMALS.search(text):
        text = text.replace(",", ".")
    elif ";" not in text:
        text = text.replace(",", " ")
    numbers = [float(number.replace(",", ".")) for number in _NUMBER.findall(text)]
    return (numbers[0], numbers[1]) if len(numbers) == 2 else None  # noqa: PLR2004
