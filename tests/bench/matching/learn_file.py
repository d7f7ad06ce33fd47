"""The weights as a file that anybody can read."""

import json
from collections.abc import Mapping

from hub.domain.matching.known import RARE
from hub.domain.matching.weights import Weights
from tests.bench.matching.learn_background import Background

COMMAND = "python -m tests.bench.matching.learn"
HEAD = (
    "How much each fact about two reports says, in log odds: above 0 it speaks for one trouble, below 0",
    "against. Do not edit single numbers.",
)
THRESHOLDS = (
    "From which chance on a report joins by itself, whether or not something ties it to the spot; from",
    "which on if something does; and from which on a person is asked.",
)
# Two decimals of it would be 0.
NOTHING = 0.005


def as_toml(
    pair: Weights,
    whole: Weights,
    *,
    thresholds: Mapping[str, float],
    background: Background,
    made_of: str,
) -> str:
    """`thresholds`: the chances from which on a verdict is given."""
    lines = [
        *(f"# {line}" for line in (*HEAD, f"Learned by `{COMMAND}` from {made_of}.")),
        "",
        *(f"# {line}" for line in THRESHOLDS),
        *(f"{name} = {value}" for name, value in thresholds.items()),
        f"rare = {RARE}  # what a word weighs that is not listed under [common]",
        *_table("pair", pair),
        *_table("whole", whole),
        "",
        "# In which kelurahan a street was told to lie.",
        "[street_wards]",
        *(f"{json.dumps(s)} = {json.dumps(w)}" for s, w in background.street_wards.items()),
        "",
        "# What a shared word weighs: the commoner, the less.",
        "[common]",
        *(f"{word} = {weight}" for word, weight in background.common.items()),
    ]
    return "\n".join(lines) + "\n"


def _table(title: str, weights: Weights) -> list[str]:
    """The weightiest first; what weighs nothing is left out."""
    ranked = sorted(weights.facts.items(), key=lambda one: -one[1])
    rows = [f"{name} = {value:.2f}" for name, value in ranked if abs(value) >= NOTHING]
    return ["", f"[{title}]", f"bias = {weights.bias:.2f}", f"[{title}.facts]", *rows]
