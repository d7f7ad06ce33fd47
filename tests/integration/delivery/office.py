"""A hub whose upstream changes its mode, the people who carry, and everything that ever arrived there."""

from collections import Counter
from contextlib import suppress
from pathlib import Path

from sqlalchemy import func, select

from hub.contract import Mode
from hub.delivery.decide import DecisionRefused
from hub.delivery.exported import CannotExport
from hub.delivery.exporting import ExportFiles
from hub.rows import Kind, State
from hub.store.tables import batches, parcels
from tests.fakes.books import Books
from tests.fakes.shop import Shop
from tests.fakes.upstream import Carried
from tests.integration.delivery.carried import (
    RINI,
    Upstreams,
    answered,
    carried_by,
    rows_of,
    started,
)
from tests.integration.delivery.interrupted import Interrupted, Killed


class Office:
    """`arrived`: how often, by ticket. `files`: in which file a ticket was carried there.

    `unanswered`: tickets that were uploaded and whose answer nobody has brought yet. `taken`: parcels
    that Rini holds and has not carried.
    """

    def __init__(self, shop: Shop, books: Books, folder: Path) -> None:
        self.shop, self.books, self.folder = shop, books, folder
        self.upstream = Carried(mode=Mode.ASSISTED)
        self.tickets: set[str] = set()
        self.arrived: Counter[str] = Counter()
        self.files: dict[str, str] = {}
        self.unanswered: list[str] = []
        self.taken: list[str] = []
        self._exports = 0

    async def open(self, number: int = 1) -> None:
        """Complaints that are to be opened there."""
        for _ in range(number):
            about = await self.books.complaint()
            await self.books.promise(about, kind=Kind.OPENING, needed=True)
            self.tickets.add(about.ticket)

    async def switch(self, mode: Mode) -> None:
        """Settings are changed and the hub is started again."""
        before = self.upstream
        self.upstream = Carried(mode=mode)
        self.upstream.deliveries = before.deliveries
        await started(self.shop, self.upstreams)

    async def work(self) -> None:
        """What the hub does by itself."""
        if self.upstream.traits.mode is Mode.API:
            await self.shop.relay(self.upstreams).drain()
        else:
            await self.shop.hand_over(self.upstreams).drain()

    async def carry(self, number: int = 1) -> None:
        """An operator files the oldest there and types their numbers back."""
        for parcel_id in (await self._handed())[:number]:
            await self._carry(parcel_id)

    async def take(self) -> None:
        """Rini takes one, and goes to lunch."""
        for parcel_id in (await self._handed())[-1:]:
            with suppress(DecisionRefused):
                await self.shop.handwork(self.upstreams).take(parcel_id, who=RINI)
                self.taken.append(parcel_id)

    async def put_back(self) -> None:
        """What Rini holds is free again."""
        for parcel_id in self.taken:
            await self.shop.handwork(self.upstreams).put_back(parcel_id, who=RINI, why="pulang")
        self.taken = []

    async def export(self) -> None:
        """A file is made and uploaded, unless the last one was cut short."""
        await self._write(self.shop.export(self.upstreams))

    async def die(self, *, step: int) -> None:
        """The process that makes the file is killed; a file that is there is uploaded all the same."""
        dying = Interrupted(self.books.database, step=step)
        with suppress(Killed):
            await self._write(dying.export(self.shop, self.upstreams))
        self._upload(self._path)

    async def again(self) -> None:
        """The last file is written again under its name, and uploaded in place of what was there."""
        query = select(batches.c.file_name).order_by(batches.c.id.desc()).limit(1)
        async with self.books.database.reading() as connection:
            name = await connection.scalar(query)
        if name is not None:
            path = self.folder / name
            await self.shop.export(self.upstreams).run("anywhere", path, who=RINI, again=True)
            self._upload(path)

    async def answer(self) -> None:
        """Their answer file comes in."""
        for ticket in self.unanswered:
            await answered(self.books, self.upstreams, ticket, f"X-{ticket}")
        self.unanswered = []

    async def counts(self) -> Counter[str]:
        query = select(parcels.c.state, func.count()).group_by(parcels.c.state)
        async with self.books.database.reading() as connection:
            return Counter({row[0]: row[1] for row in await connection.execute(query)})

    def everything(self) -> Counter[str]:
        """What arrived by hand, by file and by push."""
        return self.arrived + Counter(self.upstream.tickets)

    @property
    def upstreams(self) -> Upstreams:
        return carried_by(self.upstream)

    @property
    def _path(self) -> Path:
        return self.folder / f"{self._exports}.csv"

    async def _handed(self) -> list[str]:
        query = select(parcels.c.parcel_id).where(parcels.c.state == State.HANDED)
        async with self.books.database.reading() as connection:
            return list(await connection.scalars(query.order_by(parcels.c.id)))

    async def _carry(self, parcel_id: str) -> None:
        handwork = self.shop.handwork(self.upstreams)
        laid = await handwork.lay(parcel_id)
        if laid.parcel.batch_id is None:
            await handwork.take(parcel_id, who=RINI)
            self.arrived[laid.ticket] += 1
        elif laid.ticket not in self.files:
            # Its file was never written, so there is no number to type.
            return
        await handwork.done(parcel_id, number=f"X-{laid.ticket}", who=RINI)
        self.taken = [each for each in self.taken if each != parcel_id]

    async def _write(self, export: ExportFiles) -> None:
        if self.upstream.traits.mode is Mode.API:
            return
        self._exports += 1
        try:
            await export.run("anywhere", self._path, who=RINI)
        except CannotExport:
            if not await self._is_cut_short():
                raise
        self._upload(self._path)

    async def _is_cut_short(self) -> bool:
        query = select(batches.c.sha256).order_by(batches.c.id.desc()).limit(1)
        async with self.books.database.reading() as connection:
            found = (await connection.execute(query)).first()
        return found is not None and found.sha256 is None

    def _upload(self, path: Path) -> None:
        """A row counts once, whenever its file is uploaded; in another file it would be a second one."""
        for ticket in [row["tiket"] for row in rows_of(path)] if path.exists() else []:
            is_new = ticket not in self.files
            before = self.files.setdefault(ticket, path.name)
            assert before == path.name, f"{ticket} left in {before} and in {path.name}"
            if is_new:
                self.arrived[ticket] += 1
                self.unanswered.append(ticket)
