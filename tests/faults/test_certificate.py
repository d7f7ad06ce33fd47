"""What is written down after many days: counts that add up, and a way back to any day."""

from collections import Counter
from datetime import UTC, datetime

from tests.faults.simulated.certificate import SAID, Issue, written
from tests.faults.simulated.tally import Tally
from tests.faults.simulated.twists import FITS

ISSUE = Issue(
    commit="abcdef012345",
    at=datetime(2026, 11, 22, 6, 0, tzinfo=UTC),
    base_seed=4700,
    jobs=2,
    minutes=50.0,
)


def a_day(**facts: object) -> Tally:
    """One day with a few faults."""
    tally = Tally(days=1, moods=Counter(["calm"]), processor_seconds=6.0, virtual_hours=2.0)
    tally.fired = Counter({("sp4n", "drop_after"): 3, ("hub", "kill"): 1})
    tally.kills = Counter({"hub.delivery.relay:Relay._arrived": 1})
    tally.counts = Counter({"said": 7, "doubts held for a person": 2})
    for name, value in facts.items():
        setattr(tally, name, value)
    return tally


def test_days_add_up() -> None:
    tally = Tally()
    for _ in range(3):
        tally.add(a_day())
    paper = written(tally, ISSUE)
    assert "**3 days, 12 faults: 0 lost, 0 doubled, 0 told twice, 0 out of order" in paper
    assert "| done, answer dropped | 9 |  | 9 |" in paper
    assert "| kill -9 at an await |  | 3 | 3 |" in paper
    assert "| doubts held for a person | 6 |" in paper
    assert "| `hub.delivery.relay` | Relay._arrived 3 |" in paper


def test_a_broken_day_is_named_with_the_way_back_to_it() -> None:
    broken = a_day(failed={4711: ["LOST: a report"]}, verdicts=Counter({"lost": 1}))
    paper = written(broken, ISSUE)
    assert not broken.is_clean
    assert "1 lost" in paper
    assert "* day 4711: LOST: a report" in paper
    assert "--replay 4711 --shrink" in paper


def test_every_fault_that_can_fire_has_words_on_the_paper() -> None:
    assert {f"drift_{kind}" for kind in FITS} <= SAID.keys()
