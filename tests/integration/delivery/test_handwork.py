"""What people carry: laid out, taken by one of them, brought back with a number, a refusal or not at all."""

import pytest

from hub.contract import Unmapped
from hub.delivery.decide import DecisionRefused
from hub.delivery.handwork import LooksOdd
from hub.domain.status import Status
from hub.rows import Kind, State
from hub.store.tables import links
from tests.fakes.books import Books, Known
from tests.fakes.shop import Shop
from tests.fakes.upstream import Carried, upstreams_of

RINI, BUDI = "Rini", "Budi"


async def laid_out(
    shop: Shop, books: Books, upstream: Carried, *, kind: Kind = Kind.OPENING
) -> tuple[Known, str]:
    """A parcel that waits to be carried."""
    about = await books.complaint(external_id=None if kind is Kind.OPENING else "X-1")
    parcel_id = await books.promise(about, kind=kind, needed=kind is Kind.OPENING)
    await shop.hand_over(upstreams_of(upstream)).drain()
    return about, parcel_id


async def test_what_is_due_is_laid_out_and_nothing_is_pushed(shop: Shop, books: Books) -> None:
    upstream = Carried()
    about, parcel_id = await laid_out(shop, books, upstream)
    assert await books.state(parcel_id) == State.HANDED
    laid = await shop.handwork(upstreams_of(upstream)).lay(parcel_id)
    assert laid.slip is not None
    assert laid.slip.wants_number
    assert about.ticket in laid.slip.entries[0].text
    assert upstream.deliveries == []


async def test_the_number_typed_back_links_the_complaint(shop: Shop, books: Books) -> None:
    upstream = Carried()
    about, parcel_id = await laid_out(shop, books, upstream)
    handwork = shop.handwork(upstreams_of(upstream))
    await handwork.take(parcel_id, who=RINI)
    await handwork.done(parcel_id, number=" x-17 ", who=RINI)
    assert await books.state(parcel_id) == State.SETTLED
    async with books.database.begin() as work:
        source = await work.complaints.source("anywhere", "X-17")
    assert source is not None
    assert source.id == about.source_id
    assert await books.attempts(parcel_id) == [
        ("handed", "laid_out"), ("person", "taken"), ("person", "settled"),
    ]  # fmt: skip


async def test_two_operators_never_carry_the_same_parcel(shop: Shop, books: Books) -> None:
    upstream = Carried()
    _, parcel_id = await laid_out(shop, books, upstream)
    handwork = shop.handwork(upstreams_of(upstream))
    await handwork.take(parcel_id, who=RINI)
    with pytest.raises(DecisionRefused, match=RINI):
        await handwork.take(parcel_id, who=BUDI)
    with pytest.raises(DecisionRefused, match=RINI):
        await handwork.done(parcel_id, number="X-1", who=BUDI)
    await handwork.put_back(parcel_id, who=RINI, why="pulang")
    await handwork.take(parcel_id, who=BUDI)


async def test_a_number_that_looks_wrong_is_asked_about_and_kept_if_it_is_so(
    shop: Shop, books: Books
) -> None:
    upstream = Carried()
    _, parcel_id = await laid_out(shop, books, upstream)
    handwork = shop.handwork(upstreams_of(upstream))
    with pytest.raises(LooksOdd, match="tidak lazim"):
        await handwork.done(parcel_id, number="4711", who=RINI)
    assert await books.state(parcel_id) == State.HANDED
    await handwork.done(parcel_id, number="4711", who=RINI, is_sure=True)
    assert (await books.row(parcel_id))["external_id"] == "4711"


async def test_a_number_that_belongs_to_another_complaint_is_refused(
    shop: Shop, books: Books
) -> None:
    upstream = Carried()
    other = await books.complaint(external_id="X-9")
    _, parcel_id = await laid_out(shop, books, upstream)
    with pytest.raises(DecisionRefused, match=other.ticket):
        await shop.handwork(upstreams_of(upstream)).done(parcel_id, number="X-9", who=RINI)


