"""The demo day: who calls, and when."""

import tomllib
from collections.abc import Iterator
from pathlib import Path
from random import Random

from hub.sandbox import Scene

# What comes last still finds somebody to work on it.
LAST_BEGINS_AT = 45.0
SCRIPT = Path(__file__).parent / "day.toml"


def scenes(rng: Random) -> Iterator[Scene]:
    """All calls of the day, in the order they come in."""
    turns = tomllib.loads(SCRIPT.read_text(encoding="utf-8"))["call"]
    # A repeat is told from its first call by `after`, and stays behind it.
    first = [turn for turn in turns if "after" not in turn]
    rng.shuffle(first)
    step = LAST_BEGINS_AT / len(first)
    begins = {
        turn["name"]: number * step + rng.uniform(0, step) for number, turn in enumerate(first)
    }
    yield from sorted((_scene(turn, begins) for turn in turns), key=lambda scene: scene.at)


def _scene(turn: dict[str, str], begins: dict[str, float]) -> Scene:
    facts = {key: value for key, value in turn.items() if key not in {"name", "after"}}
    if turn["type"] == "Normal":
        facts["complaint"] = turn.get("after", turn["name"])
    at = begins[turn["after"]] + 6 if "after" in turn else begins[turn["name"]]
    return Scene(at, "call", facts)
