"""Many days in worker processes: each is a process of its own kind of chance, none knows of the others."""

import multiprocessing
import time
import traceback
from collections.abc import Callable, Iterator, Sequence

from tests.faults.simulated.draw import draw
from tests.faults.simulated.judge import judged
from tests.faults.simulated.tally import Tally, tally_of

# A worker is let go now and then: what libraries keep of days gone by is let go with it.
DAYS_A_WORKER = 100


def one_day(seed: int) -> tuple[int, Tally]:
    """Draw the day of this seed, play and check it."""
    began = time.process_time()
    plan = draw(seed)
    try:
        tally = tally_of(plan, judged(plan, seed=seed), seed=seed)
    except Exception as error:  # noqa: BLE001 - one day that breaks the play must not end a thousand
        said = "".join(traceback.format_exception(error)[-3:])
        tally = Tally(days=1, trouble={seed: [said]})
    tally.processor_seconds = time.process_time() - began
    return seed, tally


def each_day(
    seeds: Sequence[int], *, jobs: int, day: Callable[[int], tuple[int, Tally]] = one_day
) -> Iterator[tuple[int, Tally]]:
    """The days of these seeds as they come in."""
    if jobs == 1:
        yield from map(day, seeds)
        return
    spawning = multiprocessing.get_context("spawn")
    with spawning.Pool(jobs, maxtasksperchild=DAYS_A_WORKER) as workers:
        yield from workers.imap_unordered(day, seeds)
