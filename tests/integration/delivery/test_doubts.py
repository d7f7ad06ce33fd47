"""Doubt: what may have arrived is looked for before it is sent again; where that fails, a person is asked."""

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest
from structlog.testing import capture_logs

from hub.contract import (
    Absent,
    Found,
    OutcomeUnknown,
    Throttled,
    Unauthorized,
    Unavailable,
    Unclear,
    Unreachable,
    UpstreamError,
)
from hub.domain.status import Status
from hub.rows import Kind, State
from tests.fakes.books import Books, Known
from tests.fakes.shop import Shop
from tests.fakes.upstream import Look, Pushing, Searchable, upstreams_of

MINUTE = timedelta(minutes=1)


async def doubtful(
    shop: Shop, books: Books, upstream: Pushing, *, kind: Kind = Kind.OPENING
) -> tuple[Known, str]:
    """A parcel whose push got no answer, rested enough to be looked for."""
    about = await books.complaint(external_id=None if kind is Kind.OPENING else "c-1")
    parcel_id = await books.promise(about, kind=kind, needed=kind is Kind.OPENING)
    upstream.answers.append(OutcomeUnknown("timeout"))
    await shop.relay(upstreams_of(upstream)).drain()
    assert await books.state(parcel_id) == State.DOUBT
    books.clock.pass_time(MINUTE)
    return about, parcel_id


async def look_until_absent(shop: Shop, books: Books, upstream: Searchable) -> None:
    """As often as it takes, each rest twice as long as the one before."""
    doubts = shop.doubts(upstreams_of(upstream))
    for rest in (0, 60, 120):
        books.clock.pass_time(seconds=rest)
        assert await doubts.step()
        assert not await doubts.step()


async def test_nothing_is_looked_for_before_it_has_rested(shop: Shop, books: Books) -> None:
    upstream = Searchable("anywhere", OutcomeUnknown("timeout"))
    await books.promise(await books.complaint())
    await shop.relay(upstreams_of(upstream)).drain()
    books.clock.pass_time(seconds=29)
    assert not await shop.doubts(upstreams_of(upstream)).step()
    books.clock.pass_time(seconds=1)
    assert await shop.doubts(upstreams_of(upstream)).step()
    assert len(upstream.sought) == 1


async def test_what_is_found_is_settled_and_linked(shop: Shop, books: Books) -> None:
    upstream = Searchable()
    about, parcel_id = await doubtful(shop, books, upstream)
    upstream.looks.append(Found("9200001"))
    await shop.doubts(upstreams_of(upstream)).step()
    assert await books.state(parcel_id) == State.SETTLED
    async with books.database.begin() as work:
        source = await work.complaints.source("anywhere", "9200001")
    assert source is not None
    assert (source.id, source.told) == (about.source_id, Status.RECEIVED)
    assert (await books.attempts(parcel_id))[-1] == ("readback", "settled")
    await shop.relay(upstreams_of(upstream)).drain()
    assert len(upstream.deliveries) == 1


async def test_what_is_looked_for_is_what_was_pushed(shop: Shop, books: Books) -> None:
    upstream = Searchable()
    await doubtful(shop, books, upstream)
    await shop.doubts(upstreams_of(upstream)).step()
    assert upstream.sought == upstream.deliveries


async def test_what_is_surely_absent_is_sent_again(shop: Shop, books: Books) -> None:
    upstream = Searchable()
    _, parcel_id = await doubtful(shop, books, upstream)
    await look_until_absent(shop, books, upstream)
    assert await books.state(parcel_id) == State.WAITING
    books.clock.pass_time(seconds=2)
    await shop.relay(upstreams_of(upstream)).drain()
    assert await books.state(parcel_id) == State.SETTLED
    assert await books.attempts(parcel_id) == [
        ("began", None), ("ended", "doubt"),
        ("readback", "not_yet"), ("readback", "not_yet"), ("readback", "absent"),
        ("began", None), ("ended", "settled"),
    ]  # fmt: skip


