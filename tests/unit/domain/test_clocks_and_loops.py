"""Clocks of others, and channels that undo each other."""

from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from hub.domain.clocks import ENOUGH, KEPT, ahead_of, kept
from hub.domain.loops import Said, goes_in_circles
from hub.domain.status import Status

A, B, C = Status.IN_PROGRESS, Status.ANSWERED, Status.CLOSED
MINUTES = timedelta(minutes=2)


def learned(*seconds: float) -> timedelta:
    samples: list[float] = []
    for each in seconds:
        samples = kept(samples, each)
    return ahead_of(samples, tolerated=MINUTES)


def test_a_clock_that_is_right_is_left_alone() -> None:
    assert learned(1, 3, 100, -90, 2) == timedelta()


def test_a_clock_in_another_zone_is_known_after_a_few_pushes_and_one_slow_answer_is_forgiven() -> (
    None
):
    assert learned(25200, 25201) == timedelta()
    assert learned(25200, 25201, 25260) == timedelta(seconds=25201)
    assert learned(-7200, -7200, 0, -7201, -7200) == timedelta(hours=-2)


def test_a_clock_that_was_put_right_is_believed_again_after_a_few_pushes() -> None:
    wrong = [3600.0] * 9
    assert learned(*wrong, 0, 0) == timedelta(hours=1)
    assert learned(*wrong, 0, 0, 0) == timedelta()


def test_a_word_from_the_future_proves_the_clock_wrong_and_one_push_says_by_how_much() -> None:
    def dating(minutes: float, *samples: float) -> timedelta:
        return ahead_of(samples, tolerated=MINUTES, at_least=timedelta(minutes=minutes))

    assert dating(56, 3599.8) == timedelta(seconds=3599.8)
    assert dating(56, 3599.8, -0.4) == timedelta(seconds=3599.8)
    assert dating(56, 10800.0) == timedelta(), "it would have been said two hours ago"
    assert dating(61, 3600.0) == timedelta(), "it would still lie in the future"
    assert dating(1, 3599.8) == timedelta(), "so much clocks differ by themselves"


@given(st.lists(st.floats(-1e6, 1e6), min_size=ENOUGH))
def test_what_is_believed_lies_among_what_was_seen_lately(seconds: list[float]) -> None:
    lately = [round(each, 1) for each in seconds[-KEPT:]]
    ahead = learned(*seconds).total_seconds()
    assert ahead == 0 or min(lately) - 0.1 <= ahead <= max(lately) + 0.1


def test_a_then_b_by_another_then_a_again_is_a_circle() -> None:
    said = [Said(A, "sp4n:1"), Said(B, "laporgub:2")]
    assert goes_in_circles(said, Said(A, "sp4n:1"), returns=1)
    assert not goes_in_circles(said, Said(A, "sp4n:1"), returns=2)
    again = [*said, Said(A, "sp4n:1"), Said(B, "laporgub:2")]
    assert goes_in_circles(again, Said(A, "sp4n:1"), returns=2)


def test_an_officer_who_goes_back_and_forth_alone_is_no_circle() -> None:
    said = [Said(A, "sp4n:1"), Said(B, "sp4n:1"), Said(A, "sp4n:1"), Said(B, "sp4n:1")]
    assert not goes_in_circles(said, Said(A, "sp4n:1"), returns=1)


def test_going_on_after_another_has_spoken_is_no_circle() -> None:
    said = [Said(A, "sp4n:1"), Said(B, "laporgub:2")]
    assert not goes_in_circles(said, Said(C, "sp4n:1"), returns=1)
    assert not goes_in_circles([Said(B, "laporgub:2")], Said(A, "sp4n:1"), returns=1)


def test_no_returns_means_that_nobody_is_ever_held() -> None:
    said = [Said(A, "x:1"), Said(B, "y:2")] * 5
    assert not goes_in_circles(said, Said(A, "x:1"), returns=0)
