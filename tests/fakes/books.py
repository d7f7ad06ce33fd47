"""What tests write into the record and look up in it, on a real database."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import uuid4

from sqlalchemy import Table, select

from hub.contract import Person
from hub.domain.complaint import Complaint
from hub.domain.status import Status
from hub.record.promises import lane_of
from hub.rows import Kind, Parcel, Promise
from hub.store.database import Database
from hub.store.seal import Seal
from hub.store.tables import attempts, cards, parcels
from tests.fakes.clock import SteppedClock

LEASE = timedelta(minutes=5)


def open_database(url: str, **given: Any) -> Database:
    """A database as the hub opens it, with a made-up secret."""
    return Database(
        url,
        seal=Seal(["only for tests"]),
        ticket_prefix="PKL",
        new_id=lambda: uuid4().hex,
        **given,
    )


@dataclass(frozen=True, kw_only=True)
class Known:
    """A complaint and the one source that news goes to."""

    complaint_id: int
    ticket: str
    source_id: int
    person_id: int | None = None


class Books:
    """The database of a test, and its clock."""

    def __init__(self, database: Database, clock: SteppedClock) -> None:
        self.database = database
        self.clock = clock

    async def person(self, number: str = "628110000001", connector: str = "anywhere") -> int:
        """A citizen who has just written."""
        person = Person(aliases=(f"phone:{number}",), address={"phone": number})
        async with self.database.begin() as work:
            now = self.clock()
            return await work.people.know(connector, person, at=now, heard_at=now)

    async def complaint(
        self,
        *,
        connector: str = "anywhere",
        external_id: str | None = None,
        person_id: int | None = None,
    ) -> Known:
        """A complaint that `connector` knows as `external_id`, or is about to."""
        now = self.clock()
        async with self.database.begin() as work:
            ticket = await work.complaints.next_ticket(at=now)
            complaint = Complaint(
                id=0, ticket=ticket, title="Lampu mati", text="Lampu jalan mati sejak kemarin",
                said_at=now, status=Status.RECEIVED, status_at=now, status_from="elsewhere",
            )  # fmt: skip
            complaint_id = await work.complaints.add(complaint, at=now)
            source_id = await work.complaints.add_source(
                complaint_id, connector=connector, external_id=external_id, at=now, by="test",
                person_id=person_id,
            )  # fmt: skip
        return Known(
            complaint_id=complaint_id, ticket=ticket, source_id=source_id, person_id=person_id
        )

    async def promise(
        self,
        about: Known,
        *,
        kind: Kind = Kind.STATUS,
        connector: str = "anywhere",
        status: Status = Status.VERIFIED,
        needed: bool = False,
        content: Mapping[str, Any] | None = None,
    ) -> str:
        """Promise `connector` news of a complaint."""
        contents: Mapping[Kind, Mapping[str, Any]] = {
            Kind.STATUS: {"status": status, "at": self.clock().isoformat()},
            Kind.OPENING: {"report_ids": []},
            Kind.ADDITION: {"report_ids": []},
            Kind.NOTICE: {"name": "greeting"},
        }
        promise = Promise(
            connector=connector, kind=kind, lane=lane_of(about.complaint_id),
            content=contents[kind] if content is None else content,
            complaint_id=about.complaint_id, source_id=about.source_id,
            person_id=about.person_id, needed=needed,
        )  # fmt: skip
        async with self.database.begin() as work:
            return await work.outbox.promise(promise, at=self.clock())

    async def lease(
        self, connector: str = "anywhere", *, owner: str = "a worker", limit: int = 10
    ) -> list[Parcel]:
        """Lease what is due now, for five minutes."""
        now = self.clock()
        async with self.database.begin() as work:
            return await work.outbox.lease(
                connector, now=now, until=now + LEASE, owner=owner, limit=limit
            )

    async def lease_one(self, connector: str = "anywhere", *, owner: str = "a worker") -> Parcel:
        """Lease the one parcel that is due."""
        (parcel,) = await self.lease(connector, owner=owner)
        return parcel

    async def begin(self, parcel: Parcel, *, owner: str = "a worker") -> bool:
        """Write down that the push begins."""
        async with self.database.begin() as work:
            now = self.clock()
            return await work.outbox.begin(parcel, at=now, until=now + LEASE, owner=owner)

    async def row(self, parcel_id: str) -> dict[str, Any]:
        """The parcel, column by column."""
        (row,) = await self._rows(parcels, parcels.c.parcel_id == parcel_id)
        return row

    async def state(self, parcel_id: str) -> str:
        """Where the parcel stands."""
        return str((await self.row(parcel_id))["state"])

    async def attempts(self, parcel_id: str) -> list[tuple[str, str | None]]:
        """Phase and outcome of everything that was tried, in order."""
        rows = await self._rows(attempts, attempts.c.parcel_id == parcel_id)
        return [(row["phase"], row["outcome"]) for row in rows]

    async def open_cards(self) -> list[dict[str, Any]]:
        """What waits for a person."""
        return await self._rows(cards, cards.c.closed_at.is_(None))

    async def _rows(self, table: Table, *which: Any) -> list[dict[str, Any]]:
        async with self.database.reading() as connection:
            rows = await connection.execute(select(table).where(*which).order_by(table.c.id))
            return [dict(row._mapping) for row in rows]