async def test_what_cannot_be_told_is_asked_of_a_person_with_one_card(
    shop: Shop, books: Books
) -> None:
    upstream = Searchable()
    about, parcel_id = await doubtful(shop, books, upstream)
    upstream.looks.append(Unclear("Daftar di sana kosong."))
    doubts = shop.doubts(upstreams_of(upstream))
    await doubts.step()
    books.clock.pass_time(days=1)
    assert not await doubts.step()
    (card,) = await books.open_cards()
    assert (card["kind"], card["parcel_id"]) == ("doubt", parcel_id)
    assert (card["complaint_id"], card["seen"]) == (about.complaint_id, 1)
    assert "Daftar di sana kosong." in card["text"]
    await shop.relay(upstreams_of(upstream)).drain()
    assert len(upstream.deliveries) == 1


async def test_an_upstream_that_cannot_be_asked_leaves_it_to_a_person(
    shop: Shop, books: Books
) -> None:
    upstream = Pushing()
    _, parcel_id = await doubtful(shop, books, upstream, kind=Kind.STATUS)
    await shop.doubts(upstreams_of(upstream)).step()
    assert (await books.row(parcel_id))["asks_person"]
    assert [card["kind"] for card in await books.open_cards()] == ["doubt"]


@pytest.mark.parametrize("error", [Unavailable("503"), Unreachable("no route"), KeyError("x")])
async def test_an_error_while_looking_postpones_the_look(
    shop: Shop, books: Books, error: Look
) -> None:
    upstream = Searchable()
    _, parcel_id = await doubtful(shop, books, upstream)
    upstream.looks.extend([error, Found("9200001")])
    doubts = shop.doubts(upstreams_of(upstream))
    with capture_logs():
        assert await doubts.step()
        assert not await doubts.step()
    assert await books.state(parcel_id) == State.DOUBT
    books.clock.pass_time(MINUTE)
    await doubts.step()
    assert await books.state(parcel_id) == State.SETTLED
    assert await books.open_cards() == []


@pytest.mark.parametrize("error", [Unauthorized("401"), Throttled("429")])
async def test_an_upstream_that_is_paused_is_not_asked(
    shop: Shop, books: Books, error: UpstreamError
) -> None:
    upstream = Searchable()
    await doubtful(shop, books, upstream)
    await doubtful(shop, books, upstream, kind=Kind.STATUS)
    upstream.looks.append(error)
    doubts = shop.doubts(upstreams_of(upstream))
    await doubts.step()
    asked = len(upstream.sought)
    assert not await doubts.step()
    assert len(upstream.sought) == asked


async def test_a_look_that_goes_well_puts_the_card_of_a_lost_upstream_away(
    shop: Shop, books: Books
) -> None:
    upstream = Searchable()
    await doubtful(shop, books, upstream)
    upstream.looks.extend([Unreachable("no route"), Found("9200001")])
    doubts = shop.doubts(upstreams_of(upstream))
    await doubts.step()
    assert [card["kind"] for card in await books.open_cards()] == ["lost"]
    books.clock.pass_time(MINUTE)
    await doubts.step()
    assert await books.open_cards() == []


@pytest.mark.parametrize(
    ("look", "is_back"),
    [
        pytest.param(Unclear("no list"), False, id="nobody was asked"),
        pytest.param(Unclear("not yet", may_show=True), True, id="may show later"),
        pytest.param(Absent(), True, id="absent"),
    ],
)
async def test_only_a_look_that_had_to_ask_there_says_that_the_upstream_is_back(
    shop: Shop, books: Books, look: Look, is_back: bool
) -> None:
    upstream = Searchable()
    await doubtful(shop, books, upstream)
    await shop.reach.failed("anywhere", Unreachable("no route"))
    upstream.looks.append(look)
    await shop.doubts(upstreams_of(upstream)).step()
    async with books.database.begin() as work:
        gate = await work.upstreams.gate("anywhere")
    assert (gate.lost_since is None) is is_back
    assert ("lost" not in {card["kind"] for card in await books.open_cards()}) is is_back


async def test_a_parcel_that_cannot_be_looked_for_holds_up_no_other(
    shop: Shop, books: Books
) -> None:
    upstream = Searchable()
    _, poisoned = await doubtful(shop, books, upstream)
    _, other = await doubtful(shop, books, upstream, kind=Kind.STATUS)
    upstream.looks.extend([KeyError("628110000001"), Found("f-1")])
    with capture_logs() as logs:
        await shop.doubts(upstreams_of(upstream)).step()
    assert await books.state(poisoned) == State.DOUBT
    assert await books.state(other) == State.SETTLED
    assert "628110000001" not in repr(logs)


