"""What the relay does with each answer of an upstream: exactly what the failure says."""

import asyncio
from contextlib import suppress
from datetime import timedelta

import pytest
from structlog.testing import capture_logs

from hub.contract import (
    Acknowledged,
    Held,
    NotFound,
    OutcomeUnknown,
    PairThrottled,
    Rejected,
    Throttled,
    Traits,
    Unauthorized,
    Unavailable,
    Unmapped,
    Unreachable,
    Unsendable,
    UpstreamError,
    WindowClosed,
)
from hub.delivery.patience import FEWEST_TRIES
from hub.domain.status import Status
from hub.rows import Kind, State
from hub.store.database import Collided
from tests.fakes.books import Books
from tests.fakes.shop import Shop
from tests.fakes.upstream import UNPACED, Answer, Pushing, upstreams_of

SECOND = timedelta(seconds=1)
NUMBER = "628110000001"


async def test_an_acknowledged_status_is_settled_and_the_source_has_been_told(
    shop: Shop, books: Books
) -> None:
    upstream = Pushing("anywhere", Acknowledged("f-77"))
    about = await books.complaint(external_id="9200001")
    parcel_id = await books.promise(about, status=Status.IN_PROGRESS)
    await shop.relay(upstreams_of(upstream)).drain()
    row = await books.row(parcel_id)
    assert (row["state"], row["external_id"]) == (State.SETTLED, "f-77")
    assert await books.attempts(parcel_id) == [("began", None), ("ended", "settled")]
    (delivery,) = upstream.deliveries
    assert (delivery.ticket, delivery.external_id) == (about.ticket, "9200001")
    async with books.database.begin() as work:
        source = await work.complaints.source("anywhere", "9200001")
    assert source is not None
    assert (source.told, source.disagrees) == (Status.IN_PROGRESS, None)


async def test_an_acknowledged_opening_links_the_source_to_their_number(
    shop: Shop, books: Books
) -> None:
    about = await books.complaint()
    await books.promise(about, kind=Kind.OPENING, needed=True)
    upstream = Pushing("anywhere", Acknowledged("9200001"))
    await shop.relay(upstreams_of(upstream)).drain()
    async with books.database.begin() as work:
        source = await work.complaints.source("anywhere", "9200001")
    assert source is not None
    assert (source.id, source.told) == (about.source_id, Status.RECEIVED)


@pytest.mark.parametrize("error", [Unreachable("no route"), Unavailable("503")])
async def test_a_retry_waits_for_its_patience_and_then_arrives(
    shop: Shop, books: Books, error: UpstreamError
) -> None:
    upstream = Pushing("anywhere", error)
    parcel_id = await books.promise(await books.complaint())
    relay = shop.relay(upstreams_of(upstream))
    await relay.drain()
    row = await books.row(parcel_id)
    assert (row["state"], row["code"]) == (State.WAITING, error.code)
    assert row["due_at"] == books.clock() + 2 * SECOND
    books.clock.pass_time(seconds=2)
    await relay.drain()
    assert await books.state(parcel_id) == State.SETTLED
    assert await books.attempts(parcel_id) == [
        ("began", None), ("ended", "retry"), ("began", None), ("ended", "settled"),
    ]  # fmt: skip


async def test_retry_after_is_honoured(shop: Shop, books: Books) -> None:
    wait = timedelta(minutes=9)
    upstream = Pushing("anywhere", Unavailable("503", retry_after=wait))
    parcel_id = await books.promise(await books.complaint())
    relay = shop.relay(upstreams_of(upstream))
    await relay.drain()
    assert (await books.row(parcel_id))["due_at"] >= books.clock() + wait
    books.clock.pass_time(wait - SECOND)
    await relay.drain()
    assert len(upstream.deliveries) == 1
    books.clock.pass_time(wait)
    await relay.drain()
    assert len(upstream.deliveries) == 2


