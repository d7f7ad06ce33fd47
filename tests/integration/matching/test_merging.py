"""Two complaints become one and are parted again: reports, sources, status and what everybody is told."""

from datetime import timedelta
from pathlib import Path

import pytest

from hub.contract import Status
from hub.intake.moves import MoveRefused, Operator
from hub.store import desk
from hub.store.database import Database
from tests.fakes.books import Books
from tests.fakes.clock import SteppedClock
from tests.integration.matching.town import CHAT, PORTAL, PROVINCE, RINI, Said, Town


@pytest.fixture
def town(database: Database, tmp_path: Path) -> Town:
    return Town(Books(database, SteppedClock()), tmp_path)


async def two(town: Town) -> tuple[Said, Said]:
    """Two citizens, two complaints, both known everywhere."""
    first, second = await town.says(who=1), await town.says(who=2)
    await town.works()
    return first, second


async def moved(town: Town, complaint_id: int, status: Status, by: str = PORTAL) -> None:
    await town.shows((await town.sources(complaint_id, by))[0], status)
    await town.works()


async def test_the_reports_and_sources_of_the_one_that_is_lost_belong_to_the_one_that_stays(
    town: Town,
) -> None:
    first, second = await two(town)
    await town.merges(first.complaint_id, second.complaint_id)
    assert set((await town.owners()).values()) == {first.complaint_id}
    assert len(await town.sources(first.complaint_id)) == 6
    assert await town.sources(second.complaint_id) == []
    assert (await town.complaint(second.complaint_id)).merged_into == first.complaint_id
    assert (await town.complaint(first.complaint_id)).voices == 2


async def test_the_citizen_is_told_which_ticket_speaks_for_theirs_and_how_it_stands(
    town: Town,
) -> None:
    first, second = await two(town)
    await moved(town, first.complaint_id, Status.IN_PROGRESS)
    chat = await town.source(second.complaint_id, CHAT)
    stays, lost = [await town.complaint(each.complaint_id) for each in (first, second)]
    await town.merges(stays.id, lost.id)
    await town.works()
    status, note = (await town.told(chat))[-1]
    assert status == "in_progress"
    assert note is not None
    assert lost.ticket in note
    assert stays.ticket in note
    assert town.chat.deliveries[-1].ticket == stays.ticket


async def test_an_upstream_that_knows_both_is_told_the_number_of_the_other(town: Town) -> None:
    first, second = await two(town)
    source = await town.source(second.complaint_id, PORTAL)
    stays = await town.source(first.complaint_id, PORTAL)
    await town.merges(first.complaint_id, second.complaint_id)
    await town.works()
    ((status, note),) = await town.told(source)
    assert status == "received"
    assert stays.external_id is not None
    assert stays.external_id in (note or "")
    assert await town.told(stays) == [], "nothing has changed for that one"


async def test_what_is_said_at_any_channel_of_both_moves_the_one_and_is_told_to_all_others(
    town: Town,
) -> None:
    first, second = await two(town)
    source = await town.source(second.complaint_id, PORTAL)
    await town.merges(first.complaint_id, second.complaint_id)
    await town.works()
    before = len(await town.told(source))
    await town.shows(source, Status.CLOSED)
    await town.works()
    assert (await town.complaint(first.complaint_id)).status is Status.CLOSED
    for each in await town.sources(first.complaint_id):
        told = await town.told(each)
        if each.id == source.id:
            assert len(told) == before, "nobody is told their own news"
        else:
            assert told[-1][0] == "closed"


async def test_an_opening_nobody_began_is_not_made_twice_and_goes_its_way_after_parting(
    town: Town,
) -> None:
    first = await town.says(who=1)
    second = await town.says(who=2)
    merge_id = await town.merges(first.complaint_id, second.complaint_id)
    await town.works()
    assert len(town.portal.deliveries) == 1
    lost = await town.parts(merge_id)
    await town.works()
    assert town.portal.tickets[-1] == lost.ticket
    assert len(town.portal.deliveries) == 2
    source = await town.source(lost.id, PORTAL)
    assert source.external_id == f"portal-{lost.ticket}"
    assert source.listens


