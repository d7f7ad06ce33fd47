"""Weighs the facts about a report and a complaint, and gives a verdict with its evidence."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from hub.domain.matching.choice import Choice
from hub.domain.matching.evidence import evidence_of
from hub.domain.matching.facts import Facts
from hub.domain.matching.gist import Gist
from hub.domain.matching.known import Knowledge
from hub.domain.matching.rules import comes_back, is_placed, is_tied, may_be_a_part, may_join
from hub.domain.matching.said import Match, Verdict
from hub.domain.matching.together import odds, whole_of, with_rivals
from hub.domain.matching.weights import Weighed, Weights, chance_of, weighed

# Two complaints of which fewer pairs contradict each other may be one.
_AT_PEACE = 0.1
# The log odds from which on a complaint may be one of several parts.
_LIKELY = 1.0
# The log odds below which nothing else can help; most candidates are such.
_HOPELESS = -4.0
# Of so many of the likeliest complaints the evidence is put into words.
_TOLD = 8
# So many reports of a small complaint are asked where it belongs.
_SPOKESMEN = 6

# Complaint -> its reports beside the new one, the weightiest first.
_Sides = Mapping[int, Sequence[Weighed]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Matcher:
    """`pair` weighs two reports, `whole` a report and a complaint.

    `sure_from`: the chance from which on it is the same wherever both name a place; `same_from`: if
    something also ties the two to one spot; `perhaps_from`: from which on a person is asked.
    """

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
        sides = {
            name: weighed(report, gists, weights=self.pair, known=self.known)
            for name, gists in complaints.items()
        }
        ranked = self._ranked(report, sides)
        best = next(iter(ranked.values()), None)
        if best is None or best.verdict is Verdict.SAME:
            return Choice(ranked)
        return Choice(ranked, self._twins(report, sides))

    def unite(
        self, few: Sequence[Gist], complaints: Mapping[int, Sequence[Gist]]
    ) -> tuple[int, Match] | None:
        """Weigh a small complaint once more against those it may belong to, now that they have told more.

        The one that its reports clearly belong to, if they contradict nothing there.
        """
        for gist in few[:_SPOKESMEN]:
            choice = self.choose(gist, complaints)
            if (name := choice.same) is None or choice.twins:
                continue
            if odds(few, complaints[name], self.known) < _AT_PEACE:
                return name, choice.matches[name]
        return None

    def _ranked(self, report: Gist, sides: _Sides) -> dict[int, Match]:
        """The match with every complaint, the likeliest first."""
        likeliest = sorted(sides, key=lambda name: -sides[name][0].weight)
        matches = {
            name: self._judge(report, name, sides, told=rank < _TOLD)
            for rank, name in enumerate(likeliest)
        }
        ranked = sorted(matches.items(), key=lambda one: -one[1].score)
        return {name: self._as_asked(match, sides[name][0]) for name, match in ranked}

    def _twins(self, report: Gist, sides: _Sides) -> tuple[int, ...]:
        """The complaints that are at peace with each other and together are what the report speaks of."""
        together = self._at_peace(sides)
        if len(together) <= 1:
            return ()
        union = [side for name in together for side in sides[name]]
        beside = {name: side for name, side in sides.items() if name not in together}
        beside[together[0]] = sorted(union, key=lambda one: -one.weight)
        verdict = self._judge(report, together[0], beside, twins=False).verdict
        return tuple(together) if verdict is Verdict.SAME else ()

    def _at_peace(self, sides: _Sides) -> list[int]:
        """The likely complaints, the likeliest first, without those that contradict a likelier one."""
        likely = [
            name
            for name, side in sorted(sides.items(), key=lambda one: -one[1][0].weight)
            if side[0].weight >= _LIKELY and may_be_a_part(side[0].facts)
        ]
        together: list[int] = []
        for name in likely:
            gists = [side.gist for side in sides[name]]
            if all(
                odds(gists, [side.gist for side in sides[other]], self.known) < _AT_PEACE
                for other in together
            ):
                together.append(name)
        return together

    def _judge(
        self, report: Gist, name: int, sides: _Sides, *, twins: bool = True, told: bool = False
    ) -> Match:
        """The match with one complaint, beside all others.

        `twins`: whether these make it less likely; `told`: whether somebody may ask for the evidence.
        """
        mine = sides[name]
        best = mine[0]
        if best.weight < _HOPELESS and not told:
            return Match(Verdict.DIFFERENT, chance_of(best.weight))
        alone = whole_of(report, mine, self.known)
        others = [other for key, other in sides.items() if key != name]
        beside = with_rivals(alone, mine, others, known=self.known)
        if not twins:
            beside["twin"] = alone["twin"]
        chance = chance_of(self.whole.total(beside))
        return Match(
            self._verdict(best, alone | {"crowd": beside["crowd"]}, chance),
            chance,
            evidence_of(best.facts, report, best.gist, weights=self.pair.facts, known=self.known)
            if told
            else (),
            returns=comes_back(best.facts),
        )

    def _as_asked(self, match: Match, best: Weighed) -> Match:
        """A person is shown two reports and asked about these: theirs is the chance, never that of "same"."""
        if match.verdict is not Verdict.PERHAPS:
            return match
        pair = min(chance_of(best.weight), self.same_from)
        return replace(match, score=max(match.score, pair))

    def _verdict(self, best: Weighed, whole: Facts, chance: float) -> Verdict:
        is_same = (chance >= self.sure_from and is_placed(best.facts)) or (
            chance >= self.same_from and is_tied(best.facts, whole)
        )
        if is_same and may_join(best.facts):
            return Verdict.SAME
        is_likely = chance_of(best.weight) >= self.perhaps_from
        return Verdict.PERHAPS if is_likely else Verdict.DIFFERENT
