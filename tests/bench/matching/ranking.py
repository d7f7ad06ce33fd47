"""Scoring proposals of pairs: how precise they are at a given recall."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from itertools import combinations, groupby

Link = frozenset[str]


@dataclass(frozen=True, slots=True)
class Truth:
    """The pairs that are one, under the name they go by in the tables."""

    name: str
    links: frozenset[Link]


@dataclass(frozen=True, slots=True)
class Reached:
    """What a method proposes, and how much of it is so."""

    recall: float
    precision: float
    proposed: int


def plain(proposed: Collection[Link], truth: Truth) -> Reached:
    """The figures of a rule that says yes or no."""
    right = sum(link in truth.links for link in proposed)
    return Reached(right / len(truth.links), right / max(len(proposed), 1), len(proposed))


@dataclass(frozen=True, slots=True)
class Curve:
    """Recall against precision of a method that gives each pair a score."""

    steps: tuple[Reached, ...]

    @classmethod
    def of(cls, scored: Iterable[tuple[Link, float]], truth: Truth) -> "Curve":
        steps, right, proposed = [], 0, 0
        best_first = sorted(scored, key=_score, reverse=True)
        # A threshold takes all pairs of one score or none: ties make one step.
        for _, tied in groupby(best_first, key=_score):
            for link, _ in tied:
                proposed += 1
                right += link in truth.links
            steps.append(Reached(right / len(truth.links), right / proposed, proposed))
        return cls(tuple(steps))

    def at(self, recall: float) -> Reached | None:
        """The first step that reaches a recall; None where no threshold does."""
        return next((step for step in self.steps if step.recall >= recall), None)


def followed(links: Iterable[Link]) -> frozenset[Link]:
    """Every two cases that a chain of named pairs ties together."""
    clusters: dict[str, set[str]] = {}
    for link in links:
        merged = set(link).union(*(clusters.get(name, ()) for name in link))
        clusters.update(dict.fromkeys(merged, merged))
    distinct = {id(cluster): cluster for cluster in clusters.values()}.values()
    return frozenset(
        frozenset(two) for cluster in distinct for two in combinations(sorted(cluster), 2)
    )


def _score(scored: tuple[Link, float]) -> float:
    return scored[1]
