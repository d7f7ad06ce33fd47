"""Reads go well and pushes do not: only a push can tell that an outage of pushes is over."""

from datetime import timedelta

import pytest

from hub.contract import (
    Delivery,
    OutcomeUnknown,
    PairThrottled,
    Rejected,
    Unavailable,
    Unreachable,
    UpstreamError,
    WindowClosed,
)
from hub.contract.delivery import Acknowledged
from hub.delivery.relay import Relay
from hub.record.away import STUMBLE
from hub.rows import Gate, Kind, Parcel, State
from hub.watch.reach import LOST_AFTER, NOBODY_PUSHES
from tests.fakes.books import Books
from tests.fakes.shop import Shop
from tests.fakes.upstream import Pushing, upstreams_of

SECOND = timedelta(seconds=1)


class Half(Pushing):
    """Whatever is written there fails with `error`, until that is None."""

    def __init__(self, error: UpstreamError | Exception) -> None:
        super().__init__()
        self.error: UpstreamError | Exception | None = error

    async def push(self, delivery: Delivery) -> Acknowledged:
        if self.error is None:
            return await super().push(delivery)
        self.deliveries.append(delivery)
        raise self.error


async def gate(books: Books) -> Gate:
    async with books.database.begin() as work:
        return await work.upstreams.gate("anywhere")


async def half_working(
    shop: Shop, books: Books, error: UpstreamError, *, parcels: int = 12
) -> tuple[Half, Relay]:
    """It was found out that pushes fail, and longer ago than a stumble lasts."""
    there = Half(error)
    relay = shop.relay(upstreams_of(there))
    for _ in range(parcels):
        await books.promise(await books.complaint(), kind=Kind.OPENING)
    await relay.drain()
    books.clock.pass_time(STUMBLE)
    assert (await gate(books)).lost_since is not None
    return there, relay


@pytest.mark.parametrize("error", [OutcomeUnknown("502"), Unavailable("502"), Unreachable("no")])
async def test_a_read_that_goes_well_does_not_end_an_outage_of_pushes(
    shop: Shop, books: Books, error: UpstreamError
) -> None:
    there, relay = await half_working(shop, books, error)
    before, tried = await gate(books), len(there.deliveries)
    for _ in range(18):
        await shop.reach.succeeded("anywhere")
        await relay.drain()
        books.clock.pass_time(seconds=10)
    assert await gate(books) == before
    assert len(there.deliveries) - tried <= 10, "no more than one probe at a time"
    assert [card["kind"] for card in await books.open_cards()] == ["lost"]


async def test_a_read_that_goes_well_hastens_nothing_as_long_as_reads_always_did(
    shop: Shop, books: Books
) -> None:
    await half_working(shop, books, Unreachable("no"), parcels=1)
    parcel_id = await books.promise(await books.complaint())
    (parcel,) = [each for each in await books.lease() if each.parcel_id == parcel_id]
    later = books.clock() + timedelta(hours=1)
    async with books.database.begin() as work:
        await work.outbox.postpone(parcel, until=later, code="unreachable", detail="")
    await shop.reach.succeeded("anywhere")
    assert (await books.row(parcel_id))["due_at"] == later


async def test_reads_that_return_have_one_probe_go_soon_but_do_not_take_it_for_back(
    shop: Shop, books: Books
) -> None:
    there, relay = await half_working(shop, books, Unreachable("no"), parcels=1)
    for _ in range(40):
        await relay.drain()
        books.clock.pass_time(minutes=1)
    await shop.reach.failed("anywhere", Unreachable("no"))
    tried = len(there.deliveries)
    await relay.drain()
    assert len(there.deliveries) == tried, "its next turn is far away"
    await shop.reach.succeeded("anywhere")
    assert (await gate(books)).lost_since is not None
    there.error = None
    await relay.drain()
    assert len(there.deliveries) == tried + 1
    assert (await gate(books)) == Gate(resumed_at=books.clock())


@pytest.mark.parametrize("answer", [None, Rejected("no"), PairThrottled("too many")])
async def test_a_push_that_is_answered_ends_it_once_and_then_all_go(
    shop: Shop, books: Books, answer: UpstreamError | None
) -> None:
    there, relay = await half_working(shop, books, Unreachable("no"))
    there.error = answer
    books.clock.pass_time(minutes=1)
    await shop.reach.succeeded("anywhere")
    await relay.drain()
    assert await gate(books) == Gate(resumed_at=books.clock())
    assert "lost" not in [card["kind"] for card in await books.open_cards()]
    assert await books.lease(limit=50) == [], "whatever could not get there was tried again"


async def test_reads_do_not_make_failed_pushes_forgotten_on_the_way_to_an_outage(
    shop: Shop, books: Books
) -> None:
    for number in range(LOST_AFTER):
        assert (await gate(books)).lost_since is None, number
        await shop.reach.failed("anywhere", OutcomeUnknown("502"), by_push=True)
        await shop.reach.succeeded("anywhere")
    assert (await gate(books)).lost_since is not None


async def test_where_nothing_is_pushed_any_more_the_reads_are_believed(
    shop: Shop, books: Books
) -> None:
    await shop.reach.failed("anywhere", Unreachable("no"), by_push=True)
    books.clock.pass_time(NOBODY_PUSHES)
    await shop.reach.succeeded("anywhere")
    assert (await gate(books)).lost_since is not None
    books.clock.pass_time(6 * SECOND)
    await shop.reach.succeeded("anywhere")
    assert (await gate(books)).lost_since is None


@pytest.mark.parametrize(
    "error",
    [PairThrottled("131056"), WindowClosed("131047"), UpstreamError("?"), KeyError("a bug")],
)
async def test_clear_answers_and_our_own_faults_are_no_sign_that_it_is_away(
    shop: Shop, books: Books, error: Exception
) -> None:
    for _ in range(LOST_AFTER + 1):
        await books.promise(await books.complaint())
    there = Half(error)
    await shop.relay(upstreams_of(there)).drain()
    assert len(there.deliveries) > LOST_AFTER
    assert await gate(books) == Gate()
    assert await books.open_cards() == []


async def test_what_we_cannot_pack_is_no_sign_that_it_is_away(shop: Shop, books: Books) -> None:
    for _ in range(LOST_AFTER + 1):
        await books.promise(await books.complaint(), kind=Kind.OPENING, content={"oops": 1})
    there = Pushing()
    await shop.relay(upstreams_of(there)).drain()
    assert there.deliveries == []
    assert await gate(books) == Gate()


async def test_a_probe_that_is_overtaken_uses_up_no_turn(shop: Shop, books: Books) -> None:
    about = await books.complaint(external_id="e1")
    overtaken = [await books.promise(about) for _ in range(5)]
    good = await books.promise(await books.complaint(), kind=Kind.OPENING)
    there = Pushing()
    async with books.database.begin() as work:
        await work.upstreams.lost("anywhere", at=books.clock() - timedelta(hours=3))
    relay = shop.relay(upstreams_of(there))
    prepare = relay._send_off.prepare

    async def overtake(parcel: Parcel) -> Delivery | None:
        if parcel.parcel_id not in overtaken:
            return await prepare(parcel)
        async with books.database.begin() as work:
            await work.outbox.drop(parcel.parcel_id, at=books.clock())
        return None

    relay._send_off.prepare = overtake  # type: ignore[method-assign]
    await relay.drain()
    assert await books.state(good) == State.SETTLED
