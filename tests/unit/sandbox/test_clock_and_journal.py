"""Time and memory of the sandbox."""

from datetime import UTC, datetime, timedelta

from hub.sandbox import Journal, SandboxClock

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)


def test_the_clock_runs_with_the_real_one_and_keeps_its_lead() -> None:
    real = [NOON]
    clock = SandboxClock(lambda: real[0])
    clock.advance(timedelta(days=10))
    real[0] += timedelta(minutes=1)
    assert clock.now() == NOON + timedelta(days=10, minutes=1)


def test_the_real_clock_is_aware_utc() -> None:
    assert SandboxClock().now().utcoffset() == timedelta()


def test_events_are_numbered_from_nought_in_the_order_they_happen() -> None:
    journal = Journal(SandboxClock(lambda: NOON))
    journal.write("sp4n", "filed", external_id="9200001", marker="PKL-2026-000001")
    journal.write("sp4n", "moved", external_id="9200001", status="closed")
    assert [event.number for event in journal.events] == [0, 1]
    assert [event.facts["status"] for event in journal.of("moved")] == ["closed"]
    assert journal.events[0].as_json() == {
        "number": 0,
        "at": "2026-03-02T12:00:00+00:00",
        "imitation": "sp4n",
        "kind": "filed",
        "facts": {"external_id": "9200001", "marker": "PKL-2026-000001"},
    }
