"""A stream of reports put into complaints one by one, as they arrive: how well they fit (show 1)."""

from collections import Counter
from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from math import comb

from rich.table import Table

F1_FLOOR = 0.90
FLOOD_CEILING = 0.01


@dataclass(frozen=True, slots=True, kw_only=True)
class Placed:
    """Where a report ended, and the truth for scoring. `asked_rightly`: None if nobody was asked."""

    incident: str
    complaint: Hashable
    asked_rightly: bool | None = None


@dataclass(frozen=True, slots=True)
class Joined:
    """A report put to a complaint, or two complaints put together, by the hub itself.

    Rightly, if both parts hold a report of one incident.
    """

    rightly: bool
    in_flood: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class StreamFigures:
    """Pairwise over all reports."""

    precision: float
    recall: float
    joins: int
    wrong: int
    flood_joins: int
    flood_wrong: int
    asked: int
    asked_rightly: int

    @property
    def f1(self) -> float:
        both = self.precision + self.recall
        return 2 * self.precision * self.recall / both if both else 0.0

    @property
    def flood_share(self) -> float:
        return self.flood_wrong / self.flood_joins if self.flood_joins else 0.0

    @classmethod
    def of(cls, placed: Sequence[Placed], joined: Sequence[Joined]) -> "StreamFigures":
        flood = [one for one in joined if one.in_flood]
        asked = [one.asked_rightly for one in placed if one.asked_rightly is not None]
        together = _pairs(Counter((one.incident, one.complaint) for one in placed))
        return cls(
            precision=_share(together, _pairs(Counter(one.complaint for one in placed))),
            recall=_share(together, _pairs(Counter(one.incident for one in placed))),
            joins=len(joined),
            wrong=sum(not one.rightly for one in joined),
            flood_joins=len(flood),
            flood_wrong=sum(not one.rightly for one in flood),
            asked=len(asked),
            asked_rightly=sum(asked),
        )


def figure_table(figures: StreamFigures, *, reports: int) -> Table:
    table = Table("figure", title=f"{reports:,} reports in order of arrival")
    for name in ("value", "asked for", ""):
        table.add_column(name, justify="right")
    kept, dry = figures.f1 >= F1_FLOOR, figures.flood_share < FLOOD_CEILING
    table.add_row("pairwise precision", f"{figures.precision:.3f}")
    table.add_row("pairwise recall", f"{figures.recall:.3f}")
    table.add_row("pairwise F1", f"{figures.f1:.3f}", f"at least {F1_FLOOR}", _word(kept))
    table.add_row("put together by the hub itself", f"{figures.joins:,}")
    table.add_row("of these wrongly", f"{figures.wrong:,}")
    table.add_row("put together in flood nights", f"{figures.flood_joins:,}")
    table.add_row(
        "of these joining two incidents", f"{figures.flood_wrong:,} ({figures.flood_share:.1%})",
        f"under {FLOOD_CEILING:.0%}", _word(dry),
    )  # fmt: skip
    table.add_row('"perhaps": put before a person', f"{figures.asked:,}")
    table.add_row("of these truly the same", f"{figures.asked_rightly:,}")
    return table


def _word(kept: bool) -> str:
    return "kept" if kept else "BROKEN"


def _pairs(sizes: Counter[Hashable]) -> int:
    return sum(comb(size, 2) for size in sizes.values())


def _share(part: int, whole: int) -> float:
    return part / whole if whole else 0.0
