"""Leases whose holder is gone, and answers that come after somebody else knew better."""

from datetime import timedelta

import pytest

from hub.ports import Work
from hub.rows import Parcel, State
from tests.fakes.books import LEASE, Books

REST = timedelta(seconds=30)


async def reclaim(books: Books, *, all_leases: bool = False) -> None:
    async with books.database.begin() as work:
        await work.outbox.reclaim("anywhere", now=books.clock(), rest=REST, all_leases=all_leases)


async def test_a_lease_that_had_begun_is_a_doubt_after_a_crash(books: Books) -> None:
    parcel_id = await books.promise(await books.complaint())
    await books.begin(await books.lease_one())
    books.clock.pass_time(LEASE)
    await reclaim(books)
    row = await books.row(parcel_id)
    assert (row["state"], row["code"]) == (State.DOUBT, "interrupted")
    assert (row["doubt_since"], row["due_at"]) == (books.clock(), books.clock() + REST)
    assert await books.lease() == []


async def test_a_lease_that_had_not_begun_is_a_plain_retry_after_a_crash(books: Books) -> None:
    parcel_id = await books.promise(await books.complaint())
    await books.lease_one()
    books.clock.pass_time(LEASE)
    await reclaim(books)
    again = await books.lease_one()
    # The attempt stays counted: a parcel that kills its worker must not do so for ever.
    assert (again.parcel_id, again.attempts, again.begun) == (parcel_id, 2, False)


async def test_a_lease_that_still_runs_is_left_alone(books: Books) -> None:
    parcel_id = await books.promise(await books.complaint())
    await books.lease_one()
    books.clock.pass_time(LEASE - timedelta(seconds=1))
    await reclaim(books)
    assert await books.state(parcel_id) == State.LEASED


async def test_the_only_process_takes_back_every_lease_when_it_starts(books: Books) -> None:
    begun, not_begun = [await books.promise(await books.complaint()) for _ in range(2)]
    first, _ = await books.lease()
    await books.begin(first)
    await reclaim(books, all_leases=True)
    assert await books.state(begun) == State.DOUBT
    assert await books.state(not_begun) == State.WAITING


async def test_leases_of_another_upstream_are_taken_back_by_their_own_chore(
    books: Books,
) -> None:
    parcel_id = await books.promise(await books.complaint(), connector="elsewhere")
    await books.lease_one("elsewhere")
    await reclaim(books, all_leases=True)
    assert await books.state(parcel_id) == State.LEASED


async def test_reclaiming_twice_changes_nothing_more(books: Books) -> None:
    parcel_id = await books.promise(await books.complaint())
    await books.begin(await books.lease_one())
    books.clock.pass_time(LEASE)
    await reclaim(books)
    before = await books.row(parcel_id)
    books.clock.pass_time(hours=1)
    await reclaim(books)
    assert await books.row(parcel_id) == before


async def test_a_worker_that_lost_its_lease_may_not_begin(books: Books) -> None:
    await books.promise(await books.complaint())
    slow = await books.lease_one()
    books.clock.pass_time(LEASE)
    await reclaim(books)
    assert not await books.begin(slow)
    # Not even when the same process has leased it again.
    await books.lease_one()
    assert not await books.begin(slow)


async def test_a_late_success_settles_what_became_a_doubt(books: Books) -> None:
    parcel_id = await books.promise(await books.complaint())
    await books.begin(await books.lease_one())
    books.clock.pass_time(LEASE)
    await reclaim(books)
    async with books.database.begin() as work:
        assert await work.outbox.settle(parcel_id, external_id="9200001", at=books.clock())
    assert await books.state(parcel_id) == State.SETTLED


async def test_a_late_failure_tells_what_a_doubt_did_not_know(books: Books) -> None:
    parcel_id = await books.promise(await books.complaint())
    parcel = await books.lease_one()
    await books.begin(parcel)
    books.clock.pass_time(LEASE)
    await reclaim(books)
    async with books.database.begin() as work:
        await work.outbox.abandon(parcel, code="rejected", detail="no", at=books.clock())
    assert await books.state(parcel_id) == State.ABANDONED


@pytest.mark.parametrize("late", ["postpone", "release", "abandon", "doubt"])
async def test_a_late_failure_does_not_undo_what_a_receipt_settled(
    books: Books, late: str
) -> None:
    parcel_id = await books.promise(await books.complaint())
    parcel = await books.lease_one()
    await books.begin(parcel)
    async with books.database.begin() as work:
        await work.outbox.settle(parcel_id, external_id="wamid.1", at=books.clock())
    before = await books.row(parcel_id)
    async with books.database.begin() as work:
        await put_back(work, parcel, late, books)
    assert await books.row(parcel_id) == before


@pytest.mark.parametrize("late", ["postpone", "release", "abandon", "doubt"])
async def test_a_late_failure_does_not_touch_the_attempt_of_another_worker(
    books: Books, late: str
) -> None:
    parcel_id = await books.promise(await books.complaint())
    slow = await books.lease_one()
    books.clock.pass_time(LEASE)
    await reclaim(books)
    await books.begin(await books.lease_one(owner="another worker"), owner="another worker")
    before = await books.row(parcel_id)
    async with books.database.begin() as work:
        await put_back(work, slow, late, books)
    assert await books.row(parcel_id) == before


async def put_back(work: Work, parcel: Parcel, how: str, books: Books) -> None:
    now = books.clock()
    match how:
        case "postpone":
            await work.outbox.postpone(parcel, until=now, code="c", detail="d")
        case "release":
            await work.outbox.release(parcel, until=now)
        case "abandon":
            await work.outbox.abandon(parcel, code="c", detail="d", at=now)
        case _:
            await work.outbox.doubt(parcel, until=now, code="c", detail="d", at=now)
