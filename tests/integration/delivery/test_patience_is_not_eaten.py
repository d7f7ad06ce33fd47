"""Patience is seven days of trying: no number of attempts, no pause and no trouble of ours cuts it short."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta

import pytest
from sqlalchemy import update

from hub.contract import Delivery, OutcomeUnknown, Unreachable
from hub.delivery.patience import DAYS_OF_PATIENCE
from hub.delivery.send_off import MOST_ATTEMPTS
from hub.ports import DatabaseAway, Work
from hub.rows import Kind, Parcel, State
from hub.store.tables import parcels
from tests.fakes.books import LEASE, Books
from tests.fakes.shop import Shop
from tests.fakes.upstream import Pushing, upstreams_of

WEEK = timedelta(days=DAYS_OF_PATIENCE)


async def changed(books: Books, parcel_id: str, **columns: object) -> None:
    async with books.database.begin() as work:
        await work.connection.execute(
            update(parcels).where(parcels.c.parcel_id == parcel_id).values(**columns)
        )


@pytest.mark.parametrize(
    ("age", "state"),
    [(WEEK - timedelta(seconds=1), State.SETTLED), (WEEK, State.ABANDONED)],
)
async def test_however_often_it_was_tried_it_is_tried_for_seven_days(
    shop: Shop, books: Books, age: timedelta, state: State
) -> None:
    parcel_id = await books.promise(await books.complaint())
    await changed(books, parcel_id, attempts=MOST_ATTEMPTS)
    books.clock.pass_time(age)
    await shop.relay(upstreams_of(Pushing())).drain()
    row = await books.row(parcel_id)
    assert row["state"] == state
    assert row["detail"] in (None, "menyerah sesudah 7 hari dan 300 percobaan tanpa hasil")


async def test_what_a_person_sends_again_has_all_its_patience_anew(
    shop: Shop, books: Books
) -> None:
    parcel_id = await books.promise(await books.complaint())
    books.clock.pass_time(WEEK)
    await changed(books, parcel_id, state="abandoned", attempts=MOST_ATTEMPTS + 1, code="spent")
    there = Pushing("anywhere", Unreachable("no route"))
    await shop.decide(upstreams_of(there)).replay(parcel_id, who="Sari")
    await shop.relay(upstreams_of(there)).drain()
    assert await books.state(parcel_id) == State.WAITING
    books.clock.pass_time(hours=1)
    await shop.relay(upstreams_of(there)).drain()
    assert await books.state(parcel_id) == State.SETTLED


async def test_a_pause_of_eight_days_and_a_stumble_after_it_park_nothing(
    shop: Shop, books: Books
) -> None:
    promised = [await books.promise(await books.complaint()) for _ in range(3)]
    there = Pushing("anywhere", *[Unreachable("no route")] * 3)
    decide = shop.decide(upstreams_of(there))
    await decide.pause("anywhere", who="Rini")
    books.clock.pass_time(days=8)
    await decide.resume("anywhere", who="Rini")
    relay = shop.relay(upstreams_of(there))
    for _ in range(5):
        await relay.drain()
        books.clock.pass_time(seconds=2)
    assert [await books.state(each) for each in promised] == [State.SETTLED] * 3


async def test_a_database_that_goes_before_anything_left_costs_no_attempt_and_no_time(
    shop: Shop, books: Books
) -> None:
    parcel_id = await books.promise(await books.complaint())
    there = Pushing()
    relay = shop.relay(upstreams_of(there))
    prepare = relay._send_off.prepare

    async def away(parcel: Parcel) -> Delivery | None:
        del parcel
        raise DatabaseAway("pergi")

    relay._send_off.prepare = away  # type: ignore[method-assign]
    await relay.step()
    await asyncio.gather(*relay._under_way)
    row = await books.row(parcel_id)
    assert (row["state"], row["attempts"], row["code"]) == (State.WAITING, 0, None)
    assert row["due_at"] == books.clock() + timedelta(seconds=1)
    assert await books.attempts(parcel_id) == []
    relay._send_off.prepare = prepare  # type: ignore[method-assign]
    books.clock.pass_time(seconds=1)
    await relay.drain()
    assert await books.state(parcel_id) == State.SETTLED


async def test_what_was_put_back_and_leased_anew_is_not_put_back_again(
    shop: Shop, books: Books, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("hub.record.write.LOOK_AGAIN", 0.0)
    parcel_id = await books.promise(await books.complaint())
    leased = await books.lease_one()
    begin = shop.begin
    anew: list[Parcel] = []

    @asynccontextmanager
    async def answer_lost() -> AsyncIterator[Work]:
        async with begin() as work:
            yield work
        if not anew:
            books.clock.pass_time(seconds=1)
            anew.append(await books.lease_one(owner="another"))
            raise DatabaseAway("pergi")

    shop.begin = answer_lost  # type: ignore[assignment]
    await shop.relay(upstreams_of(Pushing()))._put_back(leased)
    assert [each.attempts for each in anew] == [1]
    row = await books.row(parcel_id)
    assert (row["state"], row["lease_owner"]) == (State.LEASED, "another")


async def test_a_push_that_had_to_wait_for_its_turn_has_a_whole_lease(books: Books) -> None:
    parcel_id = await books.promise(await books.complaint())
    parcel = await books.lease_one()
    books.clock.pass_time(LEASE - timedelta(seconds=1))
    assert await books.begin(parcel)
    assert (await books.row(parcel_id))["lease_until"] == books.clock() + LEASE


async def test_a_doubt_that_an_answer_ended_leaves_nothing_to_the_next_one(
    shop: Shop, books: Books
) -> None:
    parcel_id = await books.promise(await books.complaint(), kind=Kind.OPENING)
    parcel, now = await books.lease_one(), books.clock()
    await books.begin(parcel)
    async with books.database.begin() as work:
        await work.outbox.doubt(parcel, until=now, code="interrupted", detail="", at=now)
        await work.outbox.looked(parcel, until=now)
        await work.outbox.ask_person(parcel, reason="")
        await work.outbox.postpone(parcel, until=now, code="unreachable", detail="")
    row = await books.row(parcel_id)
    assert (row["looks"], row["doubt_since"], row["asks_person"]) == (0, None, False)
    later = books.clock.pass_time(hours=1)
    await shop.relay(upstreams_of(Pushing("anywhere", OutcomeUnknown("502")))).drain()
    assert (await books.row(parcel_id))["doubt_since"] == later


async def test_places_that_grow_are_used_although_a_push_hangs(
    shop: Shop, books: Books, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("hub.delivery.relay.LOOK_AGAIN", 0.01)
    there = Pushing()
    there.gate.clear()
    async with books.database.begin() as work:
        await work.upstreams.lost("anywhere", at=books.clock() - timedelta(minutes=1))
    for _ in range(4):
        await books.promise(await books.complaint())
    relay = shop.relay(upstreams_of(there))
    assert await relay.step()
    await there.arrived.wait()
    waiting = asyncio.create_task(relay.step())
    await asyncio.sleep(0)
    await shop.reach.succeeded("anywhere")
    books.clock.pass_time(minutes=3)
    await asyncio.wait_for(waiting, 2)
    await relay.step()
    assert len(relay._under_way) == 4
    there.gate.set()
    await relay.finish()
