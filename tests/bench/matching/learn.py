"""Learn the weights of matching from labelled reports: `python -m tests.bench.matching.learn FILE ... --write`.

FILES are pairs (CSV, as `hub pairs` writes them) and streams (JSONL with incident_id). Two logistic regressions: one over
the facts about two reports, one over the facts about a report and a whole complaint. What is the same never speaks
against, what differs never for it: the signs are held, so that the weights can be read.
"""

import argparse
import json
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from scipy.optimize import minimize
from scipy.sparse import csr_matrix
from sklearn.feature_extraction import DictVectorizer

from hub.domain.matching.features import Facts, facts_of
from hub.domain.matching.gist import Gist
from hub.domain.matching.matcher import Weights
from hub.domain.matching.tables import Matching
from hub.domain.matching.together import Weighed, whole_of, with_rivals
from tests.bench.matching.city import matching_of_the_city
from tests.bench.matching.rows import ROOT, Told, pairs_of, stream_of
from tests.bench.matching.shelf import Shelf

WINDOW_DAYS = 62.0
STREAM_COUNTS = (
    0.3  # a stream's pairs are many and mostly easy; labelled pairs were chosen to be hard
)
UNLIKELY = -4.0
GENTLE = 1.0
OUT = ROOT / "mappings" / "matching" / "weights.toml"

SPEAKS_FOR = frozenset({
    "quoted", "spot_fine", "same_there", "unit_here", "copied_here", "wording", "wording_copied", "spot_street",
    "spot_street_ward", "pin_within", "ward_same_told", "ward_same_meant", "again_late", "again_soon", "best", "rival", "twin",
    "all_pin_within", "hours_fine",
})  # fmt: skip
SPEAKS_AGAINST = frozenset({
    "clashes", "began_after", "returned_late", "returned_soon", "case_of_whom", "copied_elsewhere",
    "named_alike_elsewhere", "ward_other_told", "ward_other_meant", "pin_far", "pin_apart", "all_pin_far", "all_pin_apart",
    "hours_other", "spread", "single", "spot_other",
})  # fmt: skip


@dataclass(frozen=True, slots=True)
class Example:
    """Facts, and whether they are about one trouble."""

    facts: Facts
    same: bool
    counts: float = 1.0


@dataclass(frozen=True, slots=True)
class Choice:
    """A report of a stream and the complaints that it may speak of, each with the true incident's name."""

    report: Gist
    truth: str
    candidates: dict[str, list[Gist]]


def main() -> None:
    asked = _arguments()
    matching = matching_of_the_city(learning=True)
    matching, street_wards, common = _with_background(matching, asked.files)
    examples, choices = [], []
    for file in asked.files:
        if file.suffix == ".csv":
            examples += list(pair_examples(matching, file))
        else:
            choices += list(stream_choices(matching, file))
    examples += [one for choice in choices for one in _pairs_of_choice(matching, choice)]
    pair = fit(examples)
    whole = fit(list(whole_examples(matching, pair, choices)))
    text = as_toml(
        pair, whole, asked=asked, street_wards=street_wards, common=common,
        made_of=f"{len(examples):,} pairs and {len(choices):,} reports of streams",
    )  # fmt: skip
    if asked.write:
        OUT.write_text(text, encoding="utf-8")
    else:
        print(text)


def pair_examples(matching: Matching, file: Path) -> Iterator[Example]:
    for pair in pairs_of(file):
        one, two = matching.reader.read(pair.one), matching.reader.read(pair.two)
        yield Example(facts_of(one, two, matching.matcher.known), pair.label == "same")


def stream_choices(matching: Matching, file: Path) -> Iterator[Choice]:
    """Every report with what its keys find among the earlier ones, put together by their true incident."""
    shelf, incidents = Shelf(), {}
    for number, report in enumerate(stream_of(file)):
        gist = matching.reader.read(report.told)
        candidates: dict[str, list[Gist]] = defaultdict(list)
        for found in shelf.candidates(gist, days=WINDOW_DAYS):
            candidates[incidents[found]].append(shelf.gists[found])
        yield Choice(gist, report.incident, dict(candidates))
        shelf.put(number, gist)
        incidents[number] = report.incident


def _pairs_of_choice(matching: Matching, choice: Choice) -> Iterator[Example]:
    for incident, gists in choice.candidates.items():
        for gist in gists:
            facts = facts_of(choice.report, gist, matching.matcher.known)
            yield Example(facts, incident == choice.truth, STREAM_COUNTS)


def whole_examples(
    matching: Matching, pair: Weights, choices: Sequence[Choice]
) -> Iterator[Example]:
    known = matching.matcher.known
    for choice in choices:
        weighed = {
            incident: _weighed(matching, pair, choice.report, gists)
            for incident, gists in choice.candidates.items()
        }
        for incident, mine in weighed.items():
            if mine[0].weight < UNLIKELY:
                continue
            others = [other for name, other in weighed.items() if name != incident]
            whole = whole_of(choice.report, mine, known)
            yield Example(with_rivals(whole, mine, others, known), incident == choice.truth)


def _weighed(
    matching: Matching, pair: Weights, report: Gist, gists: Sequence[Gist]
) -> list[Weighed]:
    known = matching.matcher.known
    made = [
        Weighed(one, facts := facts_of(report, one, known), pair.total(facts)) for one in gists
    ]
    return sorted(made, key=lambda one: -one.weight)


