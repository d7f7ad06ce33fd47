"""Writing down: a collision is tried again, anything else is not, and not for ever."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import cast

import pytest

from hub.ports import Work
from hub.record.write import TRIES, write_down


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
