"""Logistic regression with held signs: what is the same never speaks against, so that weights can be read."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from scipy.optimize import minimize
from scipy.sparse import csr_matrix
from sklearn.feature_extraction import DictVectorizer

from hub.domain.matching.weights import Weights
from tests.bench.matching.learn_examples import Example

# The pull towards nothing: a fact seen a few times is not believed at once.
GENTLE = 1.0
STEPS = 1000
LARGEST = 40.0  # e**x still fits a float

SPEAKS_FOR = frozenset({
    "quoted", "spot_fine", "same_there", "unit_here", "copied_here", "wording", "wording_copied",
    "spot_street", "spot_street_ward", "pin_within", "ward_same_told", "ward_same_meant",
    "again_late", "again_soon", "best", "rival", "twin", "all_pin_within", "hours_fine",
})  # fmt: skip
SPEAKS_AGAINST = frozenset({
    "clashes", "began_after", "returned_late", "returned_soon", "case_of_whom", "copied_elsewhere",
    "named_alike_elsewhere", "ward_other_told", "ward_other_meant", "pin_far", "pin_apart",
    "all_pin_far", "all_pin_apart", "hours_other", "spread", "single", "spot_other",
})  # fmt: skip


def fit(examples: Sequence[Example]) -> Weights:
    """Logistic regression with held signs and a gentle pull towards nothing."""
    table = DictVectorizer()
    facts = csr_matrix(table.fit_transform([one.facts for one in examples]))
    same = np.where([one.same for one in examples], 1.0, -1.0)
    counts = np.array([one.counts for one in examples])
    names = list(table.get_feature_names_out())

    def loss(weights: Any) -> tuple[float, Any]:
        margin = same * (facts @ weights[:-1] + weights[-1])
        wrong = -counts * same / (1.0 + np.exp(np.clip(margin, -LARGEST, LARGEST)))
        slope = np.append(facts.T @ wrong + GENTLE * weights[:-1], wrong.sum())
        value = counts @ np.logaddexp(0.0, -margin) + GENTLE * (weights[:-1] @ weights[:-1]) / 2
        return float(value), slope

    bounds = [*(_bounds(name) for name in names), (None, None)]
    found = minimize(
        loss, np.zeros(len(names) + 1), jac=True, method="L-BFGS-B", bounds=bounds,
        options={"maxiter": STEPS},
    ).x  # fmt: skip
    return Weights(float(found[-1]), dict(zip(names, map(float, found[:-1]), strict=True)))


def _bounds(name: str) -> tuple[float | None, float | None]:
    if name in SPEAKS_FOR or name.endswith("_same"):
        return 0.0, None
    if name in SPEAKS_AGAINST or name.endswith("_other"):
        return None, 0.0
    return None, None
