"""Two complaints side by side: what agrees, what parts them, and where both are."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from babel.dates import format_timedelta

from hub.domain.wards import Point, Ward, Wards, distance_m
from hub.store.desk import RepeatRow, SideRow
from hub.web.city_map import CityMap, Spot, close_up, draw
from hub.web.differences import Piece, compare
from hub.web.map_frame import metres
from hub.web.whereabouts import point_of, ward_named

SAME_TIME = timedelta(minutes=1)
# What weighs less says nothing that a person should read.
LIGHTEST = 0.05
# From the top: the first that the score reaches.
CHANCES = (
    (0.9, "Hampir pasti sama"),
    (0.7, "Kemungkinan besar sama"),
    (0.45, "Mungkin sama"),
    (0.2, "Kemungkinan kecil sama"),
    (0.0, "Hampir pasti lain"),
)


@dataclass(frozen=True, slots=True)
class Reason:
    """One thing that speaks for or against; `share`: how much of the heaviest, in per cent."""

    words: str
    share: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Side:
    """One of the two. `pinned`: the kelurahan of its pin; `named`: the one that its words name."""

    letter: str
    mark: str
    row: SideRow
    pieces: tuple[Piece, ...]
    point: Point | None
    pinned: Ward | None
    named: Ward | None

    @property
    def ward(self) -> Ward | None:
        """Where it is taken to be."""
        return self.pinned or self.named


@dataclass(frozen=True, slots=True, kw_only=True)
class Pair:
    """All that a person looks at before deciding."""

    repeat: RepeatRow
    sides: tuple[Side, Side]
    is_one_wording: bool
    clashes: tuple[tuple[str, str, str], ...]
    pros: tuple[Reason, ...]
    cons: tuple[Reason, ...]
    apart: str | None
    distance: str | None
    whole: CityMap | None
    near: CityMap | None


def lay_side_by_side(repeat: RepeatRow, wards: Wards) -> Pair:
    """Make everything ready to be looked at; on the left the complaint that was there."""
    first, second = repeat.complaint, repeat.report
    compared = compare(_text(first), _text(second))
    sides = (
        _side(first, "A", mark="left", pieces=compared.left, wards=wards),
        _side(second, "B", mark="right", pieces=compared.right, wards=wards),
    )
    spots = [_spot(side, side.point) for side in sides if side.point is not None]
    marks = _marks(sides)
    frame = close_up(spots)
    return Pair(
        repeat=repeat,
        sides=sides,
        is_one_wording=compared.is_one_wording,
        clashes=compared.clashes,
        pros=_reasons(repeat.evidence, sign=1),
        cons=_reasons(repeat.evidence, sign=-1),
        apart=_apart(first, second),
        distance=_distance(sides),
        whole=draw(wards, spots=spots, marks=marks) if spots or marks else None,
        near=draw(wards, spots=spots, marks=marks, within=frame) if frame else None,
    )


def chance(score: float) -> str:
    """Kemungkinan besar sama (82 %)."""
    words = next((words for least, words in CHANCES if score >= least), CHANCES[-1][1])
    return f"{words} ({round(score * 100)} %)"


def _text(row: SideRow) -> str:
    return row.report.text if row.report is not None else ""


def _side(
    row: SideRow, letter: str, *, mark: str, pieces: tuple[Piece, ...], wards: Wards
) -> Side:
    said = row.report
    point = point_of(said.latitude, said.longitude, wards) if said is not None else None
    return Side(
        letter=letter,
        mark=mark,
        row=row,
        pieces=pieces,
        point=point,
        pinned=wards.at(*point) if point is not None else None,
        named=ward_named(wards, (said.place, said.text)) if said is not None else None,
    )


def _spot(side: Side, point: Point) -> Spot:
    says = f"{side.letter}: {side.row.ticket}"
    return Spot(point=point, letter=side.letter, says=says, mark=side.mark, is_pin=True)


def _marks(sides: Sequence[Side]) -> Mapping[str, str]:
    found: dict[str, str] = {}
    for side in sides:
        if side.ward is not None:
            found[side.ward.code] = "both" if side.ward.code in found else side.mark
    return found


def _distance(sides: tuple[Side, Side]) -> str | None:
    one, other = (side.point for side in sides)
    if one is None or other is None:
        return None
    return (
        "Titiknya sama" if one == other else f"Titiknya berjarak {metres(distance_m(one, other))}"
    )


def _apart(first: SideRow, second: SideRow) -> str | None:
    """Tell how far apart they were said: B 40 menit sesudah A."""
    if first.report is None or second.report is None:
        return None
    span = second.report.said_at - first.report.said_at
    if abs(span) < SAME_TIME:
        return "Disampaikan pada saat yang sama"
    which = "sesudah" if span > timedelta() else "sebelum"
    return f"B {format_timedelta(abs(span), threshold=1.4, locale='id')} {which} A"


def _reasons(evidence: Sequence[Mapping[str, Any]], *, sign: int) -> tuple[Reason, ...]:
    heaviest = max((abs(float(each["weight"])) for each in evidence), default=0)
    chosen = sorted(
        ((float(each["weight"]) * sign, str(each["words"])) for each in evidence), reverse=True
    )
    return tuple(
        Reason(words, round(weight * 100 / heaviest, 1))
        for weight, words in chosen
        if weight >= LIGHTEST
    )
