"""What looks like a channel's own word and is not, and what must not be taken for settled."""

from datetime import timedelta

import pytest

from hub.contract import Answer, Status
from tests.integration.agreeing.quarrel import NATION, Quarrel
from tests.integration.matching.town import CHAT, PROVINCE

AT_WORK, ANSWERED, CLOSED = Status.IN_PROGRESS, Status.ANSWERED, Status.CLOSED
NEEDS_INFO = Status.NEEDS_INFO
HOUR = 3600


async def test_our_word_coming_back_is_no_younger_than_what_moved_us(quarrel: Quarrel) -> None:
    clock = quarrel.books.clock
    await quarrel.hears(NATION, AT_WORK)
    clock.pass_time(minutes=40)  # the province was away
    await quarrel.delivers()
    assert (await quarrel.hears(PROVINCE, AT_WORK, ago=30)).word == "same"
    clock.pass_time(minutes=18)
    assert (await quarrel.hears(NATION, CLOSED, ago=45 * 60)).word == "moved"


async def test_our_word_coming_back_makes_nobody_its_author(quarrel: Quarrel) -> None:
    await quarrel.hears(PROVINCE, CLOSED)
    await quarrel.delivers()
    assert (await quarrel.hears(NATION, CLOSED, ago=10)).word == "same"
    assert (await quarrel.it()).status_from == PROVINCE
    quarrel.books.clock.pass_time(hours=3)
    assert (await quarrel.hears(PROVINCE, AT_WORK)).word == "moved", "it may undo its own end"


async def test_who_says_the_same_before_we_told_it_confirms(quarrel: Quarrel) -> None:
    await quarrel.hears(PROVINCE, CLOSED)
    assert (await quarrel.hears(NATION, CLOSED)).word == "same"
    assert (await quarrel.it()).status_from == NATION


@pytest.mark.parametrize("by", ["operator", "channels"])
async def test_a_late_end_does_not_undo_what_others_have_gone_on_to(
    quarrel: Quarrel, by: str
) -> None:
    clock = quarrel.books.clock
    clock.pass_time(hours=6)
    if by == "operator":
        await quarrel.moves(AT_WORK)
    else:
        await quarrel.hears(PROVINCE, AT_WORK)
    await quarrel.delivers()
    clock.pass_time(minutes=20)
    await quarrel.hears(NATION, ANSWERED)
    await quarrel.delivers()
    told = await quarrel.told(CHAT)
    assert (await quarrel.hears(PROVINCE, CLOSED, ago=5 * 3600)).word != "moved"
    await quarrel.delivers()
    assert (await quarrel.it()).status is ANSWERED
    assert await quarrel.told(CHAT) == told


async def test_who_says_it_again_and_again_is_told_twice_and_then_a_person_is_asked(
    quarrel: Quarrel,
) -> None:
    await quarrel.hears(NATION, CLOSED)
    await quarrel.delivers()
    told = len(await quarrel.told(PROVINCE))
    for _ in range(6):
        quarrel.books.clock.pass_time(hours=9)
        await quarrel.hears(PROVINCE, AT_WORK)
        await quarrel.delivers()
        quarrel.books.clock.pass_time(hours=1)
        await quarrel.hears(PROVINCE, CLOSED)
    assert len(await quarrel.told(PROVINCE)) - told <= 3
    quarrel.books.clock.pass_time(hours=9)
    await quarrel.hears(PROVINCE, AT_WORK)
    assert (await quarrel.it()).status is CLOSED
    assert {"conflict", "held"} & set(await quarrel.cards())


async def test_two_that_undo_each_other_slowly_are_held_as_well(quarrel: Quarrel) -> None:
    for _ in range(5):
        for by, status in ((NATION, AT_WORK), (PROVINCE, ANSWERED)):
            quarrel.books.clock.pass_time(hours=4)
            await quarrel.hears(by, status)
            await quarrel.delivers()
    assert await quarrel.cards() == ["held"]


async def test_words_without_a_time_teach_nothing_about_a_clock(quarrel: Quarrel) -> None:
    for status in (Status.VERIFIED, Status.FORWARDED, AT_WORK):
        quarrel.books.clock.pass_time(hours=5)
        await quarrel.moves(status)
        await quarrel.delivers()
        marker = quarrel.marker_of(PROVINCE)
        at = quarrel.books.clock() - timedelta(hours=5)
        undated = Answer(f"a-{marker}", "kabar", at, marker=marker, is_dated=False)
        await quarrel.hears(PROVINCE, status, answers=[undated])
    async with quarrel.books.database.begin() as work:
        assert list(await work.echoes.clock(PROVINCE)) == []


