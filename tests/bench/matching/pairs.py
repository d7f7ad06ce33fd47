"""Labelled pairs: what was said of each, by label and by trap, against what was asked for (show 1)."""

import zlib
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from rich.table import Table

from hub.domain.matching import Verdict
from tests.bench.matching.rows import Pair

SAME_PRECISION, SAME_RECALL, FOUND_RECALL, MOST_ASKED = 0.97, 0.60, 0.95, 0.25
FOLDS = 5
LABELS = ("same", "related", "different")


@dataclass(frozen=True, slots=True)
class Said:
    """The verdict on a labelled pair."""

    label: str
    trap: str
    verdict: Verdict


@dataclass(frozen=True, slots=True, kw_only=True)
class PairFigures:
    """`found` counts a pair put before a person as found; `asked`: the share of the others put there."""

    precision: float
    recall: float
    found: float
    asked: float

    @classmethod
    def of(cls, said: Sequence[Said]) -> "PairFigures":
        same = [one.verdict for one in said if one.label == "same"]
        others = [one.verdict for one in said if one.label != "same"]
        right, wrong = same.count(Verdict.SAME), others.count(Verdict.SAME)
        return cls(
            precision=_share(right, right + wrong),
            recall=_share(right, len(same)),
            found=_share(right + same.count(Verdict.PERHAPS), len(same)),
            asked=_share(others.count(Verdict.PERHAPS), len(others)),
        )

    @property
    def promised(self) -> Iterator[tuple[str, float, str, bool]]:
        """Each figure with its floor or ceiling, and whether it is kept."""
        yield _floor('precision of automatic "same"', self.precision, SAME_PRECISION)
        yield _floor('recall of automatic "same"', self.recall, SAME_RECALL)
        yield _floor('recall with "perhaps" found', self.found, FOUND_RECALL)
        kept = self.asked <= MOST_ASKED
        yield 'share of the others in "perhaps"', self.asked, f"at most {MOST_ASKED}", kept


def in_folds(
    pairs: Sequence[Pair], *, folds: int = FOLDS
) -> Iterator[tuple[list[Pair], list[Pair]]]:
    """(to learn from, to measure on), each pair measured once; pairs of one group stay together."""
    for fold in range(folds):
        held = [zlib.crc32(pair.group.encode()) % folds == fold for pair in pairs]
        yield (
            [pair for pair, out in zip(pairs, held, strict=True) if not out],
            [pair for pair, out in zip(pairs, held, strict=True) if out],
        )


def trap_table(said: Iterable[Said]) -> Table:
    counted: dict[tuple[str, str], Counter[Verdict]] = {}
    for one in said:
        for trap in (one.trap, ""):
            counted.setdefault((one.label, trap), Counter())[one.verdict] += 1
    table = Table("label", "trap", title="Verdicts by trap")
    for name in (*(verdict.value for verdict in Verdict), "pairs"):
        table.add_column(name, justify="right")
    for (label, trap), verdicts in sorted(counted.items(), key=_by_label):
        numbers = [str(verdicts[verdict] or "") for verdict in Verdict]
        style = None if trap else "bold"
        table.add_row(label, trap or "all", *numbers, str(verdicts.total()), style=style)
    return table


def figure_table(runs: Iterable[tuple[str, PairFigures]]) -> Table:
    table = Table("measured", "figure", title="Pairs, against what was asked for")
    for name in ("value", "asked for", ""):
        table.add_column(name, justify="right")
    for run, figures in runs:
        for name, value, asked, kept in figures.promised:
            table.add_row(run, name, f"{value:.3f}", asked, "kept" if kept else "BROKEN")
        table.add_section()
    return table


def _by_label(row: tuple[tuple[str, str], Counter[Verdict]]) -> tuple[int, str]:
    label, trap = row[0]
    return (LABELS.index(label) if label in LABELS else len(LABELS)), trap


def _floor(name: str, value: float, floor: float) -> tuple[str, float, str, bool]:
    return name, value, f"at least {floor}", value >= floor


def _share(part: int, whole: int) -> float:
    return part / whole if whole else 0.0
