"""How much each fact says; learned offline, kept in mappings/matching/weights.toml for anybody to read."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from hub.domain.matching.facts import Facts
from hub.domain.matching.features import facts_of
from hub.domain.matching.gist import Gist
from hub.domain.matching.known import Knowledge

# Beyond these odds a chance is 0 or 1 to any reader, and e**x leaves what a float can hold.
_SURE = 40.0


@dataclass(frozen=True, slots=True)
class Weights:
    """In log odds: above 0 a fact speaks for one trouble, below 0 against."""

    bias: float
    facts: Mapping[str, float]

    def total(self, facts: Facts) -> float:
        """What the facts weigh together, in log odds."""
        return self.bias + sum(self.facts.get(name, 0.0) * value for name, value in facts.items())


@dataclass(frozen=True, slots=True)
class Weighed:
    """One report of a complaint, the facts about it and the new report, and what they weigh together."""

    gist: Gist
    facts: Facts
    weight: float


def weighed(
    report: Gist, complaint: Sequence[Gist], *, weights: Weights, known: Knowledge
) -> list[Weighed]:
    """Every report of a complaint beside the new one, the weightiest first."""
    made = [
        Weighed(gist, facts := facts_of(report, gist, known), weights.total(facts))
        for gist in complaint
    ]
    return sorted(made, key=lambda one: -one.weight)


def chance_of(log_odds: float) -> float:
    """The chance, 0 to 1."""
    return 1.0 / (1.0 + math.exp(-max(-_SURE, min(_SURE, log_odds))))
