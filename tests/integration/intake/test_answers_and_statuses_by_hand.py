"""What people read off a channel, or bring in its answer file, proves only what it says."""

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from hub.domain.status import Status
from hub.intake.moves import Operator
from hub.intake.typed import Typed
from hub.rows import State
from hub.store import tables
from hub.store.desk import agreement
from tests.fakes.books import Books, Known, open_database
from tests.fakes.clock import SteppedClock
from tests.fakes.shop import Shop
from tests.fakes.upstream import Carried
from tests.integration.delivery.carried import RINI, answered, carried_by, opening, shows

UPSTREAMS = carried_by(Carried())


@pytest.fixture
async def books(database_url: str) -> AsyncIterator[Books]:
    database = open_database(database_url)
    yield Books(database, SteppedClock())
    await database.aclose()


@pytest.fixture
def shop(books: Books, tmp_path: Path) -> Shop:
    return Shop(books, tmp_path)


async def moved(shop: Shop, about: Known, status: Status, *, note: str | None = None) -> None:
    """An operator moves the complaint, and what there is to be carried is laid out."""
    shop.clock.pass_time(minutes=1)
    operator = Operator(begin=shop.begin, upstreams=UPSTREAMS, clock=shop.clock)
    await operator.move(about.ticket, status, note=note, reason=None, agency=None, who=RINI)
    await shop.hand_over(UPSTREAMS).drain()


async def the_parcel(books: Books) -> str:
    """The only one there is."""
    async with books.database.reading() as connection:
        return str((await connection.execute(select(tables.parcels.c.parcel_id))).scalar_one())


async def typed(shop: Shop, about: Known, word: str) -> str:
    """Rini types what the channel's page shows now; the page says no time."""
    reading = Typed(begin=shop.begin, upstreams=UPSTREAMS, clock=shop.clock)
    return await reading.status(about.ticket, "anywhere", word=word, note=None, at=None, who=RINI)


async def test_that_they_show_a_status_proves_nothing_of_the_words_that_go_with_it(
    shop: Shop, books: Books
) -> None:
    about = await books.complaint(external_id="X-1")
    shown_at = books.clock.pass_time(minutes=1)
    await shows(books, UPSTREAMS, "proses", at=shown_at)
    await moved(shop, about, Status.IN_PROGRESS, note="Alat berat datang besok.")
    parcel_id = await the_parcel(books)
    await shop.handwork(UPSTREAMS).take(parcel_id, who=RINI)
    books.clock.pass_time(minutes=1)
    await shows(books, UPSTREAMS, "proses", at=books.clock() - timedelta(seconds=90))
    await shows(books, UPSTREAMS, "proses", at=books.clock())
    assert await books.state(parcel_id) == State.HANDED


async def test_nobody_is_asked_to_set_a_channel_back_that_has_moved_on(
    shop: Shop, books: Books
) -> None:
    about = await books.complaint(external_id="X-1")
    await moved(shop, about, Status.IN_PROGRESS)
    parcel_id = await the_parcel(books)
    books.clock.pass_time(minutes=5)
    assert (await shows(books, UPSTREAMS, "selesai", at=books.clock())).word == "moved"
    assert await books.state(parcel_id) == State.DROPPED
    async with books.database.reading() as connection:
        assert (await agreement(connection)).agreeing == 1


async def test_words_that_wait_to_be_carried_are_carried_though_the_channel_has_moved_on(
    shop: Shop, books: Books
) -> None:
    about = await books.complaint(external_id="X-1")
    await moved(shop, about, Status.IN_PROGRESS, note="Alat berat datang besok.")
    parcel_id = await the_parcel(books)
    books.clock.pass_time(minutes=5)
    await shows(books, UPSTREAMS, "selesai", at=books.clock())
    assert await books.state(parcel_id) == State.HANDED


async def test_what_was_typed_without_its_time_outdates_nothing_that_the_channel_dates(
    shop: Shop, books: Books
) -> None:
    about = await books.complaint(external_id="X-1")
    closed_there = books.clock.pass_time(minutes=10)
    books.clock.pass_time(minutes=3)
    await typed(shop, about, "proses")
    books.clock.pass_time(hours=5)
    outcome = await shows(books, UPSTREAMS, "selesai", at=closed_there)
    assert outcome.word != "known", "their closing would be swallowed without a card"
    async with books.database.begin() as work:
        complaint = await work.complaints.get(about.complaint_id)
    is_shown = {card["kind"] for card in await books.open_cards()} == {"conflict"}
    assert complaint.status is Status.CLOSED or is_shown


async def test_a_channel_that_is_told_nothing_is_in_no_conflict(shop: Shop, books: Books) -> None:
    about = await books.complaint(external_id="X-1")
    async with books.database.begin() as work:
        await work.complaints.leave_out(about.source_id)
    earlier = books.clock.pass_time(minutes=5)
    books.clock.pass_time(minutes=5)
    await moved(shop, about, Status.FORWARDED)
    outcome = await shows(books, UPSTREAMS, "proses", at=earlier)
    assert outcome.word == "conflict"
    assert await books.open_cards() == []


async def test_a_row_about_a_follow_up_that_names_another_complaint_settles_nothing(
    shop: Shop, books: Books
) -> None:
    about = await books.complaint(external_id="X-1")
    parcel_id = await books.promise(about)
    await shop.hand_over(UPSTREAMS).drain()
    outcome = await answered(books, UPSTREAMS, parcel_id[:12], "X-999")
    assert outcome.word == "unreadable"
    assert "sudah tertaut sebagai X-1" in str(outcome.reason)
    assert await books.state(parcel_id) == State.HANDED
    assert (await answered(books, UPSTREAMS, parcel_id[:12], "X-1")).word == "linked"


async def test_an_answer_by_our_ticket_after_the_number_was_typed_is_known(
    shop: Shop, books: Books
) -> None:
    about, parcel_id = await opening(shop, books, UPSTREAMS)
    await shop.handwork(UPSTREAMS).done(parcel_id, number="X-1", who=RINI)
    assert (await answered(books, UPSTREAMS, about.ticket, "X-1")).word == "known"
