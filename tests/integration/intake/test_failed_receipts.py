"""A message that was accepted and then failed: sent again within bounds, held, or parked."""

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from hub.contract import (
    Held,
    Receipt,
    ReceiptState,
    Rejected,
    Traits,
    Unavailable,
    UpstreamError,
    WindowClosed,
)
from hub.contract.news import Person
from hub.intake.accept import Accept
from hub.intake.gather import TurnRules
from hub.intake.receipts import MOST_SENDS
from hub.rows import State
from tests.fakes.books import Books, open_database
from tests.fakes.clock import SteppedClock
from tests.fakes.shop import Shop
from tests.fakes.upstream import UNPACED, Pushing, upstreams_of

CHAT = Traits(
    title="Chat", pace=UNPACED, speaks_to_citizens=True, conversation_window=timedelta(hours=24)
)
DEBT = Held("Pembayaran bermasalah", code="131042")
CLOSED = WindowClosed("lebih dari 24 jam", code="131047")


class Chat:
    """A chat channel that accepts everything and then tells what became of it."""

    def __init__(self, shop: Shop) -> None:
        self.shop, self.books = shop, shop.books
        self.channel = Pushing("chat", traits=CHAT)
        upstreams = upstreams_of(self.channel)
        self.accept = Accept(upstreams=upstreams, turns=TurnRules())
        self.relay = shop.relay(upstreams, "chat")
        self.count = 0

    async def sends(self, *, after: timedelta = timedelta()) -> None:
        self.books.clock.pass_time(after)
        await self.relay.drain()

    async def promised(self) -> str:
        """A message to a new citizen; its parcel."""
        self.count += 1
        user, now = f"ID.{self.count}", self.books.clock()
        person = Person(aliases=(f"user:{user}",), address={"user_id": user})
        async with self.books.database.begin() as work:
            person_id = await work.people.know("chat", person, at=now, heard_at=now)
        about = await self.books.complaint(
            connector="chat", external_id=f"m-{self.count}", person_id=person_id
        )
        return await self.books.promise(about, connector="chat")

    async def failed(self, parcel_id: str, error: UpstreamError) -> None:
        """Its present message is reported as failed."""
        external_id = (await self.row(parcel_id))["external_id"]
        receipt = Receipt(
            key=f"{external_id}:failed", external_id=external_id, state=ReceiptState.FAILED,
            at=self.books.clock(), parcel_id=parcel_id, error=error,
        )  # fmt: skip
        async with self.books.database.begin() as work:
            await self.accept.take(work, "chat", receipt, at=self.books.clock())

    async def row(self, parcel_id: str) -> dict[str, Any]:
        return await self.books.row(parcel_id)


@pytest.fixture
async def chat(database_url: str, tmp_path: Path) -> AsyncIterator[Chat]:
    database = open_database(database_url)
    yield Chat(Shop(Books(database, SteppedClock()), tmp_path))
    await database.aclose()


async def test_what_fails_after_it_was_accepted_is_sent_six_times_in_all_and_then_parked(
    chat: Chat,
) -> None:
    parcel_id = await chat.promised()
    await chat.sends()
    for sent in range(1, MOST_SENDS + 1):
        row = await chat.row(parcel_id)
        assert (row["state"], len(chat.channel.deliveries)) == (State.SETTLED, sent)
        await chat.failed(parcel_id, Unavailable("coba lagi", code="131000"))
        await chat.sends(after=timedelta(minutes=2))
    assert len(chat.channel.deliveries) == MOST_SENDS == 6
    row = await chat.row(parcel_id)
    assert (row["state"], row["code"]) == (State.ABANDONED, "131000")
    (card,) = await chat.books.open_cards()
    assert (card["kind"], card["parcel_id"]) == ("parked", parcel_id)


async def test_between_two_sends_some_time_passes(chat: Chat) -> None:
    parcel_id = await chat.promised()
    await chat.sends()
    await chat.failed(parcel_id, Unavailable("coba lagi", code="131000"))
    await chat.sends(after=timedelta(seconds=59))
    assert len(chat.channel.deliveries) == 1
    await chat.sends(after=timedelta(seconds=1))
    assert len(chat.channel.deliveries) == 2


async def test_what_the_citizen_may_not_get_at_all_is_not_sent_again(chat: Chat) -> None:
    parcel_id = await chat.promised()
    await chat.sends()
    await chat.failed(parcel_id, Rejected("nomor tidak terdaftar", code="131026"))
    await chat.sends(after=timedelta(days=1))
    assert len(chat.channel.deliveries) == 1
    assert (await chat.row(parcel_id))["state"] == State.ABANDONED


async def test_a_closed_window_is_answered_with_one_template_and_a_second_refusal_parks_it(
    chat: Chat,
) -> None:
    parcel_id = await chat.promised()
    await chat.sends()
    await chat.failed(parcel_id, CLOSED)
    await chat.sends()
    assert [each.conversation_open for each in chat.channel.deliveries] == [True, False]
    assert await chat.books.open_cards() == []
    await chat.failed(parcel_id, CLOSED)
    await chat.sends(after=timedelta(days=1))
    assert len(chat.channel.deliveries) == 2
    row = await chat.row(parcel_id)
    assert (row["state"], row["code"]) == (State.ABANDONED, "131047")
    assert [card["kind"] for card in await chat.books.open_cards()] == ["parked"]


async def test_an_unpaid_bill_holds_the_channel_with_one_card_and_keeps_every_message(
    chat: Chat,
) -> None:
    parcels = [await chat.promised() for _ in range(5)]
    await chat.sends()
    for parcel_id in parcels:
        await chat.failed(parcel_id, DEBT)
    (card,) = await chat.books.open_cards()
    assert (card["kind"], card["connector"], card["seen"]) == ("paused", "chat", 5)
    assert {(await chat.row(each))["state"] for each in parcels} == {State.WAITING}
    later = await chat.promised()
    await chat.sends(after=timedelta(seconds=59))
    assert len(chat.channel.deliveries) == 5, "nothing leaves while the bill is open"
    await chat.sends(after=timedelta(seconds=1))
    assert {(await chat.row(each))["state"] for each in [*parcels, later]} == {State.SETTLED}
    assert await chat.books.open_cards() == []


async def test_a_bill_unpaid_over_a_weekend_costs_no_message_and_one_unpaid_for_a_week_is_shown(
    chat: Chat,
) -> None:
    promised_at = chat.books.clock()
    parcel_id = await chat.promised()
    while (row := await chat.row(parcel_id))["state"] != State.ABANDONED:
        chat.books.clock.pass_time(max(row["due_at"] - chat.books.clock(), timedelta(hours=4)))
        await chat.relay.drain()
        assert len(chat.channel.deliveries) < 60, "it goes on for ever"
        await chat.failed(parcel_id, DEBT)
    assert chat.books.clock() - promised_at >= timedelta(days=7)
    assert len(chat.channel.deliveries) > MOST_SENDS
    assert "parked" in {card["kind"] for card in await chat.books.open_cards()}


async def test_a_held_message_is_tried_ever_more_seldom(chat: Chat) -> None:
    parcel_id = await chat.promised()
    await chat.sends()
    waits = []
    for _ in range(MOST_SENDS + 1):
        await chat.failed(parcel_id, DEBT)
        wait = (await chat.row(parcel_id))["due_at"] - chat.books.clock()
        waits.append(round(wait.total_seconds() / 60))
        await chat.sends(after=wait)
    assert waits == [1, 2, 4, 8, 15, 15, 15]
