"""What is compared with on Boston: plain rules of metres and days, and splink."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta

from rich.console import Console

from tests.bench.matching.boston_cases import Candidate, Case
from tests.bench.matching.boston_learn import STAFF
from tests.bench.matching.boston_splink import scored_by_splink
from tests.bench.matching.ranking import Curve, Link, Reached, Truth, plain

RECALL = 0.71
TRIED_METRES = (5, 10, 25, 50, 100, 150)
TRIED_DAYS = (1, 2, 3, 7, 14)


@dataclass(frozen=True, slots=True)
class Rival:
    """A method to be compared with: what it reaches, under the name it has in the table."""

    name: str
    reached: Callable[[Truth], Reached | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """Two cases within so many metres and days are one."""

    metres: float
    days: float
    same_kind: bool = True
    staff: bool = True

    def proposes(self, candidates: Iterable[Candidate]) -> set[Link]:
        return {one.link for one in candidates if self._says_yes(one)}

    def _says_yes(self, one: Candidate) -> bool:
        return (
            (one.earlier.kind == one.later.kind or not self.same_kind)
            and (self.staff or not {one.earlier.channel, one.later.channel} <= STAFF)
            and one.later.opened_at - one.earlier.opened_at <= timedelta(days=self.days)
            and one.earlier.metres_to(one.later) <= self.metres
        )


def rules(candidates: Sequence[Candidate]) -> Iterator[Rival]:
    plainly = {
        "rule: 50 m, 7 days": Rule(metres=50, days=7, same_kind=False),
        "rule: 50 m, 7 days, same kind": Rule(metres=50, days=7),
        "rule: 50 m, 7 days, same kind, not staff twice": Rule(metres=50, days=7, staff=False),
    }
    for name, rule in plainly.items():
        proposed = rule.proposes(candidates)
        yield Rival(name, lambda truth, proposed=proposed: plain(proposed, truth))  # type: ignore[misc]
    tried = [
        Rule(metres=metres, days=days, staff=False).proposes(candidates)
        for metres in TRIED_METRES
        for days in TRIED_DAYS
    ]
    name = f"rule: the metres and days best on this file at recall {RECALL}"
    yield Rival(name, lambda truth: _best(tried, truth))


def _best(tried: Iterable[set[Link]], truth: Truth) -> Reached | None:
    reached = [figures for each in tried if (figures := plain(each, truth)).recall >= RECALL]
    return max(reached, key=lambda figures: figures.precision, default=None)


def splink(console: Console, cases: Sequence[Case]) -> Iterator[Rival]:
    try:
        scored = list(scored_by_splink(cases))
    except ImportError:
        console.print("splink is not installed (pip install splink): not compared.")
        return
    likely = {link for link, weight in scored if weight >= 0}
    yield Rival("splink, untuned: more likely than not", lambda truth: plain(likely, truth))
    for recall in (0.5, RECALL):
        name = f"splink, untuned: down to recall {recall}"
        yield Rival(name, lambda truth, recall=recall: Curve.of(scored, truth).at(recall))  # type: ignore[misc]
