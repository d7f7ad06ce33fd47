"""Pacing: over any sequence of requests neither the upstream nor one recipient gets too much."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from hub.contract import Pace
from hub.delivery import pace as pace_module
from hub.delivery.pace import Pacer

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


def served(pace: Pace, asked: list[tuple[str | None, int]]) -> list[tuple[str | None, datetime]]:
    pacer, now, through = Pacer(pace), NOW, []
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
