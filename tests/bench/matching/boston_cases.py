"""The cases of Boston, the pairs that staff named, and which pairs are worth a look at all."""

import csv
import math
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from tests.bench.matching.nearby import (
    AROUND_METRES,
    AROUND_TIME,
    OTHERS_TIME,
    SPOT_METRES,
    Around,
    Spotted,
)
from tests.bench.matching.ranking import Link, Truth, followed
from tests.bench.matching.rows import present

CLOCK = ZoneInfo("America/New_York")
# What the city's system writes where it has no place (see the README of the data).
NO_PLACE = {(42.3594, -71.0587), (42.3603, -71.0583)}
OTHER_KIND_METRES = 150.0
OTHER_KIND_TIME = timedelta(days=14)
CELL_DEGREES = AROUND_METRES / 111_195.0

Case = tuple[str, Spotted]


@dataclass(frozen=True, slots=True)
class Candidate:
    """Two cases near each other; `around` is what had been reported around the later one."""

    link: Link
    earlier: Spotted
    later: Spotted
    around: Around


def cases_of(file: Path) -> list[Case]:
    """All cases that have a place, in order of opening."""
    with present(file).open(encoding="utf-8", newline="") as lines:
        cases = [(row["case_id"], _case(row)) for row in csv.DictReader(lines)]
    placed = [case for case in cases if (case[1].latitude, case[1].longitude) not in NO_PLACE]
    return sorted(placed, key=lambda case: (case[1].opened_at, case[0]))


def truths_of(file: Path) -> tuple[Truth, Truth]:
    """The pairs that staff named, and the same with chains followed."""
    with present(file).open(encoding="utf-8", newline="") as lines:
        named = frozenset(
            frozenset((row["child"], row["parent"])) for row in csv.DictReader(lines)
        )
    chained = followed(named)
    return Truth(f"{len(named)} named pairs", named), Truth(
        f"{len(chained)} with chains followed", chained
    )


def candidates_of(cases: Iterable[Case]) -> Iterator[Candidate]:
    """Each case with the earlier ones worth a look; nothing later than the case itself is known."""
    seen: dict[tuple[int, int], list[Case]] = defaultdict(list)
    for name, later in cases:
        row, column = _cell(later)
        near = [
            (known, earlier, metres)
            for across in (-1, 0, 1)
            for along in (-1, 0, 1)
            for known, earlier in seen[row + across, column + along]
            if later.opened_at - earlier.opened_at <= AROUND_TIME
            and (metres := earlier.metres_to(later)) <= AROUND_METRES
        ]
        around = _around(later, near)
        for known, earlier, metres in near:
            if worth_a_look(earlier, later, metres=metres):
                yield Candidate(frozenset((known, name)), earlier, later, around)
        seen[row, column].append((name, later))


def worth_a_look(earlier: Spotted, later: Spotted, *, metres: float) -> bool:
    if earlier.kind == later.kind:
        return True
    return metres <= OTHER_KIND_METRES and later.opened_at - earlier.opened_at <= OTHER_KIND_TIME


def _around(later: Spotted, near: list[tuple[str, Spotted, float]]) -> Around:
    alike = [metres for _, earlier, metres in near if earlier.kind == later.kind]
    others = sum(
        earlier.kind != later.kind
        and metres < SPOT_METRES
        and later.opened_at - earlier.opened_at < OTHERS_TIME
        for _, earlier, metres in near
    )
    return Around(len(alike), sum(metres < SPOT_METRES for metres in alike), others)


def _cell(case: Spotted) -> tuple[int, int]:
    # A degree of longitude is shorter than one of latitude: cells of equal metres, for every city.
    across = CELL_DEGREES / math.cos(math.radians(round(case.latitude)))
    return math.floor(case.latitude / CELL_DEGREES), math.floor(case.longitude / across)


def _case(row: dict[str, str]) -> Spotted:
    return Spotted(
        opened_at=datetime.fromisoformat(row["opened_at"]).replace(tzinfo=CLOCK),
        kind=row["type"], channel=row["source"],
        latitude=float(row["lat"]), longitude=float(row["lon"]), address=row["street_address"].strip(),
    )  # fmt: skip
