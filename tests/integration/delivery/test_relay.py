"""How parcels flow: side by side, paced, with their attachments, and to a graceful stop."""

import asyncio
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from structlog.testing import capture_logs

from hub.contract import (
    Acknowledged,
    Addition,
    AttachmentRef,
    Delivery,
    Opening,
    Pace,
    Rejected,
    Report,
    Traits,
)
from hub.delivery.patience import FEWEST_TRIES
from hub.domain.status import Status
from hub.rows import Kind, State
from tests.fakes.books import Books, Known
from tests.fakes.shop import Shop
from tests.fakes.upstream import Pushing, Silent, upstreams_of

SECOND = timedelta(seconds=1)


@dataclass(frozen=True)
class Photo:
    """Where a photo is expected."""

    report_id: int
    file_id: int


async def photo_of(books: Books, about: Known) -> Photo:
    """The citizen sent a photo that is not fetched yet; its report and its file."""
    report = Report(key="r-1", external_id="r-1", said_at=books.clock(), text="Ini fotonya")
    refs = [AttachmentRef(ref="media-1", kind="image")]
    async with books.database.begin() as work:
        report_id = await work.reports.add(
            "whatsapp", report, at=books.clock(), person_id=None, complaint_id=about.complaint_id
        )
        assert report_id is not None
        await work.files.expect("whatsapp", report_id, refs, route=None, at=books.clock())
        (file,) = await work.files.of_reports([report_id])
    return Photo(report_id, file.id)


async def store(books: Books, photo: Photo) -> None:
    async with books.database.begin() as work:
        await work.files.stored(photo.file_id, path="ab/photo", media_type="image/jpeg", size=3)


async def test_a_slow_push_of_one_complaint_does_not_hold_up_another(
    shop: Shop, books: Books
) -> None:
    slow, quick = await books.complaint(), await books.complaint()
    served = asyncio.Event()

    class SlowForOne(Pushing):
        async def push(self, delivery: Delivery) -> Acknowledged:
            if delivery.ticket == slow.ticket:
                await served.wait()
            else:
                served.set()
            return await super().push(delivery)

    upstream = SlowForOne()
    await books.promise(slow)
    later_of_slow = await books.promise(slow)
    await books.promise(quick)
    relay = shop.relay(upstreams_of(upstream))
    await relay.step()
    await relay.step()
    await asyncio.wait_for(served.wait(), 10)
    assert await books.state(later_of_slow) == State.WAITING
    await relay.drain()
    assert upstream.tickets == [quick.ticket, slow.ticket, slow.ticket]


async def test_no_more_pushes_are_under_way_than_the_rules_allow(shop: Shop, books: Books) -> None:
    three_at_once = asyncio.Barrier(3)
    under_way = deepest = 0

    class Counting(Pushing):
        async def push(self, delivery: Delivery) -> Acknowledged:
            nonlocal under_way, deepest
            under_way += 1
            deepest = max(deepest, under_way)
            await three_at_once.wait()
            under_way -= 1
            return await super().push(delivery)

    for _ in range(6):
        await books.promise(await books.complaint())
    upstream = Counting()
    relay = shop.relay(upstreams_of(upstream), at_once=3)
    while await relay.step():
        pass
    await relay.drain()
    assert (deepest, len(upstream.deliveries)) == (3, 6)


async def test_news_of_one_complaint_arrives_in_the_order_it_happened(
    shop: Shop, books: Books
) -> None:
    about = await books.complaint(external_id="c-1")
    promised = [await books.promise(about) for _ in range(5)]
    upstream = Pushing()
    await shop.relay(upstreams_of(upstream)).drain()
    assert [delivery.parcel_id for delivery in upstream.deliveries] == promised


async def test_a_connector_that_takes_nothing_is_sent_nothing(shop: Shop, books: Books) -> None:
    parcel_id = await books.promise(await books.complaint())
    assert not await shop.relay(upstreams_of(Silent())).step()
    assert await books.state(parcel_id) == State.WAITING


async def test_a_graceful_finish_lets_a_push_under_way_arrive(shop: Shop, books: Books) -> None:
    parcel_id = await books.promise(await books.complaint())
    upstream = Pushing()
    upstream.gate.clear()
    relay = shop.relay(upstreams_of(upstream))
    await relay.step()
    await upstream.arrived.wait()
    finishing = asyncio.create_task(relay.finish())
    await asyncio.sleep(0)
    assert not finishing.done()
    upstream.gate.set()
    await finishing
    assert await books.state(parcel_id) == State.SETTLED


