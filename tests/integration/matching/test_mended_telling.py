"""Who is told what after a report joined or two became one: each thing once, and only what is so."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from hub.contract import AttachmentRef, Opening, Person, Report, Status, Traits
from hub.domain.complaint import Source
from hub.domain.matching import Evidence, Match, Verdict
from hub.intake.fetch import FetchFiles, FileRules
from hub.intake.joining import join
from hub.store import desk
from hub.store.database import Database
from tests.fakes.books import Books
from tests.fakes.clock import SteppedClock
from tests.fakes.upstream import UNPACED, Pushing, upstreams_of
from tests.integration.matching.town import ALIKE, CHAT, PORTAL, PROVINCE, RINI, Town


@pytest.fixture
def town(database: Database, tmp_path: Path) -> Town:
    return Town(Books(database, SteppedClock()), tmp_path)


class Snapping(Pushing):
    """Citizens on the phone, and the photos they sent."""

    async def fetch(self, ref: str, *, route: str | None) -> AsyncIterator[bytes]:
        del route
        yield ref.encode()


def a_citizen(number: str) -> Person:
    return Person(aliases=(f"phone:{number}",), address={"phone": number})


async def numbered(town: Town, complaint_id: int, by: str) -> Source:
    """The one source there that listens."""
    (found,) = [each for each in await town.sources(complaint_id, by) if each.listens]
    return found


async def photo_comes(town: Town, report_id: int, folder: Path) -> None:
    """A photo of a report has come after everything about it has left."""
    chat = Snapping(CHAT, traits=Traits(title="Obrolan", speaks_to_citizens=True, pace=UNPACED))
    photo = AttachmentRef(ref=f"photo-{report_id}", kind="image")
    begin, clock = town.books.database.begin, town.books.clock
    async with begin() as work:
        await work.files.expect(CHAT, report_id, [photo], route=None, at=clock())
    upstreams = upstreams_of(chat, town.portal, town.province)
    await FetchFiles(
        begin=begin, upstreams=upstreams, clock=clock, rules=FileRules(folder=folder)
    ).drain()


async def judged(town: Town, report_id: int, complaint_id: int) -> int:
    async with town.books.database.begin() as work:
        return await work.matches.judged(
            report_id, complaint_id, ALIKE, state="open", at=town.books.clock()
        )


async def test_what_a_channel_showed_before_a_merge_ends_nothing_after_it(town: Town) -> None:
    first, second = await town.says(who=1), await town.says(who=2)
    await town.works()
    portal = await town.source(first.complaint_id, PORTAL)
    await town.shows(portal, Status.CLOSED)
    closed_at = town.books.clock()
    await town.works()
    match_id = await judged(town, second.report_id, first.complaint_id)
    await town.repeats.same(match_id, who=RINI)
    await town.works()
    for _ in range(3):
        await town.shows(portal, Status.CLOSED, ago=town.books.clock() - closed_at)
        await town.works()
        assert (await town.complaint(second.complaint_id)).status is Status.RECEIVED
    for chat in await town.sources(second.complaint_id, CHAT):
        assert (await town.told(chat))[-1][0] == "received"
    found = next(
        each
        for each in await town.sources(second.complaint_id, PORTAL)
        if each.external_id == portal.external_id
    )
    assert found.disagrees is not None, "a person sees that the channel did not follow"


async def test_a_channel_that_says_so_anew_after_a_merge_is_heard(town: Town) -> None:
    first, second = await town.says(who=1), await town.says(who=2)
    await town.works()
    portal = await town.source(first.complaint_id, PORTAL)
    await town.shows(portal, Status.CLOSED)
    await town.works()
    match_id = await judged(town, second.report_id, first.complaint_id)
    await town.repeats.same(match_id, who=RINI)
    await town.works()
    assert (await town.shows(portal, Status.CLOSED)).word == "moved"
    assert (await town.complaint(second.complaint_id)).status is Status.CLOSED


async def test_an_abandoned_opening_makes_no_other_one_needless(town: Town) -> None:
    first = await town.says(who=1)
    (parcel,) = await town.books.lease(PORTAL)
    async with town.books.database.begin() as work:
        await work.outbox.abandon(parcel, code="refused", detail="x", at=town.books.clock())
    second = await town.says(who=2)
    await town.merges(first.complaint_id, second.complaint_id)
    await town.works()
    opened = [each for each in town.portal.deliveries if isinstance(each.content, Opening)]
    assert [each.ticket for each in opened] == [(await town.complaint(second.complaint_id)).ticket]


async def test_an_opening_in_doubt_still_makes_another_one_needless(town: Town) -> None:
    first = await town.says(who=1)
    (parcel,) = await town.books.lease(PORTAL)
    await town.books.begin(parcel)
    now = town.books.clock()
    async with town.books.database.begin() as work:
        await work.outbox.doubt(parcel, until=now, code="timeout", detail="", at=now)
    second = await town.says(who=2)
    await town.merges(first.complaint_id, second.complaint_id)
    await town.works()
    assert town.portal.deliveries == []


async def test_whoever_says_it_again_is_told_where_they_listen(town: Town) -> None:
    first = await town.says(who=1)
    await town.works()
    await town.shows(await town.source(first.complaint_id, PORTAL), Status.CLOSED)
    await town.works()
    second = await town.says(who=1)
    await town.works()
    await town.repeats.same(await judged(town, second.report_id, first.complaint_id), who=RINI)
    await town.works()
    town.books.clock.pass_time(hours=30)
    before = len(town.chat.deliveries)
    await town.says(who=1, joins=await town.complaint(second.complaint_id))
    await town.works()
    notes = [each.content.note for each in town.chat.deliveries[before:]]  # type: ignore[union-attr]
    assert notes == ["Aduan ini masih kami tangani."]


async def test_only_an_answer_that_was_given_keeps_the_next_one_back(town: Town) -> None:
    first = await town.says(who=1)
    await town.works()
    told = []
    for _ in range(4):
        before = len(town.chat.deliveries)
        town.books.clock.pass_time(hours=23)
        await town.says(who=1, joins=await town.complaint(first.complaint_id))
        await town.works()
        told.append(len(town.chat.deliveries) - before)
    assert told == [1, 0, 1, 0]


@pytest.mark.parametrize("passed_on", ["copied_here", "quoted"])
async def test_what_another_channel_passed_on_is_no_new_voice(town: Town, passed_on: str) -> None:
    first = await town.says(who=1)
    match = Match(Verdict.SAME, 0.99, (Evidence(passed_on, "salinan", 3.0),))
    complaint = await town.complaint(first.complaint_id)
    now = town.books.clock()
    report = Report(key="k1", external_id="call-1", said_at=now, text="Lampu jalan mati")
    async with town.books.database.begin() as work:
        person_id = await work.people.know(PORTAL, a_citizen("628110000031"), at=now, heard_at=now)
        report_id = await work.reports.add(PORTAL, report, at=now, person_id=person_id)
        assert report_id is not None
        await join(
            work, complaint, await work.reports.get([report_id]), match=match,
            upstreams=town.upstreams, at=now,
        )  # fmt: skip
    assert (await town.complaint(complaint.id)).voices == 1


async def test_who_names_nobody_is_no_new_voice_but_a_citizen_is(town: Town) -> None:
    first = await town.says(by=PORTAL)
    await town.says(by=PROVINCE, joins=await town.complaint(first.complaint_id))
    assert (await town.complaint(first.complaint_id)).voices == 1
    await town.says(who=1, joins=await town.complaint(first.complaint_id))
    assert (await town.complaint(first.complaint_id)).voices == 2


async def test_a_milestone_is_told_once_though_a_voice_goes_and_another_comes(town: Town) -> None:
    first = await town.says(by=PORTAL)
    await town.works()
    said = [
        await town.says(who=who, joins=await town.complaint(first.complaint_id))
        for who in (1, 2, 3, 4)
    ]
    await town.works()
    assert said[-1].merge is not None
    await town.parts(said[-1].merge.id)
    await town.says(who=10, joins=await town.complaint(first.complaint_id))
    await town.works()
    portal = await town.source(first.complaint_id, PORTAL)
    assert [note for _, note in await town.told(portal) if note] == ["Kini dilaporkan 5 warga."]


async def test_the_words_of_whoever_joins_are_not_sent_to_upstreams_one_by_one(
    town: Town,
) -> None:
    first = await town.says(by=PORTAL)
    await town.works()
    before = len(town.portal.deliveries)
    await town.says("Kabelnya menjuntai", who=1, joins=await town.complaint(first.complaint_id))
    await town.works()
    assert town.portal.deliveries[before:] == []


async def test_a_late_photo_of_whoever_joins_is_not_sent_to_upstreams_either(
    town: Town, tmp_path: Path
) -> None:
    first = await town.says(who=1)
    await town.works()
    second = await town.says(who=2, joins=await town.complaint(first.complaint_id))
    await town.works()
    before = len(town.portal.deliveries)
    for report_id in (second.report_id, first.report_id):
        await photo_comes(town, report_id, tmp_path)
    await town.works()
    sent = [each.content for each in town.portal.deliveries[before:]]
    assert [len(each.files) for each in sent] == [1], "only what the opener sent after"  # type: ignore[union-attr]


async def test_a_merged_complaint_is_in_step_if_the_one_that_speaks_is(town: Town) -> None:
    first, second = await town.says(who=1), await town.says(who=2)
    await town.merges(first.complaint_id, second.complaint_id)
    lost = (await town.complaint(second.complaint_id)).ticket
    async with town.books.database.reading() as connection:
        found = await desk.journey(connection, lost)
    assert found is not None
    assert not found.in_step, "nothing has arrived anywhere yet"
    await town.works()
    await town.shows(await numbered(town, first.complaint_id, PORTAL), Status.RECEIVED)
    await town.shows(await numbered(town, first.complaint_id, PROVINCE), Status.RECEIVED)
    await town.works()
    async with town.books.database.reading() as connection:
        found = await desk.journey(connection, lost)
        spoken = await desk.journey(connection, (await town.complaint(first.complaint_id)).ticket)
    assert found is not None
    assert spoken is not None
    assert found.in_step == spoken.in_step
