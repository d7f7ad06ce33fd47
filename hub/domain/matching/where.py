"""Two spots side by side: what agrees and what contradicts, part by part."""

import math
from collections.abc import Collection

from rapidfuzz import fuzz

from hub.domain.matching.facts import Facts
from hub.domain.matching.known import Knowledge
from hub.domain.matching.spot import Pin, Spot
from hub.domain.wards import distance_m

# rapidfuzz ratio: one slip of the pen in a name of six letters.
_SPELT_ALIKE = 84
# Two pins, apart by as many times what they may be off together.
_PIN_STEPS = ((1.5, "pin_within"), (2.5, "pin_near"), (3.5, "pin_apart"))


def compare_places(a: Spot, b: Spot, known: Knowledge) -> Facts:
    """Every part of a place that both tell."""
    facts = _names(a, b) | _numbers(a, b)
    if a.marks and b.marks:
        facts["mark_same" if are_alike(a.marks, b.marks) else "mark_other"] = 1.0
        if "mark_same" in facts and a.sides and b.sides:
            facts["side_same" if a.sides & b.sides else "side_other"] = 1.0
    facts |= _wards(wards_of(a, known), wards_of(b, known))
    if a.outside != b.outside:
        facts["outside_other"] = 1.0
    if a.pin and b.pin:
        facts[pin_step(spread_of(a.pin, b.pin))] = 1.0
    return facts


def spread_of(one: Pin, two: Pin) -> float:
    """The distance of two pins, as a multiple of how far off they may be together."""
    return distance_m(one.point, two.point) / math.hypot(one.error, two.error)


def pin_step(spread: float) -> str:
    """The name of the fact that a distance is."""
    return next((name for limit, name in _PIN_STEPS if spread < limit), "pin_far")


def wards_of(spot: Spot, known: Knowledge) -> tuple[frozenset[str], str]:
    """The kelurahan that a spot lies in, and how we know: told, by its pin, or by its street."""
    if spot.wards:
        return spot.wards, "told"
    if spot.pin and spot.pin.ward:
        return frozenset({spot.pin.ward}), "pin"
    by_street = (known.street_wards.get(street, frozenset()) for street in spot.streets)
    return frozenset[str]().union(*by_street), "street"


def are_alike(mine: Collection[str], theirs: Collection[str]) -> bool:
    """Whether some name of the one is a name of the other: shortened, or with a slip of the pen."""
    return any(_is_alike(a, b) for a in mine for b in theirs)


def _is_alike(a: str, b: str) -> bool:
    is_shorter = a.startswith(f"{b} ") or b.startswith(f"{a} ")
    return a == b or is_shorter or fuzz.ratio(a, b) >= _SPELT_ALIKE


def _names(a: Spot, b: Spot) -> Facts:
    facts: Facts = {}
    if a.streets and b.streets:
        facts["street_same" if a.streets & b.streets else "street_other"] = 1.0
    if a.alleys and b.alleys:
        facts["alley_same" if are_alike(a.alleys, b.alleys) else "alley_other"] = 1.0
    return facts


def _numbers(a: Spot, b: Spot) -> Facts:
    """A number is the same or another one: 7 is as far from 8 as from 80."""
    parts = (("house", a.houses, b.houses), ("rt", a.rt, b.rt), ("rw", a.rw, b.rw))
    return {
        f"{name}_same" if mine & theirs else f"{name}_other": 1.0
        for name, mine, theirs in parts
        if mine and theirs
    }


def _wards(mine: tuple[frozenset[str], str], theirs: tuple[frozenset[str], str]) -> Facts:
    (wards, how), (others, how_else) = mine, theirs
    if not wards or not others:
        return {}
    # What a pin or a street makes us believe weighs less than what both have said.
    said = "told" if how == how_else == "told" else "meant"
    return {f"ward_same_{said}" if wards & others else f"ward_other_{said}": 1.0}
