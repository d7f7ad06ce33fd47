"""The checker bites: five mistakes that somebody could make in the hub are caught, and nothing else is."""

import pytest

from tests.faults.simulated import play
from tests.faults.simulated.aimed import aimed_day
from tests.faults.simulated.bugs import BUGS
from tests.faults.simulated.judge import judged
from tests.faults.simulated.verdict import Kind

# So many days aimed at a mistake may pass before it shows.
DAYS = 12
SHOWS_AS = {
    "attempt after the answer": Kind.DOUBLED,
    "echo not recognised": Kind.WRONG_STATUS,
    "cursor saved first": Kind.LOST,
    "lease without expiry": Kind.STUCK,
    "order of arrival": Kind.OUT_OF_ORDER,
}


@pytest.fixture(autouse=True)
def soon_over(monkeypatch: pytest.MonkeyPatch) -> None:
    """A hub with a mistake may never come to rest; nobody needs to wait for that."""
    monkeypatch.setattr(play, "LONGEST_QUIET", 3600.0)
    monkeypatch.setattr(play, "STILL_FOR", 900.0)


@pytest.mark.parametrize("mistake", BUGS)
def test_a_mistake_is_caught_and_without_it_the_same_day_is_clean(mistake: str) -> None:
    kind = SHOWS_AS[mistake]
    caught = next((seed for seed in range(DAYS) if kind in _kinds(mistake, seed)), None)
    assert caught is not None, f"«{mistake}» went unnoticed for {DAYS} days"
    assert judged(aimed_day(mistake, caught), seed=caught).checked.verdicts == ()


def _kinds(mistake: str, seed: int) -> frozenset[Kind]:
    return judged(aimed_day(mistake, seed), seed=seed, bug=BUGS[mistake]()).checked.kinds
