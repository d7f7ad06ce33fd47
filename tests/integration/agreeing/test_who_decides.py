"""Two channels disagree: which word counts, who is told again, and what is written down."""

from datetime import timedelta

import pytest

from hub.contract import Status
from hub.intake.moves import MoveRefused
from tests.integration.agreeing.quarrel import NATION, Quarrel
from tests.integration.matching.town import CHAT, PROVINCE, RINI

AT_WORK, ANSWERED, CLOSED = Status.IN_PROGRESS, Status.ANSWERED, Status.CLOSED
HOURS = 3600


async def test_who_may_not_re_open_is_told_again_once_and_asks_nobody(quarrel: Quarrel) -> None:
    await quarrel.hears(NATION, CLOSED)
    await quarrel.delivers()
    quarrel.books.clock.pass_time(hours=1)
    assert (await quarrel.hears(PROVINCE, AT_WORK)).word == "conflict"
    assert (await quarrel.hears(PROVINCE, AT_WORK, ago=0)).word == "same", (
        "seen again, not said again"
    )
    await quarrel.delivers()
    assert (await quarrel.it()).status is CLOSED
    assert await quarrel.told(PROVINCE) == [CLOSED, CLOSED]
    assert await quarrel.told(CHAT) == [Status.RECEIVED, CLOSED], "the citizen hears nothing of it"
    assert await quarrel.cards() == []
    [row] = await quarrel.conflicts()
    assert (row.rule, row.outcome, row.ours, row.theirs) == (
        "may_not_reopen", "ours", "closed", "in_progress",
    )  # fmt: skip
    assert "tidak berwenang" in row.reason
    assert row.ended_at is None
    assert (await quarrel.hears(PROVINCE, CLOSED)).word == "same"
    [row] = await quarrel.conflicts()
    assert row.ended_at is not None, "they show what holds"


async def test_a_late_end_counts_and_whoever_went_on_is_told(quarrel: Quarrel) -> None:
    await quarrel.hears(PROVINCE, AT_WORK)
    await quarrel.delivers()
    assert (await quarrel.hears(NATION, CLOSED, ago=300)).word == "moved"
    await quarrel.delivers()
    assert (await quarrel.it()).status is CLOSED
    assert (await quarrel.told(PROVINCE))[-1] == CLOSED
    [row] = await quarrel.conflicts()
    assert (row.rule, row.outcome) == ("first_decided", "theirs")
    assert row.ended_at is not None


async def test_a_late_word_that_changes_nothing_makes_its_channel_hear_what_holds(
    quarrel: Quarrel,
) -> None:
    await quarrel.hears(NATION, AT_WORK)
    assert (await quarrel.hears(PROVINCE, Status.VERIFIED, ago=200)).word == "late"
    await quarrel.delivers()
    assert await quarrel.told(PROVINCE) == [AT_WORK], "once: it was on its way already"
    assert await quarrel.cards() == []


async def test_what_we_made_them_show_is_our_own_however_late_it_is_read(quarrel: Quarrel) -> None:
    await quarrel.hears(NATION, AT_WORK)
    await quarrel.delivers()
    pushed = quarrel.books.clock()
    quarrel.books.clock.pass_time(minutes=30)
    await quarrel.hears(NATION, ANSWERED)
    await quarrel.delivers()
    quarrel.books.clock.pass_time(minutes=1)
    ago = (quarrel.books.clock() - pushed).total_seconds()
    assert (await quarrel.hears(PROVINCE, AT_WORK, ago=ago)).word == "echo"
    assert (await quarrel.it()).status is ANSWERED
    assert await quarrel.told(NATION) == []
    assert await quarrel.conflicts() == []


async def test_an_officers_move_at_another_time_is_no_echo(quarrel: Quarrel) -> None:
    await quarrel.hears(NATION, AT_WORK)
    await quarrel.delivers()
    await quarrel.hears(NATION, ANSWERED)
    await quarrel.delivers()
    quarrel.books.clock.pass_time(hours=7)
    assert (await quarrel.hears(PROVINCE, AT_WORK)).word == "moved"


async def test_two_that_undo_each_other_are_held_until_a_person_decides(quarrel: Quarrel) -> None:
    clock = quarrel.books.clock
    await quarrel.hears(NATION, AT_WORK)
    await quarrel.delivers()
    clock.pass_time(minutes=20)
    await quarrel.hears(PROVINCE, ANSWERED)
    await quarrel.delivers()
    clock.pass_time(minutes=20)
    told = len(await quarrel.told(CHAT))
    assert (await quarrel.hears(NATION, AT_WORK)).word == "held"
    assert (await quarrel.hears(PROVINCE, CLOSED)).word == "held", "nothing counts meanwhile"
    await quarrel.delivers()
    it = await quarrel.it()
    assert (it.status, it.held_at is None) == (ANSWERED, False)
    assert len(await quarrel.told(CHAT)) == told
    assert await quarrel.cards() == ["held"]
    assert await quarrel.contradictions.release(it.ticket, status=AT_WORK, who=RINI) == it.ticket
    await quarrel.delivers()
    assert await quarrel.cards() == []
    assert (await quarrel.it()).held_at is None
    assert (await quarrel.told(PROVINCE))[-1] == AT_WORK
    clock.pass_time(minutes=20)
    assert (await quarrel.hears(PROVINCE, ANSWERED)).word == "moved", "their words count again"