async def test_throttling_pauses_the_whole_connector_without_a_card(
    shop: Shop, books: Books
) -> None:
    upstream = Pushing("anywhere", Throttled("429", retry_after=60 * SECOND))
    relay = shop.relay(upstreams_of(upstream))
    await books.promise(await books.complaint())
    await relay.drain()
    other = await books.promise(await books.complaint())
    books.clock.pass_time(seconds=59)
    await relay.drain()
    assert await books.state(other) == State.WAITING
    assert await books.open_cards() == []
    books.clock.pass_time(seconds=60)
    await relay.drain()
    assert await books.state(other) == State.SETTLED
    assert len(upstream.deliveries) == 3


async def test_throttling_of_one_recipient_holds_up_nobody_else(shop: Shop, books: Books) -> None:
    upstream = Pushing("anywhere", PairThrottled("131056"))
    relay = shop.relay(upstreams_of(upstream))
    slowed = await books.promise(await books.complaint())
    await relay.drain()
    other = await books.promise(await books.complaint())
    await relay.drain()
    assert await books.state(slowed) == State.WAITING
    assert await books.state(other) == State.SETTLED


@pytest.mark.parametrize("error", [Unauthorized("401"), Held("unpaid")])
async def test_a_pause_opens_one_card_however_often_it_happens_and_closes_it_on_return(
    shop: Shop, books: Books, error: UpstreamError
) -> None:
    upstream = Pushing("anywhere", *[error] * 6)
    relay = shop.relay(upstreams_of(upstream))
    parcels = [await books.promise(await books.complaint()) for _ in range(3)]
    # After a pause one goes ahead and finds out; the others wait for what it learns.
    for seen in (3, 4, 5, 6):
        await relay.drain()
        await relay.drain()
        (card,) = await books.open_cards()
        assert (card["kind"], card["connector"]) == ("paused", "anywhere")
        assert card["seen"] == len(upstream.deliveries) == seen
        books.clock.pass_time(minutes=1)
    await relay.drain()
    assert [await books.state(parcel) for parcel in parcels] == [State.SETTLED] * 3
    assert await books.open_cards() == []


async def test_while_it_is_paused_nothing_is_sent(shop: Shop, books: Books) -> None:
    upstream = Pushing("anywhere", Unauthorized("401"))
    relay = shop.relay(upstreams_of(upstream))
    await books.promise(await books.complaint())
    await relay.drain()
    books.clock.pass_time(seconds=59)
    await books.promise(await books.complaint())
    await relay.drain()
    assert len(upstream.deliveries) == 1


async def test_an_upstream_that_goes_is_shown_once_and_put_away_when_it_is_back(
    shop: Shop, books: Books
) -> None:
    upstream = Pushing("anywhere", *[Unreachable("no route")] * 2)
    relay = shop.relay(upstreams_of(upstream))
    await books.promise(await books.complaint())
    with capture_logs() as logs:
        for _ in range(2):
            await relay.drain()
            (card,) = await books.open_cards()
            assert (card["kind"], card["seen"]) == ("lost", 1)
            books.clock.pass_time(minutes=1)
        await relay.drain()
    assert await books.open_cards() == []
    events = [log["event"] for log in logs if log["event"].startswith("upstream.")]
    assert events == ["upstream.lost", "upstream.back"]


@pytest.mark.parametrize(
    "error", [Rejected("no"), NotFound("404"), Unsendable("too long"), Unmapped("status")]
)
async def test_a_refusal_is_parked_with_a_card_and_the_next_news_goes(
    shop: Shop, books: Books, error: UpstreamError
) -> None:
    about = await books.complaint(external_id="9200001")
    refused, later = await books.promise(about), await books.promise(about)
    await shop.relay(upstreams_of(Pushing("anywhere", error))).drain()
    assert await books.state(refused) == State.ABANDONED
    assert await books.state(later) == State.SETTLED
    (card,) = await books.open_cards()
    assert (card["kind"], card["parcel_id"]) == ("parked", refused)
    assert card["complaint_id"] == about.complaint_id
    assert await books.attempts(refused) == [("began", None), ("ended", "give_up")]


