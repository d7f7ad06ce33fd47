"""Receipts: what became of a message, in whatever order that is told."""

from itertools import permutations

import pytest

from hub.contract import Receipt, ReceiptState, Rejected
from hub.record.settle import Settled, settle
from hub.rows import State
from hub.store.database import Database
from tests.fakes.books import Books
from tests.fakes.upstream import Pushing, upstreams_of


async def receipt_of(books: Books, parcel_id: str) -> str | None:
    found: str | None = (await books.row(parcel_id))["receipt"]
    return found


def told(books: Books, state: ReceiptState, external_id: str = "m-1") -> Receipt:
    error = Rejected("no such number") if state is ReceiptState.FAILED else None
    return Receipt(
        key=f"{external_id}:{state}", external_id=external_id, state=state, at=books.clock(),
        error=error,
    )  # fmt: skip


async def test_the_furthest_state_wins_in_any_order(books: Books) -> None:
    about = await books.complaint()
    for order in permutations(["sent", "delivered", "read", "played"]):
        parcel_id = await books.promise(about)
        async with books.database.begin() as work:
            for state in order:
                await work.outbox.raise_receipt(parcel_id, state)
        assert await receipt_of(books, parcel_id) == "played"


@pytest.mark.parametrize(
    ("first", "then", "stands"),
    [
        ("sent", "failed", "failed"),
        ("delivered", "failed", "delivered"),
        ("read", "failed", "read"),
        ("failed", "sent", "sent"),
        ("failed", "delivered", "delivered"),
        ("failed", "failed", "failed"),
    ],
)
async def test_a_failure_counts_only_before_anything_better_was_seen(
    books: Books, first: str, then: str, stands: str
) -> None:
    parcel_id = await books.promise(await books.complaint())
    async with books.database.begin() as work:
        await work.outbox.raise_receipt(parcel_id, first)
        await work.outbox.raise_receipt(parcel_id, then)
    assert await receipt_of(books, parcel_id) == stands


async def test_a_receipt_that_came_before_the_answer_is_matched_when_the_push_is_settled(
    books: Books,
) -> None:
    about = await books.complaint(external_id="c-1")
    parcel_id = await books.promise(about)
    parcel = await books.lease_one()
    await books.begin(parcel)
    async with books.database.begin() as work:
        for state in (ReceiptState.DELIVERED, ReceiptState.SENT):
            await work.outbox.add_receipt("anywhere", told(books, state), parcel_id=None)
        await settle(
            work, parcel, upstreams=upstreams_of(Pushing()), external_id="m-1",
            at=books.clock(), how=Settled("ended"),
        )  # fmt: skip
    assert await receipt_of(books, parcel_id) == "delivered"
    async with books.database.begin() as work:
        assert await work.outbox.orphan_receipts("anywhere", "m-1") == []


async def test_a_receipt_of_another_upstream_is_nobodys_here(
    books: Books, database: Database
) -> None:
    async with database.begin() as work:
        await work.outbox.add_receipt("elsewhere", told(books, ReceiptState.SENT), parcel_id=None)
        assert await work.outbox.orphan_receipts("anywhere", "m-1") == []
        assert await work.outbox.orphan_receipts("elsewhere", "m-1") == ["sent"]


async def test_a_message_that_failed_later_is_given_up_though_it_was_settled(books: Books) -> None:
    parcel_id = await books.promise(await books.complaint())
    parcel = await books.lease_one()
    async with books.database.begin() as work:
        await work.outbox.settle(parcel_id, external_id="m-1", at=books.clock())
        await work.outbox.fail(parcel, code="131026", detail="no WhatsApp", at=books.clock())
    row = await books.row(parcel_id)
    assert (row["state"], row["code"], row["settled_at"]) == (State.ABANDONED, "131026", None)
