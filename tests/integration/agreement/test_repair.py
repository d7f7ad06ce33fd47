"""A missed promise is made anew, once, and counted; everything else is left alone."""

import asyncio
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from hub.contract import Raw
from hub.domain.authority import Ends, Rule, Word
from hub.domain.status import Status
from hub.rows import Conflict, How
from hub.store import desk
from hub.store.agreement_tables import rounds
from hub.store.tables import complaints, parcels, sources
from tests.fakes.clock import SteppedClock
from tests.integration.agreement.conftest import Tower

OpenAnother = Callable[[], Tower]


@pytest.fixture
async def missed(tower: Tower, clock: SteppedClock) -> int:
    """A complaint that moved while nobody promised to say so; it was looked at since."""
    now = clock()
    [source] = await tower.knows(
        "X-1", shown="received", looked_at=now, inspect_due_at=now + timedelta(hours=1)
    )
    complaint_id = (await tower.row(sources, source)).complaint_id
    await tower.change(complaints, complaint_id, status="verified", status_at=now)
    return source


async def promised(tower: Tower) -> list[Any]:
    return await tower.rows(parcels)


async def test_a_missed_promise_is_made_anew_once(tower: Tower, missed: int) -> None:
    async with tower.books.database.reading() as connection:
        assert (await desk.agreement(connection)).untold == 1
    assert await tower.repair().all() == 1
    assert await tower.repair().all() == 0
    [parcel] = await promised(tower)
    assert (parcel.source_id, parcel.content["status"]) == (missed, "verified")
    async with tower.books.database.reading() as connection:
        assert (await desk.agreement(connection)).on_its_way == 1


@pytest.mark.usefixtures("missed")
async def test_a_repair_is_counted_in_the_round_under_way(
    tower: Tower, clock: SteppedClock
) -> None:
    async with tower.books.database.begin() as work:
        assert await work.rounds.begin("anywhere", at=clock())
    await tower.repair().step()
    [row] = await tower.rows(rounds)
    assert row.found == {"repaired": 1}


@pytest.mark.usefixtures("missed")
async def test_two_who_repair_at_once_promise_once(another: OpenAnother) -> None:
    crew = [another(), another(), another()]
    assert sum(await asyncio.gather(*(each.repair().all() for each in crew))) == 1
    assert len(await promised(crew[0])) == 1


@pytest.mark.usefixtures("missed")
async def test_what_a_person_let_go_is_not_promised_again(tower: Tower) -> None:
    await tower.repair().all()
    [parcel] = await promised(tower)
    await tower.change(parcels, parcel.id, state="dropped")
    assert await tower.repair().all() == 0
    assert len(await promised(tower)) == 1


@pytest.mark.parametrize(
    "columns",
    [
        {"external_id": None},
        {"listens": False},
        {"told": "verified"},
        {"disagrees": "mereka berkata lain"},
        {"told": None, "shown": None},
        {"looked_at": None},
        {"inspect_failures": 3},
    ],
    ids=", ".join,
)
async def test_a_source_is_left_alone(tower: Tower, missed: int, columns: dict[str, Any]) -> None:
    await tower.change(sources, missed, **columns)
    assert await tower.repair().all() == 0
    assert await promised(tower) == []


async def test_a_complaint_that_is_held_for_a_person_is_left_alone(
    tower: Tower, missed: int, clock: SteppedClock
) -> None:
    complaint_id = (await tower.row(sources, missed)).complaint_id
    await tower.change(complaints, complaint_id, held_at=clock(), held_why="bolak-balik")
    assert await tower.repair().all() == 0


async def test_a_contradiction_that_is_open_is_left_alone(
    tower: Tower, missed: int, clock: SteppedClock
) -> None:
    now = clock()
    conflict = Conflict(
        id=0, complaint_id=(await tower.row(sources, missed)).complaint_id, source_id=missed,
        connector="anywhere", at=now, rule=Rule.UNMOVED, outcome=Ends.PERSON,
        ours=Word(Status.VERIFIED, now, "hub"), theirs=Word(Status.RECEIVED, now, "anywhere"),
        their_word="received", ahead=timedelta(), reason="di sana masih lain",
    )  # fmt: skip
    async with tower.books.database.begin() as work:
        await work.conflicts.note(conflict)
    assert await tower.repair().all() == 0


@pytest.mark.usefixtures("missed")
async def test_nothing_is_promised_before_what_they_show_has_been_read(
    tower: Tower, clock: SteppedClock
) -> None:
    raw = Raw(key="inspect:X-1:closed", body=b"X-1 closed", external_id="X-1")
    async with tower.books.database.begin() as work:
        await work.inbox.keep("anywhere", raw, how=How.INSPECT, at=clock())
    assert await tower.repair().all() == 0
    await tower.reads()
    [row] = await tower.rows(complaints)
    assert row.status == "closed"
    assert await tower.repair().all() == 0, "their word was taken: they need not be told"
