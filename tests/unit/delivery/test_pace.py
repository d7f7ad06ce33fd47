"""Pacing: over any sequence of requests neither the upstream nor one recipient gets too much."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from hub.contract import Pace
from hub.delivery import pace as pace_module
from hub.delivery.pace import DOUBLES_EVERY, FIRST_SHARE, Pacer, at_once, ramp

NOW = datetime(2026, 1, 19, tzinfo=UTC)
TICK = timedelta(milliseconds=1)

# Who asks, and how long after the one before.
requests = st.lists(st.tuples(st.sampled_from(["a", "b", None]), st.integers(0, 400)), max_size=60)
paces = st.builds(
    Pace,
    per_second=st.sampled_from([0.5, 1.0, 10.0, 80.0]),
    pair_interval=st.sampled_from(
        [timedelta(), timedelta(milliseconds=300), timedelta(seconds=6)]
    ),
    pair_burst=st.integers(1, 5),
)


def served(
    pace: Pace, asked: list[tuple[str | None, int]], *, share: float = 1.0
) -> list[tuple[str | None, datetime]]:
    pacer, now, through = Pacer(pace), NOW, []
    pacer.share = share
    for recipient, milliseconds in asked:
        now += milliseconds * TICK
        if not pacer.wait(recipient, now=now):
            through.append((recipient, now))
    return through


@given(paces, requests)
def test_two_pushes_to_an_upstream_are_never_closer_than_its_rate(
    pace: Pace, asked: list[tuple[str | None, int]]
) -> None:
    times = [at for _, at in served(pace, asked)]
    least = timedelta(seconds=1 / pace.per_second)
    assert all(later - earlier >= least for earlier, later in pairwise(times))


@given(paces, requests)
def test_one_recipient_never_gets_more_than_the_burst_and_one_for_each_interval(
    pace: Pace, asked: list[tuple[str | None, int]]
) -> None:
    through = served(pace, asked)
    for name in ("a", "b"):
        times = [at for recipient, at in through if recipient == name]
        for i, first in enumerate(times):
            for count, last in enumerate(times[i:], start=1):
                if pace.pair_interval:
                    allowed = pace.pair_burst + (last - first) // pace.pair_interval
                    assert count <= allowed


@given(paces, requests)
def test_whoever_waits_as_long_as_told_is_let_through(
    pace: Pace, asked: list[tuple[str | None, int]]
) -> None:
    pacer, now = Pacer(pace), NOW
    for recipient, milliseconds in asked:
        now += milliseconds * TICK
        wait = pacer.wait(recipient, now=now)
        assert wait >= timedelta()
        if wait:
            now += wait
            assert pacer.wait(recipient, now=now) == timedelta()


def test_asking_in_vain_takes_nothing() -> None:
    pacer = Pacer(Pace(per_second=1))
    assert not pacer.wait(None, now=NOW)
    for _ in range(10):
        assert pacer.wait(None, now=NOW) == timedelta(seconds=1)
    assert not pacer.wait(None, now=NOW + timedelta(seconds=1))


def test_one_recipient_does_not_slow_another() -> None:
    pacer = Pacer(Pace(per_second=1e9, pair_interval=timedelta(seconds=6)))
    assert not pacer.wait("a", now=NOW)
    assert pacer.wait("a", now=NOW) == timedelta(seconds=6)
    assert not pacer.wait("b", now=NOW)


def test_recipients_of_long_ago_are_forgotten_and_the_present_ones_are_not() -> None:
    pacer = Pacer(Pace(per_second=1e9, pair_interval=timedelta(seconds=6)))
    for number in range(pace_module.FORGET_AFTER):
        assert not pacer.wait(f"old {number}", now=NOW)
    later = NOW + timedelta(seconds=6)
    assert not pacer.wait("new", now=later)
    assert list(pacer._recipients) == ["new"]
    assert pacer.wait("new", now=later) == timedelta(seconds=6)


spans = st.timedeltas(min_value=timedelta(days=-1), max_value=timedelta(days=30))


@given(spans, spans)
def test_a_ramp_begins_low_never_goes_down_and_never_above_the_pace(
    one: timedelta, other: timedelta
) -> None:
    earlier, later = sorted((one, other))
    assert FIRST_SHARE <= ramp(earlier) <= ramp(later) <= 1


def test_a_ramp_doubles_until_the_whole_pace_is_reached_within_minutes() -> None:
    shares = [ramp(number * DOUBLES_EVERY) for number in range(6)]
    assert shares == [0.1, 0.2, 0.4, 0.8, 1, 1]
    assert ramp(None) == ramp(timedelta(minutes=3)) == 1


@given(st.integers(1, 50), spans)
def test_there_is_always_a_place_and_never_more_than_the_rules_have(
    most: int, since: timedelta
) -> None:
    assert 1 <= at_once(most, ramp(since)) <= most
    assert at_once(most, 1.0) == most


@given(paces, requests, spans)
def test_on_a_ramp_two_pushes_are_never_closer_than_its_share_of_the_rate(
    pace: Pace, asked: list[tuple[str | None, int]], since: timedelta
) -> None:
    times = [at for _, at in served(pace, asked, share=ramp(since))]
    least = timedelta(seconds=1 / pace.per_second / ramp(since))
    assert all(later - earlier >= least - TICK for earlier, later in pairwise(times))
