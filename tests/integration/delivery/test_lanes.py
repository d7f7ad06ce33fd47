"""Order: news about one complaint reaches one upstream as it happened, and holds up nobody else's."""

from datetime import timedelta

import pytest

from hub.rows import Kind, State
from tests.fakes.books import Books


async def leased(books: Books, connector: str = "anywhere") -> list[str]:
    return [parcel.parcel_id for parcel in await books.lease(connector)]


async def settle(books: Books, parcel_id: str) -> None:
    async with books.database.begin() as work:
        await work.outbox.settle(parcel_id, external_id=None, at=books.clock())


async def test_later_news_waits_for_earlier_news_of_the_same_complaint(books: Books) -> None:
    about = await books.complaint()
    first, second = await books.promise(about), await books.promise(about)
    assert await leased(books) == [first]
    assert await leased(books) == []
    await settle(books, first)
    assert await leased(books) == [second]


async def test_later_news_waits_for_nobody_elses(books: Books) -> None:
    stuck, free = await books.complaint(), await books.complaint()
    await books.promise(stuck)
    await leased(books)
    to_another = await books.promise(stuck, connector="elsewhere")
    of_another = await books.promise(free)
    assert await leased(books) == [of_another]
    assert await leased(books, "elsewhere") == [to_another]


@pytest.mark.parametrize("state", [State.WAITING, State.LEASED, State.DOUBT])
async def test_later_news_waits_while_the_earlier_is(books: Books, state: State) -> None:
    about = await books.complaint()
    await books.promise(about)
    await books.promise(about)
    parcel = await books.lease_one()
    now, later = books.clock(), books.clock.pass_time(minutes=1)
    async with books.database.begin() as work:
        if state is State.WAITING:
            until = later + timedelta(hours=1)
            await work.outbox.postpone(parcel, until=until, code="c", detail="d")
        if state is State.DOUBT:
            await work.outbox.doubt(parcel, until=later, code="c", detail="d", at=now)
    assert await books.state(parcel.parcel_id) == state
    assert await leased(books) == []


async def test_a_doubt_that_waits_for_a_person_still_holds_later_news(books: Books) -> None:
    about = await books.complaint()
    await books.promise(about)
    later = await books.promise(about)
    parcel = await books.lease_one()
    now = books.clock()
    async with books.database.begin() as work:
        await work.outbox.doubt(parcel, until=now, code="c", detail="d", at=now)
        await work.outbox.ask_person(parcel, reason="cannot tell")
    assert await leased(books) == []
    async with books.database.begin() as work:
        await work.outbox.drop(parcel.parcel_id, at=now)
    assert await leased(books) == [later]


async def test_after_an_abandoned_status_the_next_goes(books: Books) -> None:
    about = await books.complaint()
    await books.promise(about)
    later = await books.promise(about)
    parcel = await books.lease_one()
    async with books.database.begin() as work:
        await work.outbox.abandon(parcel, code="rejected", detail="no", at=books.clock())
    assert await leased(books) == [later]


async def test_after_an_abandoned_opening_none_goes_until_it_is_replayed(books: Books) -> None:
    about = await books.complaint()
    opening = await books.promise(about, kind=Kind.OPENING, needed=True)
    status = await books.promise(about)
    parcel = await books.lease_one()
    async with books.database.begin() as work:
        await work.outbox.abandon(parcel, code="rejected", detail="no", at=books.clock())
    books.clock.pass_time(days=30)
    assert await leased(books) == []
    async with books.database.begin() as work:
        await work.outbox.again(opening, when=State.ABANDONED, now=books.clock(), fresh=True)
    assert await leased(books) == [opening]
    await settle(books, opening)
    assert await leased(books) == [status]


async def test_after_a_dropped_opening_later_news_goes(books: Books) -> None:
    about = await books.complaint()
    opening = await books.promise(about, kind=Kind.OPENING, needed=True)
    status = await books.promise(about)
    async with books.database.begin() as work:
        await work.outbox.drop(opening, at=books.clock())
    assert await leased(books) == [status]


async def test_a_replayed_parcel_goes_before_what_was_promised_after_it(books: Books) -> None:
    about = await books.complaint()
    first = await books.promise(about)
    parcel = await books.lease_one()
    async with books.database.begin() as work:
        await work.outbox.abandon(parcel, code="rejected", detail="no", at=books.clock())
    books.clock.pass_time(hours=1)
    second = await books.promise(about)
    async with books.database.begin() as work:
        await work.outbox.again(first, when=State.ABANDONED, now=books.clock(), fresh=True)
    assert await leased(books) == [first]
    await settle(books, first)
    assert await leased(books) == [second]


async def test_a_replayed_parcel_waits_for_the_one_that_is_under_way(books: Books) -> None:
    about = await books.complaint()
    first, second = await books.promise(about), await books.promise(about)
    parcel = await books.lease_one()
    async with books.database.begin() as work:
        await work.outbox.abandon(parcel, code="rejected", detail="no", at=books.clock())
    assert await leased(books) == [second]
    async with books.database.begin() as work:
        await work.outbox.again(first, when=State.ABANDONED, now=books.clock(), fresh=True)
    assert await leased(books) == []
    await settle(books, second)
    assert await leased(books) == [first]
