"""kill -9 of `hub up` at random moments of demo days: what is lost, doubled or stuck.

    python -m tests.faults.kill9 [--kills 50] [--seed N] [--faults 0.1] [--postgres]

What really happened is counted at the sandbox's journal; the hub's own pages are not believed.
"""

import argparse
import asyncio
import secrets
import sys
import tempfile
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from random import Random

from rich.console import Console

from hub.demo.audit import audit
from hub.demo.day import play_day
from hub.demo.processes import Stand, stand
from tests.faults.databases import databases
from tests.faults.killer import Killer
from tests.faults.ledger import Ledger

# So many fit into the minute in which citizens write, with the seconds each start takes.
KILLS_A_DAY = 17
COMES_FREE_SECONDS = 30
# Every third call takes as long as calls to a government take: kills fall into pushes, not beside them.
SLOW = {"imitation": "*", "kind": "delay", "route": "^POST ", "share": 0.33, "seconds": 0.8}


@dataclass(slots=True)
class Counts:
    """Over all days."""

    numbers: Counter[str] = field(default_factory=Counter)
    settled_by: Counter[str] = field(default_factory=Counter)
    upstream: Counter[str] = field(default_factory=Counter)
    wrong: list[str] = field(default_factory=list)


async def one_day(here: Stand, *, kills: int, seed: int, counts: Counts, say: Console) -> None:
    """Play a day, kill during it, and count when everybody is in step (or should be)."""
    killer = Killer(here, Ledger(here.environment["HUB_DATABASE_URL"]), Random(seed), say)  # noqa: S311 - chance, not secrecy
    tally = await play_day(here, seed=seed, say=say, beside=killer.kill_often(kills))
    result = await audit(here)
    say.print(f"  {result.sentence()}; an operator settled {dict(tally.settled)}", highlight=False)
    stuck = await _stuck(killer.ledger)
    blind = await killer.ledger.blindly_repeated()
    counts.settled_by += await killer.settled_by()
    counts.upstream += await _at_the_sandbox(here)
    counts.numbers += Counter(
        {
            "kills": killer.kills,
            "leases found open, begun": sum(lease.begun for lease in killer.found),
            "leases found open, not begun": sum(not lease.begun for lease in killer.found),
            "complaints": result.said,
            "in step": result.in_step,
            "lost": len(result.lost),
            "doubled": len(result.doubled),
            "stuck": len(stuck),
            "repeated blindly": len(blind),
        }
    )
    counts.wrong += [*killer.wrong, *result.lost, *result.doubled, *result.apart, *stuck, *blind]


async def _stuck(ledger: Ledger) -> list[str]:
    """What is on its way at this moment is given the time to arrive."""
    for _ in range(COMES_FREE_SECONDS):
        if not await ledger.stuck():
            break
        await asyncio.sleep(1)
    return await ledger.stuck()


async def _at_the_sandbox(here: Stand) -> Counter[str]:
    async with here.control() as control:
        journal = (await control.get("/control/journal")).json()
    return Counter(event["kind"] for event in journal)


async def run(options: argparse.Namespace, *, folder: Path, say: Console) -> int:
    """As many days as the kills need; 0 if every promise held."""
    counts, began = Counts(), time.monotonic()
    with databases(postgres=options.postgres) as new_database:
        left, seed = options.kills, options.seed
        while left > 0:
            kills = min(left, KILLS_A_DAY)
            left -= kills
            say.print(f"A day with seed {seed}, {kills} kills", highlight=False)
            async with stand(folder / f"seed-{seed}", database_url=await new_database()) as here:
                await _switch_faults(here, options.faults)
                await one_day(here, kills=kills, seed=seed, counts=counts, say=say)
            seed += 1
    _print(counts, say)
    say.print(f"it took {time.monotonic() - began:.0f} s", highlight=False)
    numbers = counts.numbers
    whole = numbers["in step"] == numbers["complaints"] > 0
    return 0 if whole and numbers["kills"] == options.kills and not counts.wrong else 1


def _print(counts: Counts, say: Console) -> None:
    for sentence in counts.wrong:
        say.print(f"  WRONG {sentence}", highlight=False, markup=False)
    for what in ("kills", "leases found open, begun", "leases found open, not begun"):
        say.print(f"{what}: {counts.numbers[what]}", highlight=False)
    say.print(f"doubts of killed pushes, settled by: {dict(counts.settled_by)}", highlight=False)
    say.print(f"at the sandbox: {dict(counts.upstream)}", highlight=False)
    n = counts.numbers
    say.print(
        f"{n['in step']} of {n['complaints']} in step, {n['lost']} lost, {n['doubled']} doubled, "
        f"{n['stuck']} stuck, {n['repeated blindly']} repeated blindly",
        highlight=False,
    )


async def _switch_faults(here: Stand, share: float) -> None:
    wishes = [SLOW]
    if share > 0:
        wishes.append({"imitation": "*", "share": share, "preset": "everything"})
    async with here.control() as control:
        for wish in wishes:
            (await control.post("/control/faults", json=wish)).raise_for_status()


def main() -> int:
    """Read the options and go."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--kills", type=int, default=50)
    parser.add_argument("--seed", type=int, default=None, help="the same seed, the same moments")
    parser.add_argument(
        "--faults", type=float, default=0.1, help="share of upstream calls that fail"
    )
    parser.add_argument("--postgres", action="store_true", help="on PostgreSQL instead of SQLite")
    parser.add_argument("--folder", type=Path, help="keep databases and logs here")
    options = parser.parse_args()
    options.seed = secrets.randbelow(100_000) if options.seed is None else options.seed
    say = Console(width=140)
    say.print(
        f"kills: {options.kills}, seed: {options.seed}, faults: {options.faults:.0%}, "
        f"on {'PostgreSQL' if options.postgres else 'SQLite'}",
        highlight=False,
    )
    with tempfile.TemporaryDirectory(prefix="simpul-kill9-") as temporary:
        folder = (options.folder or Path(temporary)).resolve()
        return asyncio.run(run(options, folder=folder, say=say))


if __name__ == "__main__":
    sys.exit(main())
