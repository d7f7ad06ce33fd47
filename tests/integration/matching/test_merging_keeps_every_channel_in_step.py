"""Merge, un-merge, merge again under news from every side: all end in step, and no report is lost.

The channels keep what they were told and show it again; now and then an answer of theirs is lost.
"""

import asyncio
import shutil
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import event

from hub.contract import Status
from hub.domain.complaint import Source
from hub.intake.moves import MoveRefused, Operator
from hub.store.database import Database
from tests.fakes.books import Books, open_database
from tests.fakes.clock import SteppedClock
from tests.fakes.upstream import upstreams_of
from tests.integration.matching.offices import TROUBLES, Chapter, Office, Shown
from tests.integration.matching.town import CHAT, PORTAL, PROVINCE, RINI, Town

STATUSES = (
    Status.VERIFIED, Status.FORWARDED, Status.IN_PROGRESS, Status.ANSWERED, Status.CLOSED,
    Status.RECEIVED,
)  # fmt: skip
CHANNELS = (CHAT, PORTAL, PROVINCE)


class Commotion(Town):
    """A town in which everything happens at once. Numbers say which complaint, source or merge is meant."""

    def __init__(self, books: Books, folder: Path) -> None:
        super().__init__(books, folder)
        clock = books.clock
        self.offices = {name: Office(name, clock, is_chat=name == CHAT) for name in CHANNELS}
        self.upstreams = upstreams_of(*self.offices.values())
        self.repeats = type(self.repeats)(
            begin=books.database.begin, upstreams=self.upstreams, clock=clock
        )
        self.operator = Operator(begin=books.database.begin, upstreams=self.upstreams, clock=clock)
        self.complaints: list[int] = []
        self.origins: dict[int, int] = {}
        self.ledger: list[int] = []

    async def arrive(self, one: int, other: int) -> None:
        said = await self.says(by=CHANNELS[one % 3], who=other % 5)
        await self._keep(said.report_id, said.complaint_id)

    async def joined(self, one: int, other: int) -> None:
        if not self.complaints:
            return
        about = await self.complaint(self.complaints[other % len(self.complaints)])
        said = await self.says(by=CHANNELS[one % 3], who=one % 5, joins=about)
        if said.merge is not None:
            self.ledger.append(said.merge.id)
            await self._show_theirs(said.complaint_id)
        else:
            await self._keep(said.report_id, said.complaint_id)

    async def _keep(self, report_id: int, complaint_id: int) -> None:
        self.complaints.append(complaint_id)
        self.origins[report_id] = complaint_id
        await self._show_theirs(complaint_id)

    async def _show_theirs(self, complaint_id: int) -> None:
        """A system shows what was reported there."""
        for source in await self.sources(complaint_id):
            office = self.offices[source.connector]
            if source.external_id and source.external_id not in office.shown:
                office.shown[source.external_id] = Shown(Status.RECEIVED, self.books.clock())

    async def merged(self, one: int, other: int) -> None:
        if not self.complaints:
            return
        count = len(self.complaints)
        with suppress(MoveRefused):
            self.ledger.append(
                await self.merges(self.complaints[one % count], self.complaints[other % count])
            )

    async def parted(self, one: int, other: int) -> None:
        del other
        if self.ledger:
            await self._part(self.ledger[one % len(self.ledger)])

    async def _part(self, merge_id: int) -> bool:
        try:
            lost = await self.parts(merge_id)
        except MoveRefused:
            return False
        if lost.id not in self.complaints:
            self.complaints.append(lost.id)
        self.ledger.remove(merge_id)
        return True

    async def news(self, one: int, other: int) -> None:
        """An officer there changes the status."""
        numbered = await self._numbered()
        if not numbered:
            return
        source = numbered[one % len(numbered)]
        status = STATUSES[other % len(STATUSES)]
        self._office(source).change(source.external_id or "", status)
        await self.shows(source, status)

    async def looks(self, one: int, other: int) -> None:
        """The hub looks at a complaint there, whatever has changed."""
        del other
        if numbered := await self._numbered():
            await self._look(numbered[one % len(numbered)])

    async def _look(self, source: Source) -> str:
        shown = self._office(source).shown[source.external_id or ""]
        seen = await self.shows(source, shown.status, ago=self.books.clock() - shown.since)
        return seen.word

    async def _numbered(self) -> list[Source]:
        every = [
            source
            for complaint_id in self.complaints
            for source in await self.sources(complaint_id)
        ]
        return [
            source
            for source in every
            if source.connector != CHAT and source.external_id and source.listens
        ]

    async def moved(self, one: int, other: int) -> None:
        if not self.complaints:
            return
        about = await self.complaint(self.complaints[one % len(self.complaints)])
        with suppress(MoveRefused):
            await self.operator.move(
                about.ticket, STATUSES[other % len(STATUSES)], note=None, reason="perlu",
                agency=None, who=RINI,
            )  # fmt: skip

    async def delivered(self, one: int, other: int) -> None:
        del one, other
        await self.works()

    async def troubled(self, one: int, other: int) -> None:
        self.offices[CHANNELS[one % 3]].troubles.append(TROUBLES[other % 3])

    async def settles(self) -> None:
        """Every parcel comes to its end, and the hub looks everywhere once more."""
        await self._arrives()
        for source in await self._numbered():
            seen = await self._look(source)
            # What contradicted one complaint may be right for the one that speaks now.
            assert source.disagrees or seen != "moved", "what they show is known or our own" + str(
                (source, seen)
            )
        await self._arrives()

    async def _arrives(self) -> None:
        for office in self.offices.values():
            office.troubles.clear()
        for _ in range(20):
            for name in self.upstreams:
                while await self.shop.doubts(self.upstreams, name).step():
                    pass
            await self.works()
            if not await self._open_parcels():
                return
            self.books.clock.pass_time(hours=2)
        raise AssertionError("something never arrives")

    async def _open_parcels(self) -> list[Any]:
        rows = await self.all_parcels()
        return [row for row in rows if row["state"] not in ("settled", "dropped")]

    def _office(self, source: Source) -> Office:
        return self.offices[source.connector]

    def knows(self, source: Source) -> Status:
        """What the channel shows; a citizen knows what they were told last."""
        shown = self._office(source).shown.get(source.external_id or "")
        return shown.status if shown else Status.RECEIVED

    async def check(self) -> None:
        """Everything has arrived: who knows what?"""
        owners = await self.owners()
        for complaint_id in set(owners.values()) - {None}:
            assert (await self.complaint(complaint_id or 0)).merged_into is None
        assert None not in owners.values()
        for complaint_id in self.complaints:
            complaint = await self.complaint(complaint_id)
            for source in await self.sources(complaint_id):
                if not source.listens:
                    continue
                assert source.disagrees or self.knows(source) is complaint.status, (
                    complaint, source,
                )  # fmt: skip
        for office in self.offices.values():
            assert office.doubled == []
            assert len(office.opened) == len(set(office.opened))
            for chapters in office.told.values():
                await self._in_order(chapters)

    async def _in_order(self, chapters: list[Chapter]) -> None:
        promised = {row["parcel_id"]: row["id"] for row in await self.all_parcels()}
        numbers = [promised[chapter.parcel_id] for chapter in chapters]
        assert numbers == sorted(numbers), "told in the order it was promised"
        said = [(each.status, each.note, each.ticket, each.since) for each in chapters]
        assert all(one != other for one, other in pairwise(said)), said


