"""Complaints and reports as matching finds them; every one is invented."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from hub.domain.matching import Evidence, Match, Verdict
from hub.rows import Candidate
from hub.store.database import Database
from hub.store.tables import reports
from tests.integration.web import invented

NIGHT = datetime(2026, 1, 18, 13, 0, tzinfo=UTC)  # 20.00 WIB
LONG_AGO, LONG_AFTER = NIGHT - timedelta(days=30), NIGHT + timedelta(days=30)


def after(**span: float) -> datetime:
    return NIGHT + timedelta(**span)


def match(
    verdict: Verdict = Verdict.PERHAPS, score: float = 0.5, words: str = "jalan sama"
) -> Match:
    return Match(verdict, score, (Evidence("street", words, 1.25),))


def report_row(number: int, complaint_id: int | None) -> dict[str, Any]:
    return {
        "id": number,
        "complaint_id": complaint_id,
        "connector": "whatsapp",
        "external_id": f"wamid-{number}",
        "said_at": NIGHT,
        "received_at": NIGHT,
        "text": "Air sudah selutut di depan rumah",
        "anonymous": False,
        "secret": False,
        "facts": {},
    }


class Shelf:
    """What a test puts into the database, and what is found there."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self._number = 0

    async def complaint(self, **given: Any) -> int:
        self._number += 1
        async with self.database.begin() as work:
            ticket = given.pop("ticket", f"PKL-2026-{self._number:06d}")
            return await invented.complaint(work.connection, ticket, **given)

    async def report(self, complaint_id: int | None, **given: Any) -> int:
        self._number += 1
        row = report_row(self._number, complaint_id) | given
        del row["id"]
        async with self.database.begin() as work:
            return await invented.put(work.connection, reports, **row)

    async def known(self, complaint_id: int | None, *keys: int, said_at: datetime = NIGHT) -> int:
        """A report that these keys find."""
        report_id = await self.report(complaint_id, said_at=said_at)
        async with self.database.begin() as work:
            await work.matches.keep_gist(
                report_id, version=1, said_at=said_at, gist=f"gist {report_id}", keys=keys
            )
        return report_id

    async def find(
        self,
        keys: Mapping[int, float],
        *,
        since: datetime = LONG_AGO,
        until: datetime = LONG_AFTER,
        apart_from: tuple[int, ...] = (),
    ) -> list[Candidate]:
        async with self.database.begin() as work:
            return await work.matches.candidates(
                keys, since=since, until=until, apart_from=apart_from
            )

    async def found(self, keys: Mapping[int, float], **given: Any) -> list[int]:
        """Only the reports, in their order."""
        return [one.report_id for one in await self.find(keys, **given)]
