"""A few random days, new ones with every run: the certificate's thousand, in small."""

import secrets
import time

import pytest

from tests.faults.simulated.draw import draw
from tests.faults.simulated.judge import judged

# So long days are begun; a busy machine plays fewer of them.
SECONDS = 15.0
MOST, FEWEST = 20, 1


def test_nothing_is_lost_or_doubled_on_days_that_nobody_has_played_before() -> None:
    base, began, played = secrets.randbelow(1_000_000_000), time.monotonic(), 0
    print(f"days from seed {base} on")
    while played < FEWEST or (played < MOST and time.monotonic() - began < SECONDS):
        seed = base + played
        day = judged(draw(seed), seed=seed)
        again = f"python -m tests.faults.simulated --replay {seed} --shrink"
        told = "\n".join(map(str, day.checked.verdicts))
        if told:
            pytest.fail(f"day {seed}:\n{told}\nplay it again: {again}", pytrace=False)
        assert not day.played.trouble, f"day {seed}: {day.played.trouble[0]}"
        played += 1
    print(f"{played} days played")


def test_the_same_seed_is_the_same_day() -> None:
    seed = secrets.randbelow(1_000_000_000)
    assert draw(seed) == draw(seed)
    assert draw(seed) != draw(seed + 1)
