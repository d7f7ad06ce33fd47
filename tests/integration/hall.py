"""A city hall in small: one hub, two systems with officers, citizens on the phone, one operator."""

from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import select

from hub.contract import News, Person, Receipt, ReceiptState, Report, Status
from hub.delivery.decide import DecisionRefused
from hub.domain.complaint import Complaint, Source
from hub.intake.accept import Accept
from hub.intake.gather import TurnRules
from hub.intake.moves import MoveRefused, Operator
from hub.intake.open import open_complaint
from hub.rows import How, Kind, State
from hub.store.desk import step
from hub.store.tables import complaints, parcels, sources
from hub.watch.housekeeping import ChoreRules, Housekeeping
from tests.fakes.books import Books
from tests.fakes.officers import Killed, Officers, Phones, Readable
from tests.fakes.shop import Shop
from tests.fakes.upstream import upstreams_of

RINI = "Rini"
PORTAL, PROVINCE, CHAT = "portal", "province", "chat"
OPEN = (State.WAITING, State.LEASED, State.DOUBT, State.ABANDONED)


class Hall:
    """`ordered`: parcels that a person had sent again although they had arrived."""

    def __init__(self, books: Books, folder: Path, *, ahead: timedelta, late: timedelta) -> None:
        clock = books.clock
        self.books, self.clock, self.begin = books, clock, books.database.begin
        self.shop = Shop(books, folder)
        self.phones = Phones(CHAT, clock)
        self.offices: dict[str, Officers] = {
            PORTAL: Readable(PORTAL, clock, ahead=timedelta(), late=late),
            PROVINCE: Officers(PROVINCE, clock, ahead=ahead),
        }
        self.all: dict[str, Officers] = {**self.offices, CHAT: self.phones}
        self.upstreams = upstreams_of(*self.all.values())
        self.accept = Accept(upstreams=self.upstreams, turns=TurnRules())
        self.operator = Operator(begin=self.begin, upstreams=self.upstreams, clock=clock)
        self.decide = self.shop.decide(self.upstreams)
        self.chores = Housekeeping(
            begin=self.begin, upstreams=self.upstreams, clock=clock, rules=ChoreRules()
        )
        self.news: list[tuple[str, News]] = []
        self.ordered: set[str] = set()
        self._count = 0

    async def complain(self, who: int) -> None:
        """A citizen writes; systems are to be told."""
        now, number = self.clock(), f"62811000{who:04}"
        person = Person(aliases=(f"phone:{number}",), address={"phone": number})
        report = Report(
            key=f"r{who}", external_id=f"chat-{who}", said_at=now, text=f"Lampu mati {who}"
        )
        async with self.begin() as work:
            person_id = await work.people.know(CHAT, person, at=now, heard_at=now)
            report_id = await work.reports.add(CHAT, report, at=now, person_id=person_id)
            said = await work.reports.get([report_id or 0])
            await open_complaint(work, said, upstreams=self.upstreams, at=now)

    async def deliver(self, name: str) -> None:
        """All that is due there leaves; the process may die while it does."""
        relay = self.shop.relay(self.upstreams, name)
        try:
            await relay.drain()
        except Killed:
            await relay.finish()
            await self.restart()

    async def lease_and_die(self, name: str) -> None:
        """The process dies before a byte has left."""
        await self.books.lease(name)
        await self.restart()

    async def restart(self) -> None:
        """What the dead held goes on."""
        await self.chores.reclaim(all_leases=True)

    async def look(self, name: str) -> None:
        """What is in doubt is looked for, if it has rested."""
        while await self.shop.doubts(self.upstreams, name).step():
            pass

    async def officer(self, name: str, number: str, status: Status, *, ago: timedelta) -> None:
        """An officer there moves it; the hub has not heard of it yet."""
        self.news.append((name, self.offices[name].change(number, status, ago=ago)))

    async def hear(self, name: str, news: News, *, how: How | None = None) -> str:
        """News comes in."""
        self._count += 1
        news = replace(news, key=f"n{self._count}")
        async with self.begin() as work:
            taken = await self.accept.take(work, name, news, at=self.clock(), how=how)
        return taken.word

    async def inspect(self, source: Source) -> str:
        """The hub looks at one complaint there."""
        office = self.offices[source.connector]
        word = office.word(source.external_id or "")
        return await self.hear(source.connector, word, how=How.INSPECT)

    async def receipt(self, index: int, state: ReceiptState) -> None:
        """The citizen's phone says what became of a message."""
        entry = self.phones.log[index]
        receipt = Receipt(
            key="", external_id=entry.number, state=state, at=self.clock(),
            parcel_id=entry.parcel_id,
        )  # fmt: skip
        await self.hear(CHAT, receipt)

    async def move(self, ticket: str, status: Status) -> None:
        """The operator moves it by hand."""
        with suppress(MoveRefused):
            await self.operator.move(
                ticket, status, note=None, reason="perlu", agency="Dinas PU", who=RINI
            )

    async def answer_doubt(self, row: dict[str, Any]) -> None:
        """The operator looks there and says what is so."""
        arrived = self.all[row["connector"]].arrived(row["parcel_id"])
        if arrived:
            number = arrived[0].number if row["kind"] == Kind.OPENING else None
            await self.decide.found(row["parcel_id"], external_id=number, who=RINI)
        else:
            await self.decide.send_again(row["parcel_id"], who=RINI)

    async def err_on_doubt(self, row: dict[str, Any]) -> None:
        """The operator did not look well."""
        self.ordered.add(row["parcel_id"])
        await self.decide.send_again(row["parcel_id"], who=RINI)

    async def clear(self) -> None:
        """The operator answers everything that waits for a person."""
        for row in await self.open_parcels():
            with suppress(DecisionRefused):
                if row["state"] == State.DOUBT and row["asks_person"]:
                    await self.answer_doubt(row)
                elif row["state"] == State.ABANDONED:
                    await self.decide.replay(row["parcel_id"], who=RINI)

    async def falls_quiet(self) -> None:
        """Nothing fails any more, all news is heard, every parcel arrives, everybody is looked at."""
        for name, office in self.all.items():
            office.fates.clear()
            await self.decide.resume(name, who=RINI)
        while self.news:
            await self.hear(*self.news.pop(0))
        await self._comes_to_rest()
        for _ in range(6):
            promised = len(await self.all_parcels())
            self.clock.pass_time(hours=5)
            for _ in range(2):
                for source in await self.numbered():
                    await self.inspect(source)
            await self._comes_to_rest()
            if len(await self.all_parcels()) == promised:
                return
        raise AssertionError("the channels never stop telling each other")

    async def _comes_to_rest(self) -> None:
        for _ in range(30):
            for name in self.all:
                await self.deliver(name)
                await self.look(name)
            await self.clear()
            if not await self.open_parcels():
                return
            self.clock.pass_time(minutes=20)
        raise AssertionError(f"stuck: {await self.open_parcels()}")

    async def numbered(self) -> list[Source]:
        """The complaints that systems have numbered."""
        return [
            source
            for complaint in await self.complaints()
            for source in await self.sources_of(complaint)
            if source.connector in self.offices and source.external_id
        ]

    async def complaints(self) -> list[Complaint]:
        ids = [row["id"] for row in await self._rows(complaints)]
        async with self.begin() as work:
            return [await work.complaints.get(each) for each in ids]

    async def sources_of(self, complaint: Complaint) -> list[Source]:
        async with self.begin() as work:
            return list(await work.complaints.sources(complaint.id))

    async def open_parcels(self) -> list[dict[str, Any]]:
        return await self._rows(parcels, parcels.c.state.in_(OPEN))

    async def all_parcels(self) -> list[dict[str, Any]]:
        return await self._rows(parcels)

    async def standings(self) -> dict[int, str]:
        """How the hub itself says that every source stands."""
        counted = step.unsettled()
        query = select(sources.c.id, step.standing(counted)).select_from(step.joined(counted))
        async with self.books.database.reading() as connection:
            return {row[0]: row[1] for row in await connection.execute(query)}

    async def _rows(self, table: Any, *which: Any) -> list[dict[str, Any]]:
        async with self.books.database.reading() as connection:
            rows = await connection.execute(select(table).where(*which).order_by(table.c.id))
            return [dict(row._mapping) for row in rows]
