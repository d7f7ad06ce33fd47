"""Boston: place, time and kind only, against plain rules and an untuned splink, in one table (show 2)."""

import tomllib
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from rich.console import Console
from rich.table import Table

from tests.bench.matching.boston_cases import Candidate, candidates_of, cases_of, truths_of
from tests.bench.matching.boston_learn import folds_of, learned, written
from tests.bench.matching.boston_rivals import RECALL, Rival, rules, splink
from tests.bench.matching.nearby import Nearby
from tests.bench.matching.ranking import Curve, Link, Reached, Truth
from tests.bench.matching.rows import ROOT

WEIGHTS = ROOT / "tests" / "bench" / "matching" / "nearby.toml"
RECALLS = (0.3, 0.4, 0.5, 0.6, 0.65, RECALL, 0.75, 0.8)
ABOVE = """\
# How much place, time and kind speak for a repeat, in log-odds; for cases without words.
# Learned from Boston ({pairs}) by `python -m tests.bench.matching boston --learn`: do not edit, learn again.
# metres and hours: [measure, what it adds], straight on a logarithmic scale in between.

"""
BELOW = """\
Staff did not name every repeat: every precision here is a lower bound. In the folds no weight has met either
case it is measured on; the shipped weights were learned on July to September 2011: on that file the folds are
the honest figure, on any other the shipped weights."""

Scored = Sequence[tuple[Link, float]]


def run(console: Console, *, cases_file: Path, pairs_file: Path, learn: bool) -> None:
    cases, truths = cases_of(cases_file), truths_of(pairs_file)
    candidates = list(candidates_of(cases))
    console.print(
        f"{cases_file.name}: {len(cases):,} cases with a place; {len(candidates):,} candidate pairs, in which"
        f" {_within(candidates, truths[0])} of the {truths[0].name} and"
        f" {_within(candidates, truths[1])} of the {truths[1].name} are found"
    )
    if learn:
        tables = written(learned(candidates, truths[1]))
        WEIGHTS.write_text(ABOVE.format(pairs=truths[1].name) + tables, encoding="utf-8")
        console.print(f"learned: {WEIGHTS.relative_to(ROOT)}")
    rivals = [*rules(candidates), *splink(console, cases)]
    ours = dict(_ours(console, candidates, truths[1]))
    for truth in truths:
        curves = {name: Curve.of(scored, truth) for name, scored in ours.items()}
        console.print(_table(truth, rivals, curves))
        console.print(_curve_table(truth, curves))
    console.print(BELOW)


def _within(candidates: Iterable[Candidate], truth: Truth) -> int:
    return sum(one.link in truth.links for one in candidates)


def _ours(
    console: Console, candidates: Sequence[Candidate], truth: Truth
) -> Iterator[tuple[str, Scored]]:
    if WEIGHTS.is_file():
        nearby = Nearby.from_tables(tomllib.loads(WEIGHTS.read_text(encoding="utf-8")))
        yield "ours, as shipped", _chances(nearby, candidates)
    try:
        yield "ours, in folds", list(folds_of(candidates, truth))
    except ImportError:
        console.print("scikit-learn is not installed (pip install scikit-learn): no folds.")


def _chances(nearby: Nearby, candidates: Iterable[Candidate]) -> Scored:
    return [
        (one.link, nearby.chance(one.earlier, one.later, around=one.around)) for one in candidates
    ]


def _table(truth: Truth, rivals: Iterable[Rival], curves: dict[str, Curve]) -> Table:
    table = Table("", title=f"Boston, against {truth.name}")
    for name in (
        "recall",
        "precision",
        "pairs proposed",
        *(f"{name}, same recall" for name in curves),
    ):
        table.add_column(name, justify="right")
    for rival in rivals:
        reached = rival.reached(truth)
        if reached is None:
            table.add_row(rival.name, "never reached")
            continue
        ours = (curve.at(reached.recall) for curve in curves.values())
        table.add_row(rival.name, *_cells(reached), *(_against(our, reached) for our in ours))
    for name, curve in curves.items():
        found = curve.at(RECALL)
        table.add_row(
            f"{name}: down to recall {RECALL}", *(_cells(found) if found else ("never reached",))
        )
    return table


def _cells(reached: Reached) -> tuple[str, str, str]:
    return f"{reached.recall:.3f}", f"{reached.precision:.3f}", f"{reached.proposed:,}"


def _against(ours: Reached | None, theirs: Reached) -> str:
    if ours is None:
        return "never reached"
    return f"{ours.precision:.3f} ({ours.precision / max(theirs.precision, 1e-9):.1f} x)"


def _curve_table(truth: Truth, curves: dict[str, Curve]) -> Table:
    table = Table("recall at least", title=f"Precision along recall, against {truth.name}")
    for name in curves:
        table.add_column(name, justify="right")
    for recall in RECALLS:
        found = [curve.at(recall) for curve in curves.values()]
        cells = (f"{one.precision:.3f}  ({one.proposed:,} pairs)" if one else "-" for one in found)
        table.add_row(f"{recall}", *cells)
    return table
