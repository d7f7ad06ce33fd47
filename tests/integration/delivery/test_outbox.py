"""What happens to a parcel in the store, step by step."""

from datetime import timedelta

import pytest

from hub.rows import Kind, Promise, State, Topic
from hub.store.database import Database
from hub.store.tables import parcels
from tests.fakes.books import Books, open_database
from tests.fakes.clock import SteppedClock

OWNER = "a worker"


async def test_a_promise_is_due_at_once_and_nudges_after_the_commit(
    database_url: str, clock: SteppedClock
) -> None:
    nudged: list[tuple[Topic, str]] = []
    database = open_database(database_url, nudge=lambda topic, name: nudged.append((topic, name)))
    books = Books(database, clock)
    parcel_id = await books.promise(await books.complaint())
    assert nudged == [(Topic.OUTBOX, "anywhere")]
    row = await books.row(parcel_id)
    assert (row["state"], row["attempts"]) == (State.WAITING, 0)
    assert row["due_at"] == row["promised_at"] == clock()
    await database.aclose()


async def test_a_promise_that_is_rolled_back_was_never_made_and_nudges_nobody(
    database_url: str, clock: SteppedClock
) -> None:
    nudged: list[str] = []
    database = open_database(database_url, nudge=lambda _, name: nudged.append(name))
    books = Books(database, clock)
    about = await books.complaint()

    async def promise_and_fail() -> None:
        async with database.begin() as work:
            promise = Promise(
                connector="anywhere", kind=Kind.NOTICE, lane="person:1", content={},
                complaint_id=about.complaint_id,
            )  # fmt: skip
            await work.outbox.promise(promise, at=clock())
            raise RuntimeError

    with pytest.raises(RuntimeError):
        await promise_and_fail()
    assert nudged == []
    assert await books.lease() == []
    await database.aclose()


async def test_the_attempt_is_counted_when_leasing(books: Books) -> None:
    parcel_id = await books.promise(await books.complaint())
    parcel = await books.lease_one()
    row = await books.row(parcel_id)
    assert parcel.attempts == row["attempts"] == 1
    assert (parcel.state, row["state"]) == (State.LEASED, State.LEASED)
    assert row["lease_owner"] == OWNER


async def test_what_is_leased_is_leased_to_nobody_else(books: Books) -> None:
    await books.promise(await books.complaint())
    await books.lease_one()
    assert await books.lease() == []


async def test_what_is_not_due_yet_is_not_leased(books: Books) -> None:
    await books.promise(await books.complaint())
    parcel = await books.lease_one()
    async with books.database.begin() as work:
        until = books.clock() + timedelta(minutes=1)
        await work.outbox.postpone(parcel, until=until, code="unreachable", detail="no route")
    assert await books.lease() == []
    books.clock.pass_time(minutes=1)
    assert (await books.lease_one()).attempts == 2


async def test_parcels_of_another_upstream_are_not_leased(books: Books) -> None:
    await books.promise(await books.complaint())
    assert await books.lease("elsewhere") == []


async def test_no_more_is_leased_than_asked_for_and_the_oldest_first(books: Books) -> None:
    promised = [await books.promise(await books.complaint()) for _ in range(3)]
    assert [parcel.parcel_id for parcel in await books.lease(limit=2)] == promised[:2]


async def test_release_gives_the_attempt_back(books: Books) -> None:
    parcel_id = await books.promise(await books.complaint())
    parcel = await books.lease_one()
    async with books.database.begin() as work:
        await work.outbox.release(parcel, until=books.clock())
    row = await books.row(parcel_id)
    assert (row["state"], row["attempts"]) == (State.WAITING, 0)
    assert await books.attempts(parcel_id) == []


async def test_postponing_keeps_the_reason_and_the_count(books: Books) -> None:
    parcel_id = await books.promise(await books.complaint())
    parcel = await books.lease_one()
    async with books.database.begin() as work:
        await work.outbox.postpone(parcel, until=books.clock(), code="throttled", detail="slower")
    row = await books.row(parcel_id)
    assert (row["attempts"], row["code"], row["detail"]) == (1, "throttled", "slower")


async def test_beginning_is_written_down_before_anything_leaves(books: Books) -> None:
    parcel_id = await books.promise(await books.complaint())
    assert await books.begin(await books.lease_one())
    assert (await books.row(parcel_id))["begun"]
    assert await books.attempts(parcel_id) == [("began", None)]


async def test_only_the_holder_of_the_lease_may_begin(books: Books) -> None:
    parcel_id = await books.promise(await books.complaint())
    parcel = await books.lease_one()
    assert not await books.begin(parcel, owner="somebody else")
    assert await books.attempts(parcel_id) == []


