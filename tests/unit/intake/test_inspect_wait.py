"""How often a complaint is looked at where it stands."""

from datetime import timedelta

import pytest

from hub.domain.status import Status
from hub.intake.poll import inspect_wait

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


@pytest.mark.parametrize("status", [status for status in Status if not status.is_final])
def test_what_is_open_is_looked_at_often_and_less_often_when_it_is_old(status: Status) -> None:
    assert inspect_wait(status, age=DAY, every=HOUR) == HOUR
    assert inspect_wait(status, age=31 * DAY, every=HOUR) == 6 * HOUR


@pytest.mark.parametrize("status", [status for status in Status if status.is_final])
def test_what_is_over_is_looked_at_once_a_day(status: Status) -> None:
    assert inspect_wait(status, age=DAY, every=HOUR) == DAY
