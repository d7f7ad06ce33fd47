"""The status lattice: any news in any order, and never a crash, a silent overwrite or a lost end."""

from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub.domain.complaint import Outcome
from hub.domain.status import ALLOWED_MOVES, FINAL, LABELS, REOPENS_TO, Status
from tests.fakes.clock import A_MORNING
from tests.fakes.complaint import lamp_complaint

statuses = st.sampled_from(Status)
times = st.integers(0, 50).map(lambda minutes: A_MORNING + timedelta(minutes=minutes))
reasons = st.none() | st.just("") | st.just("dibuka kembali")
news = st.tuples(statuses, times, reasons)


@given(st.lists(news))
def test_no_sequence_of_news_crashes_and_only_a_move_changes_anything(
    sequence: list[tuple[Status, datetime, str | None]],
) -> None:
    it = lamp_complaint()
    for status, at, reason in sequence:
        before = (it.status, it.status_at, it.status_from)
        outcome = it.move_to(status, at=at, origin="sp4n", reason=reason)
        if outcome is Outcome.MOVED:
            assert (it.status, it.status_at, it.status_from) == (status, at, "sp4n")
        elif outcome is Outcome.SAME:
            # Confirmed: only how recent the knowledge is may change.
            assert (it.status, it.status_at, it.status_from) == (
                before[0],
                max(before[1], at),
                before[2],
            )
        else:
            assert (it.status, it.status_at, it.status_from) == before


@given(st.lists(news))
def test_an_older_time_never_wins(sequence: list[tuple[Status, datetime, str | None]]) -> None:
    it = lamp_complaint()
    for status, at, reason in sequence:
        since, present = it.status_at, it.status
        outcome = it.move_to(status, at=at, origin="sp4n", reason=reason)
        assert it.status_at >= since
        if at < since and status is not present:
            assert outcome is Outcome.LATE


@given(st.sampled_from(sorted(FINAL)), st.lists(st.tuples(statuses, times)))
def test_an_end_is_never_left_without_a_reason(
    end: Status, sequence: list[tuple[Status, datetime]]
) -> None:
    it = lamp_complaint(end)
    for status, at in sequence:
        assert it.move_to(status, at=at, origin="sp4n") is not Outcome.MOVED
    assert it.status is end


@pytest.mark.parametrize("end", sorted(FINAL))
@pytest.mark.parametrize("status", list(Status))
def test_an_end_is_left_with_a_reason_for_what_is_still_open_and_for_nothing_else(
    end: Status, status: Status
) -> None:
    it = lamp_complaint(end)
    outcome = it.move_to(status, at=A_MORNING, origin="operator:Budi", reason="warga melapor lagi")
    if status is end:
        assert outcome is Outcome.SAME
    else:
        assert (outcome is Outcome.MOVED) == (status in REOPENS_TO)


@given(st.lists(news), news)
def test_the_same_news_twice_changes_nothing(
    sequence: list[tuple[Status, datetime, str | None]], last: tuple[Status, datetime, str | None]
) -> None:
    it = lamp_complaint()
    for status, at, reason in [*sequence, last]:
        it.move_to(status, at=at, origin="sp4n", reason=reason)
    before = (it.status, it.status_at, it.status_from)
    status, at, reason = last
    assert it.move_to(status, at=at, origin="sp4n", reason=reason) is not Outcome.MOVED
    assert (it.status, it.status_at, it.status_from) == before


@given(statuses, news)
def test_judging_tells_what_moving_does_and_moves_nothing(
    present: Status, wish: tuple[Status, datetime, str | None]
) -> None:
    status, at, reason = wish
    it = lamp_complaint(present)
    it.status_at += timedelta(minutes=25)
    judged = it.judge(status, at=at, reason=reason)
    assert it.status is present
    assert it.move_to(status, at=at, origin="sp4n", reason=reason) is judged


def test_only_a_contradiction_is_a_conflict() -> None:
    assert {outcome for outcome in Outcome if outcome.is_conflict} == {
        Outcome.LATE,
        Outcome.NOT_ALLOWED,
        Outcome.STANDS,
        Outcome.HELD,
    }


def test_every_status_has_a_label_and_a_row_of_moves() -> None:
    assert set(LABELS) == set(ALLOWED_MOVES) == set(Status)
    assert len(set(LABELS.values())) == len(Status)
    assert Status.REFERRED.label == "Dialihkan / bukan wewenang"


def test_no_status_moves_to_itself_and_every_open_one_can_come_to_every_end() -> None:
    for status, allowed in ALLOWED_MOVES.items():
        assert status not in allowed
        assert allowed == frozenset() if status.is_final else allowed >= FINAL


def test_work_is_never_moved_back_to_received() -> None:
    assert [status for status, allowed in ALLOWED_MOVES.items() if Status.RECEIVED in allowed] == [
        Status.NEEDS_INFO
    ]