async def test_one_office_that_goes_back_and_forth_is_not_held(quarrel: Quarrel) -> None:
    for status in (AT_WORK, ANSWERED, AT_WORK, ANSWERED):
        quarrel.books.clock.pass_time(minutes=5)
        assert (await quarrel.hears(NATION, status)).word == "moved"
    assert await quarrel.cards() == []


async def test_what_comes_back_a_day_later_is_no_loop(quarrel: Quarrel) -> None:
    for by, status in ((NATION, AT_WORK), (PROVINCE, ANSWERED), (NATION, AT_WORK)):
        quarrel.books.clock.pass_time(hours=25)
        assert (await quarrel.hears(by, status)).word == "moved"


@pytest.mark.parametrize("chosen", [CLOSED, AT_WORK])
async def test_a_person_decides_for_either_side_with_one_word(
    quarrel: Quarrel, chosen: Status
) -> None:
    await quarrel.hears(NATION, CLOSED)
    await quarrel.delivers()
    quarrel.books.clock.pass_time(hours=1)
    await quarrel.hears(PROVINCE, AT_WORK)
    [row] = await quarrel.conflicts()
    ticket = await quarrel.contradictions.decide(
        row.id, status=chosen, who=RINI, why="sudah dicek"
    )
    await quarrel.delivers()
    it = await quarrel.it()
    assert (it.ticket, it.status, it.status_from) == (ticket, chosen, f"operator:{RINI}")
    [row] = await quarrel.conflicts()
    assert (row.decided, row.decided_by, row.ended_at is None) == (chosen, RINI, False)
    assert await quarrel.told(NATION) == ([] if chosen is CLOSED else [chosen]), (
        "it said so itself"
    )
    assert (await quarrel.told(PROVINCE))[-1] == chosen


async def test_a_decision_names_one_of_the_two_sides(quarrel: Quarrel) -> None:
    await quarrel.hears(NATION, CLOSED)
    quarrel.books.clock.pass_time(hours=1)
    await quarrel.hears(PROVINCE, AT_WORK)
    [row] = await quarrel.conflicts()
    with pytest.raises(MoveRefused, match="Pilih «Diproses» atau «Selesai»"):
        await quarrel.contradictions.decide(row.id, status=Status.ARCHIVED, who=RINI)


async def test_a_clock_in_another_zone_is_learned_from_our_own_words_and_taken_off(
    quarrel: Quarrel,
) -> None:
    clock, ahead = quarrel.books.clock, timedelta(hours=7)
    for status in (Status.VERIFIED, Status.FORWARDED, AT_WORK):
        clock.pass_time(minutes=20)
        await quarrel.moves(status)
        await quarrel.delivers()
        ours = quarrel.written(PROVINCE, at=clock() + ahead)
        await quarrel.hears(PROVINCE, status, ago=-7 * HOURS, answers=[ours])
    clock.pass_time(hours=2)
    await quarrel.hears(NATION, CLOSED, ago=60)
    # By their clock that was six hours after the nation closed it; in truth an hour before.
    assert (await quarrel.hears(PROVINCE, ANSWERED, ago=-6 * HOURS)).word == "late"
    it = await quarrel.it()
    assert it.status is CLOSED
    [row] = await quarrel.conflicts()
    assert row.ahead == pytest.approx(7 * HOURS, abs=90)


async def test_a_fast_clock_that_nobody_knows_of_yet_does_not_have_the_last_word_for_hours(
    quarrel: Quarrel,
) -> None:
    assert (await quarrel.hears(PROVINCE, AT_WORK, ago=-7 * HOURS)).word == "moved"
    quarrel.books.clock.pass_time(minutes=30)
    assert (await quarrel.hears(NATION, ANSWERED)).word == "moved"


async def test_what_an_officer_dates_back_is_heard_when_the_hub_looks(quarrel: Quarrel) -> None:
    await quarrel.hears(NATION, AT_WORK)
    quarrel.books.clock.pass_time(minutes=5)
    assert (await quarrel.hears(NATION, Status.ARCHIVED, ago=400)).word == "known"
    assert (await quarrel.hears(NATION, Status.ARCHIVED, ago=400, is_look=True)).word == "moved"


async def test_an_officer_who_moves_right_after_our_word_has_arrived_is_heard(
    quarrel: Quarrel,
) -> None:
    clock = quarrel.books.clock
    for status in (AT_WORK, ANSWERED):
        await quarrel.moves(status)
        await quarrel.delivers()
    clock.pass_time(seconds=6)
    assert (await quarrel.hears(PROVINCE, AT_WORK)).word == "moved"