async def test_a_graceful_finish_releases_what_is_leased_but_not_begun(
    shop: Shop, books: Books
) -> None:
    parcels = [await books.promise(await books.complaint()) for _ in range(3)]
    upstream = Pushing()
    relay = shop.relay(upstreams_of(upstream))
    await relay.step()
    await relay.finish()
    for parcel in parcels:
        row = await books.row(parcel)
        assert (row["state"], row["attempts"]) == (State.WAITING, 0)
    assert upstream.deliveries == []
    assert not await relay.step()


async def test_what_is_leased_in_the_moment_of_the_stop_is_released_too(
    shop: Shop, books: Books
) -> None:
    parcel_id = await books.promise(await books.complaint())
    upstream = Pushing()
    relay = shop.relay(upstreams_of(upstream))
    stepping = asyncio.create_task(relay.step())
    await asyncio.sleep(0)
    await relay.finish()
    await stepping
    # The step itself has waited: nobody would wait for what it left behind.
    assert relay._under_way == set()
    row = await books.row(parcel_id)
    assert (row["state"], row["attempts"]) == (State.WAITING, 0)
    assert upstream.deliveries == []


async def test_the_whole_upstream_is_paced_and_no_attempt_is_counted_for_waiting(
    shop: Shop, books: Books
) -> None:
    upstream = Pushing(traits=Traits(title="Anywhere", pace=Pace(per_second=1)))
    parcels = [await books.promise(await books.complaint()) for _ in range(3)]
    relay = shop.relay(upstreams_of(upstream))
    sent = []
    for _ in range(3):
        await relay.drain()
        sent.append(len(upstream.deliveries))
        books.clock.pass_time(SECOND)
    assert sent == [1, 2, 3]
    assert [(await books.row(parcel))["attempts"] for parcel in parcels] == [1, 1, 1]


async def test_one_recipient_is_paced_while_another_is_served(shop: Shop, books: Books) -> None:
    pace = Pace(per_second=1e9, pair_interval=6 * SECOND, pair_burst=2)
    upstream = Pushing(traits=Traits(title="Anywhere", pace=pace))
    talkative, other = await books.person("628110000001"), await books.person("628110000002")
    for person_id in (talkative, talkative, talkative, other):
        await books.promise(await books.complaint(person_id=person_id))
    relay = shop.relay(upstreams_of(upstream))
    await relay.drain()
    served = [delivery.recipient for delivery in upstream.deliveries]
    assert sorted(str(recipient) for recipient in served) == [
        "{'phone': '628110000001'}", "{'phone': '628110000001'}", "{'phone': '628110000002'}",
    ]  # fmt: skip
    books.clock.pass_time(6 * SECOND)
    await relay.drain()
    assert upstream.deliveries[-1].recipient == {"phone": "628110000001"}


async def test_an_opening_waits_for_its_attachments_and_no_attempt_is_counted(
    shop: Shop, books: Books
) -> None:
    about = await books.complaint()
    photo = await photo_of(books, about)
    content = {"report_ids": [photo.report_id]}
    parcel_id = await books.promise(about, kind=Kind.OPENING, needed=True, content=content)
    upstream = Pushing()
    relay = shop.relay(upstreams_of(upstream))
    for _ in range(3):
        await relay.drain()
        books.clock.pass_time(shop.packing.files_come_in)
    assert (await books.row(parcel_id))["attempts"] == 0
    assert await books.attempts(parcel_id) == []
    await store(books, photo)
    await relay.drain()
    opening = upstream.deliveries[0].content
    assert isinstance(opening, Opening)
    assert [file.path for file in opening.files] == [shop.packing.folder / "ab/photo"]


async def test_an_opening_does_not_wait_for_ever(shop: Shop, books: Books) -> None:
    about = await books.complaint()
    photo = await photo_of(books, about)
    waiting = {"report_ids": [photo.report_id]}
    await books.promise(about, kind=Kind.OPENING, needed=True, content=waiting)
    upstream = Pushing()
    relay = shop.relay(upstreams_of(upstream))
    books.clock.pass_time(shop.packing.files_wait - SECOND)
    await relay.drain()
    assert upstream.deliveries == []
    books.clock.pass_time(shop.packing.files_come_in)
    await relay.drain()
    content = upstream.deliveries[0].content
    assert isinstance(content, Opening)
    assert content.files == ()


async def test_further_words_go_out_with_their_photo(shop: Shop, books: Books) -> None:
    about = await books.complaint(external_id="c-1")
    photo = await photo_of(books, about)
    await store(books, photo)
    await books.promise(about, kind=Kind.ADDITION, content={"report_ids": [photo.report_id]})
    upstream = Pushing()
    await shop.relay(upstreams_of(upstream)).drain()
    content = upstream.deliveries[0].content
    assert isinstance(content, Addition)
    assert (content.text, len(content.files)) == ("Ini fotonya", 1)


