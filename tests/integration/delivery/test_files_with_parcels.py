"""Photos and the parcels that carry them: each photo goes once, and nobody waits longer than needed."""

from collections.abc import AsyncIterator, Sequence
from datetime import timedelta
from pathlib import Path

import pytest

from hub.contract import (
    Addition,
    AttachmentRef,
    NotFound,
    Opening,
    OutcomeUnknown,
    Pace,
    Report,
    Traits,
    Unreachable,
    UpstreamError,
)
from hub.contract.news import Person
from hub.intake.fetch import TRIES_BEFORE_FINAL, FetchFiles, FileRules
from hub.rows import Kind, State
from hub.store import tables
from tests.fakes.books import Known
from tests.fakes.shop import Shop
from tests.fakes.upstream import UNPACED, Pushing, Searchable, upstreams_of
from tests.integration.intake.rows import rows_of

ANYWHERE = Traits(title="Anywhere", pace=UNPACED, takes_complaints=True)
ONE_A_SECOND = Traits(title="Anywhere", pace=Pace(per_second=1), takes_complaints=True)
PHOTO = b"\xff\xd8\xff\xe0\x00\x10JFIF"


class Phone(Pushing):
    """Where photos come from; `trouble` is what a download meets first."""

    def __init__(self) -> None:
        super().__init__("chat", traits=Traits(title="Chat", speaks_to_citizens=True))
        self.trouble: UpstreamError | None = None

    async def fetch(self, ref: str, *, route: str | None) -> AsyncIterator[bytes]:
        del ref, route
        if self.trouble is not None:
            raise self.trouble
        yield PHOTO


class Album:
    """Complaints with photos that are still at the chat channel."""

    def __init__(self, shop: Shop, folder: Path, *upstreams: Pushing) -> None:
        self.shop, self.books = shop, shop.books
        self.phone = Phone()
        self.upstreams = upstreams_of(self.phone, *upstreams)
        self.files = FetchFiles(
            begin=shop.begin, upstreams=self.upstreams, clock=shop.clock,
            rules=FileRules(folder=folder),
        )  # fmt: skip
        self.relays = {each.name: shop.relay(self.upstreams, each.name) for each in upstreams}
        self.count = 0

    async def report(self, about: Known, *, photos: int = 1) -> int:
        """A citizen said something about it, with so many photos; the report."""
        self.count += 1
        now = self.books.clock()
        name = f"m{self.count}"
        said = Report(key=name, external_id=name, said_at=now, text="Lampu mati")
        async with self.books.database.begin() as work:
            person = Person(aliases=("user:1",), address={"user_id": "1"})
            person_id = await work.people.know("chat", person, at=now, heard_at=now)
            report_id = await work.reports.add(
                "chat", said, at=now, person_id=person_id, complaint_id=about.complaint_id
            )
            assert report_id is not None
            refs = [AttachmentRef(ref=f"{name}-{n}", kind="image") for n in range(photos)]
            await work.files.expect("chat", report_id, refs, route=None, at=now)
        return report_id

    async def promise(
        self,
        about: Known,
        reports: Sequence[int],
        *,
        kind: Kind = Kind.OPENING,
        connector: str = "anywhere",
    ) -> str:
        content = {"report_ids": list(reports)}
        return await self.books.promise(
            about, kind=kind, connector=connector, content=content, needed=kind is Kind.OPENING
        )

    async def all_but_the_last_try(self) -> None:
        """The photos are gone at the chat channel; once more, and that is believed."""
        self.phone.trouble = NotFound("gone")
        for _ in range(TRIES_BEFORE_FINAL - 1):
            await self.files.drain()
            self.books.clock.pass_time(seconds=20)

    async def sends(self) -> None:
        for relay in self.relays.values():
            await relay.drain()


def photos_in(upstream: Pushing) -> list[tuple[type, int]]:
    """What was pushed there, and with how many photos."""
    return [
        (type(delivery.content), len(delivery.content.files))
        for delivery in upstream.deliveries
        if isinstance(delivery.content, Opening | Addition)
    ]


@pytest.fixture
def there() -> Searchable:
    return Searchable(traits=ANYWHERE)


@pytest.fixture
def album(shop: Shop, tmp_path: Path, there: Searchable) -> Album:
    return Album(shop, tmp_path / "files", there)


@pytest.mark.parametrize("kind", [Kind.OPENING, Kind.ADDITION])
async def test_a_parcel_that_waits_for_its_photo_takes_no_turn_of_the_pace(
    shop: Shop, tmp_path: Path, kind: Kind
) -> None:
    upstream = Pushing(traits=ONE_A_SECOND)
    album = Album(shop, tmp_path, upstream)
    about = await shop.books.complaint()
    waiting = await album.promise(about, [await album.report(about)], kind=kind)
    await album.sends()
    other = await shop.books.promise(await shop.books.complaint(external_id="c-2"))
    await album.sends()
    row = await shop.books.row(waiting)
    assert (row["state"], row["attempts"]) == (State.WAITING, 0)
    assert row["due_at"] == shop.clock() + shop.packing.files_come_in
    assert await shop.books.state(other) == State.SETTLED


@pytest.mark.parametrize("kind", [Kind.OPENING, Kind.ADDITION])
async def test_a_photo_that_has_come_sends_what_waited_for_it_at_once(
    album: Album, there: Searchable, kind: Kind
) -> None:
    about = await album.books.complaint(external_id=None if kind is Kind.OPENING else "c-1")
    await album.promise(about, [await album.report(about)], kind=kind)
    await album.sends()
    assert there.deliveries == []
    await album.files.drain()
    await album.sends()
    assert [count for _, count in photos_in(there)] == [1]


