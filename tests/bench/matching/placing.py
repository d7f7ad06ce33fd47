"""The shipped matching at work without a database: verdicts on pairs, and a stream put into complaints."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

from hub.domain.matching.gist import Gist
from hub.domain.matching.tables import Matching
from tests.bench.matching.pairs import Said
from tests.bench.matching.rows import Arrived, Pair
from tests.bench.matching.shelf import Shelf
from tests.bench.matching.stream import Joined, Placed

WINDOW_DAYS = 62.0
LOOKED_AT = 30


def verdicts(matching: Matching, pairs: Iterable[Pair]) -> list[Said]:
    """The later report of each pair against the earlier one."""
    read, compare = matching.reader.read, matching.matcher.compare
    return [
        Said(pair.label, pair.trap, compare(read(pair.later), [read(pair.earlier)]).verdict)
        for pair in pairs
    ]


@dataclass(slots=True)
class Desk:
    """Puts reports into complaints as the hub does on arrival; nobody answers what is asked."""

    matching: Matching
    shelf: Shelf = field(default_factory=Shelf)
    speaks_of: dict[int, int] = field(default_factory=dict)
    reports: dict[int, list[int]] = field(default_factory=dict)
    asked: dict[int, set[int]] = field(default_factory=lambda: defaultdict(set))
    joined: list[tuple[list[int], list[int]]] = field(default_factory=list)

    def take(self, number: int, gist: Gist) -> tuple[int | None, int | None]:
        """The complaint that it joins, and the likeliest one that a person is asked about."""
        near: dict[int, list[Gist]] = defaultdict(list)
        for found in self.shelf.candidates(gist, days=WINDOW_DAYS):
            near[self.speaks_of[found]].append(self.shelf.gists[found])
        choice = self.matching.matcher.choose(gist, near)
        joined = choice.same
        for twin in choice.twins[1:]:
            joined = self._merge(joined or choice.twins[0], twin)
        if joined is not None:
            self.joined.append((list(self.reports[joined]), [number]))
        complaint = number if joined is None else joined
        self.shelf.put(number, gist)
        self.speaks_of[number] = complaint
        self.reports.setdefault(complaint, []).append(number)
        for other in choice.perhaps:
            if other in self.reports and other != complaint:
                self.asked[complaint].add(other)
                self.asked[other].add(complaint)
        if joined is not None:
            self._ask_again(complaint)
        return joined, None if joined is not None else next(iter(choice.perhaps), None)

    def _ask_again(self, complaint: int) -> None:
        """It has told more now: what a person was to be asked may have become clear."""
        for other in sorted(self.asked[complaint]):
            if other not in self.reports or complaint not in self.reports:
                continue
            few = min(complaint, other, key=lambda one: len(self.reports[one]))
            near = {one: self._gists(one) for one in self.asked[few] if one in self.reports}
            if (united := self.matching.matcher.unite(self._gists(few), near)) is not None:
                complaint = self._merge(united[0], few)

    def _gists(self, complaint: int) -> list[Gist]:
        return [self.shelf.gists[number] for number in self.reports[complaint][-LOOKED_AT:]]

    def _merge(self, one: int, two: int) -> int:
        stays, lost = (
            (one, two) if len(self.reports[one]) >= len(self.reports[two]) else (two, one)
        )
        self.joined.append((list(self.reports[stays]), list(self.reports[lost])))
        for number in self.reports[lost]:
            self.speaks_of[number] = stays
        self.reports[stays] += self.reports.pop(lost)
        self.asked[stays] |= self.asked.pop(lost, set()) - {stays, lost}
        for other in self.asked[stays]:
            self.asked[other].discard(lost)
            self.asked[other].add(stays)
        return stays


def placed(matching: Matching, stream: Iterable[Arrived]) -> tuple[list[Placed], list[Joined]]:
    """Every report of a stream and where it ended; and what was put together on the way."""
    desk, arrived, asked = Desk(matching), list(stream), []
    for number, report in enumerate(arrived):
        about = desk.take(number, matching.reader.read(report.told))[1]
        likeliest = desk.reports.get(about, []) if about is not None else []
        asked.append(
            None if about is None else report.incident in {arrived[n].incident for n in likeliest}
        )
    reports = [
        Placed(
            incident=report.incident, complaint=desk.speaks_of[number], asked_rightly=asked[number]
        )
        for number, report in enumerate(arrived)
    ]
    return reports, [_as_joined(arrived, *parts) for parts in desk.joined]


def _as_joined(arrived: list[Arrived], stays: list[int], lost: list[int]) -> Joined:
    incidents = [{arrived[number].incident for number in part} for part in (stays, lost)]
    return Joined(
        rightly=bool(incidents[0] & incidents[1]),
        in_flood=any(arrived[number].event for number in (*stays, *lost)),
    )