async def test_a_parcel_that_cannot_be_packed_is_retried_with_patience_and_then_shown(
    shop: Shop, books: Books
) -> None:
    about = await books.complaint(external_id="c-1")
    broken = await books.promise(about, kind=Kind.ADDITION, content={})
    other = await books.promise(await books.complaint())
    upstream = Pushing()
    relay = shop.relay(upstreams_of(upstream))
    with capture_logs():
        await relay.drain()
        row = await books.row(broken)
        assert (row["state"], row["code"]) == (State.WAITING, "bug_KeyError")
        assert row["due_at"] > books.clock()
        assert await books.state(other) == State.SETTLED
        for _ in range(FEWEST_TRIES):
            books.clock.pass_time(timedelta(days=7) / FEWEST_TRIES)
            await relay.drain()
    assert await books.state(broken) == State.ABANDONED
    assert [card["kind"] for card in await books.open_cards()] == ["parked"]


async def test_an_answer_that_cannot_be_written_down_becomes_a_doubt_when_the_lease_ends(
    shop: Shop, books: Books
) -> None:
    await books.complaint(external_id="9200001")
    opening = await books.promise(await books.complaint(), kind=Kind.OPENING, needed=True)
    other = await books.promise(await books.complaint())
    # Their number is another complaint's already: a unique key refuses to link it twice.
    upstream = Pushing("anywhere", Acknowledged("9200001"), Acknowledged("9200001"))
    with capture_logs() as logs:
        await shop.relay(upstreams_of(upstream)).drain()
    assert "delivery.not_recorded" in {log["event"] for log in logs}
    assert await books.state(other) == State.SETTLED
    now = books.clock.pass_time(minutes=5)
    async with books.database.begin() as work:
        await work.outbox.reclaim("anywhere", now=now, rest=timedelta())
    assert await books.state(opening) == State.DOUBT
    assert len(upstream.deliveries) == 2


async def test_a_late_refusal_of_what_a_person_dropped_opens_no_card(
    shop: Shop, books: Books
) -> None:
    upstream = Pushing("anywhere", Rejected("no"))
    upstream.gate.clear()
    parcel_id = await books.promise(await books.complaint())
    upstreams = upstreams_of(upstream)
    relay = shop.relay(upstreams)
    pushing = asyncio.create_task(relay.drain())
    await upstream.arrived.wait()
    async with books.database.begin() as work:
        await work.outbox.reclaim("anywhere", now=books.clock(), rest=timedelta(), all_leases=True)
    await shop.decide(upstreams).drop(parcel_id, who="Budi", why="not needed")
    upstream.gate.set()
    await pushing
    assert await books.state(parcel_id) == State.DROPPED
    assert await books.open_cards() == []


async def superseded(shop: Shop, books: Books, **older: Any) -> tuple[str, Pushing]:
    """An older status was refused, a newer one arrived; now a person replays the older one."""
    about = await books.complaint(external_id="c-1")
    old = await books.promise(about, status=Status.VERIFIED, **older)
    upstream = Pushing("anywhere", Rejected("no"))
    upstreams = upstreams_of(upstream)
    relay = shop.relay(upstreams)
    await relay.drain()
    newer = await books.promise(about, status=Status.CLOSED)
    await relay.drain()
    if not older.get("needed"):
        assert await books.state(newer) == State.SETTLED
    await shop.decide(upstreams).replay(old, who="Budi")
    await relay.drain()
    return old, upstream


async def test_old_news_is_not_sent_after_newer_news_has_arrived(shop: Shop, books: Books) -> None:
    old, upstream = await superseded(shop, books)
    assert await books.state(old) == State.DROPPED
    assert (await books.attempts(old))[-1] == ("ended", "superseded")
    assert len(upstream.deliveries) == 2


async def test_old_news_that_carries_an_officers_words_is_sent_all_the_same(
    shop: Shop, books: Books
) -> None:
    content = {"status": "verified", "at": books.clock().isoformat(), "note": "Sedang dicek"}
    old, upstream = await superseded(shop, books, content=content)
    assert await books.state(old) == State.SETTLED
    assert len(upstream.deliveries) == 3


async def test_where_every_step_is_needed_old_news_goes_first(shop: Shop, books: Books) -> None:
    old, upstream = await superseded(shop, books, needed=True)
    assert await books.state(old) == State.SETTLED
    contents = [delivery.content for delivery in upstream.deliveries[1:]]
    assert [getattr(content, "status", None) for content in contents] == ["verified", "closed"]
