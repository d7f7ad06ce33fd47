"""A report joins a complaint: who is told what, and how often."""

from pathlib import Path

import pytest

from hub.contract import Status
from hub.store.database import Database
from tests.fakes.books import Books
from tests.fakes.clock import SteppedClock
from tests.integration.matching.town import CHAT, PORTAL, PROVINCE, Town


@pytest.fixture
def town(database: Database, tmp_path: Path) -> Town:
    return Town(Books(database, SteppedClock()), tmp_path)


async def test_whoever_says_the_same_hears_the_ticket_the_status_and_how_many_said_so(
    town: Town,
) -> None:
    first = await town.says(who=1)
    await town.works()
    portal = await town.source(first.complaint_id, PORTAL)
    await town.shows(portal, Status.IN_PROGRESS)
    complaint = await town.complaint(first.complaint_id)
    second = await town.says(who=2, joins=complaint)
    await town.works()
    assert second.complaint_id == complaint.id
    assert (await town.owners())[second.report_id] == complaint.id
    theirs = (await town.sources(complaint.id, CHAT))[-1]
    assert await town.told(theirs) == [
        ("in_progress", "Masalah ini sudah kami terima dari 2 warga.")
    ]
    assert town.chat.deliveries[-1].ticket == complaint.ticket
    assert town.chat.deliveries[-1].content.is_first  # type: ignore[union-attr]
    assert (await town.complaint(complaint.id)).voices == 2


async def test_what_moves_the_complaint_is_told_to_every_citizen_who_joined(town: Town) -> None:
    first = await town.says(who=1)
    complaint = await town.complaint(first.complaint_id)
    await town.says(who=2, joins=complaint)
    await town.works()
    portal = await town.source(complaint.id, PORTAL)
    await town.shows(portal, Status.CLOSED)
    await town.works()
    for chat in await town.sources(complaint.id, CHAT):
        assert (await town.told(chat))[-1][0] == "closed"


async def test_the_same_person_again_is_no_new_voice_and_is_told_once(town: Town) -> None:
    first = await town.says(who=1)
    complaint = await town.complaint(first.complaint_id)
    await town.works()
    for _ in range(3):
        again = await town.says(who=1, joins=complaint)
        await town.works()
        assert again.complaint_id == complaint.id
    chat = await town.source(complaint.id, CHAT)
    assert await town.told(chat) == [
        ("received", None),
        ("received", "Aduan ini masih kami tangani."),
    ]
    assert (await town.complaint(complaint.id)).voices == 1


async def test_upstreams_hear_at_the_fifth_voice_and_not_at_the_sixth(town: Town) -> None:
    first = await town.says(who=1)
    complaint = await town.complaint(first.complaint_id)
    for who in range(2, 7):
        await town.says(who=who, joins=complaint)
    await town.works()
    for by in (PORTAL, PROVINCE):
        source = await town.source(complaint.id, by)
        assert await town.told(source) == [("received", "Kini dilaporkan 5 warga.")]


async def test_a_report_that_has_ended_there_joins_nothing_that_goes_on(town: Town) -> None:
    first = await town.says(who=1)
    complaint = await town.complaint(first.complaint_id)
    ended = await town.says(
        by=PORTAL, joins=complaint, status=Status.CLOSED, their_status="Selesai"
    )
    assert ended.complaint_id != complaint.id
    assert (await town.complaint(complaint.id)).status is Status.RECEIVED
    assert (await town.complaint(complaint.id)).voices == 1


async def test_a_report_joins_no_complaint_that_has_ended(town: Town) -> None:
    first = await town.says(who=1)
    await town.works()
    await town.shows(await town.source(first.complaint_id, PORTAL), Status.CLOSED)
    complaint = await town.complaint(first.complaint_id)
    assert (await town.says(who=2, joins=complaint)).complaint_id != complaint.id


async def test_a_report_that_is_under_way_at_its_channel_moves_the_complaint(town: Town) -> None:
    first = await town.says(who=1)
    complaint = await town.complaint(first.complaint_id)
    await town.works()
    await town.says(
        by=PROVINCE, joins=complaint, status=Status.IN_PROGRESS, their_status="Dalam Proses"
    )
    await town.works()
    assert (await town.complaint(complaint.id)).status is Status.IN_PROGRESS
    chat = await town.source(complaint.id, CHAT)
    assert (await town.told(chat))[-1][0] == "in_progress"


async def test_an_opening_that_nobody_began_makes_way_for_the_report_of_that_channel_itself(
    town: Town,
) -> None:
    first = await town.says(who=1)
    complaint = await town.complaint(first.complaint_id)
    await town.says(by=PORTAL, joins=complaint)
    await town.works()
    assert town.portal.deliveries == []
    assert [each.listens for each in await town.sources(complaint.id, PORTAL)] == [False, True]


async def test_an_upstream_that_has_it_under_two_numbers_is_told_the_other_one(
    town: Town,
) -> None:
    first = await town.says(who=1)
    complaint = await town.complaint(first.complaint_id)
    await town.works()
    await town.says(by=PORTAL, joins=complaint)
    await town.works()
    (_, second) = await town.sources(complaint.id, PORTAL)
    ((status, note),) = await town.told(second)
    assert status == "received"
    assert note is not None
    assert f"portal-{complaint.ticket}" in note


async def test_one_citizen_who_cannot_be_reached_holds_up_no_other(town: Town) -> None:
    town.chat.answers.append(TimeoutError())
    first = await town.says(who=1)
    await town.works()
    second = await town.says(who=2, joins=await town.complaint(first.complaint_id))
    await town.works()
    (_, theirs) = await town.sources(second.complaint_id, CHAT)
    assert len(await town.told(theirs)) == 1
