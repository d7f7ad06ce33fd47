"""Looking at sources: in which order, how often, and never more than the budget."""

import asyncio
from collections.abc import Callable
from datetime import timedelta

import pytest

from hub.contract import NotFound, Status, Throttled, Unavailable, Unreachable
from hub.domain.looking import Budget
from hub.record.settle import Settled, settle
from hub.store.tables import complaints, sources
from tests.fakes.clock import SteppedClock
from tests.fakes.watched import Watched
from tests.integration.agreement.conftest import Tower

OpenAnother = Callable[[], Tower]
MINUTE = timedelta(minutes=1)


async def test_no_minute_holds_more_looks_than_the_budget_however_many_processes_look(
    another: OpenAnother, there: Watched, clock: SteppedClock
) -> None:
    crew = [another(), another(), another()]
    await crew[0].knows(*(f"X-{number}" for number in range(70)))
    looking = [each.looks(per_minute=20) for each in crew]
    for _ in range(85):
        await asyncio.gather(*(looks.step() for looks in looking))
        clock.pass_time(seconds=3)
    assert len(set(there.looked)) == len(there.looks) == 70
    for first, _ in there.looks:
        within = [at for at, _ in there.looks if first <= at < first + MINUTE]
        assert len(within) <= 20


async def test_a_connector_that_wants_fewer_looks_gets_fewer(
    tower: Tower, clock: SteppedClock
) -> None:
    tower.there = Watched(clock, looks_per_minute=6)
    await tower.knows("X-1", "X-2", "X-3")
    await tower.looks(per_minute=60).step()
    assert len(tower.there.looks) == 1
    assert tower.looks(per_minute=3).budget == Budget(3), "but never more than the hub's own"


async def test_when_the_budget_is_short_what_is_young_and_open_or_disagrees_goes_first(
    tower: Tower, there: Watched, clock: SteppedClock
) -> None:
    over = {"status": "closed", "status_at": clock() - timedelta(days=3)}
    for number in range(6):
        [source] = await tower.knows(f"over-{number}", told="closed")
        await tower.change(complaints, (await tower.row(sources, source)).complaint_id, **over)
    [source] = await tower.knows("apart", told="closed", shown="in_progress")
    await tower.change(complaints, (await tower.row(sources, source)).complaint_id, **over)
    await tower.knows("young")
    clock.pass_time(seconds=1)
    await tower.looks(per_minute=12).step()
    assert sorted(there.looked) == ["apart", "young"]


async def test_nobody_starves_while_others_are_always_due(
    tower: Tower, clock: SteppedClock
) -> None:
    there = tower.there = Watched(clock, inspect_every=MINUTE)
    await tower.knows("young-1", "young-2", "young-3")
    [source] = await tower.knows("over", told="closed")
    over = (await tower.row(sources, source)).complaint_id
    await tower.change(complaints, over, status="closed")
    looks = tower.looks(per_minute=1)
    for _ in range(60):
        clock.pass_time(minutes=30)
        await looks.step()
    assert len(there.looks) == 60
    [at] = [at for at, external_id in there.looks if external_id == "over"][:1]
    assert at - there.looks[0][0] <= timedelta(hours=25)


async def test_what_was_looked_at_is_not_due_before_its_time(
    tower: Tower, there: Watched, clock: SteppedClock
) -> None:
    [source] = await tower.knows("X-1")
    looks = tower.looks()
    await looks.step()
    clock.pass_time(minutes=59)
    await looks.step()
    assert there.looked == ["X-1"]
    clock.pass_time(minutes=2)
    await looks.step()
    assert there.looked == ["X-1"] * 2
    assert (await tower.row(sources, source)).looked_at == clock()


async def test_one_look_in_vain_is_a_hiccup_and_three_are_unreadable(
    tower: Tower, there: Watched, clock: SteppedClock
) -> None:
    [source] = await tower.knows("X-1")
    there.fails["X-1"] = Unavailable("503")
    looks = tower.looks()
    for wait in (1, 4, 16):
        await looks.step()
        row = await tower.row(sources, source)
        assert row.inspect_due_at == clock() + timedelta(minutes=wait)
        if wait < 16:
            assert row.looked_at is None, "a hiccup says nothing"
        clock.pass_time(minutes=wait)
    row = await tower.row(sources, source)
    assert (row.inspect_failures, row.looked_at) == (3, clock() - timedelta(minutes=16))
    del there.fails["X-1"]
    await looks.step()
    row = await tower.row(sources, source)
    assert (row.inspect_failures, row.looked_at) == (0, clock())


async def test_a_number_that_is_gone_gets_a_card_and_is_looked_at_once_a_day(
    tower: Tower, there: Watched, clock: SteppedClock
) -> None:
    [source] = await tower.knows("X-1")
    there.fails["X-1"] = NotFound("no such report")
    looks = tower.looks()
    await looks.step()
    assert await tower.books.open_cards() == []
    clock.pass_time(minutes=1)
    await looks.step()
    [card] = await tower.books.open_cards()
    assert (card["kind"], "X-1" in card["text"]) == ("gone", True)
    row = await tower.row(sources, source)
    assert (row.inspect_failures, row.inspect_due_at) == (3, clock() + timedelta(days=1))
    del there.fails["X-1"]
    clock.pass_time(days=1)
    await looks.step()
    assert await tower.books.open_cards() == []


