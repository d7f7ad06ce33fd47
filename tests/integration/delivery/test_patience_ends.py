"""Nothing is tried for ever: patience ends where a push gets lost again and again, too."""

from dataclasses import replace
from datetime import datetime, timedelta
from itertools import pairwise

from hub.contract import Absent, Found, OutcomeUnknown, Unavailable
from hub.delivery.consequence import Consequences
from hub.delivery.patience import Patience
from hub.rows import Kind, State
from tests.fakes.books import Books
from tests.fakes.shop import Shop
from tests.fakes.upstream import Searchable, upstreams_of

MINUTE = timedelta(minutes=1)


async def test_what_gets_lost_again_and_again_is_tried_ever_more_seldom_and_parked_after_a_week(
    shop: Shop, books: Books
) -> None:
    # The longest wait is longer than in a city, so that a week of it is a short test.
    seldom = Patience(chance=lambda: 1.0, longest=timedelta(hours=12))
    shop.rules = replace(shop.rules, consequences=Consequences(seldom))
    promised_at = books.clock()
    parcel_id = await books.promise(await books.complaint(), kind=Kind.OPENING, needed=True)
    upstream = Searchable("anywhere", *[OutcomeUnknown("timeout")] * 100)
    relay, doubts = shop.relay(upstreams_of(upstream)), shop.doubts(upstreams_of(upstream))
    pushed_at: list[datetime] = []
    while await books.state(parcel_id) != State.ABANDONED:
        assert len(pushed_at) < 100, "it goes on for ever"
        await relay.drain()
        pushed_at.append(books.clock())
        for _ in range(3):
            books.clock.pass_time(2 * MINUTE)
            await doubts.step()
        books.clock.pass_time(max((await books.row(parcel_id))["due_at"] - books.clock(), MINUTE))
    assert books.clock() - promised_at >= timedelta(days=7)
    assert len(upstream.deliveries) < 40
    waits = [later - earlier for earlier, later in pairwise(pushed_at)]
    assert waits[-1] >= timedelta(hours=12)
    # Looking for it goes well each time, and yet no push was ever answered.
    cards = [(card["kind"], card["parcel_id"]) for card in await books.open_cards()]
    assert sorted(cards) == [("lost", None), ("parked", parcel_id)]
    assert (await books.row(parcel_id))["code"] == "spent"


async def test_what_cannot_be_looked_at_is_shown_after_an_hour_on_one_card_and_looked_for_on(
    shop: Shop, books: Books
) -> None:
    parcel_id = await books.promise(await books.complaint(), kind=Kind.OPENING, needed=True)
    upstream = Searchable("anywhere", OutcomeUnknown("timeout"))
    await shop.relay(upstreams_of(upstream)).drain()
    doubts = shop.doubts(upstreams_of(upstream))
    kinds = []
    for _ in range(7):
        books.clock.pass_time(minutes=20)
        upstream.looks.append(Unavailable("503"))
        await doubts.step()
        kinds.append([card["kind"] for card in await books.open_cards()].count("doubt"))
    # The third look is an hour after the push, no more; from the fourth on somebody knows.
    assert kinds == [0, 0, 0, 1, 1, 1, 1]
    (card,) = [card for card in await books.open_cards() if card["kind"] == "doubt"]
    assert (card["parcel_id"], card["seen"]) == (parcel_id, 4)
    assert not (await books.row(parcel_id))["asks_person"]
    books.clock.pass_time(minutes=20)
    upstream.looks.append(Found("9200001"))
    await doubts.step()
    assert await books.state(parcel_id) == State.SETTLED
    assert await books.open_cards() == []
    assert len(upstream.deliveries) == 1


async def test_the_card_of_a_long_doubt_goes_when_it_turns_out_to_be_absent_and_is_sent_again(
    shop: Shop, books: Books
) -> None:
    parcel_id = await books.promise(await books.complaint(), kind=Kind.OPENING, needed=True)
    upstream = Searchable("anywhere", OutcomeUnknown("timeout"))
    await shop.relay(upstreams_of(upstream)).drain()
    doubts = shop.doubts(upstreams_of(upstream))
    for look in (Unavailable("503"), Unavailable("503"), Absent(), Absent(), Absent()):
        assert await books.state(parcel_id) == State.DOUBT
        books.clock.pass_time(minutes=61)
        upstream.looks.append(look)
        await doubts.step()
    assert await books.state(parcel_id) == State.WAITING
    assert "doubt" not in [card["kind"] for card in await books.open_cards()]
