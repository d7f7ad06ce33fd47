"""Facts in words that an operator reads: what speaks for it, what against, in order of weight."""

from collections.abc import Mapping

from hub.domain.matching.facts import Facts
from hub.domain.matching.gist import Gist
from hub.domain.matching.known import Knowledge
from hub.domain.matching.phrases import PHRASES
from hub.domain.matching.rules import NEVER_ALONE
from hub.domain.matching.said import Evidence
from hub.domain.matching.sides import Sides

# Facts that only steer the score: their parts are said already.
UNSAID = frozenset({
    "clashes", "spot_fine", "spot_street", "spot_ward", "spot_open", "spot_other",
    "spot_street_ward", "same_there", "unit_here", "copied_here", "topic_unknown",
})  # fmt: skip
_FORBIDS = -1.0


def evidence_of(
    facts: Facts, one: Gist, two: Gist, *, weights: Mapping[str, float], known: Knowledge
) -> tuple[Evidence, ...]:
    """What operators read, the weightiest first."""
    sides = Sides(one, two, facts=facts, known=known)
    said = [
        Evidence(name, words_for(name, sides), _shown(name, weights.get(name, 0.0) * value))
        for name, value in facts.items()
        if name not in UNSAID
    ]
    return tuple(sorted(said, key=lambda each: -abs(each.weight)))


def _shown(name: str, weight: float) -> float:
    """What forbids to join unasked is shown as such, however little it weighs beside the rest."""
    return min(weight, _FORBIDS) if name in NEVER_ALONE else weight


def words_for(name: str, sides: Sides) -> str:
    """A fact in words; all gaps are told by how long they are."""
    return PHRASES["gap" if name.startswith("gap_") else name](sides)
