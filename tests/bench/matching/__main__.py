"""What matching reaches on labelled reports, and what it costs: `python -m tests.bench.matching [PART ...]`.

Parts: pairs, stream, boston, scale; without any, all of them. Files of the same columns may be named.
"""

import argparse
import sys
from pathlib import Path

from rich.console import Console

from tests.bench.matching import boston, folds, pairs, placing, scale, stream
from tests.bench.matching.city import matching_of_the_city
from tests.bench.matching.rows import NoData, data_folder, pairs_of, stream_of

PARTS = ("pairs", "stream", "boston", "scale")
SIZES = "10000,100000,1000000"
DATABASES = "sqlite,postgresql"
WIDE = 170


def main() -> None:
    asked = _arguments()
    console = Console(width=None if sys.stdout.isatty() else WIDE)
    try:
        for part in asked.parts or PARTS:
            console.rule(part)
            _run(part, asked, console)
    except NoData as missing:
        sys.exit(str(missing))


def _run(part: str, asked: argparse.Namespace, console: Console) -> None:
    match part:
        case "pairs":
            matching, labelled = matching_of_the_city(), pairs_of(asked.pairs)
            said = placing.verdicts(matching, labelled)
            console.print(pairs.trap_table(said))
            alone = folds.cross_validated(matching, labelled)
            runs = {"shipped weights": said, "these pairs alone, in 5 folds": alone}
            console.print(
                pairs.figure_table((name, pairs.PairFigures.of(run)) for name, run in runs.items())
            )
        case "stream":
            reports, joined = placing.placed(matching_of_the_city(), stream_of(asked.stream))
            figures = stream.StreamFigures.of(reports, joined)
            console.print(stream.figure_table(figures, reports=len(reports)))
        case "boston":
            boston.run(
                console, cases_file=asked.boston, pairs_file=asked.boston_pairs, learn=asked.learn
            )
        case _:
            scale.run(
                console,
                sizes=[int(size) for size in asked.sizes.split(",")],
                databases=asked.databases.split(","),
                per_day=asked.per_day,
            )


def _arguments() -> argparse.Namespace:
    labelled = data_folder() / "duplicates"
    parser = argparse.ArgumentParser(description=__doc__)
    # argparse holds even no part at all against the choices.
    parser.add_argument("parts", nargs="*", choices=[*PARTS, []], metavar="PART", default=[])
    for name, file in (
        ("pairs", "pairs_dev.csv"),
        ("stream", "stream_dev.jsonl"),
        ("boston", "boston311_2011_q3.csv"),
        ("boston-pairs", "boston311_2011_q3_pairs.csv"),
    ):
        parser.add_argument(f"--{name}", type=Path, default=labelled / file, metavar="FILE")
    parser.add_argument(
        "--learn", action="store_true", help="learn tests/bench/matching/nearby.toml anew"
    )
    parser.add_argument("--sizes", default=SIZES, help="how many complaints are stored")
    parser.add_argument("--databases", default=DATABASES)
    parser.add_argument("--per-day", type=int, default=scale.PER_DAY, help="how many arrive a day")
    return parser.parse_args()


if __name__ == "__main__":
    main()
