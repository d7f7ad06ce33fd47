"""Learning the weights of `tests.bench.matching.nearby` by logistic regression, and measuring them fairly."""

import json
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate
from math import log
from typing import Any

from tests.bench.matching.boston_cases import Candidate
from tests.bench.matching.nearby import Nearby, hours_between, shares_of, signs_of
from tests.bench.matching.ranking import Link, Truth

STAFF = frozenset({"Employee Generated"})
METRES = (0, 10, 30, 65, 140, 300)
METRES_OFFSET = 10.0
HOURS = (0, 0.02, 0.13, 1, 4.5, 24, 72, 168, 450, 1440)
HOURS_OFFSET = 0.003
FOLDS = 6
# A kind is judged by its candidates close by; two cases' worth of the average are added to each.
CLOSE_METRES, CLOSE_HOURS = 60.0, 168.0
ADDED = 2.0
FEW = 5


@dataclass(frozen=True, slots=True)
class Kinds:
    """How often a close candidate of a kind, or of two kinds, was a repeat: a share of 0 to 1."""

    share: Mapping[frozenset[str], float]
    average: tuple[float, float]

    def of(self, kinds: frozenset[str]) -> float:
        return log(self.share.get(kinds, self.average[len(kinds) - 1]))


def folds_of(candidates: Sequence[Candidate], truth: Truth) -> Iterator[tuple[Link, float]]:
    """Score each candidate by weights that have met neither of its cases: the folds are stretches of time."""
    block = _blocks(candidates)
    ends = [(block(one.earlier), block(one.later)) for one in candidates]
    for fold in range(FOLDS):
        known = [one for one, met in zip(candidates, ends, strict=True) if fold not in met]
        nearby = Nearby.from_tables(learned(known, truth))
        for one, (_, later) in zip(candidates, ends, strict=True):
            if later == fold:
                yield one.link, nearby.chance(one.earlier, one.later, around=one.around)


def learned(candidates: Sequence[Candidate], truth: Truth) -> dict[str, Any]:
    """The tables of `nearby.toml`. Raises ImportError where scikit-learn is not installed."""
    from sklearn.linear_model import LogisticRegression  # noqa: PLC0415
    from sklearn.pipeline import make_pipeline  # noqa: PLC0415
    from sklearn.preprocessing import StandardScaler  # noqa: PLC0415

    kinds = _kinds(candidates, truth)
    rows = [dict(_features(one, kinds)) for one in candidates]
    names = sorted({name for row in rows for name in row})
    matrix = [[row.get(name, 0.0) for name in names] for row in rows]
    model = make_pipeline(StandardScaler(), LogisticRegression(max_iter=1000))
    model.fit(matrix, [one.link in truth.links for one in candidates])
    scaler, regression = model[0], model[1]
    weights = dict(zip(names, (regression.coef_[0] / scaler.scale_).tolist(), strict=True))
    middle = dict(zip(names, scaler.mean_.tolist(), strict=True))
    bias = float(regression.intercept_[0]) - sum(weights[name] * middle[name] for name in names)
    return _tables(weights, kinds, bias=bias)


def written(tables: Mapping[str, Any]) -> str:
    """The tables as TOML, with numbers short enough to read."""

    def said(value: Any) -> str:
        return f"{value:.3f}" if isinstance(value, float) else json.dumps(value)

    def curve(name: str) -> str:
        points = ", ".join(f"[{at}, {adds:.2f}]" for at, adds in tables[name]["points"])
        return f"[{name}]\noffset = {tables[name]['offset']}\npoints = [{points}]\n"

    def table(name: str) -> str:
        lines = (f"{json.dumps(key)} = {said(value)}" for key, value in tables[name].items())
        return "\n".join([f"[{name}]", *lines, ""])

    flat = [
        f"{name} = {said(tables[name])}" for name in ("staff", "bias", "any_kind", "any_two_kinds")
    ]
    between = [
        f"[[between]]\nkinds = {said(row['kinds'])}\nadds = {said(row['adds'])}\n"
        for row in tables["between"]
    ]
    return "\n".join(
        [*flat, "", curve("metres"), curve("hours"), table("signs"), table("kinds"), *between]
    )


def _tables(weights: Mapping[str, float], kinds: Kinds, *, bias: float) -> dict[str, Any]:
    weight = weights["kind"]
    adds = {names: weight * log(share) for names, share in kinds.share.items()}
    by_name = sorted(adds.items(), key=lambda kind: sorted(kind[0]))
    return {
        "staff": sorted(STAFF),
        "bias": bias,
        "any_kind": weight * log(kinds.average[0]),
        "any_two_kinds": weight * log(kinds.average[1]),
        "metres": _curve(weights, "metres", METRES) | {"offset": METRES_OFFSET},
        "hours": _curve(weights, "hours", HOURS) | {"offset": HOURS_OFFSET},
        "signs": {name: value for name, value in weights.items() if name != "kind" and " " not in name},
        "kinds": {next(iter(names)): value for names, value in by_name if len(names) == 1},
        "between": [
            {"kinds": sorted(names), "adds": value} for names, value in by_name if len(names) > 1
        ],
    }  # fmt: skip


def _curve(weights: Mapping[str, float], name: str, knots: Sequence[float]) -> dict[str, Any]:
    rises = [weights.get(f"{name} {at}", 0.0) for at in knots[1:]]
    return {
        "points": [
            list(point) for point in zip(knots, accumulate(rises, initial=0.0), strict=True)
        ]
    }


def _features(one: Candidate, kinds: Kinds) -> Iterator[tuple[str, float]]:
    earlier, later = one.earlier, one.later
    measures = (
        ("metres", earlier.metres_to(later), METRES, METRES_OFFSET),
        ("hours", hours_between(earlier, later), HOURS, HOURS_OFFSET),
    )
    for name, value, knots, offset in measures:
        for at, share in zip(knots[1:], shares_of(value, knots, offset), strict=True):
            yield f"{name} {at}", share
    yield "kind", kinds.of(frozenset((earlier.kind, later.kind)))
    yield from signs_of(earlier, later, around=one.around, staff=STAFF)


def _kinds(candidates: Sequence[Candidate], truth: Truth) -> Kinds:
    met, right = Counter[frozenset[str]](), Counter[frozenset[str]]()
    for one in candidates:
        if (
            one.earlier.metres_to(one.later) < CLOSE_METRES
            and hours_between(one.earlier, one.later) < CLOSE_HOURS
        ):
            kinds = frozenset((one.earlier.kind, one.later.kind))
            met[kinds] += 1
            right[kinds] += one.link in truth.links
    average = (_average(met, right, size=1), _average(met, right, size=2))
    share = {
        kinds: (right[kinds] + ADDED * average[len(kinds) - 1]) / (met[kinds] + ADDED)
        for kinds in met
        if right[kinds] or (len(kinds) == 1 and met[kinds] >= FEW)
    }
    return Kinds(share, average)


def _average(met: Counter[frozenset[str]], right: Counter[frozenset[str]], *, size: int) -> float:
    of_size = [kinds for kinds in met if len(kinds) == size]
    return max(sum(right[kinds] for kinds in of_size), 1) / max(
        sum(met[kinds] for kinds in of_size), 1
    )


def _blocks(candidates: Sequence[Candidate]) -> Any:
    first = min(one.earlier.opened_at for one in candidates)
    stretch = (max(one.later.opened_at for one in candidates) - first) / FOLDS
    return lambda case: min(int((case.opened_at - first) / stretch), FOLDS - 1)
