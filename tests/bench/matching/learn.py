"""Learn the weights of matching: `python -m tests.bench.matching.learn FILE ... --write`.

FILES are labelled reports: pairs (CSV, as `hub pairs` writes them) and streams (JSONL with incident_id). Two
logistic regressions: over the facts about two reports, and over those about a report and a whole complaint.
"""

import argparse
from pathlib import Path

from hub.domain.matching.weights import Weights
from tests.bench.matching.city import matching_of_the_city
from tests.bench.matching.learn_background import with_background
from tests.bench.matching.learn_examples import (
    Example,
    choice_examples,
    pair_examples,
    stream_choices,
    whole_examples,
)
from tests.bench.matching.learn_file import as_toml
from tests.bench.matching.learn_fit import fit
from tests.bench.matching.rows import ROOT

OUT = ROOT / "mappings" / "matching" / "weights.toml"
# No labelled file holds photos: what the same picture says is set until one does.
BELIEVED = {"photo_same": 4.0}
THRESHOLDS = {"sure_from": 0.95, "same_from": 0.82, "perhaps_from": 0.2}


def main() -> None:
    asked = _arguments()
    text = learned(asked.files, {name: getattr(asked, name) for name in THRESHOLDS})
    if asked.write:
        OUT.write_text(text, encoding="utf-8")
    else:
        print(text)


def learned(files: list[Path], thresholds: dict[str, float]) -> str:
    """The text of weights.toml."""
    matching, background = with_background(matching_of_the_city(learning=True), files)
    pairs = [file for file in files if file.suffix == ".csv"]
    streams = [file for file in files if file.suffix != ".csv"]
    choices = [one for file in streams for one in stream_choices(matching, file)]
    examples: list[Example] = []
    examples += [one for file in pairs for one in pair_examples(matching, file)]
    examples += [one for choice in choices for one in choice_examples(matching, choice)]
    pair = fit(examples)
    pair = Weights(pair.bias, {**BELIEVED, **pair.facts})
    # A city has pairs, but mostly no stream: what is known of whole complaints then stays as it is.
    wholes = list(whole_examples(matching, pair, choices))
    whole = fit(wholes) if wholes else matching_of_the_city().matcher.whole
    return as_toml(
        pair, whole, thresholds=thresholds, background=background,
        made_of=f"{len(examples):,} pairs and {len(choices):,} reports of streams",
    )  # fmt: skip


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("files", nargs="+", type=Path)
    parser.add_argument("--write", action="store_true", help=f"write {OUT.name}")
    for name, chance in THRESHOLDS.items():
        parser.add_argument(f"--{name.replace('_', '-')}", type=float, default=chance)
    return parser.parse_args()


if __name__ == "__main__":
    main()