async def test_parting_brings_everything_back_where_it_was(town: Town) -> None:
    first, second = await two(town)
    await moved(town, first.complaint_id, Status.IN_PROGRESS)
    owners, sources = await town.owners(), await town.all_sources()
    lost = await town.parts(await town.merges(first.complaint_id, second.complaint_id))
    assert await town.owners() == owners
    assert [row["complaint_id"] for row in await town.all_sources()] == [
        row["complaint_id"] for row in sources
    ]
    assert (lost.merged_into, lost.voices, lost.status) == (None, 1, Status.RECEIVED)
    stays = await town.complaint(first.complaint_id)
    assert (stays.voices, stays.status) == (1, Status.IN_PROGRESS)


async def test_after_parting_everybody_who_was_told_otherwise_is_told_the_right_status(
    town: Town,
) -> None:
    first, second = await two(town)
    await moved(town, first.complaint_id, Status.IN_PROGRESS)
    lost = await town.parts(await town.merges(first.complaint_id, second.complaint_id))
    stays = await town.sources(first.complaint_id)
    told = [len(await town.told(each)) for each in stays]
    await town.works()
    for source in await town.sources(lost.id):
        assert [status for status, _ in await town.told(source)][-2:] == [
            "in_progress",
            "received",
        ]
    assert [len(await town.told(each)) for each in stays] == told, "they have heard of nothing"
    note = (await town.told(await town.source(lost.id, CHAT)))[-1][1]
    assert lost.ticket in (note or "")


async def test_news_of_its_own_channels_moves_on_the_one_that_is_parted_and_not_the_other(
    town: Town,
) -> None:
    first, second = await two(town)
    source = await town.source(second.complaint_id, PORTAL)
    merge_id = await town.merges(first.complaint_id, second.complaint_id)
    await town.works()
    await town.shows(source, Status.VERIFIED)
    await town.works()
    lost = await town.parts(merge_id)
    await town.works()
    assert lost.status is Status.VERIFIED
    assert (await town.complaint(first.complaint_id)).status is Status.RECEIVED
    for each in await town.sources(first.complaint_id):
        assert [status for status, _ in await town.told(each)][-2:] == ["verified", "received"]


async def test_what_an_operator_decided_in_between_holds_for_the_one_that_stayed(
    town: Town,
) -> None:
    first, second = await two(town)
    merge_id = await town.merges(first.complaint_id, second.complaint_id)
    await town.works()
    operator = Operator(
        begin=town.books.database.begin, upstreams=town.upstreams, clock=town.books.clock
    )
    ticket = (await town.complaint(first.complaint_id)).ticket
    await operator.move(ticket, Status.FORWARDED, note=None, reason=None, agency="DPUPR", who=RINI)
    await town.works()
    lost = await town.parts(merge_id)
    assert lost.status is Status.RECEIVED
    assert (await town.complaint(first.complaint_id)).status is Status.FORWARDED


async def test_what_a_channel_shows_of_the_status_it_was_told_meanwhile_is_old_news(
    town: Town,
) -> None:
    first, second = await two(town)
    await moved(town, first.complaint_id, Status.IN_PROGRESS)
    merge_id = await town.merges(first.complaint_id, second.complaint_id)
    await town.works()
    lost = await town.parts(merge_id)
    source = await town.source(lost.id, PROVINCE)
    town.books.clock.pass_time(seconds=20)
    assert (
        await town.shows(source, Status.IN_PROGRESS, ago=timedelta(seconds=30))
    ).word != "moved"
    assert (await town.complaint(lost.id)).status is Status.RECEIVED


async def test_what_was_told_late_comes_back_as_no_news_while_a_newer_word_is_on_its_way(
    town: Town,
) -> None:
    first, second = await two(town)
    await moved(town, first.complaint_id, Status.IN_PROGRESS)
    source = await town.source(second.complaint_id, PROVINCE)
    merge_id = await town.merges(first.complaint_id, second.complaint_id)
    await town.works()
    town.province.gate.clear()
    lost = await town.parts(merge_id)
    town.books.clock.pass_time(minutes=1)
    assert (await town.shows(source, Status.IN_PROGRESS)).word == "echo"
    assert (await town.complaint(lost.id)).status is Status.RECEIVED


async def test_a_complaint_that_was_merged_away_is_not_moved_by_hand(town: Town) -> None:
    first, second = await two(town)
    lost = (await town.complaint(second.complaint_id)).ticket
    await town.merges(first.complaint_id, second.complaint_id)
    operator = Operator(
        begin=town.books.database.begin, upstreams=town.upstreams, clock=town.books.clock
    )
    with pytest.raises(MoveRefused, match="sudah digabung ke"):
        await operator.move(lost, Status.CLOSED, note=None, reason=None, agency=None, who=RINI)