def fit(examples: Sequence[Example]) -> Weights:
    """Logistic regression with held signs and a gentle pull towards nothing."""
    table = DictVectorizer()
    facts = csr_matrix(table.fit_transform([one.facts for one in examples]))
    same = np.where([one.same for one in examples], 1.0, -1.0)
    counts = np.array([one.counts for one in examples])
    names = list(table.get_feature_names_out())

    def loss(weights: np.ndarray) -> tuple[float, np.ndarray]:
        margin = same * (facts @ weights[:-1] + weights[-1])
        wrong = -counts * same / (1.0 + np.exp(np.clip(margin, -40, 40)))
        slope = np.append(facts.T @ wrong + GENTLE * weights[:-1], wrong.sum())
        value = counts @ np.logaddexp(0.0, -margin) + GENTLE * (weights[:-1] @ weights[:-1]) / 2
        return float(value), slope

    bounds = [*(_bounds(name) for name in names), (None, None)]
    found = minimize(
        loss, np.zeros(len(names) + 1), jac=True, method="L-BFGS-B", bounds=bounds,
        options={"maxiter": 1000},
    ).x  # fmt: skip
    return Weights(float(found[-1]), dict(zip(names, map(float, found[:-1]), strict=True)))


def _bounds(name: str) -> tuple[float | None, float | None]:
    if name in SPEAKS_FOR or name.endswith("_same"):
        return 0.0, None
    if name in SPEAKS_AGAINST or name.endswith("_other"):
        return None, 0.0
    return None, None


# ---------------------------------------------------------------- what is learned by counting


def _with_background(
    matching: Matching, files: Sequence[Path]
) -> tuple[Matching, dict[str, list[str]], dict[str, float]]:
    """In which kelurahan a street lies, and how common each word is, counted over all reports."""
    gists = [matching.reader.read(told) for told in _all_told(files)]
    street_wards, common = _streets(gists), _common(gists)
    known = replace(
        matching.matcher.known,
        street_wards={street: frozenset(wards) for street, wards in street_wards.items()},
        common=common,
    )
    return (
        Matching(matching.reader, replace(matching.matcher, known=known)), street_wards, common,
    )  # fmt: skip


def _all_told(files: Sequence[Path]) -> Iterator[Told]:
    for file in files:
        if file.suffix == ".csv":
            for pair in pairs_of(file):
                yield from (pair.one, pair.two)
        else:
            yield from (report.told for report in stream_of(file))


def _streets(
    gists: Sequence[Gist], *, fewest: int = 10, share: float = 0.04
) -> dict[str, list[str]]:
    seen: dict[str, Counter[str]] = defaultdict(Counter)
    for gist in gists:
        spot = gist.spot
        wards = spot.wards or ({spot.pin.ward} if spot.pin and spot.pin.ward else set())
        if len(spot.streets) == 1 and len(wards) == 1 and not spot.outside:
            seen[next(iter(spot.streets))][next(iter(wards))] += 1
    return {
        street: sorted(ward for ward, n in wards.items() if n >= share * wards.total())
        for street, wards in sorted(seen.items())
        if wards.total() >= fewest
    }


def _common(gists: Sequence[Gist], *, rare: float = 7.0) -> dict[str, float]:
    counted = Counter(word for gist in gists for word in gist.words)
    weighed = {word: float(np.log(len(gists) / n)) for word, n in counted.items()}
    return {word: round(w, 1) for word, w in sorted(weighed.items()) if w < rare}


# ---------------------------------------------------------------- the file


def as_toml(
    pair: Weights,
    whole: Weights,
    *,
    asked: argparse.Namespace,
    street_wards: dict[str, list[str]],
    common: dict[str, float],
    made_of: str,
) -> str:
    lines = [
        "# How much each fact about two reports says, in log odds: above 0 it speaks for one trouble, below 0 against.",
        f"# Learned by `python -m tests.bench.matching.learn` from {made_of}; do not edit single numbers.",
        "",
        "# From which chance on a report joins by itself, if something ties it to the spot or without, and from which",
        "# a person is asked.",
        f"sure_from = {asked.sure_from}",
        f"same_from = {asked.same_from}",
        f"perhaps_from = {asked.perhaps_from}",
        "rare = 7.0  # what a word weighs that is not listed under [common]",
    ]
    for title, weights in (("pair", pair), ("whole", whole)):
        lines += ["", f"[{title}]", f"bias = {weights.bias:.2f}", f"[{title}.facts]"]
        ranked = sorted(weights.facts.items(), key=lambda one: -one[1])
        lines += [f"{name} = {value:.2f}" for name, value in ranked if abs(value) >= 0.005]
    lines += ["", "# In which kelurahan a street was told to lie.", "[street_wards]"]
    lines += [
        f"{json.dumps(street)} = {json.dumps(wards)}" for street, wards in street_wards.items()
    ]
    lines += ["", "# What a shared word weighs: the commoner, the less.", "[common]"]
    lines += [f"{word} = {weight}" for word, weight in common.items()]
    return "\n".join(lines) + "\n"


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("files", nargs="+", type=Path)
    parser.add_argument("--write", action="store_true", help=f"write {OUT.name}")
    parser.add_argument("--sure-from", type=float, default=0.9)
    parser.add_argument("--same-from", type=float, default=0.8)
    parser.add_argument("--perhaps-from", type=float, default=0.2)
    return parser.parse_args()


if __name__ == "__main__":
    main()
