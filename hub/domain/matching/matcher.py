"""Weighs the facts about a report and a complaint, and gives a verdict with its evidence.

The weights are learned offline from labelled reports and stand in mappings/matching/weights.toml for anybody to
read. What no weight may outvote stands here: conflicting numbers beat similar words.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from hub.domain.matching.evidence import evidence_of
from hub.domain.matching.features import Facts, Knowledge, facts_of
from hub.domain.matching.gist import Gist
from hub.domain.matching.said import Match, Verdict
from hub.domain.matching.together import Weighed, is_one_of_many, odds, whole_of, with_rivals

# Without one of these nothing ties two reports to one spot, one person or one thing.
TIES = frozenset({
    "spot_fine", "street_same", "pin_within", "person_same", "quoted", "photo_same", "copied_here",
})  # fmt: skip
# With one of these only a person may say that it is the same.
NEVER_ALONE = frozenset({
    "house_other", "rt_other", "rw_other", "alley_other", "outside_other", "topic_other", "kind_other", "began_after",
    "case_of_whom", "name_other", "ward_other_told", "pin_far", "named_alike_elsewhere", "returned_late",
})  # fmt: skip
SAID_BEFORE = frozenset({"person_same", "quoted", "photo_same", "copied_here"})
SAID_ANEW = frozenset({"began_after", "kind_other"})
_TELLING = 2.0  # as many small details that agree tie two reports of one kelurahan
_AT_PEACE = 0.1
_SPOKESMEN = 6


@dataclass(frozen=True, slots=True)
class Weights:
    """How much each fact says."""

    bias: float
    facts: Mapping[str, float]

    def total(self, facts: Facts) -> float:
        """What the facts weigh together, in log odds."""
        return self.bias + sum(self.facts.get(name, 0.0) * value for name, value in facts.items())


@dataclass(frozen=True, slots=True)
class Choice:
    """What a report may speak of, the likeliest first.

    `twins`: two complaints of which each would do if it were not for the other, and that contradict each other in
    nothing: parts of one, which this report ties together.
    """

    matches: Mapping[int, Match]
    twins: tuple[int, int] | None = None

    @property
    def same(self) -> int | None:
        """The complaint that the report joins by itself."""
        if self.twins is not None:
            return self.twins[0]
        best = next(iter(self.matches.items()), None)
        return best[0] if best is not None and best[1].verdict is Verdict.SAME else None

    @property
    def perhaps(self) -> list[int]:
        """The complaints that a person is asked about."""
        return [name for name, match in self.matches.items() if match.verdict is Verdict.PERHAPS]


@dataclass(frozen=True, slots=True, kw_only=True)
class Matcher:
    """`pair` weighs two reports, `whole` a report and a complaint; from which chance on it is which verdict."""

    known: Knowledge
    pair: Weights
    whole: Weights
    sure_from: float
    same_from: float
    perhaps_from: float

    def compare(self, report: Gist, complaint: Sequence[Gist]) -> Match:
        """Weigh a report against the reports of a complaint, at least one."""
        return self.choose(report, {0: complaint}).matches[0]

    def choose(self, report: Gist, complaints: Mapping[int, Sequence[Gist]]) -> Choice:
        """Weigh a report against all the complaints that it may speak of.

        Where two of them would do and contradict each other, a person chooses.
        """
        weighed = {name: self._weigh(report, gists) for name, gists in complaints.items()}
        matches = {
            name: self._judge(
                report, mine, [other for key, other in weighed.items() if key != name]
            )
            for name, mine in weighed.items()
        }
        ranked = dict(sorted(matches.items(), key=lambda one: -one[1].score))
        best = next(iter(ranked.values()), None)
        if best is None or best.verdict is Verdict.SAME:
            return Choice(ranked)
        return Choice(ranked, self._twins(report, weighed))

    def _twins(
        self, report: Gist, weighed: Mapping[int, Sequence[Weighed]]
    ) -> tuple[int, int] | None:
        """The two likeliest complaints that would each do without the other, if they are at peace."""
        alone = {
            name: self._judge(
                report, mine, [other for key, other in weighed.items() if key != name], twins=False
            )
            for name, mine in weighed.items()
        }
        both = sorted(
            (name for name, match in alone.items() if match.verdict is Verdict.SAME),
            key=lambda name: -alone[name].score,
        )[:2]
        if len(both) < 2:
            return None
        one, two = both
        first, second = ([w.gist for w in weighed[name]] for name in both)
        return (one, two) if odds(first, second, self.known) < _AT_PEACE else None

    def unite(
        self, few: Sequence[Gist], complaints: Mapping[int, Sequence[Gist]]
    ) -> tuple[int, Match] | None:
        """Weigh a small complaint once more against those it may belong to, now that they have told more.

        The one that its reports clearly belong to, if they contradict nothing there.
        """
        for gist in few[:_SPOKESMEN]:
            choice = self.choose(gist, complaints)
            if (name := choice.same) is None or choice.twins is not None:
                continue
            if odds(few, complaints[name], self.known) < _AT_PEACE:
                return name, choice.matches[name]
        return None

    def _weigh(self, report: Gist, complaint: Sequence[Gist]) -> list[Weighed]:
        weighed = [
            Weighed(gist, facts := facts_of(report, gist, self.known), self.pair.total(facts))
            for gist in complaint
        ]
        return sorted(weighed, key=lambda one: -one.weight)

    def _judge(
        self,
        report: Gist,
        mine: Sequence[Weighed],
        others: Sequence[Sequence[Weighed]],
        *,
        twins: bool = True,
    ) -> Match:
        best = mine[0]
        alone = whole_of(report, mine, self.known)
        beside = with_rivals(alone, mine, others, self.known)
        if not twins:
            beside["twin"] = alone["twin"]
        alone["crowd"] = beside["crowd"]
        chance = _chance(self.whole.total(beside))
        return Match(
            self._verdict(best, alone, chance),
            chance,
            evidence_of(
                best.facts, report, best.gist, weights=self.pair.facts, topics=self.known.topics
            ),
            returns=_returns(best.facts),
        )

    def _verdict(self, best: Weighed, whole: Facts, chance: float) -> Verdict:
        if chance >= self.sure_from and not _forbidden(best.facts):
            return Verdict.SAME
        if chance >= self.same_from and _is_tied(best.facts, whole):
            return Verdict.SAME
        return Verdict.PERHAPS if _chance(best.weight) >= self.perhaps_from else Verdict.DIFFERENT


def _chance(weight: float) -> float:
    return 1.0 / (1.0 + math.exp(-max(-40.0, min(40.0, weight))))


def _is_tied(facts: Facts, whole: Facts) -> bool:
    """Whether something ties the two to one spot, person or thing, and nothing forbids to join them unasked."""
    if _forbidden(facts):
        return False
    if SAID_BEFORE & facts.keys():
        return True
    if is_one_of_many(whole):
        return False
    return bool(TIES & facts.keys()) or (
        facts.get("details_same", 0.0) >= _TELLING and "spot_ward" in facts
    )


def _forbidden(facts: Facts) -> bool:
    """Whether only a person may say that it is the same."""
    against = NEVER_ALONE & facts.keys()
    # Who says it again may say it in other words, or that it has only begun.
    return bool(against - SAID_ANEW if SAID_BEFORE & facts.keys() else against)


def _returns(facts: Facts) -> bool:
    """The same trouble at the same place, but one that came back."""
    late = {"began_after", "returned_late"} & facts.keys()
    return (
        bool(late) and bool({"same_there", "spot_street"} & facts.keys()) and "topic_same" in facts
    )
