"""An upstream goes away and comes back: what waited for it leaves, slowly at first."""

import asyncio
from datetime import timedelta

import pytest

from hub.contract import (
    Delivery,
    Held,
    Pace,
    Rejected,
    Throttled,
    Traits,
    Unauthorized,
    Unreachable,
    UpstreamError,
)
from hub.contract.delivery import Acknowledged
from hub.delivery.pace import DOUBLES_EVERY, WHOLE_AFTER
from hub.delivery.patience import DAYS_OF_PATIENCE, FEWEST_TRIES
from hub.record.away import STUMBLE
from hub.rows import Gate, State
from hub.store.desk import readiness
from tests.fakes.books import Books
from tests.fakes.shop import Shop
from tests.fakes.upstream import Pushing, upstreams_of

SECOND = timedelta(seconds=1)
MINUTE = timedelta(minutes=1)


class Lamp(Pushing):
    """On or off; counts how many pushes are under way at once."""

    def __init__(self) -> None:
        super().__init__()
        self.is_on = True
        self.in_vain = 0

    async def push(self, delivery: Delivery) -> Acknowledged:
        if self.is_on:
            return await super().push(delivery)
        self.in_vain += 1
        raise Unreachable("no route")


async def gate(books: Books) -> Gate:
    async with books.database.begin() as work:
        return await work.upstreams.gate("anywhere")


async def is_overdue(books: Books) -> bool:
    async with books.database.reading() as connection:
        return (await readiness(connection, now=books.clock())).oldest_due is not None


async def gone_for(shop: Shop, books: Books, lamp: Lamp, *, minutes: int) -> None:
    """It is away while the relay does its work, a look every few seconds."""
    lamp.is_on = False
    relay = shop.relay(upstreams_of(lamp))
    for _ in range(minutes * 4):
        await relay.drain()
        books.clock.pass_time(seconds=15)


async def test_what_is_away_is_tried_by_one_at_a_time_and_the_others_keep_their_patience(
    shop: Shop, books: Books
) -> None:
    promised = [await books.promise(await books.complaint()) for _ in range(12)]
    lamp = Lamp()
    await gone_for(shop, books, lamp, minutes=4)
    # Eight at once find out that nobody is there; then one every so often.
    assert 8 < lamp.in_vain <= 8 + 16
    rows = [await books.row(parcel_id) for parcel_id in promised]
    assert all(row["state"] == State.WAITING for row in rows)
    assert sum(row["attempts"] for row in rows) == lamp.in_vain
    [card] = await books.open_cards()
    assert card["kind"] == "lost"


async def test_after_seven_days_away_the_oldest_are_parked_with_a_card_one_by_one(
    shop: Shop, books: Books
) -> None:
    promised = [await books.promise(await books.complaint()) for _ in range(2)]
    lamp = Lamp()
    for _ in range(FEWEST_TRIES):
        await gone_for(shop, books, lamp, minutes=2)
        books.clock.pass_time(days=DAYS_OF_PATIENCE / FEWEST_TRIES)
    assert [await books.state(parcel_id) for parcel_id in promised] == [State.WAITING] * 2
    await gone_for(shop, books, lamp, minutes=2)
    assert [await books.state(parcel_id) for parcel_id in promised] == [State.ABANDONED] * 2
    kinds = sorted(card["kind"] for card in await books.open_cards())
    assert kinds == ["lost", "parked", "parked"]


async def test_what_could_not_get_there_is_due_at_once_when_it_is_back(
    shop: Shop, books: Books
) -> None:
    lamp = Lamp()
    upstreams = upstreams_of(lamp)
    promised = [await books.promise(await books.complaint()) for _ in range(3)]
    await gone_for(shop, books, lamp, minutes=20)
    waits = [(await books.row(each))["due_at"] - books.clock() for each in promised]
    assert max(waits) > MINUTE
    lamp.is_on = True
    await books.promise(await books.complaint())
    relay = shop.relay(upstreams)
    await relay.drain()
    assert len(lamp.deliveries) == 4, "nobody waits out the hour"


async def test_who_was_asked_to_wait_for_another_reason_still_waits(books: Books) -> None:
    parcel_id = await books.promise(await books.complaint())
    parcel, later = await books.lease_one(), books.clock() + timedelta(hours=1)
    async with books.database.begin() as work:
        await work.outbox.postpone(parcel, until=later, code="pair_throttled", detail="")
        await work.outbox.hasten_unreached("anywhere", now=books.clock())
    assert (await books.row(parcel_id))["due_at"] == later


