"""The city as a drawing: the outlines of its kelurahan, pins and circles upon them, and a scale bar."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import groupby

from hub.domain.wards import Point, Ward, Wards, distance_m
from hub.web.map_frame import CLOSEST, Frame, ScaleBar, frame, scale_bar
from hub.web.map_outlines import Label, Outline, around, labels, outline

# Pins nearer than this get a view of their own.
NEAR = 2_500.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Spot:
    """Something at a point: a pin with a letter, or a circle as large as its number."""

    point: Point
    letter: str
    says: str
    mark: str
    radius: float = 11.0
    is_pin: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Placed:
    """A spot with its place in the drawing."""

    x: float
    y: float
    spot: Spot


@dataclass(frozen=True, slots=True, kw_only=True)
class CityMap:
    """All that a template draws, from the bottom to the top."""

    width: float
    height: float
    outlines: tuple[Outline, ...]
    spots: tuple[Placed, ...]
    labels: tuple[Label, ...]
    scale: ScaleBar


def draw(
    wards: Wards,
    *,
    spots: Sequence[Spot] = (),
    marks: Mapping[str, str] | None = None,
    numbers: Mapping[str, int] | None = None,
    within: Frame | None = None,
) -> CityMap | None:
    """Draw the city; `marks` and `numbers` go by the code of a kelurahan. None: there is nothing to draw."""
    points = [point for ward in wards.wards for point in ward.ring]
    points += [spot.point for spot in spots]
    if not points:
        return None
    seen = within or frame(points)
    marks, numbers = marks or {}, numbers or {}
    by_code = groupby(sorted(wards.wards, key=_code), key=_code)
    outlines = [
        outline(list(pieces), seen, mark=marks.get(code, ""), number=numbers.get(code))
        for code, pieces in by_code
    ]
    shown = [spot for spot in spots if seen.shows(spot.point)]
    placed = _side_by_side([(*seen.xy(spot.point), spot) for spot in shown])
    boxes = [around(each.x, each.y, (each.spot.radius, each.spot.radius)) for each in placed]
    return CityMap(
        width=seen.width,
        height=seen.height,
        # What is marked is drawn last, so that no neighbour covers its edge.
        outlines=tuple(sorted(outlines, key=lambda each: bool(each.mark))),
        spots=tuple(placed),
        labels=tuple(labels(outlines, boxes, seen, is_close=within is not None)),
        scale=scale_bar(seen),
    )


def close_up(spots: Sequence[Spot]) -> Frame | None:
    """A frame around pins that are near each other; None if there are not two, or they are far apart."""
    points = [spot.point for spot in spots]
    if len(points) < 2:  # noqa: PLR2004 - a pair
        return None
    apart = max(distance_m(points[0], point) for point in points[1:])
    if apart > NEAR:
        return None
    return frame(points, at_least=max(apart * 1.6, CLOSEST))


def _side_by_side(spots: Sequence[tuple[float, float, Spot]]) -> list[Placed]:
    """Move two pins that would hide each other apart, so that both letters can be read."""
    placed = [Placed(x=x, y=y, spot=spot) for x, y, spot in spots]
    if len(placed) != 2 or any(not each.spot.is_pin for each in placed):  # noqa: PLR2004 - a pair
        return placed
    one, other = placed
    room = one.spot.radius + other.spot.radius
    if math.hypot(one.x - other.x, one.y - other.y) >= room:
        return placed
    middle = (one.x + other.x) / 2
    return [replace(one, x=middle - room / 2), replace(other, x=middle + room / 2)]


def _code(ward: Ward) -> str:
    return ward.code