async def test_what_they_refused_is_parked_with_their_reason(shop: Shop, books: Books) -> None:
    upstream = Carried()
    _, parcel_id = await laid_out(shop, books, upstream)
    await shop.handwork(upstreams_of(upstream)).refused(
        parcel_id, why="Bukan jalan provinsi.", who=RINI
    )
    row = await books.row(parcel_id)
    assert (row["state"], row["code"]) == (State.ABANDONED, "refused_there")
    (card,) = await books.open_cards()
    assert "Bukan jalan provinsi." in card["text"]


async def test_where_a_complaint_is_not_opened_nothing_waits_for_it(
    shop: Shop, books: Books
) -> None:
    upstream = Carried()
    about, parcel_id = await laid_out(shop, books, upstream)
    behind = await books.promise(about)
    upstreams = upstreams_of(upstream)
    await shop.handwork(upstreams).refused(parcel_id, why="Bukan wewenang.", who=RINI)
    await shop.decide(upstreams).drop(parcel_id, who=RINI, why="memang bukan")
    assert await books.state(behind) == State.DROPPED
    async with books.database.begin() as work:
        source = await work.complaints.source_by_id(about.source_id)
    assert source is not None
    assert not source.listens


async def test_news_of_a_complaint_is_laid_out_after_its_opening_is_there(
    shop: Shop, books: Books
) -> None:
    upstream = Carried()
    about, opening = await laid_out(shop, books, upstream)
    status = await books.promise(about)
    upstreams = upstreams_of(upstream)
    await shop.hand_over(upstreams).drain()
    assert await books.state(status) == State.WAITING
    await shop.handwork(upstreams).done(opening, number="X-1", who=RINI)
    await shop.hand_over(upstreams).drain()
    assert await books.state(status) == State.HANDED


async def test_what_the_mapping_lacks_is_parked_and_shown(shop: Shop, books: Books) -> None:
    upstream = Carried(lacks=Unmapped("category 'rob'"))
    _, parcel_id = await laid_out(shop, books, upstream)
    assert await books.state(parcel_id) == State.ABANDONED
    upstream.lacks = None
    upstreams = upstreams_of(upstream)
    await shop.decide(upstreams).replay(parcel_id, who=RINI)
    await shop.hand_over(upstreams).drain()
    assert await books.state(parcel_id) == State.HANDED


async def test_a_bare_status_is_overtaken_by_a_newer_one_that_nobody_has_begun_to_carry(
    shop: Shop, books: Books
) -> None:
    upstream = Carried()
    about, bare = await laid_out(shop, books, upstream, kind=Kind.STATUS)
    with_words = await books.promise(
        about,
        content={"status": Status.IN_PROGRESS, "at": books.clock().isoformat(), "note": "Besok."},
    )
    async with books.database.begin() as work:
        await work.hands.overtake(about.source_id, at=books.clock())
    assert await books.state(bare) == State.DROPPED
    assert await books.state(with_words) == State.WAITING


async def test_a_wrong_number_is_corrected_and_the_old_one_stays_written_down(
    shop: Shop, books: Books
) -> None:
    upstream = Carried()
    about, parcel_id = await laid_out(shop, books, upstream)
    handwork = shop.handwork(upstreams_of(upstream))
    await handwork.done(parcel_id, number="X-71", who=RINI)
    await handwork.correct(
        about.ticket, "anywhere", number="X-17", why="angkanya tertukar", who=BUDI
    )
    async with books.database.reading() as connection:
        rows = (await connection.execute(links.select().order_by(links.c.id))).all()
    assert [(row.before, row.after, row.who) for row in rows] == [
        (None, "X-71", RINI), ("X-71", "X-17", BUDI),
    ]  # fmt: skip
    async with books.database.begin() as work:
        assert await work.complaints.source("anywhere", "X-71") is None
        assert await work.complaints.source("anywhere", "X-17") is not None
