"""How often a complaint is looked at where it stands, and how many looks there may be."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub.domain.looking import Budget, longest_wait, look_again_after, try_again_after
from hub.domain.status import FINAL, Status
from tests.fakes.clock import A_MORNING

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
MINUTE = timedelta(minutes=1)
OPEN = sorted(set(Status) - FINAL)


@pytest.mark.parametrize("status", OPEN)
def test_what_is_open_is_looked_at_often_and_less_often_when_it_is_old(status: Status) -> None:
    assert look_again_after(status, age=DAY, every=HOUR) == HOUR
    assert look_again_after(status, age=31 * DAY, every=HOUR) == 6 * HOUR


@pytest.mark.parametrize("status", sorted(FINAL))
def test_what_is_over_is_looked_at_once_a_day_and_after_ninety_days_once_a_week(
    status: Status,
) -> None:
    assert look_again_after(status, age=DAY, every=HOUR) == DAY
    assert look_again_after(status, age=99 * DAY, every=HOUR, over_for=91 * DAY) == 7 * DAY


@pytest.mark.parametrize("status", Status)
def test_what_shows_something_else_is_looked_at_often_however_old_it_is(status: Status) -> None:
    waited = look_again_after(status, age=400 * DAY, every=HOUR, over_for=300 * DAY, apart=True)
    assert waited == HOUR


@pytest.mark.parametrize("every", [timedelta(seconds=3), HOUR, 6 * HOUR])
@pytest.mark.parametrize("status", Status)
def test_nothing_waits_longer_than_the_bound_that_ends_a_round(
    status: Status, every: timedelta
) -> None:
    for days in (0, 31, 91, 4000):
        age = days * DAY
        waited = look_again_after(status, age=age, every=every, over_for=age)
        assert waited <= longest_wait(every) <= 7 * DAY


def test_a_look_in_vain_is_tried_again_soon_and_then_less_and_less() -> None:
    waits = [try_again_after(failures, longest=HOUR) for failures in range(5)]
    assert waits == [MINUTE, 4 * MINUTE, 16 * MINUTE, HOUR, HOUR]


@given(
    per_minute=st.integers(1, 3000),
    steps=st.lists(st.tuples(st.integers(0, 30_000_000), st.integers(1, 400)), max_size=60),
)
def test_no_minute_holds_more_looks_than_the_budget(
    per_minute: int, steps: list[tuple[int, int]]
) -> None:
    budget, whole_at, now = Budget(per_minute), None, A_MORNING
    looked = []
    for microseconds, wished in steps:
        now += timedelta(microseconds=microseconds)
        number = min(wished, budget.free(whole_at, now=now))
        whole_at = budget.spent(whole_at, number, now=now)
        looked += [now] * number
    for index, first in enumerate(looked):
        within = [at for at in looked[index:] if at < first + MINUTE]
        assert len(within) <= per_minute


@pytest.mark.parametrize("per_minute", [1, 2, 6, 60, 1000])
def test_most_of_the_budget_can_be_used(per_minute: int) -> None:
    budget, whole_at, looked = Budget(per_minute), None, 0
    for second in range(600):
        now = A_MORNING + timedelta(seconds=second)
        number = budget.free(whole_at, now=now)
        whole_at = budget.spent(whole_at, number, now=now)
        looked += number
    assert looked >= 0.83 * 10 * per_minute


@pytest.mark.parametrize("per_minute", [1, 7, 60])
def test_nobody_looks_while_an_upstream_is_left_in_peace(per_minute: int) -> None:
    budget, until = Budget(per_minute), A_MORNING + MINUTE
    whole_at = budget.resting_until(until)
    assert budget.free(whole_at, now=until - timedelta(seconds=1)) == 0
    assert budget.free(whole_at, now=until) == 1
    assert budget.ready_at(whole_at) == until


@pytest.mark.parametrize("per_minute", [1, 7, 60])
def test_what_is_said_to_be_ready_is_free(per_minute: int) -> None:
    budget = Budget(per_minute)
    whole_at = budget.spent(None, budget.burst, now=A_MORNING)
    ready = budget.ready_at(whole_at, number=3)
    assert budget.free(whole_at, now=ready) == min(3, budget.burst)