async def test_settling_remembers_their_id_and_is_known_only_once(books: Books) -> None:
    parcel_id = await books.promise(await books.complaint())
    await books.lease_one()
    async with books.database.begin() as work:
        now = books.clock()
        assert await work.outbox.settle(parcel_id, external_id="9200001", at=now)
        assert not await work.outbox.settle(parcel_id, external_id="9200002", at=now)
    row = await books.row(parcel_id)
    assert (row["state"], row["external_id"]) == (State.SETTLED, "9200001")
    assert (row["settled_at"], row["lease_owner"]) == (books.clock(), None)


async def test_what_was_given_up_is_kept_and_comes_back_with_new_patience(books: Books) -> None:
    parcel_id = await books.promise(await books.complaint())
    parcel = await books.lease_one()
    async with books.database.begin() as work:
        await work.outbox.abandon(parcel, code="rejected", detail="no", at=books.clock())
    assert await books.state(parcel_id) == State.ABANDONED
    assert await books.lease() == []
    now = books.clock.pass_time(days=8)
    async with books.database.begin() as work:
        await work.outbox.again(parcel_id, when=State.ABANDONED, now=now, fresh=True)
    again = await books.lease_one()
    assert (again.promised_at, again.attempts) == (now, 2)


async def test_going_again_without_fresh_patience_keeps_the_old_promise_time(books: Books) -> None:
    parcel_id = await books.promise(await books.complaint())
    promised_at = books.clock()
    parcel = await books.lease_one()
    now = books.clock.pass_time(days=1)
    async with books.database.begin() as work:
        await work.outbox.doubt(parcel, until=now, code="unknown", detail="", at=now)
        await work.outbox.again(parcel_id, when=State.DOUBT, now=now)
    assert (await books.lease_one()).promised_at == promised_at


async def test_what_goes_again_after_it_was_settled_counts_as_settled_no_more(
    books: Books,
) -> None:
    parcel_id = await books.promise(await books.complaint())
    await books.lease_one()
    async with books.database.begin() as work:
        await work.outbox.settle(parcel_id, external_id="m-1", at=books.clock())
        await work.outbox.again(parcel_id, when=State.SETTLED, now=books.clock())
    row = await books.row(parcel_id)
    assert (row["state"], row["settled_at"]) == (State.WAITING, None)


async def test_a_doubt_is_never_leased_for_sending(books: Books) -> None:
    parcel_id = await books.promise(await books.complaint())
    parcel = await books.lease_one()
    async with books.database.begin() as work:
        await work.outbox.doubt(
            parcel, until=books.clock(), code="timeout", detail="", at=books.clock()
        )
    books.clock.pass_time(days=30)
    assert await books.lease() == []
    assert await books.state(parcel_id) == State.DOUBT


async def test_a_doubt_is_looked_at_by_one_worker_at_a_time(books: Books) -> None:
    await books.promise(await books.complaint())
    parcel = await books.lease_one()
    now = books.clock()
    async with books.database.begin() as work:
        await work.outbox.doubt(parcel, until=now, code="timeout", detail="", at=now)
        until = now + timedelta(minutes=2)
        first = await work.outbox.take_doubts("anywhere", now=now, until=until, limit=5)
        second = await work.outbox.take_doubts("anywhere", now=now, until=until, limit=5)
    assert [taken.parcel_id for taken in first] == [parcel.parcel_id]
    assert second == []


async def test_a_doubt_that_asks_a_person_is_not_looked_at_any_more(books: Books) -> None:
    await books.promise(await books.complaint())
    parcel = await books.lease_one()
    now = books.clock()
    async with books.database.begin() as work:
        await work.outbox.doubt(parcel, until=now, code="timeout", detail="", at=now)
        await work.outbox.ask_person(parcel, reason="cannot tell")
        assert await work.outbox.take_doubts("anywhere", now=now, until=now, limit=5) == []


async def test_a_doubt_remembers_since_when(books: Books) -> None:
    parcel_id = await books.promise(await books.complaint())
    parcel = await books.lease_one()
    since = books.clock()
    for _ in range(2):
        async with books.database.begin() as work:
            now = books.clock()
            await work.outbox.doubt(parcel, until=now, code="timeout", detail="", at=now)
        books.clock.pass_time(hours=1)
    assert (await books.row(parcel_id))["doubt_since"] == since


async def test_what_was_dropped_is_never_sent_yet_settled_when_it_turns_out_to_be_there(
    books: Books,
) -> None:
    parcel_id = await books.promise(await books.complaint())
    async with books.database.begin() as work:
        await work.outbox.drop(parcel_id, at=books.clock())
    assert await books.lease() == []
    assert await books.state(parcel_id) == State.DROPPED
    async with books.database.begin() as work:
        assert await work.outbox.settle(parcel_id, external_id="x", at=books.clock())
        assert not await work.outbox.settle(parcel_id, external_id="x", at=books.clock())
    assert await books.state(parcel_id) == State.SETTLED