async def test_a_merge_is_not_undone_before_the_later_one_that_took_it_along(town: Town) -> None:
    first, second = await two(town)
    third = await town.says(who=3)
    inner = await town.merges(second.complaint_id, third.complaint_id)
    outer = await town.merges(first.complaint_id, second.complaint_id)
    with pytest.raises(MoveRefused, match="pisahkan itu lebih dulu"):
        await town.parts(inner)
    await town.parts(outer)
    assert (await town.parts(inner)).id == third.complaint_id
    assert list((await town.owners()).values()) == [
        first.complaint_id, second.complaint_id, third.complaint_id,
    ]  # fmt: skip


async def test_a_merge_is_undone_once(town: Town) -> None:
    first, second = await two(town)
    merge_id = await town.merges(first.complaint_id, second.complaint_id)
    await town.parts(merge_id)
    with pytest.raises(MoveRefused, match="Sudah dipisahkan"):
        await town.parts(merge_id)


async def test_a_report_that_joined_by_mistake_gets_a_complaint_of_its_own(town: Town) -> None:
    first = await town.says(who=1)
    complaint = await town.complaint(first.complaint_id)
    second = await town.says("Lampu gang mati", who=2, joins=complaint)
    await town.works()
    (ours, theirs) = await town.sources(complaint.id, CHAT)
    assert second.merge is not None
    lost = await town.parts(second.merge.id)
    await town.works()
    assert (await town.owners()) == {first.report_id: complaint.id, second.report_id: lost.id}
    assert [each.id for each in await town.sources(lost.id, CHAT)] == [theirs.id]
    status, note = (await town.told(theirs))[-1]
    assert status == "received"
    assert complaint.ticket in (note or "")
    assert town.chat.deliveries[-1].ticket == lost.ticket
    assert lost.ticket in town.portal.tickets
    assert len(await town.told(ours)) == 1
    assert (await town.complaint(complaint.id)).voices == 1


async def test_what_a_citizen_said_since_goes_with_them(town: Town) -> None:
    first, second = await two(town)
    merge_id = await town.merges(first.complaint_id, second.complaint_id)
    more = await town.says("Masih gelap", who=2, joins=await town.complaint(first.complaint_id))
    other = await town.says(who=3, joins=await town.complaint(first.complaint_id))
    lost = await town.parts(merge_id)
    owners = await town.owners()
    assert owners[more.report_id] == lost.id
    assert owners[other.report_id] == first.complaint_id


async def test_whoever_spoke_of_both_is_told_everything_once(town: Town) -> None:
    first, second = await town.says(who=1), await town.says(who=1)
    await town.works()
    merge_id = await town.merges(first.complaint_id, second.complaint_id)
    await town.works()
    told = len(town.chat.deliveries)
    await moved(town, first.complaint_id, Status.CLOSED)
    assert len(town.chat.deliveries) == told + 1
    assert (await town.complaint(first.complaint_id)).voices == 1
    lost = await town.parts(merge_id)
    await town.works()
    assert (await town.told(await town.source(lost.id, CHAT)))[-1][0] == "received"


async def test_what_was_merged_away_is_in_no_list_and_is_found_by_its_whole_number(
    town: Town,
) -> None:
    first, second = await two(town)
    stays, lost = [await town.complaint(each.complaint_id) for each in (first, second)]
    await town.merges(stays.id, lost.id)
    await town.works()
    async with town.books.database.reading() as connection:
        every = await desk.complaints(connection, desk.Filter())
        found = await desk.complaints(connection, desk.Filter(ticket=lost.ticket.lower()))
        journey = await desk.journey(connection, lost.ticket)
        agreement = await desk.agreement(connection)
    assert [line.ticket for line in every.complaints] == [stays.ticket]
    assert [line.ticket for line in found.complaints] == [lost.ticket]
    assert journey is not None
    assert agreement.total == 6


async def test_two_sources_of_one_channel_stand_each_for_itself(town: Town) -> None:
    first, second = await two(town)
    await town.merges(first.complaint_id, second.complaint_id)
    await town.works()
    town.portal.answers.append(TimeoutError())
    await moved(town, first.complaint_id, Status.VERIFIED, by=PROVINCE)
    async with town.books.database.reading() as connection:
        agreement = await desk.agreement(connection)
    assert (agreement.total, agreement.in_doubt) == (6, 1)
