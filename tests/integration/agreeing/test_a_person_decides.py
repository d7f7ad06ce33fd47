"""A decision says once what holds: nobody reads it twice, and nobody is overruled unseen."""

import asyncio
from typing import Any

import pytest

from hub.contract import Status
from hub.intake.moves import MoveRefused
from hub.record.speaking import speaking_for
from tests.integration.agreeing.quarrel import NATION, Quarrel
from tests.integration.matching.town import CHAT, PROVINCE, RINI

AT_WORK, ANSWERED, CLOSED = Status.IN_PROGRESS, Status.ANSWERED, Status.CLOSED
BUDI = "Budi"


async def contradicted(quarrel: Quarrel) -> Any:
    """The nation has closed it, and the province works on."""
    await quarrel.hears(NATION, CLOSED)
    await quarrel.delivers()
    quarrel.books.clock.pass_time(hours=1)
    await quarrel.hears(PROVINCE, AT_WORK)
    await quarrel.delivers()
    [row] = await quarrel.conflicts()
    return row


async def test_a_decision_for_what_holds_tells_only_who_shows_something_else(
    quarrel: Quarrel,
) -> None:
    row = await contradicted(quarrel)
    told = {by: len(await quarrel.told(by)) for by in (CHAT, NATION, PROVINCE)}
    await quarrel.contradictions.decide(row.id, status=CLOSED, who=RINI, holds=CLOSED)
    await quarrel.delivers()
    assert len(await quarrel.told(CHAT)) == told[CHAT], "the citizen has read it"
    assert len(await quarrel.told(NATION)) == told[NATION], "it said so itself"
    assert (await quarrel.told(PROVINCE))[told[PROVINCE] :] == [CLOSED]
    assert (f"operator:{RINI}", "closed", "answered") in await quarrel.outcomes()
    [row] = await quarrel.conflicts()
    assert (row.decided, row.decided_by, row.ended_at is None) == ("closed", RINI, False)


async def test_a_decision_that_is_already_on_its_way_is_not_sent_a_second_time(
    quarrel: Quarrel,
) -> None:
    row = await contradicted(quarrel)
    before = len(await quarrel.told(PROVINCE)), len(await quarrel.told(CHAT))
    for _ in range(3):
        await quarrel.contradictions.decide(row.id, status=CLOSED, who=RINI)
    await quarrel.delivers()
    after = len(await quarrel.told(PROVINCE)), len(await quarrel.told(CHAT))
    assert after == (before[0] + 1, before[1])


async def test_a_hold_is_released_where_it_is_without_telling_the_citizen_again(
    quarrel: Quarrel,
) -> None:
    for by, status in ((NATION, AT_WORK), (PROVINCE, ANSWERED)):
        await quarrel.hears(by, status)
        await quarrel.delivers()
        quarrel.books.clock.pass_time(minutes=20)
    assert (await quarrel.hears(NATION, AT_WORK)).word == "held"
    citizen, ticket = len(await quarrel.told(CHAT)), (await quarrel.it()).ticket
    await quarrel.contradictions.release(ticket, status=ANSWERED, who=RINI, holds=ANSWERED)
    await quarrel.delivers()
    assert (await quarrel.it()).held_at is None
    assert await quarrel.cards() == []
    assert len(await quarrel.told(CHAT)) == citizen
    assert (await quarrel.told(NATION))[-2:] == [ANSWERED, ANSWERED]


async def test_the_second_of_two_operators_is_told_that_somebody_was_quicker(
    quarrel: Quarrel,
) -> None:
    row = await contradicted(quarrel)
    await quarrel.contradictions.decide(row.id, status=AT_WORK, who=RINI, holds=CLOSED)
    with pytest.raises(MoveRefused, match=r"didahului petugas Rini: .* kini «Diproses»"):
        await quarrel.contradictions.decide(row.id, status=CLOSED, who=BUDI, holds=CLOSED)
    ticket = (await quarrel.it()).ticket
    with pytest.raises(MoveRefused, match="didahului petugas Rini"):
        await quarrel.contradictions.release(ticket, status=CLOSED, who=BUDI, holds=CLOSED)
    assert (await quarrel.it()).status is AT_WORK


async def test_a_channel_may_be_quicker_too(quarrel: Quarrel) -> None:
    row = await contradicted(quarrel)
    quarrel.books.clock.pass_time(hours=1)
    assert (await quarrel.hears(NATION, AT_WORK)).word == "moved"
    with pytest.raises(MoveRefused, match="didahului kabar Portal"):
        await quarrel.contradictions.decide(row.id, status=CLOSED, who=BUDI, holds=CLOSED)


