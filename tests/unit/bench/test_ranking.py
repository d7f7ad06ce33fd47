"""How proposals of pairs are scored."""

from tests.bench.matching.ranking import Curve, Link, Reached, Truth, followed, plain


def link(two: str) -> Link:
    return frozenset(two)


TRUTH = Truth("three pairs", frozenset({link("ab"), link("cd"), link("ef")}))


def test_a_chain_of_named_pairs_makes_all_its_cases_one() -> None:
    assert followed([link("ab"), link("bc"), link("xy")]) == {
        link("ab"), link("bc"), link("ac"), link("xy"),
    }  # fmt: skip


def test_two_clusters_become_one_when_a_later_pair_ties_them() -> None:
    assert len(followed([link("ab"), link("cd"), link("ad")])) == 6


def test_a_rule_is_measured_by_what_it_proposes() -> None:
    assert plain({link("ab"), link("ax")}, TRUTH) == Reached(1 / 3, 1 / 2, 2)


def test_a_rule_that_proposes_nothing_is_not_precise() -> None:
    assert plain(set(), TRUTH) == Reached(0.0, 0.0, 0)


def test_a_score_is_read_from_the_best_down_to_the_recall_wanted() -> None:
    curve = Curve.of([(link("ab"), 0.9), (link("ax"), 0.8), (link("cd"), 0.7)], TRUTH)
    assert curve.at(0.3) == Reached(1 / 3, 1.0, 1)
    assert curve.at(0.6) == Reached(2 / 3, 2 / 3, 3)


def test_pairs_of_one_score_are_taken_together() -> None:
    curve = Curve.of([(link("ax"), 0.5), (link("ab"), 0.5)], TRUTH)
    assert curve.steps == (Reached(1 / 3, 1 / 2, 2),)


def test_a_recall_that_no_threshold_reaches_has_no_precision() -> None:
    assert Curve.of([(link("ab"), 0.9)], TRUTH).at(0.5) is None
