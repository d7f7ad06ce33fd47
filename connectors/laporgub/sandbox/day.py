"""The demo day: citizens who complain to the province and not to the city."""

import tomllib
from collections.abc import Iterator
from pathlib import Path
from random import Random

from hub.sandbox import Scene

BEGINS_AT, ENDS_AT = 4.0, 44.0
SCRIPT = Path(__file__).parent / "day.toml"


def scenes(rng: Random) -> Iterator[Scene]:
    """Everything of the day, in the order it happens."""
    turns = tomllib.loads(SCRIPT.read_text(encoding="utf-8"))["complaint"]
    rng.shuffle(turns)
    step = (ENDS_AT - BEGINS_AT) / len(turns)
    for number, facts in enumerate(turns):
        yield Scene(BEGINS_AT + number * step + rng.uniform(0, step), "report", facts)
