"""Whether two cases are one when only place, time and kind are known, and not a word of what was said.

What counts is how rare the coincidence is: two reports of a kind of which this place has many every week
prove little. All weights are learned (`python -m tests.bench.matching boston --learn`) and stand in
`tests/bench/matching/nearby.toml`, in log-odds, to be read.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise
from math import cos, exp, hypot, log, log1p, radians
from typing import Any, Self

AROUND_METRES = 300.0
SPOT_METRES = 30.0
AROUND_TIME = timedelta(days=60)
OTHERS_TIME = timedelta(days=7)
METRES_PER_DEGREE = 111_195.0
SMALLEST_GAP_HOURS = 0.003


@dataclass(frozen=True, slots=True, kw_only=True)
class Spotted:
    """A case as far as place, time and kind tell it."""

    opened_at: datetime
    kind: str
    channel: str
    latitude: float
    longitude: float
    address: str = ""

    def metres_to(self, other: Self) -> float:
        east = (self.longitude - other.longitude) * cos(radians(self.latitude))
        return hypot(self.latitude - other.latitude, east) * METRES_PER_DEGREE


@dataclass(frozen=True, slots=True)
class Around:
    """What had been reported around a case before: of its kind, of these on the very spot, of other kinds."""

    alike: int = 0
    on_the_spot: int = 0
    others: int = 0


@dataclass(frozen=True, slots=True)
class Curve:
    """What a measure adds: points of (measure, log-odds), straight on a logarithmic scale in between."""

    points: tuple[tuple[float, float], ...]
    offset: float

    def at(self, value: float) -> float:
        steps = pairwise(adds for _, adds in self.points)
        shares = shares_of(value, [at for at, _ in self.points], self.offset)
        rises = (share * (high - low) for share, (low, high) in zip(shares, steps, strict=True))
        return self.points[0][1] + sum(rises)


def shares_of(value: float, knots: Sequence[float], offset: float) -> list[float]:
    """How much of each step between two knots the value has climbed, 0 to 1."""
    height = log(value + offset)
    return [
        min(1.0, max(0.0, (height - log(low + offset)) / log((high + offset) / (low + offset))))
        for low, high in pairwise(knots)
    ]


@dataclass(frozen=True, slots=True, kw_only=True)
class Nearby:
    """The learned weights. A kind they have not met counts as an ordinary one."""

    bias: float
    signs: Mapping[str, float]
    metres: Curve
    hours: Curve
    kinds: Mapping[str, float]
    between: Mapping[frozenset[str], float]
    any_kind: float
    any_two_kinds: float
    staff: frozenset[str]

    @classmethod
    def from_tables(cls, tables: Mapping[str, Any]) -> Self:
        curves = {
            name: Curve(tuple((at, adds) for at, adds in tables[name]["points"]), tables[name]["offset"])
            for name in ("metres", "hours")
        }  # fmt: skip
        return cls(
            bias=tables["bias"], signs=tables["signs"], kinds=tables["kinds"], **curves,
            between={frozenset(row["kinds"]): row["adds"] for row in tables["between"]},
            any_kind=tables["any_kind"], any_two_kinds=tables["any_two_kinds"],
            staff=frozenset(tables["staff"]),
        )  # fmt: skip

    def chance(self, earlier: Spotted, later: Spotted, *, around: Around) -> float:
        """How likely staff would call the later case a repeat of the earlier, 0 to 1."""
        odds = self.bias + sum(adds for _, adds in self.evidence(earlier, later, around=around))
        return 1 / (1 + exp(-odds))

    def evidence(
        self, earlier: Spotted, later: Spotted, *, around: Around
    ) -> Iterator[tuple[str, float]]:
        """Each thing that speaks for or against, and what it adds to the log-odds."""
        metres, hours = earlier.metres_to(later), hours_between(earlier, later)
        yield "metres", self.metres.at(metres)
        yield "hours", self.hours.at(hours)
        yield "kind", self.kind_of(earlier, later)
        for name, size in signs_of(earlier, later, around=around, staff=self.staff):
            yield name, self.signs[name] * size

    def kind_of(self, earlier: Spotted, later: Spotted) -> float:
        if earlier.kind == later.kind:
            return self.kinds.get(later.kind, self.any_kind)
        return self.between.get(frozenset((earlier.kind, later.kind)), self.any_two_kinds)


def hours_between(earlier: Spotted, later: Spotted) -> float:
    """The time between the two, never nothing: some systems write two cases in one second."""
    gap = (later.opened_at - earlier.opened_at) / timedelta(hours=1)
    return max(gap, SMALLEST_GAP_HOURS)


def signs_of(
    earlier: Spotted, later: Spotted, *, around: Around, staff: frozenset[str]
) -> Iterator[tuple[str, float]]:
    """What is so of the two and of the place around them, and how much of it; the weights are learned."""
    hours, metres = hours_between(earlier, later), earlier.metres_to(later)
    by_staff = (earlier.channel in staff) + (later.channel in staff)
    address = bool(later.address) and earlier.address == later.address
    said = {
        "same_kind": earlier.kind == later.kind,
        "same_channel": earlier.channel == later.channel,
        "one_by_staff": by_staff == 1,
        "both_by_staff": by_staff == 2,
        "same_address": address,
        "same_address_within_an_hour": address and hours < 1,
        "same_address_within_a_day": address and hours < 24,
        "other_address_same_spot_within_an_hour": not address and hours < 1 and metres < SPOT_METRES / 6,
        "at_a_crossing": later.address.startswith("INTERSECTION"),
    }  # fmt: skip
    yield from ((name, 1.0) for name, so in said.items() if so)
    yield "alike_around", log1p(around.alike)
    yield "alike_on_the_spot", log1p(around.on_the_spot)
    yield "others_around", log1p(around.others)
