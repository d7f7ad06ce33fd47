"""From degrees to points of a drawing, and how long a metre is in it."""

import math
from collections.abc import Collection
from dataclasses import dataclass

from babel.numbers import format_decimal

from hub.domain.wards import Point

WIDTH, HEIGHT = 640.0, 640.0
# However long and narrow the city is, there is room for a name and the scale bar.
NARROWEST, LOWEST = 420.0, 280.0
MARGIN = 16.0
METRES_PER_DEGREE = 111_195.0
# So wide a view is at least that one can guess the streets around.
CLOSEST = 250.0
SCALES = (50, 100, 200, 500, 1_000, 2_000, 5_000, 10_000, 20_000)
LONGEST_BAR = 0.28
KILOMETRE = 1_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Frame:
    """Degrees to points of a drawing: north is up, and a metre as long in every direction."""

    west: float
    north: float
    per_metre: float
    narrowing: float
    width: float
    height: float

    def xy(self, point: Point) -> tuple[float, float]:
        """Where a point of the earth lies in the drawing."""
        latitude, longitude = point
        x = (longitude - self.west) * METRES_PER_DEGREE * self.narrowing * self.per_metre
        y = (self.north - latitude) * METRES_PER_DEGREE * self.per_metre
        return round(x, 2), round(y, 2)

    def shows(self, point: Point) -> bool:
        """Whether a point lies within the drawing."""
        x, y = self.xy(point)
        return 0 <= x <= self.width and 0 <= y <= self.height


def frame(points: Collection[Point], *, at_least: float = CLOSEST) -> Frame:
    """A frame that holds all these points with a margin, and no less than so many metres."""
    latitudes, longitudes = [each[0] for each in points], [each[1] for each in points]
    south, north = min(latitudes), max(latitudes)
    west, east = min(longitudes), max(longitudes)
    narrowing = math.cos(math.radians((south + north) / 2))
    across = max((east - west) * METRES_PER_DEGREE * narrowing, at_least)
    lowest = at_least * (LOWEST - 2 * MARGIN) / (WIDTH - 2 * MARGIN)
    up = max((north - south) * METRES_PER_DEGREE, lowest)
    per_metre = min((WIDTH - 2 * MARGIN) / across, (HEIGHT - 2 * MARGIN) / up)
    width = max(across * per_metre + 2 * MARGIN, NARROWEST)
    height = max(up * per_metre + 2 * MARGIN, LOWEST)
    half_across = width / 2 / per_metre / METRES_PER_DEGREE / narrowing
    half_up = height / 2 / per_metre / METRES_PER_DEGREE
    return Frame(
        west=(west + east) / 2 - half_across,
        north=(south + north) / 2 + half_up,
        per_metre=per_metre,
        narrowing=narrowing,
        width=round(width, 2),
        height=round(height, 2),
    )


@dataclass(frozen=True, slots=True)
class ScaleBar:
    """A length in the drawing and what it is on the ground."""

    length: float
    says: str


def scale_bar(seen: Frame) -> ScaleBar:
    """The longest round length that fits beside the drawing."""
    fitting = [each for each in SCALES if each * seen.per_metre <= seen.width * LONGEST_BAR]
    length = fitting[-1] if fitting else SCALES[0]
    return ScaleBar(round(length * seen.per_metre, 2), metres(length))


def metres(length: float) -> str:
    """350 m; 1,2 km."""
    if length < KILOMETRE:
        return f"{round(length)} m"
    return f"{format_decimal(length / KILOMETRE, '#,##0.#', locale='id')} km"
