"""Writing down: a collision is tried again, anything else is not, and not for ever."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import cast

import pytest

from hub.ports import DatabaseAway, Work
from hub.record.write import TRIES, write_down, write_down_patiently


class InTheWay(Exception):
    go_again = True


class Ledger:
    """Transactions of which the first few fail at their commit."""

    def __init__(self, *failures: Exception) -> None:
        self.failures = list(failures)
        self.written: list[str] = []
        self.tried = 0

    @asynccontextmanager
    async def begin(self) -> AsyncIterator[Work]:
        page: list[str] = []
        yield cast("Work", page)
        self.tried += 1
        if self.failures:
            raise self.failures.pop(0)
        self.written += page


async def write(work: Work) -> str:
    cast("list[str]", work).append("arrived")
    return "settled"


async def test_whoever_collides_goes_again_and_writes_once() -> None:
    ledger = Ledger(InTheWay(), InTheWay())
    assert await write_down(ledger.begin, write) == "settled"
    assert (ledger.tried, ledger.written) == (3, ["arrived"])


async def test_whatever_else_fails_is_not_tried_again() -> None:
    ledger = Ledger(KeyError("x"))
    with pytest.raises(KeyError):
        await write_down(ledger.begin, write)
    assert (ledger.tried, ledger.written) == (1, [])


async def test_it_does_not_collide_for_ever() -> None:
    ledger = Ledger(*[InTheWay() for _ in range(TRIES + 1)])
    with pytest.raises(InTheWay):
        await write_down(ledger.begin, write)
    assert ledger.tried == TRIES


@pytest.fixture
def hurried(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("hub.record.write.LOOK_AGAIN", 0.001)


@pytest.mark.usefixtures("hurried")
async def test_a_database_that_is_away_is_waited_for_no_longer_than_asked() -> None:
    ledger = Ledger(*[DatabaseAway("pergi") for _ in range(1000)])
    with pytest.raises(DatabaseAway):
        await write_down_patiently(ledger.begin, write, lasts=timedelta(milliseconds=10))
    assert 1 < ledger.tried < 1000


@pytest.mark.usefixtures("hurried")
async def test_what_nobody_else_knows_waits_for_the_database_as_long_as_it_takes() -> None:
    ledger = Ledger(*[DatabaseAway("pergi") for _ in range(100)])
    assert await write_down_patiently(ledger.begin, write, lasts=None) == "settled"
    assert ledger.written == ["arrived"]
