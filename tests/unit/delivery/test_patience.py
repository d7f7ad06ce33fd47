"""Patience: never before the time the upstream named, never for ever, and spread over a ceiling."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub.contract import PairThrottled, Throttled, Unavailable, Unreachable, UpstreamError
from hub.delivery.patience import FEWEST_TRIES, Patience

NOW = datetime(2026, 1, 19, tzinfo=UTC)
WEEK = timedelta(days=7)
ERRORS = [Unreachable, Unavailable, Throttled, PairThrottled]

attempts = st.integers(0, 10_000)
chances = st.floats(0, 1, exclude_max=True)
asked = st.none() | st.integers(0, 100_000).map(lambda seconds: timedelta(seconds=seconds))
kinds = st.sampled_from(ERRORS)


def wait_of(
    error: UpstreamError,
    *,
    attempts: int = 1,
    chance: float = 0.999,
    waited: timedelta = timedelta(),
) -> timedelta | None:
    patience = Patience(chance=lambda: chance)
    return patience.next_wait(error, attempts=attempts, promised_at=NOW - waited, now=NOW)


@given(kinds, attempts, chances, asked)
def test_no_wait_is_shorter_than_the_upstream_asked_for(
    kind: type[UpstreamError], attempts: int, chance: float, retry_after: timedelta | None
) -> None:
    wait = wait_of(kind("", retry_after=retry_after), attempts=attempts, chance=chance)
    assert wait is not None
    assert wait >= (retry_after or timedelta())


@given(kinds, attempts, chances, asked, st.integers(0, 10**6))
def test_patience_is_spent_after_seven_days_of_tries_and_not_before(
    kind: type[UpstreamError],
    attempts: int,
    chance: float,
    retry_after: timedelta | None,
    waited: int,
) -> None:
    since = timedelta(seconds=waited)
    error = kind("", retry_after=retry_after)
    wait = wait_of(error, attempts=attempts, chance=chance, waited=since)
    assert (wait is None) == (since >= WEEK and attempts >= FEWEST_TRIES)


@given(kinds, st.integers(0, FEWEST_TRIES - 1), chances, st.integers(0, 10**8))
def test_what_was_hardly_tried_is_not_given_up_however_long_it_waited(
    kind: type[UpstreamError], attempts: int, chance: float, waited: int
) -> None:
    since = timedelta(seconds=waited)
    assert wait_of(kind(""), attempts=attempts, chance=chance, waited=since) is not None


@given(kinds, attempts, chances)
def test_no_wait_of_our_own_is_longer_than_an_hour(
    kind: type[UpstreamError], attempts: int, chance: float
) -> None:
    wait = wait_of(kind(""), attempts=attempts, chance=chance)
    assert wait is not None
    assert timedelta() <= wait <= timedelta(hours=1)


@given(attempts, chances)
def test_no_wait_exceeds_the_ceiling_of_its_attempt(attempts: int, chance: float) -> None:
    wait = wait_of(Unavailable(""), attempts=attempts, chance=chance)
    ceiling = timedelta(seconds=2) * 2 ** min(max(attempts, 1) - 1, 20)
    assert wait is not None
    assert wait <= ceiling


@given(kinds, attempts, attempts)
def test_ceilings_only_grow(kind: type[UpstreamError], one: int, other: int) -> None:
    few, many = sorted([one, other])
    first, second = wait_of(kind(""), attempts=few), wait_of(kind(""), attempts=many)
    assert first is not None
    assert second is not None
    assert first <= second


def test_waits_double_from_two_seconds_to_an_hour() -> None:
    patience = Patience(chance=lambda: 1.0)
    waits = [
        patience.next_wait(Unavailable(""), attempts=n, promised_at=NOW, now=NOW)
        for n in (1, 2, 3, 11, 12, 40)
    ]
    assert waits == [timedelta(seconds=s) for s in (2, 4, 8, 2048, 3600, 3600)]


def test_a_recipient_who_got_too_much_is_given_four_times_as_long_each_time() -> None:
    waits = [wait_of(PairThrottled(""), attempts=n, chance=0.0) for n in (1, 2, 3)]
    assert waits == [timedelta(seconds=s) for s in (4, 16, 64)]


@pytest.mark.parametrize("chance", [0.0, 0.5, 0.999])
def test_after_throttling_not_everybody_returns_in_the_same_moment(chance: float) -> None:
    minute = timedelta(minutes=1)
    wait = wait_of(Throttled("", retry_after=minute), attempts=4, chance=chance)
    assert wait == minute + timedelta(seconds=16) * chance / 4
