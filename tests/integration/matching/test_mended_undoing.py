"""Undoing one thing takes back that thing alone: no other merge, no other person's decision."""

from pathlib import Path

import pytest
from sqlalchemy import update

from hub.contract import Opening, Status
from hub.domain.complaint import Source
from hub.domain.matching import Match, Verdict
from hub.intake.additions import show_late_words
from hub.intake.moves import MoveRefused
from hub.store.database import Database
from hub.store.tables import sources
from tests.fakes.books import Books
from tests.fakes.clock import SteppedClock
from tests.integration.matching.town import PORTAL, PROVINCE, RINI, Said, Town

MAYBE = Match(Verdict.PERHAPS, 0.6, ())


@pytest.fixture
def town(database: Database, tmp_path: Path) -> Town:
    return Town(Books(database, SteppedClock()), tmp_path)


async def ask(town: Town, report: Said, complaint: Said) -> int:
    async with town.books.database.begin() as work:
        return await work.matches.judged(
            report.report_id, complaint.complaint_id, MAYBE, state="open", at=town.books.clock()
        )


async def state(town: Town, match_id: int) -> tuple[str, str | None]:
    async with town.books.database.begin() as work:
        match = await work.matches.get(match_id)
    assert match is not None
    return match.state, match.decided_by


async def opened_at_the_portal(town: Town) -> list[str]:
    return [each.ticket for each in town.portal.deliveries if isinstance(each.content, Opening)]


async def of_thread(town: Town, complaint_id: int, by: str, thread: int) -> Source:
    (found,) = [e for e in await town.sources(complaint_id, by) if e.thread_id == thread]
    return found


@pytest.mark.parametrize("is_turned", [False, True])
async def test_undoing_one_of_two_joins_opens_the_trouble_no_second_time_there(
    town: Town, is_turned: bool
) -> None:
    first = await town.says(who=1)
    complaint = await town.complaint(first.complaint_id)
    joins = [await town.says(by=PORTAL, joins=complaint) for _ in range(2)]
    one, other = reversed(joins) if is_turned else joins
    assert one.merge is not None
    assert other.merge is not None
    await town.parts(one.merge.id)
    await town.works()
    assert await opened_at_the_portal(town) == []
    await town.parts(other.merge.id)
    await town.works()
    assert await opened_at_the_portal(town) == [complaint.ticket]


async def test_undoing_leaves_the_past_of_what_was_merged_later_alone(town: Town) -> None:
    first, second, third = [await town.says(who=who) for who in (1, 2, 3)]
    await town.works()
    parted = await town.merges(first.complaint_id, second.complaint_id)
    await town.works()
    await town.shows(await town.source(third.complaint_id, PORTAL), Status.IN_PROGRESS)
    await town.works()
    theirs = await of_thread(town, first.complaint_id, PROVINCE, second.complaint_id)
    await town.shows(theirs, Status.VERIFIED)
    await town.works()
    await town.merges(first.complaint_id, third.complaint_id)
    await town.works()
    assert (await town.complaint(first.complaint_id)).status is Status.VERIFIED
    await town.parts(parted)
    assert (await town.complaint(second.complaint_id)).status is Status.VERIFIED
    assert (await town.complaint(first.complaint_id)).status is Status.RECEIVED


async def test_what_was_merged_later_says_after_that_counts(town: Town) -> None:
    first, second, third = [await town.says(who=who) for who in (1, 2, 3)]
    await town.works()
    parted = await town.merges(first.complaint_id, second.complaint_id)
    await town.merges(first.complaint_id, third.complaint_id)
    await town.works()
    theirs = await of_thread(town, first.complaint_id, PROVINCE, second.complaint_id)
    await town.shows(theirs, Status.VERIFIED)
    await town.works()
    later = await of_thread(town, first.complaint_id, PORTAL, third.complaint_id)
    await town.shows(later, Status.IN_PROGRESS)
    await town.works()
    await town.parts(parted)
    assert (await town.complaint(first.complaint_id)).status is Status.IN_PROGRESS


async def test_undoing_asks_again_what_the_merge_answered_by_itself(town: Town) -> None:
    one, two, three = [await town.says(who=who) for who in (1, 2, 3)]
    first, second, third = await ask(town, two, one), await ask(town, three, one), 0
    third = await ask(town, three, two)
    await town.repeats.same(first, who=RINI)
    merged = await town.repeats.same(second, who=RINI)
    assert await state(town, third) == ("done", None)
    await town.repeats.undo(merged.merge_id, who=RINI, why="salah")
    assert await state(town, third) == ("open", None)
    assert await state(town, first) == ("same", RINI)


