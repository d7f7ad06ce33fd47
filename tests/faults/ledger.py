"""What the hub's database says, read from the outside: nothing here goes through the hub."""

from collections import Counter
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Any

from sqlalchemy import Row, Select, select
from sqlalchemy.engine import make_url
from sqlalchemy.ext.asyncio import create_async_engine
from sqlalchemy.pool import NullPool

from hub.store.tables import attachments, attempts, inbox, parcels, reports, sources

# A loop that is awake takes what is due at once; what is due longer than this is taken by nobody.
OVERDUE = timedelta(seconds=15)
# Nothing of the demo day is planned this far ahead, so it is the lease of somebody who is gone.
FAR = timedelta(seconds=100)


@dataclass(frozen=True, slots=True)
class Lease:
    """A parcel that the killed process had in its hands; `begun`: its first byte may have left."""

    parcel_id: str
    connector: str
    kind: str
    attempt: int
    begun: bool


class Ledger:
    """Read-only, and open only for as long as one question takes."""

    def __init__(self, url: str) -> None:
        parts = make_url(url)
        self.is_sqlite = parts.drivername.startswith("sqlite")
        read_only = f"sqlite+aiosqlite:///file:{parts.database}?mode=ro&uri=true"
        self._url = read_only if self.is_sqlite else url

    async def open_leases(self) -> list[Lease]:
        """What is leased at this moment."""
        p = parcels.c
        rows = await self._rows(select(parcels).where(p.state == "leased").order_by(p.id))
        return [
            Lease(row.parcel_id, row.connector, row.kind, attempt=row.attempts, begun=row.begun)
            for row in rows
        ]

    async def state_of(self, parcel_id: str) -> tuple[str, int]:
        """State, and number of the attempt it is at."""
        which = parcels.c.parcel_id == parcel_id
        (row,) = await self._rows(select(parcels.c.state, parcels.c.attempts).where(which))
        return str(row.state), int(row.attempts)

    async def states(self, connector: str) -> dict[str, int]:
        """How many parcels for an upstream are in which state."""
        which = parcels.c.connector == connector
        rows = await self._rows(select(parcels.c.state).where(which))
        return dict(Counter(str(row.state) for row in rows))

    async def said(self, connector: str) -> int:
        """How many reports of a channel were kept."""
        return len(await self._rows(select(reports.c.id).where(reports.c.connector == connector)))

    async def written_of(self, parcel_id: str) -> list[Row[Any]]:
        """Every attempt of a parcel, as written down."""
        which = attempts.c.parcel_id == parcel_id
        return await self._rows(select(attempts).where(which).order_by(attempts.c.id))

    async def blindly_repeated(self) -> list[str]:
        """Pushed a second time although nobody had found out what became of the first."""
        rows = await self._rows(select(attempts).order_by(attempts.c.parcel_id, attempts.c.id))
        return [
            f"{later.parcel_id}: attempt {later.number} after attempt {earlier.number} was left open"
            for earlier, later in pairwise(rows)
            if earlier.parcel_id == later.parcel_id and earlier.phase == later.phase == "began"
        ]

    async def stuck(self) -> list[str]:
        """What is due and taken by nobody, and what is leased or parked."""
        late = _now() - OVERDUE
        p, i = parcels.c, inbox.c
        questions: dict[str, Select[Any]] = {
            "leased": select(p.parcel_id).where(p.state == "leased"),
            "parked": select(p.parcel_id).where(p.state == "abandoned"),
            "due for long": select(p.parcel_id).where(p.state == "waiting", p.due_at < late),
            "in doubt for long": select(p.parcel_id).where(p.state == "doubt", p.due_at < late),
            "unread for long": select(i.key).where(i.state == "unread", i.due_at < late),
            "unreadable": select(i.key).where(i.state == "unreadable"),
        }
        return [
            f"{what}: {row[0]}"
            for what, question in questions.items()
            for row in await self._rows(question)
        ]

    async def held_by_the_dead(self) -> dict[str, int]:
        """Files, looks and doubts that go on only when the lease of a killed process is over."""
        far = _now() + FAR
        a, s, p = attachments.c, sources.c, parcels.c
        questions = {
            "files": select(a.id).where(a.state == "expected", a.due_at > far),
            "inspections": select(s.id).where(s.inspect_due_at > far),
            "doubts": select(p.id).where(
                p.state == "doubt", p.asks_person.is_(False), p.due_at > far
            ),
        }
        return {name: len(await self._rows(asked)) for name, asked in questions.items()}

    async def _rows(self, question: Select[Any]) -> list[Row[Any]]:
        engine = create_async_engine(self._url, poolclass=NullPool)
        try:
            async with engine.connect() as connection:
                return list((await connection.execute(question)).all())
        finally:
            await engine.dispose()


def _now() -> datetime:
    return datetime.now(tz=UTC)  # noqa: TID251 - the clock of the hub that is looked at
