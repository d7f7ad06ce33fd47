"""Days that were played already, kept line by line: a run that was cut off goes on where it was."""

import json
import secrets
from collections import Counter
from dataclasses import fields
from pathlib import Path
from typing import Any

from tests.faults.simulated.tally import Tally

BETWEEN = "/"


class Kept:
    """A file with a line for each day; the first line says of which run they are."""

    def __init__(self, path: Path, *, code: str, base: int | None) -> None:
        """Go on with the run of this `code` that is kept there, else begin a new one from `base` on.

        Without `base` it is the kept run's, or a new one's by chance.
        """
        self._path = path
        lines = path.read_text(encoding="utf-8").splitlines(keepends=True) if path.exists() else []
        if lines and not lines[-1].endswith("\n"):
            # The machine stopped in the middle of it.
            del lines[-1]
            path.write_text("".join(lines), encoding="utf-8")
        known = json.loads(lines[0]) if lines else {}
        is_same = known.get("code") == code and base in (None, known.get("base"))
        if is_same:
            base = int(known["base"])
        elif base is None:
            base = secrets.randbelow(1_000_000)
        self.base = base
        self.days: dict[int, Tally] = {}
        self.seconds = 0.0
        if is_same:
            for line in lines[1:]:
                seed, took, day = json.loads(line)
                self.days[seed] = _tally_of(day)
                self.seconds += took
            return
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps({"code": code, "base": base}) + "\n", encoding="utf-8")

    def keep(self, seed: int, day: Tally, *, took: float) -> None:
        """One more, `took` seconds after the one before; it is there if the machine stops now."""
        self.days[seed] = day
        self.seconds += took
        with self._path.open("a", encoding="utf-8") as file:
            file.write(json.dumps([seed, took, _as_json(day)]) + "\n")


def _as_json(day: Tally) -> dict[str, Any]:
    given = {each.name: getattr(day, each.name) for each in fields(day)}
    return given | {"fired": {BETWEEN.join(key): times for key, times in day.fired.items()}}


def _tally_of(given: dict[str, Any]) -> Tally:
    """The other way round."""
    named = {name: Counter(value) for name, value in given.items() if name in _COUNTERS}
    fired = {tuple(key.split(BETWEEN, 1)): times for key, times in given["fired"].items()}
    seeds = {
        name: {int(seed): said for seed, said in given[name].items()}
        for name in ("failed", "trouble")
    }
    return Tally(**(given | named | seeds | {"fired": Counter(fired)}))


_COUNTERS = frozenset({"moods", "kills", "counts", "settled", "verdicts"})