async def test_an_unknown_outcome_is_a_doubt_and_is_not_sent_again(
    shop: Shop, books: Books
) -> None:
    upstream = Pushing("anywhere", OutcomeUnknown("timeout"))
    parcel_id = await books.promise(await books.complaint())
    relay = shop.relay(upstreams_of(upstream))
    await relay.drain()
    books.clock.pass_time(days=1)
    await relay.drain()
    assert await books.state(parcel_id) == State.DOUBT
    assert len(upstream.deliveries) == 1


async def test_a_doubt_rests_as_long_as_a_receipt_may_still_come(shop: Shop, books: Books) -> None:
    traits = Traits(title="Anywhere", pace=UNPACED, receipt_within=timedelta(minutes=10))
    upstream = Pushing("anywhere", OutcomeUnknown("timeout"), traits=traits)
    parcel_id = await books.promise(await books.complaint())
    await shop.relay(upstreams_of(upstream)).drain()
    assert (await books.row(parcel_id))["due_at"] == books.clock() + traits.receipt_within


async def test_spent_patience_parks_a_parcel_after_seven_days_and_a_replay_starts_anew(
    shop: Shop, books: Books
) -> None:
    upstream = Pushing("anywhere", *[Unavailable("503")] * (FEWEST_TRIES + 1))
    upstreams = upstreams_of(upstream)
    relay = shop.relay(upstreams)
    parcel_id = await books.promise(await books.complaint())
    ends = books.clock() + timedelta(days=7)
    for _ in range(FEWEST_TRIES - 1):
        await relay.drain()
        books.clock.pass_time(hours=1)
    books.clock.pass_time(ends - SECOND - books.clock())
    await relay.drain()
    assert await books.state(parcel_id) == State.WAITING
    books.clock.pass_time(hours=1)
    await relay.drain()
    row = await books.row(parcel_id)
    assert (row["state"], row["code"]) == (State.ABANDONED, "spent")
    assert sorted(card["kind"] for card in await books.open_cards()) == ["lost", "parked"]
    await shop.decide(upstreams).replay(parcel_id, who="Budi")
    books.clock.pass_time(minutes=1)
    await relay.drain()
    assert await books.state(parcel_id) == State.SETTLED
    assert await books.open_cards() == []


async def test_a_closed_window_is_told_to_the_next_attempt(shop: Shop, books: Books) -> None:
    traits = Traits(title="Anywhere", pace=UNPACED, conversation_window=timedelta(hours=24))
    upstream = Pushing("anywhere", WindowClosed("131047"), traits=traits)
    person_id = await books.person(NUMBER)
    await books.promise(await books.complaint(person_id=person_id))
    relay = shop.relay(upstreams_of(upstream))
    await relay.drain()
    books.clock.pass_time(seconds=2)
    await relay.drain()
    first, second = upstream.deliveries
    assert first.conversation_open
    assert not second.conversation_open
    assert first.recipient == second.recipient == {"phone": NUMBER}


async def test_the_window_is_counted_from_the_citizens_own_last_word(
    shop: Shop, books: Books
) -> None:
    traits = Traits(title="Anywhere", pace=UNPACED, conversation_window=timedelta(hours=24))
    upstream = Pushing(traits=traits)
    about = await books.complaint(person_id=await books.person(NUMBER))
    relay = shop.relay(upstreams_of(upstream))
    books.clock.pass_time(timedelta(hours=24) - SECOND)
    await books.promise(about)
    await relay.drain()
    books.clock.pass_time(SECOND)
    await books.promise(about)
    await relay.drain()
    await books.person(NUMBER)
    await books.promise(about)
    await relay.drain()
    assert [delivery.conversation_open for delivery in upstream.deliveries] == [True, False, True]


async def test_a_bug_in_a_connector_is_a_doubt_and_no_crash(shop: Shop, books: Books) -> None:
    upstream = Pushing("anywhere", KeyError("Ibu Siti, 628110000001"))
    parcel_id = await books.promise(await books.complaint())
    relay = shop.relay(upstreams_of(upstream))
    with capture_logs() as logs:
        await relay.drain()
    other = await books.promise(await books.complaint())
    await relay.drain()
    row = await books.row(parcel_id)
    assert (row["state"], row["code"]) == (State.DOUBT, "bug_KeyError")
    assert await books.state(other) == State.SETTLED
    # The exception quotes a citizen; the log and the record must not.
    assert "delivery.bug" in {log["event"] for log in logs}
    assert "Siti" not in repr(logs)
    assert "Siti" not in repr(row)


