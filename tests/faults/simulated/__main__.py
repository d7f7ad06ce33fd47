"""Days with faults at every place there is: play many, write the certificate, play one again, make it short.

python -m tests.faults.simulated [--days 1000] [--seed N] [--jobs 2] [--keep FILE] [--write CERTIFICATE.md]
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
from tests.faults.simulated.kept import Kept
from tests.faults.simulated.many import each_day
from tests.faults.simulated.replay import replay, shrunk
from tests.faults.simulated.tally import Tally

SAY_EVERY = 10.0
TRIES = 120
STOPPED = 130
KEPT = Path("var/faults.jsonl")
# What a day is made of: as long as none of it changes, a day that was played stays played.
PLAYED = ("hub", "connectors", "mappings", "tests/faults", "requirements-dev.lock")


def main() -> int:
    """Read the options and go; 1 if any promise was broken."""
    options = _options()
    if options.replay is not None:
        return replay(options.replay, shrink=options.shrink, tries=options.tries)
    kept = Kept(options.keep, code=_code(), base=options.seed)
    print(f"{options.days} days from seed {kept.base} on, {options.jobs} at once", flush=True)
    try:
        tally = _played(kept, days=options.days, jobs=options.jobs)
    except KeyboardInterrupt:
        print(f"stopped after {len(kept.days)} days; they are kept in {options.keep}", flush=True)
        return STOPPED
    if options.write:
        issue = Issue(
            commit=_commit(),
            at=datetime.now(tz=UTC),  # noqa: TID251 - the date on the paper
            base_seed=kept.base,
            jobs=options.jobs,
            minutes=kept.seconds / 60,
        )
        options.write.write_text(written(tally, issue), encoding="utf-8")
        print(f"written to {options.write}")
    return _ends(tally, options)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--days", type=int, default=1000)
    parser.add_argument("--seed", type=int, help="of the first day; the others count on from it")
    parser.add_argument("--jobs", type=int, default=2, help="days that are played at once")
    parser.add_argument(
        "--keep",
        type=Path,
        default=KEPT,
        help="where days are kept, to go on after an interruption",
    )
    parser.add_argument("--write", type=Path, help="where the certificate goes")
    parser.add_argument("--replay", type=int, metavar="SEED", help="play this one day again")
    parser.add_argument(
        "--shrink", action="store_true", help="make the story of a failed day short"
    )
    parser.add_argument("--tries", type=int, default=TRIES, help="how often shrinking may play")
    return parser.parse_args()


def _played(kept: Kept, *, days: int, jobs: int) -> Tally:
    seeds = range(kept.base, kept.base + days)
    tally = Tally()
    for seed in seeds:
        if seed in kept.days:
            tally.add(kept.days[seed])
    if tally.days:
        print(f"{tally.days} of them were played before", flush=True)
    began = last = said = time.monotonic()
    earlier = tally.days
    for seed, day in each_day([seed for seed in seeds if seed not in kept.days], jobs=jobs):
        now = time.monotonic()
        if not day.trouble:
            # A day whose play broke has not been played.
            kept.keep(seed, day, took=now - last)
        last = now
        tally.add(day)
        for sentences in (*day.failed.values(), *day.trouble.values()):
            print(f"day {seed}: {sentences[0]}", flush=True)
        if now - said >= SAY_EVERY or tally.days == days:
            said = now
            a_minute = (tally.days - earlier) / (now - began) * 60
            print(
                f"{tally.days}/{days} days, {tally.faults:,} faults, {a_minute:.1f} days a minute, "
                f"{len(tally.failed)} broken",
                flush=True,
            )
    return tally


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
    return _git("describe", "--always", "--dirty", "--abbrev=12", "--exclude=*") or "unknown"


def _code() -> str:
    """By what the code of a day is known; with changes that are not committed it is like no other."""
    trees = _git("rev-parse", *(f"HEAD:{path}" for path in PLAYED)).split()
    is_clean = len(trees) == len(PLAYED) and not _git("status", "--porcelain", "--", *PLAYED)
    return " ".join(trees) if is_clean else secrets.token_hex(8)


def _git(*words: str) -> str:
    command = ("git", *words)
    return subprocess.run(command, capture_output=True, text=True, check=False).stdout.strip()


if __name__ == "__main__":
    sys.exit(main())
