"""A complaint that a citizen, a nation and a province know, and officers who do not agree."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import select

from hub.contract import Answer, Status, StatusNews
from hub.domain.authority import Authorities, May, Say
from hub.domain.complaint import Complaint, Source
from hub.intake.contradictions import Contradictions
from hub.intake.moves import Operator
from hub.intake.outcome import Outcome
from hub.intake.statuses import take_status
from hub.rows import How
from hub.store.agreement_tables import conflicts
from hub.store.tables import cards, history
from tests.fakes.books import Books
from tests.integration.matching.town import CHAT, PORTAL, PROVINCE, RINI, Said, Town

NATION = PORTAL
RULES = Authorities(
    channels={NATION: Say(reopens=May.OWN, rank=30), PROVINCE: Say(reopens=May.OWN, rank=20)}
)


class Quarrel(Town):
    """One hub over one database, and one complaint."""

    def __init__(self, books: Books, folder: Path) -> None:
        super().__init__(books, folder)
        begin, clock = books.database.begin, books.clock
        self.operator = Operator(begin=begin, upstreams=self.upstreams, clock=clock)
        self.contradictions = Contradictions(begin=begin, upstreams=self.upstreams, clock=clock)
        self.said = Said(0, 0)

    async def hears(
        self,
        by: str,
        status: Status,
        *,
        ago: float = 0,
        answers: Sequence[Answer] = (),
        is_look: bool = False,
        by_then: bool = False,
        overwritten: bool = False,
    ) -> Outcome:
        """The hub hears what an officer did `ago` seconds before, by the channel's own clock."""
        self._count += 1
        now, source = self.books.clock(), await self.source(self.said.complaint_id, by)
        news = StatusNews(
            key=f"q{self._count}", external_id=source.external_id or "", theirs=status.label,
            status=status, at=now - timedelta(seconds=ago), answers=tuple(answers),
            by_then=by_then,
            overwritten=overwritten,
        )  # fmt: skip
        async with self.books.database.begin() as work:
            return await take_status(
                work, by, news, upstreams=self.upstreams, at=now, authorities=RULES,
                how=How.INSPECT if is_look else None,
            )  # fmt: skip

    async def delivers(self) -> None:
        """What was promised arrives."""
        self.books.clock.pass_time(seconds=1)
        await self.works()

    async def it(self) -> Complaint:
        return await self.complaint(self.said.complaint_id)

    async def at(self, by: str) -> Source:
        return await self.source(self.said.complaint_id, by)

    async def moves(self, status: Status, *, note: str | None = None) -> None:
        ticket = (await self.it()).ticket
        await self.operator.move(
            ticket, status, note=note, reason="perlu", agency=None, who=RINI
        )  # fmt: skip

    async def conflicts(self) -> list[Any]:
        async with self.books.database.reading() as connection:
            query = select(conflicts).order_by(conflicts.c.id)
            return list((await connection.execute(query)).all())

    async def cards(self) -> list[str]:
        """The kinds of the cards that are open."""
        async with self.books.database.reading() as connection:
            query = select(cards.c.kind).where(cards.c.closed_at.is_(None))
            return sorted(await connection.scalars(query))

    async def outcomes(self) -> list[tuple[str, str, str]]:
        async with self.books.database.reading() as connection:
            query = select(history.c.origin, history.c.status, history.c.outcome)
            return [tuple(row) for row in await connection.execute(query.order_by(history.c.id))]

    async def told(self, source: Source | str) -> list[Any]:
        """The statuses that a channel was told, oldest first."""
        known = await self.at(source) if isinstance(source, str) else source
        return [status for status, _ in await super().told(known)]

    async def since(self, by: str) -> float:
        """How long a channel has shown what it shows, in seconds, by its own clock."""
        shown_at = (await self.at(by)).shown_at
        assert shown_at is not None
        return (self.books.clock() - shown_at).total_seconds()

    def marker_of(self, by: str) -> str:
        """What our last push to a channel can be known by."""
        fake = {CHAT: self.chat, NATION: self.portal, PROVINCE: self.province}[by]
        return fake.deliveries[-1].parcel_id[:12]

    def written(self, by: str, *, at: datetime) -> Answer:
        """Our own words as the channel shows them, dated by its clock."""
        marker = self.marker_of(by)
        return Answer(id=f"a-{marker}", text="kabar", at=at, marker=marker)


async def quarrel_of(books: Books, folder: Path) -> Quarrel:
    """A citizen has complained ten minutes ago; nation and province know of it."""
    quarrel = Quarrel(books, folder)
    quarrel.said = await quarrel.says(who=1)
    await quarrel.delivers()
    books.clock.pass_time(minutes=10)
    return quarrel
