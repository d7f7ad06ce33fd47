"""What became of our messages, told in any order."""

from collections.abc import Sequence
from datetime import timedelta
from itertools import permutations
from typing import Any

import pytest

from hub.contract import (
    Mapping,
    Receipt,
    ReceiptState,
    Rejected,
    Report,
    Traits,
    UpstreamError,
    WindowClosed,
)
from hub.contract.news import Person
from hub.delivery.consequence import Consequences
from hub.delivery.pack import Packing
from hub.delivery.patience import Patience
from hub.delivery.relay import Relay, RelayRules
from hub.intake.accept import Accept
from hub.intake.gather import TurnRules
from hub.intake.receipts import StillUnderway
from hub.ports import Upstream
from hub.settings import Settings
from hub.store import tables
from hub.store.database import Database
from hub.watch.reach import Reach
from tests.fakes.clock import SteppedClock
from tests.fakes.upstream import Holder, Pushing
from tests.integration.intake.rows import rows_of
from tests.journey.city import database_of

SENT, DELIVERED, READ, FAILED = (
    ReceiptState.SENT, ReceiptState.DELIVERED, ReceiptState.READ, ReceiptState.FAILED,
)  # fmt: skip
CHAT = Traits(title="Obrolan", speaks_to_citizens=True, conversation_window=timedelta(hours=24))
FINAL = Rejected("nomor tidak terdaftar", code="131026")
CLOSED = WindowClosed("lebih dari 24 jam", code="131047")


class Chat:
    """One chat channel, one citizen after another, and the hub that answers them."""

    def __init__(self, database: Database, packing: Packing) -> None:
        self.database, self.clock = database, SteppedClock()
        self.channel = Pushing("chat", traits=CHAT)
        self.upstreams: dict[str, Upstream] = {"chat": Holder(self.channel, Mapping("chat"))}
        self.accept = Accept(upstreams=self.upstreams, turns=TurnRules())
        begin = database.begin
        rules = RelayRules(
            owner="w", consequences=Consequences(Patience(chance=lambda: 0.5)), packing=packing
        )
        self.relay = Relay(
            begin=begin, upstreams=self.upstreams, name="chat", clock=self.clock,
            reach=Reach(begin=begin, clock=self.clock), rules=rules,
        )  # fmt: skip
        self.count = 0

    async def complains(self) -> Any:
        """A new citizen reports something and is answered; the parcel of the answer."""
        self.count += 1
        person = Person(aliases=(f"user:{self.count}",), address={"user_id": str(self.count)})
        await self.hears(
            Report(
                key=f"r{self.count}", external_id=f"r{self.count}", said_at=self.clock(),
                text="Ada lubang di jalan.", person=person,
            )
        )  # fmt: skip
        await self.sends()
        return (await rows_of(self.database, tables.parcels))[-1]

    async def sends(self) -> None:
        self.clock.pass_time(seconds=1)
        await self.relay.drain()

    async def hears(self, news: Any) -> str:
        async with self.database.begin() as work:
            return (await self.accept.take(work, "chat", news, at=self.clock())).word

    async def receipt(
        self,
        parcel: Any,
        state: ReceiptState,
        *,
        error: UpstreamError = FINAL,
        marked: bool = True,
    ) -> None:
        await self.hears(
            Receipt(
                key=f"{parcel.external_id}:{state}", external_id=parcel.external_id, state=state,
                at=self.clock(), parcel_id=parcel.parcel_id if marked else None,
                error=error if state is FAILED else None,
            )
        )  # fmt: skip

    async def now(self, parcel: Any) -> Any:
        [row] = await rows_of(
            self.database, tables.parcels, tables.parcels.c.parcel_id == parcel.parcel_id
        )
        return row

    async def cards(self) -> list[Any]:
        return await rows_of(self.database, tables.cards, tables.cards.c.closed_at.is_(None))


@pytest.fixture
async def chat(database_url: str, tmp_path: Any) -> Any:
    settings = Settings(secret_key="0123456789abcdef0123456789abcdef", database_url=database_url)
    database = database_of(settings)
    yield Chat(database, Packing(folder=tmp_path))
    await database.aclose()


def orders(*states: ReceiptState) -> list[tuple[ReceiptState, ...]]:
    return list(permutations(states))


@pytest.mark.parametrize("marked", [True, False], ids=["by_our_mark", "by_their_id"])
async def test_sent_delivered_and_read_in_every_order_end_as_read(
    chat: Chat, marked: bool
) -> None:
    for order in orders(SENT, DELIVERED, READ):
        parcel = await chat.complains()
        for state in order:
            await chat.receipt(parcel, state, marked=marked)
        after = await chat.now(parcel)
        assert (after.state, after.receipt) == ("settled", "read"), order


async def test_sent_and_failed_in_either_order_are_parked_with_one_card(chat: Chat) -> None:
    for number, order in enumerate(orders(SENT, FAILED), start=1):
        parcel = await chat.complains()
        for state in order:
            await chat.receipt(parcel, state)
        after = await chat.now(parcel)
        assert (after.state, after.receipt, after.code) == ("abandoned", "failed", "131026"), order
        assert len(await chat.cards()) == number
        [source] = await rows_of(
            chat.database, tables.sources, tables.sources.c.id == parcel.source_id
        )
        assert source.told is None, "a citizen whom nothing reached is not in step"


