"""A complaint whose channels undo each other, when it becomes one with another, and apart again."""

import pytest

from hub.contract import Status
from hub.intake.moves import MoveRefused
from hub.store import desk
from tests.integration.agreeing.quarrel import NATION, Quarrel
from tests.integration.matching.town import CHAT, PROVINCE, RINI

AT_WORK, ANSWERED = Status.IN_PROGRESS, Status.ANSWERED


async def hold(quarrel: Quarrel) -> None:
    for by, status in ((NATION, AT_WORK), (PROVINCE, ANSWERED)):
        await quarrel.hears(by, status)
        await quarrel.delivers()
        quarrel.books.clock.pass_time(minutes=20)
    assert (await quarrel.hears(NATION, AT_WORK)).word == "held"


async def card_of(quarrel: Quarrel, ticket: str) -> bool:
    async with quarrel.books.database.begin() as work:
        return await work.cards.standing(f"held:{ticket}") is not None


async def test_the_hold_of_a_merged_complaint_is_released_where_it_lives_on(
    quarrel: Quarrel,
) -> None:
    await hold(quarrel)
    lost, other = await quarrel.it(), await quarrel.says(who=2)
    await quarrel.delivers()
    await quarrel.merges(other.complaint_id, lost.id)
    stays = await quarrel.complaint(other.complaint_id)
    assert (stays.held_at, stays.held_why) == (lost.held_at, lost.held_why)
    assert await quarrel.cards() == ["held"]
    assert await card_of(quarrel, stays.ticket)
    with pytest.raises(MoveRefused, match=f"sudah digabung ke {stays.ticket}"):
        await quarrel.contradictions.release(lost.ticket, status=AT_WORK, who=RINI)
    await quarrel.contradictions.release(stays.ticket, status=AT_WORK, who=RINI)
    assert (await quarrel.complaint(stays.id)).held_at is None
    assert await quarrel.cards() == []


@pytest.mark.parametrize("is_released", [False, True])
async def test_a_hold_goes_back_with_its_complaint_unless_a_person_has_decided(
    quarrel: Quarrel, is_released: bool
) -> None:
    await hold(quarrel)
    lost, other = await quarrel.it(), await quarrel.says(who=2)
    await quarrel.delivers()
    merged = await quarrel.merges(other.complaint_id, lost.id)
    stays = await quarrel.complaint(other.complaint_id)
    if is_released:
        await quarrel.contradictions.release(stays.ticket, status=AT_WORK, who=RINI)
    back = await quarrel.parts(merged)
    assert (await quarrel.complaint(stays.id)).held_at is None
    assert back.held_at == (None if is_released else lost.held_at)
    assert await card_of(quarrel, lost.ticket) is not is_released
    assert not await card_of(quarrel, stays.ticket)


async def test_whoever_shows_something_else_while_it_is_held_contradicts(quarrel: Quarrel) -> None:
    await hold(quarrel)
    async with quarrel.books.database.reading() as connection:
        channels = await desk.agreement_by_channel(connection)
    assert (channels[NATION].contradicting, channels[NATION].agreeing) == (1, 0)
    assert [channels[by].agreeing for by in (CHAT, PROVINCE)] == [1, 1]
    whole = desk.together(channels.values())
    assert (whole.total, whole.agreeing, whole.contradicting) == (3, 2, 1)


async def test_what_is_held_is_listed_though_no_single_contradiction_is_open(
    quarrel: Quarrel,
) -> None:
    await hold(quarrel)
    async with quarrel.books.database.reading() as connection:
        assert await desk.held(connection) == ()
        counted = await desk.count_conflicts(connection)
    nation = await quarrel.at(NATION)
    async with quarrel.books.database.begin() as work:
        await work.conflicts.end(nation.id, at=quarrel.books.clock())
    async with quarrel.books.database.reading() as connection:
        (row,) = await desk.held(connection)
        assert await desk.count_conflicts(connection) == counted
    assert (row.ticket, row.status, row.said) == (
        (await quarrel.it()).ticket, ANSWERED, (ANSWERED, AT_WORK),
    )  # fmt: skip
