"""What was told in confidence meets nothing else, and nobody is named for what another one said."""

from pathlib import Path
from typing import Any

import pytest

from hub.contract import Opening, Person, Report, Traits
from hub.delivery.pack import pack
from hub.domain.complaint import Complaint
from hub.intake.joining import join
from hub.intake.merging import Why, merge
from hub.intake.moves import MoveRefused
from hub.intake.open import open_complaint
from hub.rows import Merge
from hub.store.database import Database
from tests.fakes.books import Books
from tests.fakes.clock import SteppedClock
from tests.integration.matching.town import ALIKE, CHAT, PORTAL, PROVINCE, RINI, Said, Town

WANTS_NAMES = Traits(title="Portal", takes_complaints=True, wants_identity=True)


@pytest.fixture
def town(database: Database, tmp_path: Path) -> Town:
    return Town(Books(database, SteppedClock()), tmp_path)


async def chats(
    town: Town, *, who: int, joins: int | None = None, **flags: Any
) -> tuple[Complaint, Merge | None]:
    """Somebody says it on the phone, in confidence or without a name."""
    now, number = town.books.clock(), f"62811000{who:04}"
    person = Person(aliases=(f"phone:{number}",), address={"phone": number})
    report = Report(
        key=f"f{who}", external_id=f"c-f{who}", said_at=now, text="Pungli di loket 3", **flags
    )
    async with town.books.database.begin() as work:
        person_id = await work.people.know(CHAT, person, at=now, heard_at=now)
        report_id = await work.reports.add(CHAT, report, at=now, person_id=person_id)
        assert report_id is not None
        said = await work.reports.get([report_id])
        if joins is not None:
            known = await work.complaints.get(joins)
            return known, await join(
                work, known, said, match=ALIKE, upstreams=town.upstreams, at=now
            )
        return await open_complaint(work, said, upstreams=town.upstreams, at=now), None


async def opening_there(town: Town, complaint_id: int, by: str = PORTAL) -> Opening:
    """What a channel that wants names is given."""
    (source,) = [each for each in await town.sources(complaint_id, by) if not each.external_id]
    async with town.books.database.begin() as work:
        (parcel,) = await work.outbox.carrying(source.id)
        delivery = await pack(
            work, parcel, traits=WANTS_NAMES, packing=town.shop.packing, now=town.books.clock()
        )
    assert isinstance(delivery.content, Opening)
    return delivery.content


async def test_nothing_joins_a_complaint_that_was_told_in_confidence(town: Town) -> None:
    secret, _ = await chats(town, who=1, secret=True)
    said = await town.says(by=PORTAL, joins=secret)
    assert said.merge is None
    assert said.complaint_id != secret.id


async def test_what_is_told_in_confidence_joins_nothing(town: Town) -> None:
    known = await town.says(by=PORTAL)
    _, row = await chats(town, who=1, joins=known.complaint_id, secret=True)
    assert row is None


@pytest.mark.parametrize("is_turned", [False, True])
async def test_nobody_merges_what_was_told_in_confidence_with_what_was_not(
    town: Town, is_turned: bool
) -> None:
    known, (secret, _) = await town.says(by=PORTAL), await chats(town, who=1, secret=True)
    both = (secret.id, known.complaint_id) if is_turned else (known.complaint_id, secret.id)
    with pytest.raises(MoveRefused, match=f"{secret.ticket} bersifat rahasia"):
        await town.merges(*both)
    with pytest.raises(MoveRefused, match="bersifat rahasia"):
        async with town.books.database.begin() as work:
            await merge(
                work, *both, why=Why("hub"), upstreams=town.upstreams, at=town.books.clock()
            )
    assert (await town.complaint(secret.id)).merged_into is None


async def test_two_that_were_told_in_confidence_may_be_merged(town: Town) -> None:
    (one, _), (other, _) = [await chats(town, who=who, secret=True) for who in (1, 2)]
    await town.merges(one.id, other.id)
    assert (await town.complaint(other.id)).merged_into == one.id


async def test_an_upstream_is_named_nobody_who_only_joined(town: Town) -> None:
    first = await town.says(by=PROVINCE)
    await town.says(who=7, joins=await town.complaint(first.complaint_id))
    assert (await opening_there(town, first.complaint_id)).reporter is None


async def test_an_upstream_is_named_whoever_said_what_it_is_sent(town: Town) -> None:
    first = await town.says(by=PROVINCE)
    second: Said = await town.says(who=8)
    async with town.books.database.begin() as work:
        (source,) = [
            each
            for each in await work.complaints.sources(second.complaint_id)
            if each.connector == PORTAL
        ]
        # It has begun once, so that the merge does not drop it.
        (parcel,) = [
            each
            for each in await work.outbox.lease(
                PORTAL, now=town.books.clock(), until=town.books.clock(), owner=RINI, limit=5
            )
            if each.source_id == source.id
        ]
        await work.outbox.postpone(parcel, until=town.books.clock(), code="busy", detail="")
    await town.merges(first.complaint_id, second.complaint_id)
    async with town.books.database.begin() as work:
        found = await work.outbox.get(parcel.parcel_id)
        assert found is not None
        given = await pack(
            work, found, traits=WANTS_NAMES, packing=town.shop.packing, now=town.books.clock()
        )
    assert isinstance(given.content, Opening)
    assert given.content.reporter is not None
    assert given.content.reporter.phone == "628110000008"


async def test_an_upstream_is_not_named_who_asked_not_to_be(town: Town) -> None:
    unnamed, _ = await chats(town, who=5, anonymous=True)
    opening = await opening_there(town, unnamed.id)
    assert opening.anonymous
    assert opening.reporter is None


async def test_an_upstream_that_needs_a_name_is_given_that_of_a_report_in_confidence(
    town: Town,
) -> None:
    secret, _ = await chats(town, who=6, secret=True)
    opening = await opening_there(town, secret.id)
    assert opening.secret
    assert opening.reporter is not None
    assert opening.reporter.phone == "628110000006"
