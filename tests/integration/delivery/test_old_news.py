"""News that has been overtaken: dropped when it says nothing any more, told when somebody wrote it."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from hub.contract import Answer, Rejected, StatusNews, StatusUpdate, Traits
from hub.domain.status import Status
from hub.intake.accept import Accept
from hub.intake.gather import TurnRules
from hub.rows import Card, Kind, State
from hub.store import tables
from tests.fakes.books import Books, Known
from tests.fakes.shop import Shop
from tests.fakes.upstream import UNPACED, Pushing, upstreams_of
from tests.integration.intake.rows import rows_of

CHAT = Traits(title="Chat", pace=UNPACED, speaks_to_citizens=True)


async def overtaken(
    shop: Shop, books: Books, upstream: Pushing, **first: Any
) -> tuple[Known, str]:
    """A status that was parked, and after which a newer one has arrived."""
    about = await books.complaint(external_id="c-1")
    upstream.answers.append(Rejected("no"))
    parked = await books.promise(about, **first)
    relay = shop.relay(upstreams_of(upstream))
    await relay.drain()
    assert await books.state(parked) == State.ABANDONED
    await books.promise(about, status=Status.CLOSED)
    await relay.drain()
    return about, parked


async def replayed(shop: Shop, upstream: Pushing, parcel_id: str) -> None:
    upstreams = upstreams_of(upstream)
    await shop.decide(upstreams).replay(parcel_id, who="Rini")
    await shop.relay(upstreams).drain()


async def told(books: Books) -> Status | None:
    async with books.database.begin() as work:
        source = await work.complaints.source("anywhere", "c-1")
    assert source is not None
    return source.told


async def conflict(books: Books, about: Known) -> None:
    key = f"conflict:{about.ticket}:anywhere"
    async with books.database.begin() as work:
        card = Card(key=key, kind="conflict", text="berkata lain", next_step="pindahkan")
        await work.cards.open(card, at=books.clock())


async def test_a_bare_status_that_a_newer_one_has_overtaken_is_dropped_and_not_sent(
    shop: Shop, books: Books
) -> None:
    upstream = Pushing()
    _, parked = await overtaken(shop, books, upstream)
    await replayed(shop, upstream, parked)
    assert len(upstream.deliveries) == 2
    assert await books.state(parked) == State.DROPPED
    assert (await books.attempts(parked))[-1] == ("ended", "superseded")
    assert await told(books) is Status.CLOSED


async def test_what_somebody_wrote_is_sent_late_and_what_was_told_does_not_fall_back(
    shop: Shop, books: Books
) -> None:
    upstream = Pushing()
    at = books.clock().isoformat()
    content = {"status": "in_progress", "at": at, "note": "Alat berat dipesan."}
    about, parked = await overtaken(shop, books, upstream, content=content)
    await conflict(books, about)
    await replayed(shop, upstream, parked)
    assert await books.state(parked) == State.SETTLED
    assert upstream.deliveries[-1].content.note == "Alat berat dipesan."  # type: ignore[union-attr]
    assert await told(books) is Status.CLOSED
    assert len(await books.open_cards()) == 1, "old words put no conflict away"


async def test_old_words_go_with_the_status_of_now_and_not_with_their_own(
    shop: Shop, books: Books
) -> None:
    upstream = Pushing()
    at = books.clock().isoformat()
    content = {"status": "in_progress", "at": at, "note": "Alat berat dipesan."}
    about, parked = await overtaken(shop, books, upstream, content=content)
    async with books.database.begin() as work:
        complaint = await work.complaints.get(about.complaint_id)
        complaint.move_to(Status.CLOSED, at=books.clock(), origin="operator:Rini")
        await work.complaints.save(complaint, at=books.clock())
    await replayed(shop, upstream, parked)
    told_last = upstream.deliveries[-1].content
    assert isinstance(told_last, StatusUpdate)
    assert (told_last.status, told_last.note) == (Status.CLOSED, "Alat berat dipesan.")


async def test_where_every_step_is_needed_none_is_dropped(shop: Shop, books: Books) -> None:
    about = await books.complaint(external_id="c-1")
    upstream = Pushing("anywhere", Rejected("no"))
    needed = await books.promise(about, needed=True)
    relay = shop.relay(upstreams_of(upstream))
    await relay.drain()
    # A person has told them the newer status by hand.
    later = await books.promise(about, status=Status.CLOSED, needed=True)
    await shop.decide(upstreams_of(upstream)).found(later, external_id=None, who="Rini")
    await replayed(shop, upstream, needed)
    assert await books.state(needed) == State.SETTLED
    assert len(upstream.deliveries) == 2


async def test_a_status_that_only_a_parked_one_follows_is_sent(shop: Shop, books: Books) -> None:
    about = await books.complaint(external_id="c-1")
    upstream = Pushing("anywhere", Rejected("no"), Rejected("no"))
    first = await books.promise(about)
    await books.promise(about, status=Status.CLOSED)
    await shop.relay(upstreams_of(upstream)).drain()
    await replayed(shop, upstream, first)
    assert await books.state(first) == State.SETTLED


async def test_a_parked_status_does_not_set_back_what_they_show_by_themselves_since(
    shop: Shop, books: Books
) -> None:
    about = await books.complaint(external_id="c-1")
    upstream = Pushing("anywhere", Rejected("no"))
    parked = await books.promise(about, status=Status.VERIFIED)
    await shop.relay(upstreams_of(upstream)).drain()
    now = books.clock.pass_time(days=1)
    async with books.database.begin() as work:
        complaint = await work.complaints.get(about.complaint_id)
        complaint.move_to(Status.CLOSED, at=now, origin="anywhere")
        await work.complaints.save(complaint, at=now)
        source = await work.complaints.source_by_id(about.source_id)
        assert source is not None
        await work.complaints.save_source(replace(source, shown=Status.CLOSED, shown_at=now))
    # A replay promises it anew, with new patience, long after they went on.
    books.clock.pass_time(days=1)
    await replayed(shop, upstream, parked)
    assert len(upstream.deliveries) == 1
    assert await books.state(parked) == State.DROPPED


async def test_a_conflict_is_put_away_when_the_channel_has_been_told(
    shop: Shop, books: Books
) -> None:
    about = await books.complaint(external_id="c-1")
    await conflict(books, about)
    await books.promise(about, status=Status.CLOSED)
    await shop.relay(upstreams_of(Pushing())).drain()
    assert await books.open_cards() == []


async def test_a_conflict_stands_while_the_channel_refuses_to_be_told(
    shop: Shop, books: Books
) -> None:
    about = await books.complaint(external_id="c-1")
    await conflict(books, about)
    await books.promise(about, status=Status.CLOSED)
    await shop.relay(upstreams_of(Pushing("anywhere", Rejected("no")))).drain()
    assert {card["kind"] for card in await books.open_cards()} == {"conflict", "parked"}


@pytest.mark.parametrize(
    ("shows", "earlier"),
    [
        pytest.param(Status.IN_PROGRESS, timedelta(minutes=5), id="too_late"),
        pytest.param(Status.VERIFIED, timedelta(), id="not_allowed"),
    ],
)
async def test_an_officers_answer_in_news_that_moves_nothing_still_reaches_the_citizen(
    books: Books, shows: Status, earlier: timedelta
) -> None:
    chat, there = Pushing("chat", traits=CHAT), Pushing()
    upstreams = upstreams_of(chat, there)
    about = await books.complaint(external_id="c-1")
    now = books.clock.pass_time(minutes=10)
    async with books.database.begin() as work:
        await work.complaints.add_source(
            about.complaint_id, connector="chat", external_id="m-1", at=now, by="test"
        )
        complaint = await work.complaints.get(about.complaint_id)
        complaint.move_to(Status.CLOSED, at=now, origin="operator:Rini")
        await work.complaints.save(complaint, at=now)
    answer = Answer(id="a-1", text="Lampu sudah diganti.", at=now - earlier)
    news = StatusNews(
        key="s", external_id="c-1", theirs="?", status=shows, at=now - earlier, answers=(answer,)
    )
    accept = Accept(upstreams=upstreams, turns=TurnRules())
    async with books.database.begin() as work:
        outcome = await accept.take(work, "anywhere", news, at=now)
    assert outcome.word == ("late" if earlier else "conflict")
    sent = {row.connector: row for row in await rows_of(books.database, tables.parcels)}
    assert {name: row.kind for name, row in sent.items()} == {
        "chat": Kind.STATUS, "anywhere": Kind.STATUS,
    }  # fmt: skip
    assert sent["chat"].content["note"] == "Lampu sudah diganti."
    assert sent["anywhere"].content["note"] is None, "they wrote it; they hear what holds"
    for row in sent.values():
        assert row.content["status"] == Status.CLOSED, "the complaint itself has not moved"
