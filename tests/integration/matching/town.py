"""A town whose citizens chat, write to a portal and to the province, and what each of them was told."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import select

from hub.contract import (
    Acknowledged,
    Delivery,
    Opening,
    Person,
    Report,
    Status,
    StatusNews,
    StatusUpdate,
    Traits,
)
from hub.domain.complaint import Complaint, Source
from hub.domain.matching import Evidence, Match, Verdict
from hub.intake.joining import join
from hub.intake.open import open_complaint
from hub.intake.outcome import Outcome
from hub.intake.repeats import Repeats
from hub.intake.statuses import take_status
from hub.ports import Work
from hub.rows import Merge
from hub.store.tables import parcels, reports, sources
from tests.fakes.books import Books
from tests.fakes.shop import Shop
from tests.fakes.upstream import UNPACED, Pushing, upstreams_of

RINI = "Rini"
CHAT, PORTAL, PROVINCE = "chat", "portal", "province"
ALIKE = Match(Verdict.SAME, 0.98, (Evidence("place", "jalan dan RT sama", 2.5),))


def chatting() -> Pushing:
    """Citizens on the phone."""
    return Pushing(CHAT, traits=Traits(title="Obrolan", speaks_to_citizens=True, pace=UNPACED))


class Numbering(Pushing):
    """A system that numbers what is opened there by our ticket."""

    def __init__(self, name: str) -> None:
        traits = Traits(title=name.title(), takes_complaints=True, pace=UNPACED)
        super().__init__(name, traits=traits)

    async def push(self, delivery: Delivery) -> Acknowledged:
        done = await super().push(delivery)
        is_opening = isinstance(delivery.content, Opening)
        return Acknowledged(f"{self.name}-{delivery.ticket}") if is_opening else done


@dataclass
class Said:
    """A report as it arrived: which complaint it made, or joined."""

    report_id: int
    complaint_id: int
    merge: Merge | None = None


class Town:
    """One hub over one database. `who` is a phone number's end: the same one is the same person."""

    def __init__(self, books: Books, folder: Path) -> None:
        self.books = books
        self.shop = Shop(books, folder)
        self.chat = chatting()
        self.portal = Numbering(PORTAL)
        self.province = Numbering(PROVINCE)
        self.upstreams = upstreams_of(self.chat, self.portal, self.province)
        self.repeats = Repeats(
            begin=books.database.begin, upstreams=self.upstreams, clock=books.clock
        )
        self._count = 0

    async def says(
        self,
        text: str = "Lampu jalan mati",
        *,
        by: str = CHAT,
        who: int | None = None,
        joins: Complaint | None = None,
        ahead: timedelta = timedelta(),
        **given: Any,
    ) -> Said:
        """A report arrives; it opens a complaint, or joins the one it speaks of."""
        self._count += 1
        async with self.books.database.begin() as work:
            report_id = await self._report(work, text, by=by, who=who, ahead=ahead)
            said = await work.reports.get([report_id])
            now = self.books.clock()
            if joins is not None:
                merge = await join(
                    work, joins, said, match=ALIKE, upstreams=self.upstreams, at=now, **given
                )
                if merge is not None:
                    return Said(report_id, merge.complaint_id, merge)
            opened = await open_complaint(work, said, upstreams=self.upstreams, at=now, **given)
            return Said(report_id, opened.id)

    async def _report(
        self, work: Work, text: str, *, by: str, who: int | None, ahead: timedelta
    ) -> int:
        now = self.books.clock()
        person_id = None
        if who is not None:
            number = f"62811000{who:04}"
            person = Person(aliases=(f"phone:{number}",), address={"phone": number})
            person_id = await work.people.know(by, person, at=now, heard_at=now)
        report = Report(
            key=f"r{self._count}",
            external_id=f"{by}-{self._count}",
            said_at=now + ahead,
            text=text,
        )
        report_id = await work.reports.add(by, report, at=now, person_id=person_id)
        assert report_id is not None
        return report_id

    async def shows(
        self, source: Source, status: Status, *, ago: timedelta = timedelta()
    ) -> Outcome:
        """A channel says how it stands there."""
        self._count += 1
        now = self.books.clock()
        news = StatusNews(
            key=f"s{self._count}", external_id=source.external_id or "", theirs=status.label,
            status=status, at=now - ago,
        )  # fmt: skip
        async with self.books.database.begin() as work:
            return await take_status(
                work, source.connector, news, upstreams=self.upstreams, at=now
            )

    async def merges(self, stays: int, lost: int) -> int:
        """An operator says that two are one; the row of the ledger."""
        one, other = await self.complaint(stays), await self.complaint(lost)
        return (await self.repeats.merge_tickets(one.ticket, other.ticket, who=RINI)).merge_id

    async def parts(self, merge_id: int) -> Complaint:
        """An operator takes that back; what speaks for the lost one now."""
        ticket = await self.repeats.undo(merge_id, who=RINI, why="lain jalan")
        async with self.books.database.begin() as work:
            found = await work.complaints.by_ticket(ticket)
        assert found is not None
        return found

    async def works(self) -> None:
        """All that is due is delivered; a little time passes."""
        for name in self.upstreams:
            await self.shop.relay(self.upstreams, name).drain()
        self.books.clock.pass_time(minutes=1)

    async def complaint(self, complaint_id: int) -> Complaint:
        async with self.books.database.begin() as work:
            return await work.complaints.get(complaint_id)

    async def sources(self, complaint_id: int, by: str | None = None) -> list[Source]:
        async with self.books.database.begin() as work:
            found = await work.complaints.sources(complaint_id)
        return [each for each in found if by in (None, each.connector)]

    async def source(self, complaint_id: int, by: str) -> Source:
        (found,) = await self.sources(complaint_id, by)
        return found

    async def told(self, source: Source) -> list[tuple[str, str | None]]:
        """Status and note of everything that a source was told, in order of its arrival."""
        rows = await self._rows(parcels, parcels.c.source_id == source.id)
        ids = {row["parcel_id"] for row in rows}
        pushing = self.upstreams[source.connector].connector
        assert isinstance(pushing, Pushing)
        return [
            (each.content.status.value, each.content.note)
            for each in pushing.deliveries
            if each.parcel_id in ids and isinstance(each.content, StatusUpdate)
        ]

    async def owners(self) -> dict[int, int | None]:
        """To which complaint every report belongs."""
        return {row["id"]: row["complaint_id"] for row in await self._rows(reports)}

    async def _rows(self, table: Any, *which: Any) -> Sequence[dict[str, Any]]:
        async with self.books.database.reading() as connection:
            rows = await connection.execute(select(table).where(*which).order_by(table.c.id))
            return [dict(row._mapping) for row in rows]

    async def all_parcels(self) -> list[dict[str, Any]]:
        return list(await self._rows(parcels))

    async def all_sources(self) -> list[dict[str, Any]]:
        return list(await self._rows(sources))
