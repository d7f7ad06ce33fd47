"""A report beside a whole complaint, and beside its rivals: what no single pair of reports can tell.

A complaint of forty reports has told its RT, its landmark and its pins between them; a report that contradicts what
all of them say is another matter, however like it is to one of them.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from hub.domain.matching.features import (
    CONTRADICTIONS,
    Facts,
    Knowledge,
    compare_places,
    details_by_aspect,
    facts_of,
    pin_step,
    spread_of,
)
from hub.domain.matching.gist import Gist
from hub.domain.matching.spot import Spot

_PARTS = ("streets", "alleys", "houses", "rt", "rw", "marks", "wards")
_SPOTS = ("spot_fine", "spot_street", "spot_ward", "spot_open")
_FINE = ("all_mark_same", "all_alley_same", "all_house_same", "all_pin_within")
_OTHER = ("all_mark_other", "all_rt_other", "all_house_other", "all_alley_other", "all_pin_far", "all_pin_apart")  # fmt: skip
_FAR = 6.0  # as much better than its best rival as counts
_CERTAIN = 8.0
_MANY = 4
_UNLIKELY = -3.0
_LOOKED_AT = 8
_AT_ODDS = 0.15
_TONIGHT = frozenset({"gap_hours_1", "gap_hours_3", "gap_hours_8"})
_CROWD = 5


@dataclass(frozen=True, slots=True)
class Weighed:
    """One report of a complaint, the facts about the pair, and what they weigh together."""

    gist: Gist
    facts: Facts
    weight: float


def whole_of(report: Gist, weighed: Sequence[Weighed], known: Knowledge) -> Facts:
    """The facts about a report and a complaint as a whole; `weighed` with the weightiest first."""
    best = weighed[0]
    strongest = [one.weight for one in weighed[:3]]
    facts: Facts = {
        "best": max(-_CERTAIN, min(_CERTAIN, best.weight)),
        "spread": min(_FAR, best.weight - sum(strongest) / len(strongest)),
        "many": math.log(len(weighed)),
        "rival": _FAR,
        "twin": _FAR,
    }
    facts |= {name: 1.0 for name in _SPOTS if name in best.facts}
    everything = _everything(report, [one.gist for one in weighed], known)
    if len(weighed) == 1:
        facts["single"] = 1.0
    else:
        facts |= everything
    if len(weighed) >= _MANY:
        facts |= {f"many_{name}": 1.0 for name in _OTHER if name in everything}
    if any(name.startswith("gap_hours") for name in best.facts):
        facts |= {f"hours_{name}": 1.0 for name in _SPOTS if name in best.facts}
        facts["hours_many"] = math.log(len(weighed))
        facts["hours_fine"] = float(min(3, _fine(everything)))
        facts["hours_other"] = float(min(3, sum(name in everything for name in _OTHER)))
    return facts


def with_rivals(
    whole: Facts, mine: Sequence[Weighed], others: Sequence[Sequence[Weighed]], known: Knowledge
) -> Facts:
    """The same facts, and how much better than the other complaints it is.

    A rival contradicts this complaint; a twin does not, and may be a part of the same one.
    """
    best = mine[0].weight
    closest = {"rival": _FAR, "twin": _FAR}
    crowd = sum(_alike_tonight(other[0].facts) for other in others)
    for other in others:
        if other[0].weight < _UNLIKELY:
            continue
        at_odds = odds([one.gist for one in mine], [one.gist for one in other], known) > _AT_ODDS
        name = "rival" if at_odds else "twin"
        closest[name] = min(closest[name], max(-_FAR, best - other[0].weight))
    return whole | closest | {"crowd": float(min(crowd, _CROWD))}


def _alike_tonight(facts: Facts) -> bool:
    """Whether it is the same sudden trouble within hours, wherever."""
    return "topic_same" in facts and not _TONIGHT.isdisjoint(facts)


def odds(one: Sequence[Gist], two: Sequence[Gist], known: Knowledge) -> float:
    """The share of pairs across two complaints that name different places."""
    pairs = [(a, b) for a in one[:_LOOKED_AT] for b in two[:_LOOKED_AT]]
    against = sum(bool(CONTRADICTIONS & facts_of(a, b, known).keys()) for a, b in pairs)
    return against / len(pairs)


def is_one_of_many(whole: Facts) -> bool:
    """Whether it happens within hours in many places, as a flood, and nothing finer than a street ties the two.

    On such a night a street is no spot: unless many have told of it and nothing speaks against.
    """
    if "hours_fine" not in whole or whole["hours_fine"] or not whole.get("crowd"):
        return False
    return whole["many"] < math.log(_MANY) - 1e-9 or whole["hours_other"] > 0


def _fine(everything: Mapping[str, float]) -> int:
    unit = "all_rt_same" in everything and "all_rw_same" in everything
    return unit + sum(name in everything for name in _FINE)


def _everything(report: Gist, complaint: Sequence[Gist], known: Knowledge) -> Facts:
    """The report's place and details against all that the complaint's reports have told together."""
    told = Spot(
        **{
            part: frozenset().union(*(getattr(one.spot, part) for one in complaint))
            for part in _PARTS
        }
    )
    facts: Facts = {}
    compare_places(facts, replace(report.spot, pin=None), told, known)
    if report.spot.pin:
        pins = [one.spot.pin for one in complaint if one.spot.pin]
        if pins:
            facts[pin_step(min(spread_of(report.spot.pin, pin) for pin in pins))] = 1.0
    mine = details_by_aspect(report, known)
    theirs: dict[str, set[str]] = {}
    for one in complaint:
        for aspect, details in details_by_aspect(one, known).items():
            theirs.setdefault(aspect, set()).update(details)
    both = mine.keys() & theirs.keys()
    same = sum(1 for aspect in both if mine[aspect] & theirs[aspect])
    if same:
        facts["details_same"] = float(min(same, 4))
    if len(both) > same:
        facts["details_other"] = float(min(len(both) - same, 4))
    return {
        f"all_{name}": value
        for name, value in facts.items()
        if not name.startswith(("ward_same", "side"))
    }
