"""The mode of an upstream changes while parcels are on their way: nothing is lost, nothing doubled."""

import csv
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select

from hub.contract import Linked, Mode
from hub.delivery.decide import DecisionRefused
from hub.intake.linked import take_linked
from hub.rows import Kind, State
from hub.store.tables import parcels
from hub.watch.housekeeping import ChoreRules, Housekeeping
from tests.fakes.books import Books, open_database
from tests.fakes.clock import SteppedClock
from tests.fakes.shop import Shop
from tests.fakes.upstream import Carried, upstreams_of

WHO = "Rini"


class Office:
    """A hub whose upstream changes its mode, and everything that ever arrived there, by ticket."""

    def __init__(self, shop: Shop, books: Books, folder: Path) -> None:
        self.shop, self.books, self.folder = shop, books, folder
        self.upstream = Carried(mode=Mode.ASSISTED)
        self.files = 0
        self.arrived: Counter[str] = Counter()

    async def switch(self, mode: Mode) -> None:
        """Settings are changed and the hub is started again."""
        before = self.upstream
        self.upstream = Carried(mode=mode)
        self.upstream.deliveries = before.deliveries
        chores = Housekeeping(
            begin=self.books.database.begin, upstreams=upstreams_of(self.upstream),
            clock=self.books.clock, rules=ChoreRules(),
        )  # fmt: skip
        await chores.take_over()

    async def work(self) -> None:
        """What the hub does by itself."""
        upstreams = upstreams_of(self.upstream)
        if self.upstream.traits.mode is Mode.API:
            await self.shop.relay(upstreams).drain()
        else:
            await self.shop.hand_over(upstreams).drain()

    async def handed(self) -> list[str]:
        query = select(parcels.c.parcel_id).where(parcels.c.state == State.HANDED)
        async with self.books.database.reading() as connection:
            return list(await connection.scalars(query.order_by(parcels.c.id)))

    async def carry(self, parcel_id: str) -> None:
        """An operator files it there and types the number back."""
        handwork = self.shop.handwork(upstreams_of(self.upstream))
        laid = await handwork.lay(parcel_id)
        if laid.parcel.batch_id is None:
            try:
                await handwork.take(parcel_id, who=WHO)
            except DecisionRefused:
                return
            self.arrived[laid.ticket] += 1
        await handwork.done(parcel_id, number=f"X-{laid.ticket}", who=WHO)

    async def export(self) -> None:
        """A file is made, uploaded, and its answer read back."""
        if self.upstream.traits.mode is Mode.API:
            return
        self.files += 1
        path = self.folder / f"{self.files}.csv"
        upstreams = upstreams_of(self.upstream)
        await self.shop.export(upstreams).run("anywhere", path, who=WHO)
        if not path.exists():
            return
        with path.open(encoding="utf-8-sig", newline="") as file:
            tickets = [row["tiket"] for row in csv.DictReader(file)]
        self.arrived.update(tickets)
        for ticket in tickets:
            news = Linked(key=ticket, marker=ticket, external_id=f"X-{ticket}")
            async with self.books.database.begin() as work:
                await take_linked(
                    work, "anywhere", news, upstreams=upstreams, at=self.books.clock()
                )

    async def counts(self) -> Counter[str]:
        query = select(parcels.c.state, func.count()).group_by(parcels.c.state)
        async with self.books.database.reading() as connection:
            return Counter(dict((await connection.execute(query)).tuples().all()))

    def everything(self) -> Counter[str]:
        """What arrived by hand, by file and by push."""
        return self.arrived + Counter(self.upstream.tickets)


async def openings(books: Books, number: int) -> set[str]:
    tickets = set()
    for _ in range(number):
        about = await books.complaint()
        await books.promise(about, kind=Kind.OPENING, needed=True)
        tickets.add(about.ticket)
    return tickets


async def test_a_hundred_waiting_parcels_are_a_hundred_in_every_mode(
    shop: Shop, books: Books, tmp_path: Path
) -> None:
    office = Office(shop, books, tmp_path)
    tickets = await openings(books, 100)
    await office.work()
    assert await office.counts() == {State.HANDED: 100}
    for parcel_id in (await office.handed())[:10]:
        await office.carry(parcel_id)
    await office.switch(Mode.FILE)
    await office.work()
    assert await office.counts() == {State.SETTLED: 10, State.HANDED: 90}
    await office.export()
    more = await openings(books, 20)
    await office.work()
    assert await office.counts() == {State.SETTLED: 100, State.HANDED: 20}
    taken = (await office.handed())[0]
    await shop.handwork(upstreams_of(office.upstream)).take(taken, who=WHO)
    await office.switch(Mode.API)
    assert await office.counts() == {State.SETTLED: 100, State.HANDED: 1, State.WAITING: 19}
    await office.work()
    assert await office.counts() == {State.SETTLED: 119, State.HANDED: 1}
    await shop.handwork(upstreams_of(office.upstream)).put_back(taken, who=WHO, why="tak jadi")
    await office.switch(Mode.API)
    await office.work()
    assert await office.counts() == {State.SETTLED: 120}
    assert office.everything() == Counter(dict.fromkeys(tickets | more, 1))


STEPS = st.lists(
    st.sampled_from(["assisted", "file", "api", "work", "carry", "export", "open"]), max_size=14
)


@given(steps=STEPS)
@settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
async def test_whatever_modes_follow_each_other_every_opening_arrives_exactly_once(
    tmp_path_factory: pytest.TempPathFactory, steps: list[str]
) -> None:
    folder = tmp_path_factory.mktemp("kantor")
    database = open_database(f"sqlite+aiosqlite:///{folder / 'hub.db'}")
    await database.migrate()
    books = Books(database, SteppedClock())
    office = Office(Shop(books, folder), books, folder)
    tickets = await openings(books, 3)
    try:
        for step in [*steps, "api", "work"]:
            match step:
                case "work":
                    await office.work()
                case "carry":
                    for parcel_id in (await office.handed())[:1]:
                        await office.carry(parcel_id)
                case "export":
                    await office.export()
                case "open":
                    tickets |= await openings(books, 1)
                case mode:
                    await office.switch(Mode(mode))
        assert office.everything() == Counter(dict.fromkeys(tickets, 1))
        assert await office.counts() == {State.SETTLED: len(tickets)}
    finally:
        await database.aclose()
