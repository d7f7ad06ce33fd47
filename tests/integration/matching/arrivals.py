"""A town whose hub recognises by itself what a report speaks of."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from sqlalchemy import select, update

from hub.contract import Person, Report
from hub.domain.matching.tables import Matching
from hub.intake.accept import Accept
from hub.intake.gather import TurnRules
from hub.rows import Judged
from hub.store.matching_tables import gists, merges
from hub.store.tables import cards, complaints
from tests.bench.matching.city import matching_of_the_city
from tests.fakes.books import Books
from tests.integration.matching.town import CHAT, Said, Town

MATCHING = matching_of_the_city()


class Arrivals(Town):
    """Every report is taken in as the hub takes it in; `who` is a phone number's end."""

    def __init__(
        self, books: Books, folder: Path, *, matching: Matching | None = MATCHING
    ) -> None:
        super().__init__(books, folder)
        self.accept = Accept(upstreams=self.upstreams, turns=TurnRules(), matching=matching)

    async def arrives(self, text: str, *, who: int, by: str = CHAT, **given: Any) -> Said:
        """A citizen says something; the complaint that has it now."""
        self._count += 1
        number = f"62811000{who:04}"
        report = Report(
            key=f"r{self._count}", external_id=f"{by}-{self._count}", said_at=self.books.clock(), text=text,
            person=Person(aliases=(f"phone:{number}",), address={"phone": number}), **given,
        )  # fmt: skip
        async with self.books.database.begin() as work:
            outcome = await self.accept.take(work, by, report, at=self.books.clock())
        assert outcome.complaint_id is not None
        await self.works()
        return Said(max(await self.owners()), outcome.complaint_id)

    async def judged(self, said: Said) -> list[Judged]:
        """What `hub explain` prints about a report."""
        async with self.books.database.begin() as work:
            return await work.matches.of_report(said.report_id)

    async def asked(self, said: Said) -> list[int]:
        """The complaints that people are asked about, because of this report."""
        return [one.complaint_id for one in await self.judged(said) if one.state == "open"]

    async def speaking(self) -> list[int]:
        """The complaints that no other speaks for."""
        rows = await self._rows(complaints, complaints.c.merged_into.is_(None))
        return [row["id"] for row in rows]

    async def all_cards(self) -> list[dict[str, Any]]:
        return list(await self._rows(cards))

    async def ledger(self) -> list[dict[str, Any]]:
        return list(await self._rows(merges))

    async def grow_old(self, said: Said, *, tickets: Sequence[str] = ()) -> None:
        """The reading has learned something since this gist was kept."""
        old = json.dumps({"of": "long ago", "tickets": [ticket.lower() for ticket in tickets]})
        async with self.books.database.begin() as work:
            await work.connection.execute(
                update(gists)
                .where(gists.c.report_id == said.report_id)
                .values(version=0, gist=old)
            )

    async def version(self, said: Said) -> int:
        async with self.books.database.reading() as connection:
            row = await connection.execute(
                select(gists.c.version).where(gists.c.report_id == said.report_id)
            )
            return int(row.scalar_one())
