"""Workers that lease at the same moment, each with its own connections as its own process would have."""

import asyncio
from collections import Counter
from collections.abc import Callable
from datetime import timedelta

from hub.rows import Parcel, State
from hub.store.database import Database
from tests.fakes.books import Books
from tests.fakes.clock import SteppedClock

WORKERS = 5
REST = timedelta(seconds=30)
COMPLAINTS = 8
NEWS_EACH = 3

OpenAnother = Callable[[], Database]


async def test_workers_that_lease_at_once_never_get_the_same_parcel_nor_two_of_one_lane(
    books: Books, another: OpenAnother
) -> None:
    for _ in range(COMPLAINTS):
        about = await books.complaint()
        for _ in range(NEWS_EACH):
            await books.promise(about)
    crew = [Books(another(), books.clock) for _ in range(WORKERS)]
    leases = await asyncio.gather(
        *(worker.lease(owner=f"worker {n}", limit=3) for n, worker in enumerate(crew))
    )
    leased = [parcel for parcels in leases for parcel in parcels]
    assert len(leased) == COMPLAINTS
    assert len({parcel.parcel_id for parcel in leased}) == COMPLAINTS
    assert len({parcel.lane for parcel in leased}) == COMPLAINTS


async def test_under_contention_everything_is_settled_once_and_in_order(
    books: Books, another: OpenAnother
) -> None:
    promised: dict[str, list[str]] = {}
    for _ in range(COMPLAINTS):
        about = await books.complaint()
        promised[f"complaint:{about.complaint_id}"] = [
            await books.promise(about) for _ in range(NEWS_EACH)
        ]
    pushed: list[Parcel] = []
    under_way: Counter[str] = Counter()
    deepest = 0

    async def work(name: str, worker: Books) -> None:
        nonlocal deepest
        while len(pushed) < COMPLAINTS * NEWS_EACH:
            for parcel in await worker.lease(owner=name, limit=2):
                assert await worker.begin(parcel, owner=name)
                under_way[parcel.lane] += 1
                deepest = max(deepest, under_way[parcel.lane])
                await asyncio.sleep(0)
                pushed.append(parcel)
                under_way[parcel.lane] -= 1
                async with worker.database.begin() as transaction:
                    assert await transaction.outbox.settle(
                        parcel.parcel_id, external_id=None, at=worker.clock()
                    )

    await asyncio.gather(
        *(work(f"worker {n}", Books(another(), books.clock)) for n in range(WORKERS))
    )
    assert deepest == 1
    for lane, ids in promised.items():
        assert [parcel.parcel_id for parcel in pushed if parcel.lane == lane] == ids
        assert [await books.state(parcel_id) for parcel_id in ids] == [State.SETTLED] * NEWS_EACH


async def test_a_lease_that_is_given_back_at_once_reaches_another_worker(
    books: Books, another: OpenAnother
) -> None:
    parcel_id = await books.promise(await books.complaint())

    async def take_and_give_back(worker: Books) -> int:
        parcels = await worker.lease()
        async with worker.database.begin() as work:
            for parcel in parcels:
                await work.outbox.release(parcel, until=worker.clock())
        return len(parcels)

    crew = [Books(another(), books.clock) for _ in range(WORKERS)]
    taken = await asyncio.gather(*(take_and_give_back(worker) for worker in crew))
    assert sum(taken) >= 1
    row = await books.row(parcel_id)
    assert (row["state"], row["attempts"]) == (State.WAITING, 0)


async def test_of_many_who_know_that_it_arrived_one_settles_it(
    books: Books, another: OpenAnother
) -> None:
    parcel_id = await books.promise(await books.complaint())
    await books.begin(await books.lease_one())

    async def settle(database: Database) -> bool:
        async with database.begin() as work:
            return await work.outbox.settle(parcel_id, external_id="m-1", at=books.clock())

    known = await asyncio.gather(*(settle(another()) for _ in range(WORKERS)))
    assert known.count(True) == 1


async def test_of_many_who_reclaim_a_lease_nobody_takes_it_twice(
    books: Books, another: OpenAnother
) -> None:
    parcel_id = await books.promise(await books.complaint())
    await books.begin(await books.lease_one())

    async def reclaim(database: Database) -> int:
        async with database.begin() as work:
            return len(
                await work.outbox.reclaim(
                    "anywhere", now=books.clock(), rest=REST, all_leases=True
                )
            )

    taken = await asyncio.gather(*(reclaim(another()) for _ in range(WORKERS)))
    assert sum(taken) == 1
    assert await books.state(parcel_id) == State.DOUBT


async def test_of_two_first_pollers_one_has_its_turn(
    another: OpenAnother, clock: SteppedClock
) -> None:
    async def take(database: Database) -> bool:
        async with database.begin() as work:
            until = clock().replace(hour=2)
            taken, cursor, failures = await work.upstreams.take_poll(
                "anywhere", now=clock(), until=until
            )
            assert (cursor, failures) == (None, 0)
            return taken

    turns = await asyncio.gather(*(take(another()) for _ in range(WORKERS)))
    assert turns.count(True) == 1
