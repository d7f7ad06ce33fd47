"""The candidate store without a database, for runs over many reports: same keys, same limits."""

from bisect import insort
from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass, field

from hub.domain.matching.gist import Gist
from hub.domain.matching.keys import keys_of, looks_for

PER_KEY, AT_MOST = 40, 20


@dataclass(slots=True)
class Shelf:
    """Gists by number, found by their keys."""

    gists: dict[int, Gist] = field(default_factory=dict)
    _under: dict[int, list[tuple[int, int]]] = field(default_factory=lambda: defaultdict(list))

    def put(self, number: int, gist: Gist) -> None:
        self.gists[number] = gist
        for key in keys_of(gist):
            insort(self._under[key], (gist.at, number))

    def candidates(
        self, gist: Gist, *, days: float, apart_from: Collection[int] = ()
    ) -> list[int]:
        """The numbers of those that share the most, best first."""
        since = gist.at - days * 86_400
        until = gist.at + days * 86_400
        shared: dict[int, float] = defaultdict(float)
        for key, weight in looks_for(gist).items():
            rows = [row for row in self._under.get(key, ()) if since <= row[0] <= until]
            for _, number in rows[-PER_KEY:]:
                shared[number] += weight
        best = sorted(shared, key=lambda n: (-shared[n], -self.gists[n].at))
        return [number for number in best if number not in apart_from][:AT_MOST]