async def test_a_hanging_push_ends_in_doubt(shop: Shop, books: Books) -> None:
    upstream = Pushing()
    upstream.gate.clear()
    parcel_id = await books.promise(await books.complaint())
    await shop.relay(upstreams_of(upstream), longest_push=0.01).drain()
    row = await books.row(parcel_id)
    assert (row["state"], row["code"]) == (State.DOUBT, "outcome_unknown")


@pytest.mark.parametrize(
    "answer", [Unreachable("no route"), Rejected("no"), OutcomeUnknown("timeout")]
)
async def test_a_receipt_that_settles_while_the_answer_is_on_its_way_stands(
    shop: Shop, books: Books, answer: Answer
) -> None:
    upstream = Pushing("anywhere", answer)
    upstream.gate.clear()
    parcel_id = await books.promise(await books.complaint())
    relay = shop.relay(upstreams_of(upstream))
    pushing = asyncio.create_task(relay.drain())
    await upstream.arrived.wait()
    async with books.database.begin() as work:
        await work.outbox.settle(parcel_id, external_id="wamid.1", at=books.clock())
    upstream.gate.set()
    await pushing
    assert await books.state(parcel_id) == State.SETTLED
    assert "parked" not in {card["kind"] for card in await books.open_cards()}
    books.clock.pass_time(days=1)
    await relay.drain()
    assert len(upstream.deliveries) == 1


async def test_an_answer_with_letters_no_database_keeps_is_written_down_all_the_same(
    shop: Shop, books: Books
) -> None:
    upstream = Pushing("anywhere", Rejected("broken \x00 page \ud83d"))
    parcel_id = await books.promise(await books.complaint())
    await shop.relay(upstreams_of(upstream)).drain()
    assert await books.state(parcel_id) == State.ABANDONED


async def test_every_attempt_is_logged_once_with_its_facts_and_no_citizen(
    shop: Shop, books: Books
) -> None:
    about = await books.complaint(person_id=await books.person(NUMBER))
    parcel_id = await books.promise(about)
    with capture_logs() as logs:
        await shop.relay(upstreams_of(Pushing())).drain()
    (log,) = [log for log in logs if log["event"] == "delivery.attempted"]
    assert log["parcel_id"] == parcel_id
    assert (log["attempt"], log["outcome"], log["code"]) == (1, "settled", None)
    assert (log["connector"], log["kind"]) == ("anywhere", "status")
    assert NUMBER not in repr(logs)
    assert "Lampu" not in repr(logs)


async def test_a_notice_that_cannot_be_sent_is_let_go_without_a_card(
    shop: Shop, books: Books
) -> None:
    about = await books.complaint(person_id=await books.person(NUMBER))
    parcel_id = await books.promise(about, kind=Kind.NOTICE)
    await shop.relay(upstreams_of(Pushing("anywhere", Unsendable("window closed")))).drain()
    assert await books.state(parcel_id) == State.DROPPED
    assert await books.open_cards() == []


async def test_an_answer_is_not_lost_to_a_collision_while_it_is_written_down(
    shop: Shop, books: Books
) -> None:
    about = await books.complaint(external_id="c-1")
    parcel_id = await books.promise(about)
    upstream = Pushing()
    upstream.gate.clear()
    relay = shop.relay(upstreams_of(upstream))
    pushing = asyncio.create_task(relay.drain())
    await upstream.arrived.wait()
    # An inspection holds the complaint and then wants the parcel; the relay wants them the
    # other way round. PostgreSQL ends one of the two.
    with suppress(Collided):
        async with books.database.begin() as work:
            await work.complaints.get(about.complaint_id)
            upstream.gate.set()
            await asyncio.sleep(0.2)
            await work.outbox.get(parcel_id)
    await pushing
    assert await books.state(parcel_id) == State.SETTLED
    assert await books.attempts(parcel_id) == [("began", None), ("ended", "settled")]