@pytest.mark.parametrize("arrival", [DELIVERED, READ])
async def test_what_arrived_is_settled_whenever_a_failure_is_told(
    chat: Chat, arrival: ReceiptState
) -> None:
    for order in orders(SENT, FAILED, arrival):
        parcel = await chat.complains()
        for state in order:
            await chat.receipt(parcel, state)
        after = await chat.now(parcel)
        assert (after.state, after.receipt) == ("settled", arrival), order
        assert await chat.cards() == [], order


@pytest.mark.parametrize("order", orders(SENT, FAILED), ids=str)
async def test_a_failure_because_the_window_is_closed_sends_a_template_once(
    chat: Chat, order: Sequence[ReceiptState]
) -> None:
    parcel = await chat.complains()
    assert chat.channel.deliveries[0].conversation_open
    for state in [*order, FAILED]:
        await chat.receipt(parcel, state, error=CLOSED)
    await chat.sends()
    await chat.sends()
    assert len(chat.channel.deliveries) == 2
    again = chat.channel.deliveries[1]
    assert again.parcel_id == parcel.parcel_id
    assert not again.conversation_open
    after = await chat.now(parcel)
    assert after.state == "settled"
    for state in (SENT, DELIVERED):
        await chat.receipt(after, state)
    assert (await chat.now(parcel)).receipt == "delivered"


async def test_late_news_of_the_first_try_does_not_touch_the_second(chat: Chat) -> None:
    first = await chat.complains()
    await chat.receipt(first, FAILED, error=CLOSED)
    await chat.sends()
    second = await chat.now(first)
    await chat.receipt(second, SENT)
    await chat.receipt(first, FAILED, error=CLOSED)
    await chat.sends()
    after = await chat.now(first)
    assert (after.state, after.external_id, after.receipt) == (
        "settled", second.external_id, "sent",
    )  # fmt: skip
    assert len(chat.channel.deliveries) == 2


async def test_a_receipt_settles_a_push_whose_answer_was_lost(chat: Chat) -> None:
    chat.channel.answers.append(TimeoutError())
    parcel = await chat.complains()
    assert (parcel.state, parcel.external_id) == ("doubt", None)
    await chat.hears(
        Receipt(
            key="x", external_id="wamid.7", state=DELIVERED, at=chat.clock(),
            parcel_id=parcel.parcel_id,
        )
    )  # fmt: skip
    after = await chat.now(parcel)
    assert (after.state, after.external_id) == ("settled", "wamid.7")
    await chat.sends()
    assert len(chat.channel.deliveries) == 1


async def test_a_failed_push_whose_answer_was_lost_is_parked_whichever_receipt_comes_first(
    chat: Chat,
) -> None:
    for order in orders(SENT, FAILED):
        chat.channel.answers.append(TimeoutError())
        parcel = await chat.complains()
        for state in order:
            await chat.hears(
                Receipt(
                    key=f"{parcel.id}{state}", external_id=f"wamid.{parcel.id}", state=state,
                    at=chat.clock(), parcel_id=parcel.parcel_id,
                    error=FINAL if state is FAILED else None,
                )
            )  # fmt: skip
        assert (await chat.now(parcel)).state == "abandoned", order


async def test_receipts_that_come_before_we_know_the_message_are_matched_later(
    chat: Chat,
) -> None:
    early = Receipt(key="e", external_id="ext-1", state=DELIVERED, at=chat.clock())
    assert await chat.hears(early) == "receipt"
    [orphan] = await rows_of(chat.database, tables.receipts)
    assert orphan.parcel_id is None
    parcel = await chat.complains()
    assert (parcel.external_id, parcel.receipt) == ("ext-1", "delivered")
    [matched] = await rows_of(chat.database, tables.receipts)
    assert matched.parcel_id == parcel.parcel_id


async def test_a_failure_that_comes_before_we_know_the_message_is_not_lost(chat: Chat) -> None:
    for state in (FAILED, SENT):
        error = FINAL if state is FAILED else None
        await chat.hears(
            Receipt(key=state, external_id="ext-1", state=state, at=chat.clock(), error=error)
        )
    parcel = await chat.complains()
    assert (parcel.state, parcel.receipt) == ("abandoned", "failed")
    assert [card.kind for card in await chat.cards()] == ["parked"]


async def test_a_failure_told_while_the_push_is_under_way_is_read_a_little_later(
    chat: Chat,
) -> None:
    chat.channel.gate.clear()
    await chat.hears(
        Report(
            key="r", external_id="r", said_at=chat.clock(), text="Ada lubang.",
            person=Person(aliases=("user:1",), address={"user_id": "1"}),
        )
    )  # fmt: skip
    await chat.relay.step()
    await chat.channel.arrived.wait()
    [parcel] = await rows_of(chat.database, tables.parcels)
    assert parcel.state == "leased"
    failed = Receipt(
        key="f", external_id="ext-1", state=FAILED, at=chat.clock(), error=FINAL,
        parcel_id=parcel.parcel_id,
    )  # fmt: skip
    with pytest.raises(StillUnderway):
        await chat.hears(failed)
    chat.channel.gate.set()
    await chat.relay.drain()
    await chat.hears(failed)
    assert (await chat.now(parcel)).state == "abandoned"


async def test_a_receipt_of_another_channel_touches_nothing(chat: Chat) -> None:
    parcel = await chat.complains()
    stray = Receipt(
        key="s", external_id="elsewhere", state=FAILED, at=chat.clock(), error=FINAL,
        parcel_id="f" * 32,
    )  # fmt: skip
    assert await chat.hears(stray) == "receipt"
    assert (await chat.now(parcel)).state == "settled"
