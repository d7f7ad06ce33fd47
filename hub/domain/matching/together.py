"""A report beside a whole complaint, and beside its rivals: what no single pair of reports can tell.

A complaint of forty reports has told its RT, its landmark and its pins between them; a report that
contradicts what all of them say is another matter, however like it is to one of them.
"""

import math
from collections.abc import Sequence

from hub.domain.matching.facts import CONTRADICTIONS, Facts, capped, has_any
from hub.domain.matching.gist import Gist
from hub.domain.matching.known import Knowledge
from hub.domain.matching.told import told_together
from hub.domain.matching.weights import Weighed
from hub.domain.matching.where import compare_places

_SPOTS = ("spot_fine", "spot_street", "spot_ward", "spot_open")
_FINE = ("all_mark_same", "all_alley_same", "all_house_same", "all_pin_within")
_OTHER = (
    "all_mark_other", "all_rt_other", "all_house_other", "all_alley_other", "all_pin_far", "all_pin_apart",
)  # fmt: skip
# Caps, so that one odd number does not outweigh all others.
_FAR, _CERTAIN, _FEW, _CROWD = 6.0, 8.0, 3, 5
# So many reports make a complaint one that many have told of.
_MANY = 4
# As many have told of a street that on a crowded night the street alone will do.
_CROWDED = 7
# Below these log odds a complaint is nobody's rival.
_UNLIKELY = -3.0
_LOOKED_AT = 8
# Two complaints of which more pairs contradict each other are two.
_AT_ODDS = 0.15
_BEST_FEW = 3


def whole_of(report: Gist, weighed: Sequence[Weighed], known: Knowledge) -> Facts:
    """The facts about a report and a complaint as a whole; `weighed` with the weightiest first."""
    best, count = weighed[0], len(weighed)
    strongest = [one.weight for one in weighed[:_BEST_FEW]]
    everything = told_together(report, [one.gist for one in weighed], known)
    facts: Facts = {
        "best": max(-_CERTAIN, min(_CERTAIN, best.weight)),
        "spread": min(_FAR, best.weight - sum(strongest) / len(strongest)),
        "many": math.log(count),
        "rival": _FAR,
        "twin": _FAR,
    }
    facts |= {name: 1.0 for name in _SPOTS if name in best.facts}
    facts |= {"single": 1.0} if count == 1 else everything
    if count >= _MANY:
        facts |= {f"many_{name}": 1.0 for name in _OTHER if name in everything}
    if any(name.startswith("gap_hours") for name in best.facts):
        facts |= _sudden(best.facts, everything, count=count)
    return facts


def with_rivals(
    whole: Facts, mine: Sequence[Weighed], others: Sequence[Sequence[Weighed]], *, known: Knowledge
) -> Facts:
    """The same facts, and how much better than the other complaints it is.

    A rival contradicts this complaint; a twin does not, and may be a part of the same one.
    """
    best = mine[0].weight
    closest = {"rival": _FAR, "twin": _FAR}
    for other in others:
        if min(best, other[0].weight) < _UNLIKELY:
            continue
        at_odds = odds([one.gist for one in mine], [one.gist for one in other], known) > _AT_ODDS
        name = "rival" if at_odds else "twin"
        closest[name] = min(closest[name], max(-_FAR, best - other[0].weight))
    crowd = sum(_is_alike_tonight(other[0].facts) for other in others)
    return whole | closest | {"crowd": capped(crowd, _CROWD)}


def odds(one: Sequence[Gist], two: Sequence[Gist], known: Knowledge) -> float:
    """The share of pairs across two complaints that name different places."""
    pairs = [(a, b) for a in one[:_LOOKED_AT] for b in two[:_LOOKED_AT]]
    against = sum(
        not CONTRADICTIONS.isdisjoint(compare_places(a.spot, b.spot, known)) for a, b in pairs
    )
    return against / len(pairs)


def is_one_of_many(whole: Facts) -> bool:
    """Whether it happens within hours in many places, and nothing finer than a street ties the two.

    On a flood night a street is no spot: unless many have told of it and nothing speaks against.
    """
    if "hours_fine" not in whole or whole["hours_fine"] or not whole.get("crowd"):
        return False
    by_many = round(math.exp(whole["many"])) >= _CROWDED
    return not by_many or whole["hours_other"] > 0


def _sudden(best: Facts, everything: Facts, *, count: int) -> Facts:
    """What counts of a trouble that lasts for hours, as a flood or a fire: it is looked at more closely."""
    unit = "all_rt_same" in everything and "all_rw_same" in everything
    fine = unit + sum(name in everything for name in _FINE)
    return {f"hours_{name}": 1.0 for name in _SPOTS if name in best} | {
        "hours_many": math.log(count),
        "hours_fine": capped(fine, _FEW),
        "hours_other": capped(sum(name in everything for name in _OTHER), _FEW),
    }


def _is_alike_tonight(facts: Facts) -> bool:
    """Whether it is the same sudden trouble within hours, wherever."""
    return "topic_same" in facts and has_any(facts, "gap_hours_1", "gap_hours_3", "gap_hours_8")
