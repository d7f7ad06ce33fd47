"""What is learned by counting: in which kelurahan a street lies, and how common each word is."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from hub.domain.matching import Told
from hub.domain.matching.gist import Gist
from hub.domain.matching.known import RARE
from hub.domain.matching.tables import Matching
from tests.bench.matching.rows import pairs_of, stream_of

# A street is known by ten reports that tell its kelurahan, and lies in those that 4 % of them tell.
FEWEST, SHARE = 10, 0.04


@dataclass(frozen=True, slots=True)
class Background:
    """Street -> kelurahan, and word -> what it weighs."""

    street_wards: Mapping[str, Sequence[str]]
    common: Mapping[str, float]


def with_background(matching: Matching, files: Sequence[Path]) -> tuple[Matching, Background]:
    """In which kelurahan a street lies, and how common each word is, counted over all reports."""
    gists = [matching.reader.read(told) for told in _all_told(files)]
    street_wards, common = _streets(gists), _common(gists)
    known = replace(
        matching.matcher.known,
        street_wards={street: frozenset(wards) for street, wards in street_wards.items()},
        common=common,
    )
    matcher = replace(matching.matcher, known=known)
    return Matching(matching.reader, matcher), Background(street_wards, common)


def _all_told(files: Sequence[Path]) -> Iterator[Told]:
    for file in files:
        if file.suffix == ".csv":
            for pair in pairs_of(file):
                yield from (pair.one, pair.two)
        else:
            yield from (report.told for report in stream_of(file))


def _streets(
    gists: Sequence[Gist],
) -> dict[str, list[str]]:
    seen: dict[str, Counter[str]] = defaultdict(Counter)
    for gist in gists:
        spot = gist.spot
        wards = spot.wards or ({spot.pin.ward} if spot.pin and spot.pin.ward else set())
        if len(spot.streets) == 1 and len(wards) == 1 and not spot.outside:
            seen[next(iter(spot.streets))][next(iter(wards))] += 1
    return {
        street: sorted(ward for ward, n in wards.items() if n >= SHARE * wards.total())
        for street, wards in sorted(seen.items())
        if wards.total() >= FEWEST
    }


def _common(gists: Sequence[Gist]) -> dict[str, float]:
    counted = Counter(word for gist in gists for word in gist.words)
    weighed = {word: float(np.log(len(gists) / n)) for word, n in counted.items()}
    return {word: round(w, 1) for word, w in sorted(weighed.items()) if w < RARE}