async def test_every_attempt_is_added_and_none_is_changed(books: Books) -> None:
    parcel_id = await books.promise(await books.complaint())
    for outcome in ("retry", "doubt", "settled"):
        books.clock.pass_time(minutes=1)
        parcel = await books.lease_one()
        await books.begin(parcel)
        async with books.database.begin() as work:
            await work.outbox.attempt(parcel, phase="ended", at=books.clock(), outcome=outcome)
            await work.outbox.postpone(parcel, until=books.clock(), code="c", detail="d")
    assert await books.attempts(parcel_id) == [
        ("began", None), ("ended", "retry"), ("began", None), ("ended", "doubt"),
        ("began", None), ("ended", "settled"),
    ]  # fmt: skip


async def test_a_parcel_is_found_by_its_marker_their_id_and_its_complaint(books: Books) -> None:
    about = await books.complaint()
    parcel_id = await books.promise(about, kind=Kind.OPENING)
    async with books.database.begin() as work:
        await work.outbox.settle(parcel_id, external_id="9200001", at=books.clock())
        found = [
            await work.outbox.get(parcel_id),
            await work.outbox.by_marker("anywhere", parcel_id[:12]),
            await work.outbox.by_external_id("anywhere", "9200001"),
            await work.outbox.opening_of(about.complaint_id, "anywhere"),
        ]
        strangers = [
            await work.outbox.by_marker("elsewhere", parcel_id[:12]),
            await work.outbox.by_external_id("elsewhere", "9200001"),
            await work.outbox.opening_of(about.complaint_id, "elsewhere"),
        ]
    assert {parcel.parcel_id for parcel in found if parcel} == {parcel_id}
    assert None not in found
    assert strangers == [None, None, None]


async def test_a_parcel_comes_back_as_it_was_promised(books: Books, database: Database) -> None:
    person_id = await books.person()
    about = await books.complaint(person_id=person_id)
    parcel_id = await books.promise(about, kind=Kind.NOTICE)
    parcel = await books.lease_one()
    assert parcel.content == {"name": "greeting"}
    assert (parcel.kind, parcel.person_id) == (Kind.NOTICE, person_id)
    assert (parcel.complaint_id, parcel.source_id) == (about.complaint_id, about.source_id)
    async with database.reading() as connection:
        kept = (await connection.execute(parcels.select())).one()
    assert kept.marker == parcel_id[:12]


async def test_only_what_still_stands_as_it_was_seen_goes_again(books: Books) -> None:
    parcel_id = await books.promise(await books.complaint())
    await books.lease_one()
    async with books.database.begin() as work:
        await work.outbox.settle(parcel_id, external_id="m-1", at=books.clock())
        await work.outbox.again(parcel_id, when=State.DOUBT, now=books.clock())
    assert await books.state(parcel_id) == State.SETTLED


async def test_what_has_arrived_is_not_dropped(books: Books) -> None:
    parcel_id = await books.promise(await books.complaint())
    async with books.database.begin() as work:
        await work.outbox.settle(parcel_id, external_id="m-1", at=books.clock())
        await work.outbox.drop(parcel_id, at=books.clock())
    assert await books.state(parcel_id) == State.SETTLED


async def test_what_waits_for_its_files_is_hastened_and_what_failed_is_not(books: Books) -> None:
    about = await books.complaint()
    fresh = await books.promise(about, kind=Kind.OPENING)
    other = await books.complaint()
    failed = await books.promise(other, kind=Kind.OPENING)
    now, later = books.clock(), books.clock() + timedelta(hours=1)
    first, second = await books.lease()
    async with books.database.begin() as work:
        await work.outbox.release(first, until=later)
        await work.outbox.postpone(second, until=later, code="c", detail="d")
        for known in (about, other):
            await work.outbox.hasten_opening(known.complaint_id, now=now)
    assert (await books.row(fresh))["due_at"] == now
    assert (await books.row(failed))["due_at"] == later


async def test_what_has_not_begun_to_leave_can_still_carry_more(books: Books) -> None:
    about = await books.complaint()
    opening = await books.promise(about, kind=Kind.OPENING)
    await books.promise(about)

    async def carrying() -> list[str]:
        async with books.database.begin() as work:
            found = await work.outbox.carrying(about.source_id)
            return [parcel.parcel_id for parcel in found]

    assert await carrying() == [opening]
    parcel = await books.lease_one()
    assert await carrying() == [opening]
    await books.begin(parcel)
    assert await carrying() == []
