"""An upstream that is away is tried by one parcel now and then."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub.contract import (
    OutcomeUnknown,
    Pace,
    PairThrottled,
    Rejected,
    Unavailable,
    Unreachable,
    UpstreamError,
    WindowClosed,
)
from hub.delivery.pace import Pacer
from hub.delivery.places import Places
from hub.delivery.probing import LONGEST, LONGEST_IN_DOUBT, probe_wait
from hub.record.away import STUMBLE
from hub.rows import Gate

NOW = datetime(2026, 1, 19, tzinfo=UTC)
SECOND = timedelta(seconds=1)
spans = st.timedeltas(min_value=timedelta(), max_value=timedelta(days=30))


def places(per_second: float = 1e9) -> Places:
    return Places(Pacer(Pace(per_second=per_second)), most=8)


@given(spans, spans, st.booleans())
def test_the_longer_it_is_away_the_longer_the_wait_but_never_beyond_its_bound(
    one: timedelta, other: timedelta, in_doubt: bool
) -> None:
    earlier, later = sorted((one, other))
    waits = [probe_wait(lost_for, in_doubt=in_doubt) for lost_for in (earlier, later)]
    assert STUMBLE <= waits[0] <= waits[1] <= (LONGEST_IN_DOUBT if in_doubt else LONGEST)


def test_what_only_stumbles_is_sent_to_as_always() -> None:
    gate = Gate(lost_since=NOW - STUMBLE + SECOND)
    assert places().free(gate, under_way=0, now=NOW) == 8


def test_what_is_away_gets_one_at_a_time_and_the_next_after_a_wait() -> None:
    gate, some = Gate(lost_since=NOW - STUMBLE), places()
    assert some.free(gate, under_way=0, now=NOW) == 1
    some.leased(1)
    some.packed(leaves=True, now=NOW)
    assert some.free(gate, under_way=1, now=NOW) is None
    assert some.free(gate, under_way=0, now=NOW) == 0
    assert some.ready_at == NOW + STUMBLE
    assert some.free(gate, under_way=0, now=some.ready_at) == 1


def test_what_fails_in_doubt_is_not_tried_on_even_after_a_stumble() -> None:
    gate, some = Gate(lost_since=NOW), places()
    some.ended(OutcomeUnknown())
    assert some.free(gate, under_way=0, now=NOW) == 1


def test_a_probe_that_did_not_leave_uses_up_no_turn() -> None:
    gate, some = Gate(lost_since=NOW - STUMBLE), places()
    for leaves, free in ((False, 1), (True, 0)):
        assert some.free(gate, under_way=0, now=NOW) == 1
        some.leased(1)
        some.packed(leaves=leaves, now=NOW)
        assert some.free(gate, under_way=0, now=NOW) == free


@pytest.mark.parametrize(
    ("error", "free"),
    [
        (None, 8), (Rejected(), 8), (PairThrottled(), 8), (WindowClosed(), 8),
        (Unreachable(), 1), (Unavailable(), 1), (OutcomeUnknown(), 1), (UpstreamError("a bug"), 1),
    ],
)  # fmt: skip
def test_what_a_push_found_out_only_a_push_that_is_answered_ends(
    error: UpstreamError | None, free: int
) -> None:
    some = places()
    assert some.free(Gate(lost_since=NOW - STUMBLE), under_way=0, now=NOW) == 1
    some.ended(Unreachable())
    some.ended(error)
    # Whoever reads there takes it for back.
    assert some.free(Gate(), under_way=0, now=NOW) == free


def test_a_failure_that_is_no_silence_leaves_what_was_known() -> None:
    gate, some = Gate(lost_since=NOW), places()
    some.ended(OutcomeUnknown())
    some.ended(UpstreamError("a bug"))
    assert some.free(gate, under_way=0, now=NOW) == 1, "each try may still cost a doubt"


def test_who_is_back_is_not_kept_waiting_for_the_next_probe() -> None:
    gate, some = Gate(lost_since=NOW - STUMBLE), places()
    assert some.free(gate, under_way=0, now=NOW) == 1
    some.leased(1)
    some.packed(leaves=True, now=NOW)
    assert some.free(Gate(resumed_at=NOW), under_way=0, now=NOW) == 1
    assert some.ready_at < NOW


def test_after_a_pause_one_goes_ahead_and_before_its_end_none() -> None:
    gate = Gate(paused_until=NOW)
    assert places().free(gate, under_way=0, now=NOW) == 1
    assert places().free(gate, under_way=0, now=NOW - SECOND) == 0


def test_after_a_return_the_places_come_back_one_after_the_other() -> None:
    gate, some = Gate(resumed_at=NOW), places()
    seen = [some.free(gate, under_way=0, now=NOW + wait * SECOND) for wait in (0, 60, 90, 120)]
    assert seen == [1, 3, 6, 8]


def test_no_more_are_leased_than_may_leave_in_the_pace_at_once() -> None:
    some = places(per_second=5)
    assert some.free(Gate(), under_way=0, now=NOW) == 1
    some.leased(1)
    assert some.free(Gate(), under_way=1, now=NOW) is None, "it has not taken its turn yet"


def test_of_single_places_every_other_one_is_for_what_is_new() -> None:
    some = places()
    assert [some.for_new(1) for _ in range(4)] == [1, 0, 1, 0]
    assert [some.for_new(8) for _ in range(2)] == [4, 4]
