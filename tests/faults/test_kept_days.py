"""A run that is cut off goes on where it was, and only with days of the same code."""

from collections import Counter
from pathlib import Path

import pytest

from tests.faults.simulated.kept import Kept
from tests.faults.simulated.tally import Tally

CODE = "1f3a 77b0"


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "var" / "days.jsonl"


def a_day(seed: int) -> Tally:
    return Tally(
        days=1,
        moods=Counter(["calm"]),
        fired=Counter({("sp4n", "status/500"): 3, ("hub", "kill"): 1}),
        kills=Counter(["hub.delivery.relay:Relay.step"]),
        failed={seed: ["LOST: a report"]},
        virtual_hours=4.5,
        processor_seconds=7.25,
    )


def test_what_was_played_before_is_there_again_as_it_was(path: Path) -> None:
    kept = Kept(path, code=CODE, base=None)
    kept.keep(kept.base + 3, a_day(kept.base + 3), took=4.5)
    kept.keep(kept.base, Tally(days=1), took=2.0)
    again = Kept(path, code=CODE, base=None)
    assert again.base == kept.base
    assert again.days == {kept.base + 3: a_day(kept.base + 3), kept.base: Tally(days=1)}
    assert again.seconds == 6.5


@pytest.mark.parametrize(("code", "base"), [("another", None), ("another", 7), (CODE, 8)])
def test_days_of_other_code_or_other_seeds_count_for_nothing(
    path: Path, code: str, base: int | None
) -> None:
    Kept(path, code=CODE, base=7).keep(7, a_day(7), took=1.0)
    assert Kept(path, code=code, base=base).days == {}
    assert Kept(path, code=CODE, base=7).days == {}, "a new run begins a new file"


def test_a_line_that_was_cut_off_is_a_day_that_was_not_played(path: Path) -> None:
    kept = Kept(path, code=CODE, base=7)
    kept.keep(7, a_day(7), took=1.0)
    kept.keep(8, a_day(8), took=1.0)
    path.write_text(path.read_text(encoding="utf-8")[:-20], encoding="utf-8")
    again = Kept(path, code=CODE, base=7)
    assert set(again.days) == {7}
    again.keep(9, a_day(9), took=1.0)
    assert set(Kept(path, code=CODE, base=7).days) == {7, 9}