Step = Callable[[Commotion, int, int], Awaitable[None]]
STEPS: Mapping[str, Step] = {
    "arrive": Commotion.arrive,
    "join": Commotion.joined,
    "merge": Commotion.merged,
    "part": Commotion.parted,
    "news": Commotion.news,
    "look": Commotion.looks,
    "move": Commotion.moved,
    "deliver": Commotion.delivered,
    "trouble": Commotion.troubled,
}
ANY = st.tuples(st.sampled_from(sorted(STEPS)), st.integers(0, 11), st.integers(0, 11))
EXAMPLES = settings(
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


def _hurry(connection: Any, _: object) -> None:
    # What survives a power cut is not the question here.
    cursor = connection.cursor()
    cursor.execute("PRAGMA synchronous = OFF")
    cursor.close()


async def whatever_happens(
    database: Database, folder: Path, steps: list[tuple[str, int, int]]
) -> None:
    town = Commotion(Books(database, SteppedClock()), folder)
    try:
        for who in range(2):
            await town.arrive(who, who)
        for name, one, other in steps:
            town.books.clock.pass_time(seconds=7)
            await STEPS[name](town, one, other)
        await town.settles()
        await town.check()
        while any([await town._part(each) for each in reversed(town.ledger)]):
            pass
        await town.settles()
        await town.check()
        assert town.ledger == []
        owners = await town.owners()
        assert {each: owners[each] for each in town.origins} == town.origins
    finally:
        await database.aclose()


@given(steps=st.lists(ANY, max_size=25))
@settings(EXAMPLES, max_examples=60)
async def test_every_channel_ends_in_step_and_no_report_is_lost(
    tmp_path_factory: pytest.TempPathFactory,
    migrated_sqlite: Path,
    steps: list[tuple[str, int, int]],
) -> None:
    folder = tmp_path_factory.mktemp("kota")
    file = shutil.copy(migrated_sqlite, folder / "hub.db")
    database = open_database(f"sqlite+aiosqlite:///{file}")
    event.listen(database.engine.sync_engine, "connect", _hurry)
    await whatever_happens(database, folder, steps)


@given(steps=st.lists(ANY, max_size=25))
@settings(EXAMPLES, max_examples=10)
async def test_the_same_holds_on_postgresql(
    tmp_path_factory: pytest.TempPathFactory,
    new_postgres_url: Callable[[], str],
    steps: list[tuple[str, int, int]],
) -> None:
    folder = tmp_path_factory.mktemp("kota")
    await whatever_happens(open_database(await asyncio.to_thread(new_postgres_url)), folder, steps)
