"""PostgreSQL is switched off under load, and on again: what is lost, doubled or stuck.

    python -m tests.faults.database_off [--minutes 10] [--how stop|kill|hang] [--seed N]

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
from typing import Any

import httpx
from rich.console import Console

from hub.demo.audit import Audit, audit
from hub.demo.cast import Tally, officers, operator
from tests.faults.crew import PARTS, Crew, crew
from tests.faults.ledger import Ledger
from tests.faults.switch import HOWS, Switch, switchable_postgres
from tests.faults.watcher import Watcher
from tests.servers import running_redis

COMES_BACK_WITHIN = 60.0
LONGEST_AFTERMATH = 900.0
LOOK_EVERY = 5.0
# Every third call takes as long as calls to a government take: the switch falls into pushes.
SLOW = {"imitation": "*", "kind": "delay", "route": "^POST ", "share": 0.33, "seconds": 0.8}
LAMP = "Lampu jalan di Jl. Jlamprang depan mushola mati sudah empat hari, gelap sekali."
ROAD = "Jalan provinsi di depan pasar berlubang, mohon ditambal."


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """`every`: seconds between two citizens. `lead`: seconds of load before and after the outage."""

    away: float
    how: str
    seed: int
    every: float = 2.0
    lead: float = 20.0


@dataclass(slots=True)
class Counts:
    """What came of it. `wrong`: every broken promise, as a sentence."""

    said: int = 0
    result: Audit = field(default_factory=Audit)
    during: Counter[int] = field(default_factory=Counter)
    slowest: float = 0.0
    asked_to_come_again: int = 0
    back_after: float = 0.0
    aftermath: float = 0.0
    logged: dict[str, Counter[str]] = field(default_factory=dict)
    stuck: list[str] = field(default_factory=list)
    blind: list[str] = field(default_factory=list)
    settled: Counter[str] = field(default_factory=Counter)
    watcher: Watcher | None = None

    @property
    def wrong(self) -> list[str]:
        """Nothing, if every promise held."""
        odd = self.watcher.odd if self.watcher else []
        result = self.result
        return [*result.lost, *result.doubled, *result.apart, *self.stuck, *self.blind, *odd]


async def play(team: Crew, switch: Switch, plan: Plan) -> Counts:
    """Load, the outage, load, and whatever it takes until everybody is in step."""
    counts, tally = Counts(), Tally()
    ends, rests = asyncio.Event(), asyncio.Event()
    watcher = counts.watcher = Watcher(team.house.hub_url, team.here.key)
    await _control(team, "/control/faults", **SLOW)
    acting = [
        asyncio.create_task(_citizens(team, plan, counts, rests)),
        asyncio.create_task(officers(team.here, stop=ends)),
        asyncio.create_task(_operator(team, tally, ends)),
    ]
    try:
        await asyncio.sleep(plan.lead)
        await _outage(team, switch, plan, counts=counts, watcher=watcher)
        await asyncio.sleep(plan.lead)
        rests.set()
        await acting[0]
        await _until_in_step(team, counts, watcher)
    finally:
        rests.set()
        ends.set()
        await asyncio.gather(*acting)
    ledger = Ledger(switch.url)
    counts.result = await audit(team.here)
    counts.stuck, counts.blind = await _still_stuck(ledger), await ledger.blindly_repeated()
    counts.settled = tally.settled
    counts.logged = {name: team.logged(name) for name in PARTS}
    return counts


async def _outage(
    team: Crew, switch: Switch, plan: Plan, *, counts: Counts, watcher: Watcher
) -> None:
    stop = asyncio.Event()
    await switch.off(plan.how)
    team.house.begin_anew()
    watching = asyncio.create_task(watcher.watch(stop))
    await asyncio.sleep(plan.away)
    stop.set()
    await watching
    counts.during, counts.slowest = Counter(team.house.answers), team.house.slowest
    counts.asked_to_come_again = team.house.retry_after.total()
    await switch.on()
    began = time.monotonic()
    async with team.here.api() as api, asyncio.timeout(COMES_BACK_WITHIN):
        while not (await api.get("/readyz")).is_success:  # noqa: ASYNC110 - in another process
            await asyncio.sleep(0.1)
    counts.back_after = time.monotonic() - began


async def _citizens(team: Crew, plan: Plan, counts: Counts, rests: asyncio.Event) -> None:
    rng = Random(plan.seed)  # noqa: S311 - chance, not secrecy
    while not rests.is_set():
        number = counts.said
        match rng.randrange(5):
            case 0:
                facts = {"nama": f"Warga {number}", "judul": "Jalan provinsi rusak", "isi": ROAD}
                facts |= {"lokasi": "Pekalongan Utara", "kategori": "infrastruktur"}
                facts |= {"complaint": f"aduan-{number}"}
                await _control(team, "/play/laporgub/report", **facts)
            case kind:
                facts = {"conversation": f"62811000{10000 + number}", "name": "Warga"}
                facts |= {"text": ROAD if kind == 1 else LAMP, "complaint": f"aduan-{number}"}
                await _control(team, "/play/whatsapp/say", **facts)
        counts.said += 1
        await asyncio.sleep(plan.every * rng.uniform(0.5, 1.5))


async def _operator(team: Crew, tally: Tally, ends: asyncio.Event) -> None:
    """Whoever is told to come again does so."""
    while not ends.is_set():
        try:
            await operator(team.here, tally, stop=ends)
        except (TypeError, KeyError, ValueError, httpx.HTTPError):
            tally.settled["hub away"] += 1
            await asyncio.sleep(1)


async def _until_in_step(team: Crew, counts: Counts, watcher: Watcher) -> None:
    began = time.monotonic()
    while time.monotonic() - began < LONGEST_AFTERMATH:
        try:
            result = await audit(team.here)
        except (KeyError, ValueError, httpx.HTTPError) as error:
            watcher.odd.append(f"the API did not answer after the outage: {error!r}")
        else:
            if result.is_clean and result.said == counts.said:
                break
        await asyncio.sleep(LOOK_EVERY)
    counts.aftermath = time.monotonic() - began


async def _still_stuck(ledger: Ledger) -> list[str]:
    """What is on its way at this moment is given the time to arrive."""
    for _ in range(30):
        if not await ledger.stuck():
            return []
        await asyncio.sleep(1)
    return await ledger.stuck()


async def _control(team: Crew, path: str, **wish: Any) -> None:
    async with team.here.control() as control:
        (await control.post(path, json=wish)).raise_for_status()


async def run(plan: Plan, *, folder: Path, say: Console) -> int:
    """0 if every promise held."""
    began = time.monotonic()
    with switchable_postgres() as switch, running_redis() as redis_url:
        async with crew(folder, database_url=switch.url, redis_url=redis_url) as team:
            counts = await play(team, switch, plan)
    _print(counts, say)
    say.print(f"it took {time.monotonic() - began:.0f} s", highlight=False)
    whole = counts.result.in_step == counts.result.said == counts.said > 0
    return 0 if whole and not counts.wrong else 1


def _print(counts: Counts, say: Console) -> None:
    def line(text: str) -> None:
        say.print(text, highlight=False, markup=False)

    for sentence in counts.wrong:
        line(f"  WRONG {sentence}")
    line(
        f"webhooks while it was away: {dict(counts.during)} (0: no answer), the slowest answer after "
        f"{counts.slowest:.2f} s, {counts.asked_to_come_again} with Retry-After"
    )
    if counts.watcher is not None:
        for (path, status), times in sorted(counts.watcher.answers.items()):
            line(f"  {path} answered {status} {times} times")
        for path, seconds in counts.watcher.slowest.items():
            line(f"  {path}: slowest {seconds:.2f} s")
        line(f"  /readyz said {dict(counts.watcher.reasons)}")
    line(f"ready {counts.back_after:.1f} s after it was on again")
    line(f"everybody in step {counts.aftermath:.0f} s after the last citizen wrote")
    for name, logged in counts.logged.items():
        line(f"  {name} logged {dict(logged)}")
    line(f"an operator settled {dict(counts.settled)}")
    line(
        f"{counts.said} said: {counts.result.sentence()}, {len(counts.stuck)} stuck, "
        f"{len(counts.blind)} repeated blindly"
    )


def main() -> int:
    """Read the options and go."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--minutes", type=float, default=10.0, help="how long it is away")
    parser.add_argument("--how", choices=HOWS, default="stop")
    parser.add_argument("--seed", type=int, default=None, help="the same seed, the same citizens")
    parser.add_argument(
        "--every", type=float, default=2.0, help="seconds between two citizens, on average"
    )
    parser.add_argument("--folder", type=Path, help="keep the logs here")
    options = parser.parse_args()
    seed = secrets.randbelow(100_000) if options.seed is None else options.seed
    plan = Plan(away=60 * options.minutes, how=options.how, seed=seed, every=options.every)
    say = Console(width=140)
    say.print(f"PostgreSQL: {plan.how} for {options.minutes:g} minutes, seed {seed}")
    with tempfile.TemporaryDirectory(prefix="simpul-database-") as temporary:
        folder = (options.folder or Path(temporary)).resolve()
        return asyncio.run(run(plan, folder=folder, say=say))


if __name__ == "__main__":
    sys.exit(main())