async def test_what_is_over_is_turned_round_only_while_nothing_newer_contradicts(
    quarrel: Quarrel,
) -> None:
    row = await contradicted(quarrel)
    await quarrel.contradictions.decide(row.id, status=CLOSED, who=RINI)
    await quarrel.delivers()
    quarrel.books.clock.pass_time(hours=1)
    await quarrel.hears(PROVINCE, AT_WORK)
    assert len(await quarrel.conflicts()) == 2
    with pytest.raises(MoveRefused, match="Ada pertentangan yang lebih baru"):
        await quarrel.contradictions.decide(row.id, status=AT_WORK, who=RINI)
    assert (await quarrel.it()).status is CLOSED


async def test_what_is_over_is_not_turned_round_once_the_complaint_has_gone_elsewhere(
    quarrel: Quarrel,
) -> None:
    row = await contradicted(quarrel)
    await quarrel.contradictions.decide(row.id, status=AT_WORK, who=RINI)
    quarrel.books.clock.pass_time(hours=1)
    await quarrel.moves(ANSWERED)
    with pytest.raises(MoveRefused, match="sudah berstatus «Ditindaklanjuti"):
        await quarrel.contradictions.decide(row.id, status=CLOSED, who=RINI)
    assert (await quarrel.it()).status is ANSWERED


async def test_a_decision_and_news_about_it_at_once_both_come_through(quarrel: Quarrel) -> None:
    row, source = await contradicted(quarrel), await quarrel.at(PROVINCE)
    begin, is_locked = quarrel.books.database.begin, asyncio.Event()

    async def news() -> None:
        async with begin() as work:
            await speaking_for(work, source.id)
            is_locked.set()
            # So long the decision waits, with whatever it has locked by then.
            await asyncio.sleep(0.2)
            await work.conflicts.end(source.id, at=quarrel.books.clock())

    async def decides() -> None:
        await is_locked.wait()
        await quarrel.contradictions.decide(row.id, status=AT_WORK, who=RINI)

    await asyncio.gather(news(), decides())
    assert (await quarrel.it()).status is AT_WORK


async def test_a_person_may_take_a_channels_word_that_it_belongs_elsewhere(
    quarrel: Quarrel,
) -> None:
    await quarrel.hears(NATION, CLOSED)
    await quarrel.delivers()
    quarrel.books.clock.pass_time(hours=1)
    await quarrel.hears(PROVINCE, Status.REFERRED)
    [row] = await quarrel.conflicts()
    with pytest.raises(MoveRefused):
        await quarrel.contradictions.decide(row.id, status=AT_WORK, who=RINI)
    await quarrel.contradictions.decide(row.id, status=Status.REFERRED, who=RINI)
    assert (await quarrel.it()).status is Status.REFERRED, "whom it concerns they know there"


async def test_a_click_whose_answer_was_lost_may_be_made_again_and_nobody_reads_it_twice(
    quarrel: Quarrel,
) -> None:
    await quarrel.moves(AT_WORK, note="Besok pagi.")
    quarrel.books.clock.pass_time(seconds=20)
    await quarrel.moves(AT_WORK, note="Besok pagi.")
    await quarrel.delivers()
    told = await quarrel.told(CHAT)
    assert told.count(AT_WORK) == 1

    await quarrel.moves(AT_WORK, note="Sudah di jalan.")
    await quarrel.delivers()
    assert len(await quarrel.told(CHAT)) == len(told) + 1, "other words are news"


async def test_who_is_contradicted_at_once_may_say_the_same_again(quarrel: Quarrel) -> None:
    await quarrel.moves(ANSWERED, note="Sudah kami jawab.")
    quarrel.books.clock.pass_time(seconds=70)
    await quarrel.hears(PROVINCE, Status.VERIFIED)
    assert await quarrel.cards() == ["conflict"]
    quarrel.books.clock.pass_time(seconds=20)
    await quarrel.moves(ANSWERED, note="Sudah kami jawab.")
    assert await quarrel.cards() == []


async def test_who_shows_what_a_person_decides_is_in_step_and_is_not_told_so(
    quarrel: Quarrel,
) -> None:
    row = await contradicted(quarrel)
    await quarrel.delivers()
    told = await quarrel.told(PROVINCE)
    shown = (await quarrel.at(PROVINCE)).shown
    assert shown is not None
    await quarrel.contradictions.decide(row.id, status=shown, who=RINI)
    await quarrel.delivers()
    assert await quarrel.told(PROVINCE) == told
    assert (await quarrel.at(PROVINCE)).disagrees is None