async def test_a_question_about_two_that_were_merged_by_number_comes_back_with_them(
    town: Town,
) -> None:
    one, other = await town.says(who=1), await town.says(who=2)
    match_id = await ask(town, other, one)
    merge_id = await town.merges(one.complaint_id, other.complaint_id)
    assert (await state(town, match_id))[0] == "done"
    await town.parts(merge_id)
    assert await state(town, match_id) == ("open", None)


async def test_nobody_takes_back_what_another_person_decided(town: Town) -> None:
    one, other = await town.says(who=1), await town.says(who=2)
    match_id = await ask(town, other, one)
    await town.repeats.later(match_id, who=RINI)
    await town.repeats.different(match_id, who="Dewi")
    with pytest.raises(MoveRefused, match="Sudah diputuskan oleh Dewi: berbeda"):
        await town.repeats.again(match_id, who=RINI)
    assert await state(town, match_id) == ("different", "Dewi")
    await town.repeats.again(match_id, who="Dewi")
    assert await state(town, match_id) == ("open", None)


async def cards(town: Town) -> list[tuple[str, int]]:
    return [(card["key"], card["complaint_id"]) for card in await town.books.open_cards()]


async def test_what_a_citizen_said_too_late_is_no_card_where_the_complaint_goes_on(
    town: Town,
) -> None:
    ended, going = await town.says(who=1), await town.says(who=2)
    await town.works()
    await town.shows(await town.source(ended.complaint_id, PORTAL), Status.CLOSED)
    async with town.books.database.begin() as work:
        await show_late_words(work, ended.complaint_id, at=town.books.clock())
    merge_id = await town.merges(going.complaint_id, ended.complaint_id)
    assert await cards(town) == []
    await town.parts(merge_id)
    ticket = (await town.complaint(ended.complaint_id)).ticket
    assert await cards(town) == [(f"late_words:{ticket}", ended.complaint_id)]


async def test_what_a_citizen_said_too_late_goes_with_the_complaint_where_both_have_ended(
    town: Town,
) -> None:
    one, other = await town.says(who=1), await town.says(who=2)
    await town.works()
    for said in (one, other):
        await town.shows(await town.source(said.complaint_id, PORTAL), Status.CLOSED)
    async with town.books.database.begin() as work:
        await show_late_words(work, other.complaint_id, at=town.books.clock())
    merge_id = await town.merges(one.complaint_id, other.complaint_id)
    tickets = [(await town.complaint(said.complaint_id)).ticket for said in (one, other)]
    assert await cards(town) == [(f"late_words:{tickets[0]}", one.complaint_id)]
    await town.parts(merge_id)
    assert await cards(town) == [(f"late_words:{tickets[1]}", other.complaint_id)]


async def test_a_card_about_a_contradiction_goes_with_the_complaint_and_comes_back(
    town: Town,
) -> None:
    one, other = await town.says(who=1), await town.says(who=2)
    await town.works()
    portal = await town.source(other.complaint_id, PORTAL)
    await town.shows(portal, Status.IN_PROGRESS)
    await town.works()
    await town.shows(portal, Status.RECEIVED)
    key = f"conflict:{portal.id}"
    assert await cards(town) == [(key, other.complaint_id)]
    merge_id = await town.merges(one.complaint_id, other.complaint_id)
    assert await cards(town) == [(key, one.complaint_id)]
    await town.parts(merge_id)
    assert (key, other.complaint_id) in await cards(town)


async def test_what_is_under_way_keeps_its_lane_though_its_source_was_made_before(
    town: Town,
) -> None:
    first = await town.says(who=1)
    await town.works()
    second = await town.says(who=2)
    async with town.books.database.begin() as work:
        # As the version before leaves a source that it makes after this one's migration.
        await work.connection.execute(update(sources).values(thread_id=None))
    (leased,) = await town.books.lease(PORTAL)
    await town.books.begin(leased)
    await town.merges(first.complaint_id, second.complaint_id)
    await town.shows(
        await of_thread(town, first.complaint_id, PROVINCE, first.complaint_id),
        Status.IN_PROGRESS,
    )
    before = len(town.portal.deliveries)
    await town.works()
    sent = town.portal.deliveries[before:]
    assert [each for each in sent if each.external_id is None] == []
