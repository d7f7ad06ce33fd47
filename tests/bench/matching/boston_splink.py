"""splink as its quick start has it, with its default comparisons and nothing tuned: a rival."""

import logging
from collections.abc import Iterable, Sequence
from typing import Any

from tests.bench.matching.boston_cases import Case
from tests.bench.matching.ranking import Link

# A cell of about 500 m for blocking, as one would round coordinates by hand.
CELLS_PER_DEGREE = 200
KILOMETRES = [0.05, 0.2, 0.5]
DAYS: list[float] = [1, 7, 30]
SAID_TO_FIND = 0.7


def scored_by_splink(cases: Sequence[Case]) -> Iterable[tuple[Link, float]]:
    """Every pair it looks at, with its match weight. Raises ImportError where splink is not installed."""
    import splink.comparison_library as compare  # noqa: PLC0415 - only who measures installs it
    from splink import DuckDBAPI, Linker, SettingsCreator, block_on  # noqa: PLC0415

    # It tells its whole training, and warns of what a user would go on to tune.
    logging.disable(logging.ERROR)
    settings = SettingsCreator(
        link_type="dedupe_only",
        comparisons=[
            compare.DistanceInKMAtThresholds("lat", "lon", km_thresholds=KILOMETRES),
            compare.AbsoluteTimeDifferenceAtThresholds(
                "opened_at", input_is_string=False, metrics=["day"] * 3, thresholds=DAYS
            ),
            compare.ExactMatch("kind").configure(term_frequency_adjustments=True),
        ],
        blocking_rules_to_generate_predictions=[block_on("kind", "cell"), block_on("cell", "day")],
    )
    linker = Linker(DuckDBAPI().register(_table(cases)), settings)
    training = linker.training
    training.estimate_probability_two_random_records_match(
        [block_on("kind", "lat", "lon", "day")], recall=SAID_TO_FIND
    )
    training.estimate_u_using_random_sampling(max_pairs=1e6, seed=1)
    training.estimate_parameters_using_expectation_maximisation(block_on("kind", "week"))
    training.estimate_parameters_using_expectation_maximisation(block_on("lat", "lon"))
    found = linker.inference.predict(threshold_match_weight=-100).as_pyarrow_table()  # type: ignore[no-untyped-call]
    logging.disable(logging.NOTSET)
    columns = ("unique_id_l", "unique_id_r", "match_weight")
    for one, two, weight in zip(*(found[name].to_pylist() for name in columns), strict=True):
        yield frozenset((one, two)), weight


def _table(cases: Sequence[Case]) -> Any:
    import pyarrow as pa  # noqa: PLC0415 - comes with splink

    return pa.Table.from_pylist([
        {
            "unique_id": name, "opened_at": case.opened_at.replace(tzinfo=None), "kind": case.kind,
            "lat": case.latitude, "lon": case.longitude, "day": case.opened_at.date().isoformat(),
            "week": f"{case.opened_at:%G-%V}",
            "cell": f"{case.latitude * CELLS_PER_DEGREE:.0f} {case.longitude * CELLS_PER_DEGREE:.0f}",
        }
        for name, case in cases
    ])  # fmt: skip
