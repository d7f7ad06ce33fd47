"""Rounds: everything has been looked at once, and what that cost and found is kept."""

import asyncio
from collections.abc import Callable
from datetime import timedelta

from hub.contract import Status, Unavailable
from hub.store import desk
from hub.store.agreement_tables import rounds
from tests.fakes.clock import SteppedClock
from tests.fakes.watched import Watched
from tests.integration.agreement.conftest import Tower

OpenAnother = Callable[[], Tower]


async def test_a_round_ends_when_everything_was_looked_at_and_says_what_it_found(
    tower: Tower, there: Watched, clock: SteppedClock
) -> None:
    await tower.knows("X-1", "X-2", "X-3")
    there.shows["X-3"] = Status.IN_PROGRESS
    clock.pass_time(minutes=10)
    looks, began = tower.looks(), clock()
    await looks.step()
    [row] = await tower.rows(rounds)
    assert (row.began_at, row.ended_at, row.sources, row.calls) == (began, None, 3, 3)
    await tower.reads()
    clock.pass_time(seconds=5)
    await looks.step()
    [row] = await tower.rows(rounds)
    assert row.ended_at == clock()
    assert row.found == {"in_step": 3, "repaired": 0, "explained": 0}


async def test_a_round_does_not_end_before_what_it_saw_has_been_read(
    tower: Tower, clock: SteppedClock
) -> None:
    await tower.knows("X-1")
    looks = tower.looks()
    await looks.step()
    clock.pass_time(seconds=5)
    await looks.step()
    [row] = await tower.rows(rounds)
    assert row.ended_at is None


async def test_the_last_completed_round_survives_a_restart_and_the_next_one_goes_on(
    another: OpenAnother, clock: SteppedClock
) -> None:
    before = another()
    await before.knows("X-1", "X-2")
    await before.looks().step()
    await before.reads()
    clock.pass_time(hours=1)
    await before.looks().step()
    await before.books.database.aclose()
    after = another()
    async with after.books.database.reading() as connection:
        known = (await desk.rounds_by_channel(connection))["anywhere"]
    assert known.last is not None
    assert (known.last.sources, known.last.looked) == (2, 2)
    assert known.under_way is not None
    assert known.under_way.began_at == clock()


async def test_how_far_a_round_is_can_be_seen(tower: Tower) -> None:
    await tower.knows("X-1", "X-2", "X-3", "X-4")
    await tower.looks(per_minute=18).step()
    async with tower.books.database.reading() as connection:
        known = (await desk.rounds_by_channel(connection))["anywhere"]
    assert known.last is None
    assert known.under_way is not None
    assert (known.under_way.looked, known.under_way.sources) == (3, 4)


async def test_what_is_linked_later_belongs_to_the_next_round(
    tower: Tower, clock: SteppedClock
) -> None:
    await tower.knows("X-1")
    looks = tower.looks()
    await looks.step()
    await tower.reads()
    clock.pass_time(minutes=1)
    await tower.knows("X-2", inspect_due_at=clock() + timedelta(hours=1), linked_at=clock())
    await looks.step()
    [row] = await tower.rows(rounds)
    assert row.ended_at == clock()


async def test_what_cannot_be_read_is_counted_and_keeps_no_round_open(
    tower: Tower, there: Watched, clock: SteppedClock
) -> None:
    await tower.knows("X-1", "X-2")
    there.fails["X-2"] = Unavailable("503")
    looks = tower.looks()
    for _ in range(3):
        await looks.step()
        await tower.reads()
        [row] = await tower.rows(rounds)
        assert row.ended_at is None, "a hiccup is no answer"
        clock.pass_time(minutes=16)
    await looks.step()
    [row, *_] = await tower.rows(rounds)
    assert row.ended_at is not None
    assert (row.unreadable, row.calls) == (1, 4)
    assert row.found["unreadable"] == row.found["in_step"] == 1


async def test_two_processes_share_one_round(another: OpenAnother, there: Watched) -> None:
    crew = [another() for _ in range(3)]
    await crew[0].knows(*(f"X-{number}" for number in range(30)))
    await asyncio.gather(*(each.looks(per_minute=600).step() for each in crew))
    await asyncio.gather(*(each.reads() for each in crew))
    await asyncio.gather(*(each.looks(per_minute=600).step() for each in crew))
    [row] = await crew[0].rows(rounds)
    assert row.ended_at is not None
    assert (row.sources, row.calls, len(there.looks)) == (30, 30, 30)


async def test_where_nothing_listens_no_round_begins(tower: Tower) -> None:
    await tower.knows("X-1", listens=False)
    await tower.looks().step()
    assert await tower.rows(rounds) == []
