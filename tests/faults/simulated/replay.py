"""One day again: what happened on it, and the shortest story that still breaks the same promise."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from tests.faults.simulated.draw import draw
from tests.faults.simulated.judge import Judged, judged
from tests.faults.simulated.plan import Plan, Step
from tests.faults.simulated.shrink import shortest
from tests.faults.simulated.story import clock, story


def replay(seed: int, *, shrink: bool, tries: int) -> int:
    """Play the day of this seed, and say what the checker says; 1 if a promise was broken."""
    plan = draw(seed)
    day = judged(plan, seed=seed)
    print("\n".join([*story(plan), *_outcome(day)]))
    if shrink and day.checked.verdicts:
        print("\n".join(shrunk(seed, tries=tries)))
    return 1 if day.checked.verdicts else 0


def shrunk(seed: int, *, tries: int) -> list[str]:
    """The short story of a day that failed, with where the hub was killed in it."""
    plan = draw(seed)
    first = judged(plan, seed=seed)
    wanted = first.checked.kinds
    if not wanted:
        return [f"day {seed} went well this time: something in it is not its seed's"]

    def fails(steps: Sequence[Step]) -> bool:
        return bool(judged(replace(plan, steps=tuple(steps)), seed=seed).checked.kinds & wanted)

    steps = shortest(plan.steps, fails, tries=tries)
    short = replace(plan, steps=steps)
    head = f"The short story of day {seed} ({len(steps)} of {len(plan.steps)} steps):"
    return [head, *_told(short, judged(short, seed=seed))]


def _told(plan: Plan, day: Judged) -> Iterator[str]:
    yield from story(plan)
    yield from _outcome(day)


def _outcome(day: Judged) -> Iterator[str]:
    for kill in day.played.kills:
        place = kill.place[-1] if kill.place else "between two of its own awaits"
        yield f"{clock(kill.at)} (the kill fell into {place})"
    for trouble in day.played.trouble:
        yield f"the simulation itself broke: {trouble}"
    yield f"{day.played.fired.total()} faults fired; the end:"
    verdicts = [str(verdict) for verdict in day.checked.verdicts]
    yield from verdicts or ["every promise held"]