async def test_an_upstream_that_does_not_answer_is_left_in_peace_for_a_minute_by_everybody(
    another: OpenAnother, there: Watched, clock: SteppedClock
) -> None:
    here, elsewhere = another(), another()
    await here.knows(*(f"X-{number}" for number in range(20)))
    there.away = Unreachable("no route")
    await here.looks(per_minute=120, at_once=1).step()
    assert len(there.looks) == 1, "the rest of the batch was not tried"
    clock.pass_time(seconds=59)
    await elsewhere.looks(per_minute=120).step()
    assert len(there.looks) == 1
    there.away = None
    clock.pass_time(seconds=1)
    await elsewhere.looks(per_minute=120).step()
    assert len(there.looks) == 2, "carefully at first"
    assert await here.rows(sources, sources.c.inspect_failures > 0) != []


async def test_one_that_does_not_answer_stops_nobody_while_others_do(
    tower: Tower, there: Watched
) -> None:
    await tower.knows("X-1", "X-2", "X-3")
    there.fails["X-2"] = Unreachable("read timed out")
    await tower.looks(at_once=1).step()
    assert there.looked == ["X-1", "X-2", "X-3"]


async def test_an_upstream_that_asks_us_to_slow_down_is_asked_nothing_more(
    tower: Tower, there: Watched, clock: SteppedClock
) -> None:
    await tower.knows("X-1", "X-2", "X-3")
    there.away = Throttled("429", retry_after=timedelta(minutes=10))
    looks = tower.looks(at_once=1)
    await looks.step()
    clock.pass_time(minutes=9)
    await looks.step()
    assert there.looked == ["X-1"]


async def test_a_fault_of_the_connector_over_one_complaint_stops_no_other(
    tower: Tower, there: Watched
) -> None:
    one, _ = await tower.knows("X-1", "X-2")
    there.fails["X-1"] = KeyError("status")
    await tower.looks(at_once=1).step()
    assert there.looked == ["X-1", "X-2"]
    assert (await tower.row(sources, one)).inspect_failures == 1


async def test_two_processes_never_look_at_the_same_complaint(
    another: OpenAnother, there: Watched
) -> None:
    crew = [another() for _ in range(4)]
    await crew[0].knows(*(f"X-{number}" for number in range(40)))
    await asyncio.gather(*(each.looks(per_minute=600).step() for each in crew))
    assert sorted(there.looked) == sorted(f"X-{number}" for number in range(40))


@pytest.mark.parametrize("apart", [True, False])
async def test_what_shows_something_else_is_looked_at_again_soon_though_it_is_over(
    tower: Tower, there: Watched, clock: SteppedClock, *, apart: bool
) -> None:
    there.shows["X-1"] = Status.CLOSED
    shown = "in_progress" if apart else "closed"
    [source] = await tower.knows("X-1", told=shown, shown=shown)
    await tower.change(
        complaints, (await tower.row(sources, source)).complaint_id, status="closed"
    )
    await tower.looks().step()
    clock.pass_time(hours=1)
    # The first look brought something new, the second one brings the same again.
    await tower.looks().step()
    wait = (await tower.row(sources, source)).inspect_due_at - clock()
    assert wait == (timedelta(hours=1) if apart else timedelta(days=1))


async def test_where_something_has_happened_is_looked_at_again_soon(
    tower: Tower, there: Watched, clock: SteppedClock
) -> None:
    there.shows["X-1"] = Status.IN_PROGRESS
    [source] = await tower.knows("X-1", told="closed")
    complaint_id = (await tower.row(sources, source)).complaint_id
    long_ago = clock() - timedelta(days=200)
    await tower.change(complaints, complaint_id, status="closed", status_at=long_ago)
    await tower.looks().step()
    wait = (await tower.row(sources, source)).inspect_due_at - clock()
    assert wait == timedelta(hours=1)


async def test_whoever_was_just_told_and_shows_something_else_is_looked_at_soon(
    tower: Tower, clock: SteppedClock
) -> None:
    about = await tower.books.complaint(external_id="X-1")
    later = clock() + timedelta(days=6)
    await tower.change(sources, about.source_id, shown="closed", inspect_due_at=later)
    await tower.books.promise(about, status=Status.IN_PROGRESS)
    parcel = await tower.books.lease_one()
    async with tower.books.database.begin() as work:
        await settle(
            work, parcel, upstreams=tower.upstreams, external_id=None, at=clock(),
            how=Settled("ended"),
        )  # fmt: skip
    row = await tower.row(sources, about.source_id)
    assert row.inspect_due_at == clock() + timedelta(hours=1)