@pytest.mark.parametrize("look", [Absent(), Unclear("cannot tell"), Unavailable("503")])
async def test_what_is_settled_while_the_upstream_is_asked_stays_settled(
    shop: Shop, books: Books, look: Look
) -> None:
    upstream = Searchable()
    _, parcel_id = await doubtful(shop, books, upstream)
    upstream.looks.append(look)
    upstream.gate.clear()
    looking = asyncio.create_task(shop.doubts(upstreams_of(upstream)).step())
    await upstream.asked.wait()
    async with books.database.begin() as work:
        await work.outbox.settle(parcel_id, external_id="9200001", at=books.clock())
    upstream.gate.set()
    await looking
    assert await books.state(parcel_id) == State.SETTLED
    assert await books.open_cards() == []
    await shop.relay(upstreams_of(upstream)).drain()
    assert len(upstream.deliveries) == 1


async def test_a_slow_look_says_nothing_about_a_later_attempt(shop: Shop, books: Books) -> None:
    upstream = Searchable()
    _, parcel_id = await doubtful(shop, books, upstream)
    upstream.looks.append(Absent())
    upstream.gate.clear()
    looking = asyncio.create_task(shop.doubts(upstreams_of(upstream)).step())
    await upstream.asked.wait()
    # Meanwhile a person had it sent again, and that push is in doubt as well.
    async with books.database.begin() as work:
        await work.outbox.again(parcel_id, when=State.DOUBT, now=books.clock(), fresh=True)
    parcel = await books.lease_one()
    await books.begin(parcel)
    async with books.database.begin() as work:
        now = books.clock()
        await work.outbox.doubt(parcel, until=now, code="timeout", detail="", at=now)
    upstream.gate.set()
    await looking
    assert await books.state(parcel_id) == State.DOUBT


async def test_what_is_absent_time_and_again_is_parked_when_patience_is_spent(
    shop: Shop, books: Books
) -> None:
    patience = replace(shop.rules.consequences.patience, tries=1)
    shop.rules = replace(
        shop.rules, consequences=replace(shop.rules.consequences, patience=patience)
    )
    upstream = Searchable()
    _, parcel_id = await doubtful(shop, books, upstream)
    books.clock.pass_time(days=7)
    await look_until_absent(shop, books, upstream)
    row = await books.row(parcel_id)
    assert (row["state"], row["code"]) == (State.ABANDONED, "spent")
    assert [card["kind"] for card in await books.open_cards()] == ["parked"]


async def test_what_could_not_be_looked_at_for_an_hour_is_shown_and_still_looked_for(
    shop: Shop, books: Books
) -> None:
    upstream = Searchable()
    _, parcel_id = await doubtful(shop, books, upstream)
    doubts = shop.doubts(upstreams_of(upstream))
    upstream.looks.extend([Unavailable("503"), Unavailable("503"), Found("9200001")])
    await doubts.step()
    assert await books.open_cards() == []
    books.clock.pass_time(hours=1)
    await doubts.step()
    (card,) = await books.open_cards()
    assert (card["kind"], card["parcel_id"]) == ("doubt", parcel_id)
    books.clock.pass_time(MINUTE)
    await doubts.step()
    assert await books.state(parcel_id) == State.SETTLED
    assert await books.open_cards() == []


async def test_a_number_found_that_is_another_complaints_is_asked_of_a_person(
    shop: Shop, books: Books
) -> None:
    await books.complaint(external_id="9200001")
    upstream = Searchable()
    _, parcel_id = await doubtful(shop, books, upstream)
    upstream.looks.append(Found("9200001"))
    await shop.doubts(upstreams_of(upstream)).step()
    row = await books.row(parcel_id)
    assert (row["state"], row["asks_person"]) == (State.DOUBT, True)
    (card,) = await books.open_cards()
    assert "9200001" in card["text"]


async def test_later_news_of_a_doubtful_complaint_waits_until_it_is_found(
    shop: Shop, books: Books
) -> None:
    upstream = Searchable()
    about, _ = await doubtful(shop, books, upstream)
    later = await books.promise(about)
    relay = shop.relay(upstreams_of(upstream))
    await relay.drain()
    assert await books.state(later) == State.WAITING
    upstream.looks.append(Found("9200001"))
    await shop.doubts(upstreams_of(upstream)).step()
    await relay.drain()
    assert await books.state(later) == State.SETTLED
    assert upstream.deliveries[-1].external_id == "9200001"
