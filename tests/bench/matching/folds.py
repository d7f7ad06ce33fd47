"""Pairs, cross-validated: in each fold the weights are learned from the other folds' pairs alone."""

from collections.abc import Sequence
from dataclasses import replace

from hub.domain.matching.features import facts_of
from hub.domain.matching.matcher import Matcher
from hub.domain.matching.tables import Matching
from hub.domain.matching.weights import Weights
from tests.bench.matching.learn_examples import Example
from tests.bench.matching.learn_fit import fit
from tests.bench.matching.pairs import PairFigures, Said, in_folds
from tests.bench.matching.placing import verdicts
from tests.bench.matching.rows import Pair

# What is aimed at among the pairs learned from; on others it will be a little less.
AIM = 0.985
CHANCES = [step / 100 for step in range(50, 100)]
# Two reports alone: the whole is the pair.
ALONE = Weights(0.0, {"best": 1.0})


def cross_validated(matching: Matching, pairs: Sequence[Pair]) -> list[Said]:
    """The verdict on every pair, by weights that have not seen its group."""
    said: list[Said] = []
    for learned_from, held in in_folds(pairs):
        matcher = _learned(matching, learned_from)
        said += verdicts(Matching(matching.reader, matcher), held)
    return said


def _learned(matching: Matching, pairs: Sequence[Pair]) -> Matcher:
    read, known = matching.reader.read, matching.matcher.known
    examples = [
        Example(facts_of(read(pair.one), read(pair.two), known), pair.label == "same")
        for pair in pairs
    ]
    matcher = replace(matching.matcher, pair=fit(examples), whole=ALONE, sure_from=1.1)
    for chance in CHANCES:
        matcher = replace(matcher, same_from=chance)
        figures = PairFigures.of(verdicts(Matching(matching.reader, matcher), pairs))
        if figures.precision >= AIM:
            break
    return matcher
