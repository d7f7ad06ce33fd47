"""The demo day: who says what, and when."""

import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path
from random import Random
from typing import Any

from connectors.whatsapp.sandbox.citizens import user_id_for
from hub.sandbox import Scene

# The day is a minute long; what comes last still has its additions inside it.
LAST_BEGINS_AT = 52.0
SCRIPT = Path(__file__).parent / "day.toml"
NOT_FOR_THE_MESSAGE = {"name", "by", "how", "then", "hidden", "after"}


def scenes(rng: Random) -> Iterator[Scene]:
    """Everything of the day, in the order it happens."""
    script = tomllib.loads(SCRIPT.read_text(encoding="utf-8"))
    turns = [*script["complaint"], *script["other"]]
    rng.shuffle(turns)
    step = LAST_BEGINS_AT / len(turns)
    day = [
        scene
        for number, turn in enumerate(turns)
        for scene in _turn(turn, number=number, at=number * step + rng.uniform(0, step))
    ]
    # Meta brings one of the webhooks once more.
    twice = rng.choice([scene for scene in day if "complaint" in scene.facts])
    again = {"conversation": twice.facts["conversation"]}
    yield from sorted([*day, Scene(twice.at + 6, "again", again)], key=lambda scene: scene.at)


def _turn(turn: Mapping[str, Any], *, number: int, at: float) -> Iterator[Scene]:
    phone = f"62811000{1000 + number}"
    shared = {
        "conversation": user_id_for(phone) if turn.get("hidden") else phone,
        "name": turn["by"],
    }
    if "name" in turn:
        shared["complaint"] = turn["name"]
    yield Scene(at, turn["how"], shared | _said(turn))
    for more in turn.get("then", ()):
        yield Scene(at + more["after"], more["how"], shared | _said(more))


def _said(turn: Mapping[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in turn.items() if key not in NOT_FOR_THE_MESSAGE}
