"""A report's place and details against all that the reports of a complaint have told between them."""

from collections.abc import Sequence
from dataclasses import replace

from hub.domain.matching.facts import Facts
from hub.domain.matching.gist import Gist
from hub.domain.matching.known import Knowledge
from hub.domain.matching.spot import Spot
from hub.domain.matching.what import compare_details, details_by_aspect
from hub.domain.matching.where import compare_places, pin_step, spread_of

_DETAILS = 4
# Of forty reports some names a kelurahan or a side that fits: it says nothing.
_IDLE = ("ward_same", "side")


def told_together(report: Gist, complaint: Sequence[Gist], known: Knowledge) -> Facts:
    """The same facts as about a pair, each with "all_" before its name."""
    facts = (
        compare_places(replace(report.spot, pin=None), _spot(complaint), known)
        | _nearest_pin(report, complaint)
        | compare_details(
            details_by_aspect(report, known), _details(complaint, known), most=_DETAILS
        )
    )
    return {f"all_{name}": value for name, value in facts.items() if not name.startswith(_IDLE)}


def _spot(complaint: Sequence[Gist]) -> Spot:
    """Every part of a place that anybody told; pins stay apart, for only the nearest counts."""
    spots = [one.spot for one in complaint]
    return Spot(
        streets=frozenset().union(*(spot.streets for spot in spots)),
        alleys=frozenset().union(*(spot.alleys for spot in spots)),
        houses=frozenset().union(*(spot.houses for spot in spots)),
        rt=frozenset().union(*(spot.rt for spot in spots)),
        rw=frozenset().union(*(spot.rw for spot in spots)),
        marks=frozenset().union(*(spot.marks for spot in spots)),
        wards=frozenset().union(*(spot.wards for spot in spots)),
    )


def _nearest_pin(report: Gist, complaint: Sequence[Gist]) -> Facts:
    mine = report.spot.pin
    pins = [one.spot.pin for one in complaint if one.spot.pin]
    if not mine or not pins:
        return {}
    return {pin_step(min(spread_of(mine, pin) for pin in pins)): 1.0}


def _details(complaint: Sequence[Gist], known: Knowledge) -> dict[str, set[str]]:
    told: dict[str, set[str]] = {}
    for one in complaint:
        for aspect, details in details_by_aspect(one, known).items():
            told.setdefault(aspect, set()).update(details)
    return told