async def test_nothing_holds_since_a_moment_that_has_not_come(quarrel: Quarrel) -> None:
    for status in (AT_WORK, ANSWERED):
        quarrel.books.clock.pass_time(minutes=5)
        assert (await quarrel.hears(PROVINCE, status, ago=-7 * 3600)).word == "moved"
        assert (await quarrel.it()).status_at <= quarrel.books.clock()


async def test_a_contradiction_is_over_once_the_channel_was_told_what_it_shows(
    quarrel: Quarrel,
) -> None:
    await quarrel.hears(NATION, AT_WORK)
    await quarrel.delivers()
    quarrel.books.clock.pass_time(minutes=20)
    await quarrel.hears(PROVINCE, Status.VERIFIED)  # not allowed: somebody must say
    [row] = await quarrel.conflicts()
    assert (row.outcome, row.ended_at) == ("person", None)
    await quarrel.moves(Status.NEEDS_INFO)
    await quarrel.delivers()
    await quarrel.hears(PROVINCE, Status.NEEDS_INFO)
    assert all(row.ended_at is not None for row in await quarrel.conflicts())
    assert await quarrel.cards() == []


async def test_a_list_that_dates_only_the_last_change_does_not_close_again_what_a_person_opened(
    quarrel: Quarrel,
) -> None:
    await quarrel.hears(PROVINCE, CLOSED)
    quarrel.books.clock.pass_time(minutes=10)
    await quarrel.moves(AT_WORK)
    await quarrel.delivers()
    quarrel.books.clock.pass_time(minutes=20)  # there, too, our follow-up stands under the old end
    await quarrel.hears(PROVINCE, CLOSED, ago=18 * 60, by_then=True)
    assert (await quarrel.it()).status is AT_WORK
    assert await quarrel.cards() == ["conflict"], "that it did not follow is for a person"


async def test_a_list_that_dates_only_the_last_change_still_tells_another_status(
    quarrel: Quarrel,
) -> None:
    await quarrel.hears(PROVINCE, AT_WORK, by_then=True)
    quarrel.books.clock.pass_time(minutes=10)
    assert (await quarrel.hears(PROVINCE, CLOSED, by_then=True)).word == "moved"


async def test_our_older_word_is_known_again_though_their_clock_is_hours_ahead(
    quarrel: Quarrel,
) -> None:
    for status in (AT_WORK, NEEDS_INFO):
        await quarrel.moves(status)
        await quarrel.delivers()
    assert (await quarrel.hears(PROVINCE, AT_WORK, ago=-3 * HOUR)).word == "echo"
    assert (await quarrel.it()).status is NEEDS_INFO


@pytest.mark.parametrize("ahead", [-5 * HOUR, 3 * HOUR])
async def test_a_word_beside_our_own_mark_is_ours_whatever_their_clock_says(
    quarrel: Quarrel, ahead: int
) -> None:
    await quarrel.moves(AT_WORK)
    await quarrel.delivers()
    there = quarrel.books.clock() + timedelta(seconds=ahead)
    ours = quarrel.written(PROVINCE, at=there)
    await quarrel.moves(NEEDS_INFO)
    quarrel.books.clock.pass_time(minutes=10)  # the newer word has not left yet
    ago = (quarrel.books.clock() - there).total_seconds()
    told = await quarrel.told(CHAT)
    await quarrel.hears(PROVINCE, AT_WORK, ago=ago, answers=[ours])
    assert (await quarrel.it()).status is NEEDS_INFO
    assert await quarrel.told(CHAT) == told
    assert await quarrel.conflicts() == []


async def test_a_complaint_from_the_future_can_be_moved_now(quarrel: Quarrel) -> None:
    quarrel.said = await quarrel.says("Got mampet", who=2, ahead=timedelta(hours=3))
    await quarrel.delivers()
    quarrel.books.clock.pass_time(minutes=10)
    assert (await quarrel.hears(NATION, AT_WORK)).word == "moved"


