"""How the measurements of a filled store are shown, and held against what was asked for."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from rich.table import Table

from tests.bench.matching.scale_data import City
from tests.bench.matching.scale_probe import Took

MOST_SECONDS, MOST_GROWTH = 0.010, 2.0

Found = dict[int, set[int]]


@dataclass(frozen=True, slots=True)
class Measured:
    """One row: a way to find repeats, on a database of a size."""

    database: str
    size: int
    way: str
    took: Took | None


@dataclass(frozen=True, slots=True)
class Expected:
    """By probe, as places in `City.known`: what brute force calls same or perhaps, and its true repeats."""

    brute: Found
    repeats: Found


def new_table() -> Table:
    table = Table("database", "stored", "way", title="A new report")
    for name in (
        "reports",
        "p50 ms",
        "p99 ms",
        "peak MB",
        "of what brute force finds",
        "of true repeats",
    ):
        table.add_column(name, justify="right")
    return table


def cells(one: Measured, city: City, expected: Expected) -> Iterable[str]:
    missing = "" if one.took else " (this PostgreSQL has none)"
    yield from (one.database, f"{one.size:,}", one.way + missing)
    if one.took is None:
        return
    yield f"{len(one.took.seconds)}"
    yield from (f"{one.took.quantile(share) * 1000:.1f}" for share in (0.5, 0.99))
    yield f"{one.took.megabytes:.0f}"
    if not any(one.took.led_to):
        return
    first = one.size - len(city.known) + 1
    led = [{row - first for row in rows} for rows in one.took.led_to]
    brute = [(row, place) for row, places in expected.brute.items() for place in places]
    brute = [(row, place) for row, place in brute if row < len(led)]
    right = sum(place in led[row] for row, place in brute)
    yield f"{right / max(len(brute), 1):.3f} of {len(brute)} pairs"
    asked = [row for row in expected.repeats if row < len(led)]
    hit = sum(bool(led[row] & expected.repeats[row]) for row in asked)
    yield f"{hit / max(len(asked), 1):.3f} of {len(asked)} reports"


def kept(measured: Sequence[Measured], database: str) -> str:
    p99 = {
        one.size: one.took.quantile(0.99)
        for one in measured
        if one.took and one.way.startswith("ours")
    }
    growth, most = p99[max(p99)] / p99[min(p99)], max(p99.values())
    slow = f"{most * 1000:.1f} ms at most (under {MOST_SECONDS * 1000:.0f}: {_word(most < MOST_SECONDS)})"
    grown = f"{growth:.1f} times (at most {MOST_GROWTH:.0f}: {_word(growth <= MOST_GROWTH)})"
    return f"{database}: p99 with {max(p99):,} is {grown} that with {min(p99):,}, {slow}"


def _word(kept: bool) -> str:
    return "kept" if kept else "BROKEN"
