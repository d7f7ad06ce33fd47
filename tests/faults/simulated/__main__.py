"""Days with faults at every place there is: play many, write the certificate, play one again, make it short.

python -m tests.faults.simulated [--days 1000] [--seed N] [--jobs 2] [--write CERTIFICATE.md]
python -m tests.faults.simulated --replay SEED [--shrink]
"""

import argparse
import secrets
import subprocess
import sys
import time
from datetime import UTC, datetime
from pathlib import Path

from tests.faults.simulated.certificate import Issue, written
from tests.faults.simulated.many import each_day
from tests.faults.simulated.replay import replay, shrunk
from tests.faults.simulated.tally import Tally

SAY_EVERY = 10.0
TRIES = 120


def main() -> int:
    """Read the options and go; 1 if any promise was broken."""
    options = _options()
    if options.replay is not None:
        return replay(options.replay, shrink=options.shrink, tries=options.tries)
    base = secrets.randbelow(1_000_000) if options.seed is None else options.seed
    print(f"{options.days} days from seed {base} on, {options.jobs} at once", flush=True)
    tally, minutes = _played(base, days=options.days, jobs=options.jobs)
    if options.write:
        issue = Issue(
            commit=_commit(),
            at=datetime.now(tz=UTC),  # noqa: TID251 - the date on the paper
            base_seed=base,
            jobs=options.jobs,
            minutes=minutes,
        )
        options.write.write_text(written(tally, issue), encoding="utf-8")
        print(f"written to {options.write}")
    return _ends(tally, options)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--days", type=int, default=1000)
    parser.add_argument("--seed", type=int, help="of the first day; the others count on from it")
    parser.add_argument("--jobs", type=int, default=2, help="days that are played at once")
    parser.add_argument("--write", type=Path, help="where the certificate goes")
    parser.add_argument("--replay", type=int, metavar="SEED", help="play this one day again")
    parser.add_argument(
        "--shrink", action="store_true", help="make the story of a failed day short"
    )
    parser.add_argument("--tries", type=int, default=TRIES, help="how often shrinking may play")
    return parser.parse_args()


def _played(base: int, *, days: int, jobs: int) -> tuple[Tally, float]:
    tally, began = Tally(), time.monotonic()
    said = began
    for day in each_day(range(base, base + days), jobs=jobs):
        tally.add(day)
        for seed, sentences in (*day.failed.items(), *day.trouble.items()):
            print(f"day {seed}: {sentences[0]}", flush=True)
        now = time.monotonic()
        if now - said >= SAY_EVERY or tally.days == days:
            said = now
            a_minute = tally.days / (now - began) * 60
            print(
                f"{tally.days}/{days} days, {tally.faults:,} faults, {a_minute:.1f} days a minute, "
                f"{len(tally.failed)} broken",
                flush=True,
            )
    return tally, (time.monotonic() - began) / 60


def _ends(tally: Tally, options: argparse.Namespace) -> int:
    for seed, sentences in sorted(tally.trouble.items()):
        print(f"the simulation itself broke on day {seed}: {sentences[0]}")
    if tally.is_clean:
        print("every promise held")
        return 0
    if tally.failed:
        print(f"broken on {len(tally.failed)} days: {', '.join(map(str, sorted(tally.failed)))}")
        first = min(tally.failed)
        print(f"the first of them again: python -m tests.faults.simulated --replay {first}")
        print("\n".join(shrunk(first, tries=options.tries)))
    return 1


def _commit() -> str:
    """The commit, and whether anything has been changed since."""
    git = ("git", "describe", "--always", "--dirty", "--abbrev=12", "--exclude=*")
    done = subprocess.run(git, capture_output=True, text=True, check=False)
    return done.stdout.strip() or "unknown"


if __name__ == "__main__":
    sys.exit(main())