async def test_a_return_after_a_stumble_is_no_reason_to_slow_down(
    shop: Shop, books: Books
) -> None:
    upstream = Pushing("anywhere", Unreachable("no route"))
    await books.promise(await books.complaint())
    relay = shop.relay(upstreams_of(upstream))
    await relay.drain()
    books.clock.pass_time(STUMBLE - SECOND)
    await relay.drain()
    assert await gate(books) == Gate()


async def test_a_return_begins_a_ramp_and_a_relapse_begins_it_anew(
    shop: Shop, books: Books
) -> None:
    lamp = Lamp()
    relay = shop.relay(upstreams_of(lamp))
    began = []
    for _ in range(2):
        await books.promise(await books.complaint())
        await gone_for(shop, books, lamp, minutes=1)
        lamp.is_on = True
        books.clock.pass_time(minutes=1)
        await relay.drain()
        began.append((await gate(books)).resumed_at)
        assert began[-1] == books.clock()
        books.clock.pass_time(DOUBLES_EVERY)
    assert began[0] != began[1]


@pytest.mark.parametrize("error", [Throttled("429"), Unauthorized("401"), Held("unpaid")])
async def test_the_end_of_the_hubs_own_pause_begins_a_ramp(
    shop: Shop, books: Books, error: UpstreamError
) -> None:
    upstream = Pushing("anywhere", error)
    await books.promise(await books.complaint())
    relay = shop.relay(upstreams_of(upstream))
    await relay.drain()
    assert (await gate(books)).resumed_at is None
    books.clock.pass_time(minutes=2)
    await relay.drain()
    assert (await gate(books)) == Gate(resumed_at=books.clock())


async def test_after_an_operator_resumes_one_goes_at_a_time_at_first_and_soon_as_many_as_ever(
    shop: Shop, books: Books
) -> None:
    upstream = Pushing()
    upstream.gate.clear()
    upstreams = upstreams_of(upstream)
    decide = shop.decide(upstreams)
    await decide.pause("anywhere", who="Rini")
    for _ in range(20):
        await books.promise(await books.complaint())
    await decide.resume("anywhere", who="Rini")
    for wait, under_way in ((timedelta(), 1), (2 * DOUBLES_EVERY, 3), (WHOLE_AFTER, 8)):
        books.clock.pass_time(wait)
        relay = shop.relay(upstreams)
        await relay.step()
        assert len(relay._under_way) == under_way
        upstream.gate.set()
        await relay.finish()
        upstream.gate.clear()


async def test_an_outage_elsewhere_does_not_make_the_hub_look_broken(
    shop: Shop, books: Books
) -> None:
    lamp = Lamp()
    for _ in range(10):
        await books.promise(await books.complaint())
    await gone_for(shop, books, lamp, minutes=40)
    assert not await is_overdue(books)


@pytest.mark.parametrize("is_back", [False, True])
async def test_where_nobody_tries_an_upstream_that_was_away_the_hub_is_broken(
    shop: Shop, books: Books, *, is_back: bool
) -> None:
    lamp = Lamp()
    for _ in range(10):
        await books.promise(await books.complaint())
    await gone_for(shop, books, lamp, minutes=40)
    if is_back:
        await shop.reach.succeeded("anywhere", by_push=True)
    for minutes, alarms in ((19, False), (2, True)):
        books.clock.pass_time(minutes=minutes)
        assert await is_overdue(books) is alarms


async def test_what_is_still_on_its_way_long_after_a_return_does_not_alarm(
    shop: Shop, books: Books
) -> None:
    there = Pushing(traits=Traits(title="Anywhere", pace=Pace(per_second=0.0001)))
    for _ in range(3):
        await books.promise(await books.complaint())
    async with books.database.begin() as work:
        await work.upstreams.return_slowly("anywhere", at=books.clock())
    books.clock.pass_time(hours=5)
    relay = shop.relay(upstreams_of(there))
    await relay.step()
    await asyncio.gather(*relay._under_way)
    for minutes, alarms in ((15, False), (6, True)):
        books.clock.pass_time(minutes=minutes)
        assert await is_overdue(books) is alarms


async def test_an_answer_to_the_point_shows_that_it_is_back(shop: Shop, books: Books) -> None:
    lamp = Lamp()
    await books.promise(await books.complaint())
    await gone_for(shop, books, lamp, minutes=1)
    lamp.is_on = True
    lamp.answers.append(Rejected("no"))
    books.clock.pass_time(minutes=1)
    await shop.relay(upstreams_of(lamp)).drain()
    assert (await gate(books)).lost_since is None
    assert [card["kind"] for card in await books.open_cards()] == ["parked"]
