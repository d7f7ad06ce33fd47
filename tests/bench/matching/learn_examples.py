"""What weights are learned from: facts about two reports, or a report and a complaint, and the truth."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from hub.domain.matching.features import Facts, facts_of
from hub.domain.matching.gist import Gist
from hub.domain.matching.tables import Matching
from hub.domain.matching.together import whole_of, with_rivals
from hub.domain.matching.weights import Weights, weighed
from tests.bench.matching.rows import pairs_of, stream_of
from tests.bench.matching.shelf import Shelf

WINDOW_DAYS = 62.0
# A stream's pairs are many and mostly easy; labelled pairs were chosen to be hard.
STREAM_COUNTS = 0.3
# Log odds of two reports below which nobody asks whether they are one complaint.
UNLIKELY = -4.0


@dataclass(frozen=True, slots=True)
class Example:
    """Facts, and whether they are about one trouble."""

    facts: Facts
    same: bool
    counts: float = 1.0


@dataclass(frozen=True, slots=True)
class Choice:
    """A report of a stream and the complaints that it may speak of, by their true incidents."""

    report: Gist
    truth: str
    candidates: Mapping[str, Sequence[Gist]]


def pair_examples(matching: Matching, file: Path) -> Iterator[Example]:
    for pair in pairs_of(file):
        one, two = matching.reader.read(pair.one), matching.reader.read(pair.two)
        yield Example(facts_of(one, two, matching.matcher.known), pair.label == "same")


def stream_choices(matching: Matching, file: Path) -> Iterator[Choice]:
    """Every report with what its keys find among the earlier ones, put together by their true incident."""
    shelf = Shelf()
    incidents: dict[int, str] = {}
    for number, report in enumerate(stream_of(file)):
        gist = matching.reader.read(report.told)
        candidates: dict[str, list[Gist]] = defaultdict(list)
        for found in shelf.candidates(gist, days=WINDOW_DAYS):
            candidates[incidents[found]].append(shelf.gists[found])
        yield Choice(gist, report.incident, dict(candidates))
        shelf.put(number, gist)
        incidents[number] = report.incident


def choice_examples(matching: Matching, choice: Choice) -> Iterator[Example]:
    for incident, gists in choice.candidates.items():
        for gist in gists:
            facts = facts_of(choice.report, gist, matching.matcher.known)
            yield Example(facts, incident == choice.truth, STREAM_COUNTS)


def whole_examples(
    matching: Matching, pair: Weights, choices: Sequence[Choice]
) -> Iterator[Example]:
    known = matching.matcher.known
    for choice in choices:
        sides = {
            incident: weighed(choice.report, gists, weights=pair, known=known)
            for incident, gists in choice.candidates.items()
        }
        for incident, mine in sides.items():
            if mine[0].weight < UNLIKELY:
                continue
            others = [other for name, other in sides.items() if name != incident]
            whole = whole_of(choice.report, mine, known)
            yield Example(with_rivals(whole, mine, others, known=known), incident == choice.truth)
