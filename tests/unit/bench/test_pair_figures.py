"""How verdicts on labelled pairs are counted."""

import pytest

from hub.domain.matching import Told, Verdict
from tests.bench.matching.pairs import PairFigures, Said, in_folds
from tests.bench.matching.rows import Pair, moment


def said(label: str, verdict: Verdict, times: int = 1) -> list[Said]:
    return [Said(label, "a trap", verdict)] * times


def pair(group: str) -> Pair:
    told = Told(
        text="Lampu mati",
        said_at=moment("2026-01-18T13:05:11Z", channel="whatsapp"),
        channel="whatsapp",
    )
    return Pair(one=told, two=told, label="same", trap="", group=group)


def test_only_an_automatic_same_counts_for_precision_and_recall() -> None:
    figures = PairFigures.of([
        *said("same", Verdict.SAME, 6), *said("same", Verdict.PERHAPS, 3), *said("same", Verdict.DIFFERENT),
        *said("related", Verdict.SAME, 2), *said("different", Verdict.PERHAPS),
    ])  # fmt: skip
    assert (figures.precision, figures.recall) == (6 / 8, 6 / 10)


def test_what_a_person_is_asked_about_counts_as_found_and_as_asked() -> None:
    figures = PairFigures.of([
        *said("same", Verdict.SAME, 6), *said("same", Verdict.PERHAPS, 3), *said("same", Verdict.DIFFERENT),
        *said("related", Verdict.PERHAPS), *said("different", Verdict.DIFFERENT, 3),
    ])  # fmt: skip
    assert (figures.found, figures.asked) == (9 / 10, 1 / 4)


def test_a_related_pair_called_same_is_as_wrong_as_a_different_one() -> None:
    right = said("same", Verdict.SAME)
    related = PairFigures.of([*right, *said("related", Verdict.SAME)])
    assert related == PairFigures.of([*right, *said("different", Verdict.SAME)])


def test_every_figure_says_whether_its_floor_is_kept() -> None:
    figures = PairFigures(precision=0.98, recall=0.55, found=0.96, asked=0.30)
    assert [kept for *_, kept in figures.promised] == [True, False, True, False]


@pytest.mark.parametrize("groups", [1, 40])
def test_each_pair_is_measured_once_and_never_learned_from_in_its_own_fold(groups: int) -> None:
    pairs = [pair(f"incident {number % groups}") for number in range(80)]
    measured = []
    for learn, measure in in_folds(pairs):
        assert not {one.group for one in learn} & {one.group for one in measure}
        measured += measure
    assert len(measured) == len(pairs)
