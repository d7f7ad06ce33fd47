"""The database goes while an upstream answers: what they said is not forgotten, nobody is blamed."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta

import pytest
from structlog.testing import capture_logs

from hub.contract import Acknowledged, Delivery, Found, OutcomeUnknown
from hub.ports import DatabaseAway
from hub.rows import Kind, State
from hub.store.work import SqlWork
from tests.fakes.books import Books
from tests.fakes.shop import Shop
from tests.fakes.upstream import Searchable, upstreams_of

MANY = 20


class Switch:
    """Begins transactions of a database that can be switched off."""

    def __init__(self, shop: Shop) -> None:
        self.is_off = False
        self.refused = 0
        self.was_missed = asyncio.Event()
        self._begin = shop.begin
        shop.begin = self.begin

    @asynccontextmanager
    async def begin(self) -> AsyncIterator[SqlWork]:
        if self.is_off:
            self.refused += 1
            if self.refused > MANY:
                self.was_missed.set()
            raise DatabaseAway("pergi")
        async with self._begin() as work:
            yield work


class SwitchesOff(Searchable):
    """Takes the database with it when it is called."""

    switch: Switch

    async def push(self, delivery: Delivery) -> Acknowledged:
        self.switch.is_off = not self.answers
        return await super().push(delivery)

    async def find(self, delivery: Delivery) -> Found:
        self.switch.is_off = True
        self.sought.append(delivery)
        return Found("9200001")


@pytest.fixture
def hurried(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("hub.record.write.LOOK_AGAIN", 0.001)
    monkeypatch.setattr("hub.record.write.LONGEST_WAIT", timedelta())


@pytest.mark.usefixtures("hurried")
async def test_an_answer_we_have_is_written_down_whenever_the_database_is_back(
    shop: Shop, books: Books
) -> None:
    upstream = SwitchesOff()
    upstream.switch = switch = Switch(shop)
    parcel_id = await books.promise(await books.complaint(), kind=Kind.OPENING)
    relay = shop.relay(upstreams_of(upstream))
    await relay.step()
    async with asyncio.timeout(10):
        await switch.was_missed.wait()
        switch.is_off = False
        await relay.finish()
    row = await books.row(parcel_id)
    assert (row["state"], row["external_id"]) == (State.SETTLED, "ext-1")


async def test_a_database_that_goes_while_a_doubt_is_looked_for_is_no_bug_of_ours(
    shop: Shop, books: Books
) -> None:
    upstream = SwitchesOff("anywhere", OutcomeUnknown("timeout"))
    upstream.switch = switch = Switch(shop)
    parcel_id = await books.promise(await books.complaint(), kind=Kind.OPENING)
    await shop.relay(upstreams_of(upstream)).drain()
    books.clock.pass_time(minutes=1)
    doubts = shop.doubts(upstreams_of(upstream))
    with capture_logs() as logs, pytest.raises(DatabaseAway):
        await doubts.step()
    assert [log["event"] for log in logs] == []
    switch.is_off = False
    assert await books.state(parcel_id) == State.DOUBT
    books.clock.pass_time(minutes=2)
    # The lease of the look is over.
    with pytest.raises(DatabaseAway):
        await doubts.step()
    assert len(upstream.sought) == 2
