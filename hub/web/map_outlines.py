"""The outlines of kelurahan in a drawing, and their names where there is room for them."""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import product

from hub.domain.wards import Ward
from hub.web.map_frame import Frame

# How much room a name needs: a letter's width and a line's height, as the style sheet sets them.
LETTER, LINE = 9.8, 22.0
# Where a name may stand instead, in lines across and down, the nearest first.
SHIFTS = sorted(product((0, -2, 2, -4, 4), (0, -1, 1, -2, 2)), key=lambda by: math.hypot(*by))

Box = tuple[float, float, float, float]


@dataclass(frozen=True, slots=True, kw_only=True)
class Outline:
    """A kelurahan as an SVG path; `mark` is a class, `says` a tooltip."""

    path: str
    name: str
    says: str
    mark: str
    x: float
    y: float
    number: int | None = None


@dataclass(frozen=True, slots=True)
class Label:
    """A name upon the drawing, where nothing else stands."""

    x: float
    y: float
    text: str


def outline(pieces: Sequence[Ward], seen: Frame, *, mark: str, number: int | None) -> Outline:
    """Draw a kelurahan with all its pieces; its name belongs into the largest."""
    paths = [[seen.xy(point) for point in ward.ring] for ward in pieces]
    x, y = _middle(max(paths, key=lambda ring: abs(_area(ring))))
    first = pieces[0]
    return Outline(
        path=" ".join(_path(ring) for ring in paths),
        name=first.name,
        says=f"{first.name}, {first.district}",
        mark=mark,
        x=round(x, 2),
        y=round(y, 2),
        number=number,
    )


def labels(
    outlines: Sequence[Outline], taken: Sequence[Box], seen: Frame, *, is_close: bool
) -> Iterator[Label]:
    """Name what is marked, the greatest number first; what finds no room is in the tooltip only."""
    taken = list(taken)
    wanted = [
        each
        for each in outlines
        if (each.mark or is_close) and 0 <= each.x <= seen.width and 0 <= each.y <= seen.height
    ]
    for each in sorted(wanted, key=lambda outline: (-(outline.number or 0), outline.name)):
        text = each.name if each.number is None else f"{each.name} {each.number}"
        half = len(text) * LETTER / 2
        for across, down in SHIFTS:
            x = min(max(each.x + across * LINE, half), seen.width - half)
            y = each.y + down * LINE
            box = around(x, y, (half, LINE / 2))
            inside = LINE / 2 <= y <= seen.height - 2 * LINE
            if inside and not any(_touch(box, other) for other in taken):
                taken.append(box)
                yield Label(round(x, 2), round(y, 2), text)
                break


def around(x: float, y: float, half: tuple[float, float]) -> Box:
    """The box around a middle."""
    return x - half[0], y - half[1], x + half[0], y + half[1]


def _touch(one: Box, other: Box) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]


def _path(ring: Sequence[tuple[float, float]]) -> str:
    return "M" + " ".join(f"{x:g},{y:g}" for x, y in ring[:-1]) + "Z"


def _area(ring: Sequence[tuple[float, float]]) -> float:
    ends = [*ring[1:], ring[0]]
    return sum(x1 * y2 - x2 * y1 for (x1, y1), (x2, y2) in zip(ring, ends, strict=True)) / 2


def _middle(ring: Sequence[tuple[float, float]]) -> tuple[float, float]:
    """The middle of the widest stretch of a line across: inside, however crooked the shape is."""
    ys = [y for _, y in ring]
    best = (0.0, ring[0])
    for share in (0.5, 0.4, 0.6, 0.3, 0.7):
        level = min(ys) + share * (max(ys) - min(ys))
        crossings = sorted(
            x1 + (level - y1) * (x2 - x1) / (y2 - y1)
            for (x1, y1), (x2, y2) in zip(ring, [*ring[1:], ring[0]], strict=True)
            if (y1 > level) != (y2 > level)
        )
        for left, right in zip(crossings[::2], crossings[1::2], strict=False):
            best = max(best, (right - left, ((left + right) / 2, level)))
    return best[1]
