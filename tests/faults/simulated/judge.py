"""A day drawn, played and checked: what certificate, tests and shrinking have in common."""

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass
from pathlib import Path

from tests.faults.simulated.checker import check
from tests.faults.simulated.plan import Plan
from tests.faults.simulated.play import Played, play
from tests.faults.simulated.seen import Happening, Seen
from tests.faults.simulated.verdict import Checked, Kind, Verdict


@dataclass(frozen=True, slots=True)
class Judged:
    """A played day and what the checker made of it."""

    played: Played
    checked: Checked


def judged(plan: Plan, *, seed: int, bug: AbstractContextManager[None] | None = None) -> Judged:
    """Play it in a folder that is gone afterwards; `bug` is a change to the hub for that long."""
    with _folder() as folder, bug or nullcontext():
        played = play(plan, seed=seed, folder=folder)
    checked = check(seen_of(played))
    if played.is_quiet:
        return Judged(played, checked)
    restless = Verdict(Kind.STUCK, "the hub did not come to rest within three days")
    return Judged(played, Checked((*checked.verdicts, restless), checked.counts))


def seen_of(played: Played) -> Seen:
    """What of a day the checker may look at: the journal and the public answers."""
    answers = played.answers
    return Seen(
        journal=[
            Happening(event.number, event.at, event.imitation, event.kind, event.facts)
            for event in played.events
        ],
        complaints=played.complaints,
        parcels=played.parcels,
        cards=answers["cards"],
        health=answers["health"]["connectors"],
        agreement=answers["agreement"],
    )


@contextmanager
def _folder() -> Iterator[Path]:
    folder = Path(tempfile.mkdtemp(prefix="simpul-day-"))
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)
