"""When a turn is over."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from hub.intake.gather import TurnRules

NOON = datetime(2026, 1, 19, 5, 0, tzinfo=UTC)
RULES = TurnRules(quiet=timedelta(seconds=5), longest=timedelta(seconds=60))


@given(st.lists(st.floats(0, 30), max_size=60))
def test_it_is_due_after_a_quiet_moment_and_never_later_than_the_longest(
    pauses: list[float],
) -> None:
    now = NOON
    for pause in [0.0, *pauses]:
        now += timedelta(seconds=pause)
        due = RULES.due(opened_at=NOON, now=now)
        assert due <= NOON + RULES.longest
        assert due <= now + RULES.quiet
        assert due in (NOON + RULES.longest, now + RULES.quiet)