async def test_a_photo_that_will_never_come_holds_nothing_up_any_more(
    album: Album, there: Searchable
) -> None:
    about = await album.books.complaint()
    await album.promise(about, [await album.report(about)])
    await album.all_but_the_last_try()
    await album.sends()
    assert there.deliveries == []
    await album.files.drain()
    await album.sends()
    assert photos_in(there) == [(Opening, 0)]


async def test_a_photo_that_will_never_come_is_asked_for_once_and_shown_on_one_card(
    album: Album,
) -> None:
    about = await album.books.complaint()
    report_id = await album.report(about, photos=3)
    await album.all_but_the_last_try()
    assert await album.books.open_cards() == []
    await album.files.drain()
    notices = await rows_of(
        album.books.database, tables.parcels, tables.parcels.c.kind == Kind.NOTICE
    )
    assert [(row.connector, row.content) for row in notices] == [
        ("chat", {"name": "media_failed"})
    ]
    assert notices[0].person_id is not None
    (card,) = await album.books.open_cards()
    assert (card["key"], card["complaint_id"]) == (f"file:{report_id}", about.complaint_id)


async def test_a_late_photo_goes_behind_the_complaint_that_has_left(
    album: Album, there: Searchable
) -> None:
    about = await album.books.complaint()
    await album.promise(about, [await album.report(about)])
    album.books.clock.pass_time(minutes=15)
    await album.sends()
    await album.files.drain()
    await album.sends()
    assert photos_in(there) == [(Opening, 0), (Addition, 1)]


async def test_a_late_photo_is_not_forgotten_because_other_words_still_wait(
    album: Album, there: Searchable
) -> None:
    about = await album.books.complaint()
    await album.promise(about, [await album.report(about)])
    album.books.clock.pass_time(minutes=15)
    await album.sends()
    await album.promise(about, [await album.report(about, photos=0)], kind=Kind.ADDITION)
    await album.files.drain()
    await album.sends()
    assert photos_in(there) == [(Opening, 0), (Addition, 0), (Addition, 1)]


async def test_a_photo_of_later_words_goes_with_them_and_not_with_the_complaint(
    album: Album, there: Searchable
) -> None:
    about = await album.books.complaint()
    await album.promise(about, [await album.report(about, photos=0)])
    await album.promise(about, [await album.report(about)], kind=Kind.ADDITION)
    await album.files.drain()
    await album.sends()
    assert photos_in(there) == [(Opening, 0), (Addition, 1)]


async def test_a_late_photo_of_later_words_goes_behind_them_and_not_with_the_complaint(
    album: Album, there: Searchable
) -> None:
    about = await album.books.complaint(external_id="c-1")
    await album.promise(about, [await album.report(about)], kind=Kind.ADDITION)
    album.books.clock.pass_time(minutes=15)
    await album.sends()
    await album.files.drain()
    await album.sends()
    assert photos_in(there) == [(Addition, 0), (Addition, 1)]


async def test_the_complaint_does_not_wait_for_the_photo_of_later_words(
    album: Album, there: Searchable
) -> None:
    about = await album.books.complaint()
    await album.promise(about, [await album.report(about, photos=0)])
    await album.report(about)
    await album.sends()
    assert photos_in(there) == [(Opening, 0)]


async def test_of_two_upstreams_only_the_one_that_has_left_gets_the_photo_behind(
    shop: Shop, tmp_path: Path
) -> None:
    here = Pushing("anywhere", traits=ANYWHERE)
    there = Pushing("elsewhere", traits=ANYWHERE)
    album = Album(shop, tmp_path / "files", here, there)
    about = await shop.books.complaint()
    now = shop.clock()
    async with shop.begin() as work:
        other = await work.complaints.add_source(
            about.complaint_id, connector="elsewhere", external_id=None, at=now, by="test"
        )
    second = Known(complaint_id=about.complaint_id, ticket=about.ticket, source_id=other)
    report_id = await album.report(about)
    await album.promise(about, [report_id])
    shop.clock.pass_time(minutes=15)
    await album.sends()
    await album.promise(second, [report_id], connector="elsewhere")
    await album.files.drain()
    await album.sends()
    assert photos_in(here) == [(Opening, 0), (Addition, 1)]
    assert photos_in(there) == [(Opening, 1)]


async def test_a_photo_that_comes_between_two_tries_goes_with_the_second_and_not_twice(
    album: Album, there: Searchable
) -> None:
    about = await album.books.complaint()
    await album.promise(about, [await album.report(about)])
    album.books.clock.pass_time(minutes=15)
    there.answers.append(Unreachable("no route"))
    await album.sends()
    await album.files.drain()
    album.books.clock.pass_time(minutes=1)
    await album.sends()
    assert photos_in(there) == [(Opening, 0), (Opening, 1)]


async def test_a_photo_that_comes_while_the_complaint_is_in_doubt_is_sent_once(
    album: Album, there: Searchable
) -> None:
    about = await album.books.complaint()
    await album.promise(about, [await album.report(about)])
    album.books.clock.pass_time(minutes=15)
    there.answers.append(OutcomeUnknown("timeout"))
    await album.sends()
    await album.files.drain()
    for _ in range(3):
        album.books.clock.pass_time(minutes=2)
        await album.shop.doubts(album.upstreams).step()
    album.books.clock.pass_time(timedelta(minutes=1))
    await album.sends()
    assert photos_in(there)[0] == (Opening, 0)
    assert sum(count for _, count in photos_in(there)) == 1