async def test_what_our_late_push_moved_on_unseen_counts_by_its_own_time(quarrel: Quarrel) -> None:
    await quarrel.hears(PROVINCE, CLOSED)
    quarrel.books.clock.pass_time(minutes=10)
    opened_again = quarrel.books.clock()  # there; and our push of an older end came after it
    quarrel.books.clock.pass_time(minutes=10)
    ago = (quarrel.books.clock() - opened_again).total_seconds()
    assert (await quarrel.hears(PROVINCE, AT_WORK, ago=ago, overwritten=True)).word == "moved"
    await quarrel.delivers()
    assert (await quarrel.it()).status is AT_WORK
    assert (await quarrel.told(PROVINCE))[-1] == AT_WORK, "it shows the older word by now"
    assert (await quarrel.told(CHAT))[-1] == AT_WORK


@pytest.mark.parametrize("how", ["heard", "decided since", "by a fast clock"])
async def test_what_was_overwritten_rightly_stays_so(quarrel: Quarrel, how: str) -> None:
    said = quarrel.books.clock()
    if how == "heard":
        await quarrel.hears(PROVINCE, AT_WORK)
    quarrel.books.clock.pass_time(minutes=5)
    await quarrel.moves(ANSWERED)
    await quarrel.delivers()
    quarrel.books.clock.pass_time(minutes=5)
    ago = -HOUR if how == "by a fast clock" else (quarrel.books.clock() - said).total_seconds()
    assert (await quarrel.hears(PROVINCE, AT_WORK, ago=ago, overwritten=True)).word == "overtaken"
    assert (await quarrel.it()).status is ANSWERED


async def test_that_it_came_in_there_sets_nobody_back(quarrel: Quarrel) -> None:
    await quarrel.hears(NATION, NEEDS_INFO)
    await quarrel.delivers()
    told = await quarrel.told(CHAT)
    await quarrel.hears(PROVINCE, Status.RECEIVED, ago=-2 * HOUR)
    assert (await quarrel.it()).status is NEEDS_INFO
    assert await quarrel.told(CHAT) == told


async def test_a_report_that_comes_in_elsewhere_sets_nobody_back(quarrel: Quarrel) -> None:
    await quarrel.hears(NATION, NEEDS_INFO)
    quarrel.books.clock.pass_time(minutes=5)
    await quarrel.says(
        by=PROVINCE, joins=await quarrel.it(), status=Status.RECEIVED, their_status="Diterima"
    )
    assert (await quarrel.it()).status is NEEDS_INFO


async def test_who_goes_back_to_the_beginning_is_heard(quarrel: Quarrel) -> None:
    await quarrel.hears(PROVINCE, NEEDS_INFO)
    quarrel.books.clock.pass_time(minutes=5)
    assert (await quarrel.hears(PROVINCE, Status.RECEIVED)).word == "moved"


async def test_a_channel_that_shows_only_that_it_came_in_has_not_moved(quarrel: Quarrel) -> None:
    await quarrel.hears(NATION, AT_WORK)
    await quarrel.delivers()
    quarrel.books.clock.pass_time(minutes=5)
    await quarrel.hears(PROVINCE, Status.RECEIVED, ago=-1)
    assert (await quarrel.at(PROVINCE)).shown is Status.RECEIVED
    assert await quarrel.cards() == ["conflict"]


@pytest.mark.parametrize("ahead", [0, 30, 3 * HOUR])
async def test_who_opens_again_what_it_ended_is_heard_by_a_fast_clock_too(
    quarrel: Quarrel, ahead: int
) -> None:
    await quarrel.moves(AT_WORK)
    await quarrel.delivers()
    quarrel.books.clock.pass_time(minutes=10)
    assert (await quarrel.hears(PROVINCE, CLOSED, ago=-ahead)).word == "moved"
    quarrel.books.clock.pass_time(minutes=15)
    assert (await quarrel.hears(PROVINCE, AT_WORK, ago=-ahead)).word == "moved"


async def test_our_mark_tells_more_than_their_clock_once_a_later_word_has_arrived(
    quarrel: Quarrel,
) -> None:
    await quarrel.hears(NATION, CLOSED)
    await quarrel.delivers()
    there = quarrel.books.clock() + timedelta(hours=3)
    ours = quarrel.written(PROVINCE, at=there)
    await quarrel.moves(AT_WORK)
    await quarrel.delivers()
    quarrel.books.clock.pass_time(minutes=10)
    ago = (quarrel.books.clock() - there).total_seconds()
    await quarrel.hears(PROVINCE, CLOSED, ago=ago, answers=[ours])
    assert (await quarrel.it()).status is AT_WORK
    assert await quarrel.cards() == ["conflict"], "it was told and did not move"
