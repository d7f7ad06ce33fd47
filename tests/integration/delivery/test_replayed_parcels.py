"""Which parked parcels a replay sends again: not those that a newer one has made needless."""

from datetime import timedelta

from hub.contract import Rejected
from hub.domain.status import Status
from hub.store.replay import parked
from tests.fakes.books import Books, Known
from tests.fakes.shop import Shop
from tests.fakes.upstream import Pushing, upstreams_of


async def refused(
    shop: Shop, books: Books, about: Known, *statuses: Status, note: str | None = None
) -> None:
    """They are told these one after the other, and refuse them."""
    upstream = Pushing("anywhere", *[Rejected("no")] * len(statuses))
    for status in statuses:
        content = {"status": status, "at": books.clock().isoformat(), "note": note}
        await books.promise(about, content=content)
        await shop.relay(upstreams_of(upstream)).drain()


async def overtaken(books: Books) -> list[bool]:
    async with books.database.reading() as connection:
        return [row.is_overtaken for row in await parked(connection, connector=None, since=None)]


async def test_of_several_statuses_only_the_last_is_sent_again(shop: Shop, books: Books) -> None:
    about = await books.complaint(external_id="c-1")
    await refused(shop, books, about, Status.VERIFIED, Status.FORWARDED, Status.CLOSED)
    assert await overtaken(books) == [True, True, False]


async def test_a_status_that_is_still_to_come_or_has_arrived_makes_the_parked_one_needless(
    shop: Shop, books: Books
) -> None:
    about = await books.complaint(external_id="c-1")
    await refused(shop, books, about, Status.VERIFIED)
    assert await overtaken(books) == [False]
    await books.promise(about, status=Status.CLOSED)
    assert await overtaken(books) == [True]
    await shop.relay(upstreams_of(Pushing())).drain()
    assert await overtaken(books) == [True]


async def test_what_somebody_else_was_told_makes_nothing_needless(
    shop: Shop, books: Books
) -> None:
    for number in ("c-1", "c-2"):
        about = await books.complaint(external_id=number)
        await refused(shop, books, about, Status.VERIFIED)
    assert await overtaken(books) == [False, False]


async def test_what_an_officer_wrote_is_sent_again_all_the_same(shop: Shop, books: Books) -> None:
    about = await books.complaint(external_id="c-1")
    note = "Sudah kami tambal."
    await refused(shop, books, about, Status.VERIFIED, Status.CLOSED, note=note)
    assert await overtaken(books) == [False, False]


async def test_what_was_promised_before_the_day_is_not_replayed(shop: Shop, books: Books) -> None:
    about = await books.complaint(external_id="c-1")
    await refused(shop, books, about, Status.VERIFIED)
    since = books.clock() + timedelta(seconds=1)
    async with books.database.reading() as connection:
        assert await parked(connection, connector="anywhere", since=since) == []
        assert await parked(connection, connector="elsewhere", since=None) == []
        assert len(await parked(connection, connector="anywhere", since=books.clock())) == 1
