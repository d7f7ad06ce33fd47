"""Invented reports for a store of any size: months of the generators' stream, over and over."""

import importlib
import random
import re
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

from hub.domain.matching import Told
from hub.domain.matching.gist import Gist
from hub.domain.matching.keys import keys_of
from hub.domain.matching.reading import Reader
from tests.bench.matching.rows import Arrived, data_folder, present, told

PER_STREAM = 25  # reports a day in one stream of the generators
SPAN = timedelta(days=120)
LAST = timedelta(days=20)
PROBES = 400
NUMBER = re.compile(r"\d+")


@dataclass(frozen=True, slots=True)
class Known:
    """A stored report with its gist, the keys it is found by, and (for scoring) its incident."""

    told: Told
    gist: Gist
    json: str
    keys: frozenset[int]
    incident: str


@dataclass(frozen=True, slots=True)
class City:
    """`known` is in order of time; none of the `probes`, which come in its last days, is in it."""

    known: Sequence[Known]
    probes: Sequence[Arrived]

    def stored(self, number: int) -> Iterator[tuple[int, Known, timedelta]]:
        """The newest `number` reports, oldest first: (id, report, how much earlier it was said)."""
        rounds, rest = divmod(number, len(self.known))
        repeated = [(rounds, self.known[len(self.known) - rest :])]
        repeated += [(back, self.known) for back in range(rounds - 1, -1, -1)]
        row = 0
        for back, reports in repeated:
            for report in reports:
                row += 1
                yield row, report, back * SPAN


def city_of(reader: Reader, *, per_day: int) -> City:
    arrived = sorted(_streams(max(1, round(per_day / PER_STREAM))), key=_when)
    end = arrived[-1].told.said_at
    late = [report for report in arrived if report.told.said_at > end - LAST]
    probes = random.Random("probes").sample(late, min(PROBES, len(late) // 2))  # noqa: S311 - not for secrets
    held = {report.told.number for report in probes}
    kept = [_known(report, reader) for report in arrived if report.told.number not in held]
    return City(kept, sorted(probes, key=_when))


def worded(report: Known, back: timedelta) -> str:
    """The words of a report; an earlier round of it has other numbers (RT, house, telephone) in them."""
    turn = back // SPAN
    if not turn:
        return report.told.text
    return NUMBER.sub(lambda number: str(int(number[0][:9]) + turn), report.told.text)


def _streams(number: int) -> Iterator[Arrived]:
    generators = _generators()
    for stream in range(number):
        for row in generators.Stream(f"scale {stream}").build():
            known = told(row)
            yield Arrived(
                told=replace(known, number=f"{known.number}{stream}"),
                incident=f"{stream} {row['incident_id']}",
                event=row["event_id"],
            )


def _generators() -> Any:
    present(data_folder() / "generate_duplicates.py")
    sys.path.insert(0, str(data_folder()))
    try:
        return importlib.import_module("generate_duplicates")
    finally:
        sys.path.pop(0)


def _known(report: Arrived, reader: Reader) -> Known:
    gist = reader.read(report.told)
    return Known(report.told, gist, gist.to_json(), keys_of(gist), report.incident)


def _when(report: Arrived) -> Any:
    return report.told.said_at, report.told.number
