"""The canonical complaint, its sources and its history."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Row, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from hub.domain.complaint import Complaint, Source
from hub.domain.place import Place
from hub.domain.status import Status
from hub.store.statements import insert_new, next_number
from hub.store.tables import answers, complaints, counters, history, links, sources
from hub.store.threads import SqlThreads

# The year on a ticket is the year on the citizen's calendar.
TICKET_ZONE = ZoneInfo("Asia/Jakarta")


class SqlComplaints(SqlThreads):
    """`hub.ports.Complaints`."""

    def __init__(self, connection: AsyncConnection, *, prefix: str) -> None:
        super().__init__(connection)
        self._prefix = prefix

    async def next_ticket(self, *, at: datetime) -> str:
        """The next number of the year, such as PKL-2026-000123."""
        year = at.astimezone(TICKET_ZONE).year
        number = await next_number(self._connection, counters, f"ticket-{year}")
        return f"{self._prefix}-{year}-{number:06d}"

    async def add(self, complaint: Complaint, *, at: datetime) -> int:
        """Keep a new complaint and give it its id."""
        added = await self._connection.execute(
            complaints.insert()
            .values(**_columns(complaint), opened_at=at, updated_at=at)
            .returning(complaints.c.id)
        )
        complaint.id = int(added.scalar_one())
        return complaint.id

    async def get(self, complaint_id: int) -> Complaint:
        """A complaint, locked until the transaction ends: its status changes one at a time."""
        row = await self._connection.execute(
            select(complaints)
            .where(complaints.c.id == complaint_id)
            .with_for_update(key_share=True)
        )
        return _complaint(row.one())

    async def by_ticket(self, ticket: str) -> Complaint | None:
        """The complaint with that ticket, locked; None if there is none."""
        row = (
            await self._connection.execute(
                select(complaints)
                .where(complaints.c.ticket == ticket)
                .with_for_update(key_share=True)
            )
        ).first()
        return None if row is None else _complaint(row)

    async def save(self, complaint: Complaint, *, at: datetime) -> None:
        """Keep what changed."""
        await self._connection.execute(
            update(complaints)
            .where(complaints.c.id == complaint.id)
            .values(**_columns(complaint), updated_at=at)
        )

    async def add_history(
        self,
        complaint_id: int,
        *,
        before: Status | None,
        status: Status,
        at: datetime,
        known_at: datetime,
        origin: str,
        outcome: str,
        note: str | None,
        typed_by: str | None = None,
        source_id: int | None = None,
    ) -> int:
        """Write down what moved the complaint, or wanted to; returns the number of the row."""
        added = await self._connection.execute(
            history.insert()
            .values(
                complaint_id=complaint_id,
                before=before,
                status=status,
                at=at,
                known_at=known_at,
                origin=origin,
                outcome=outcome,
                note=note,
                typed_by=typed_by,
                source_id=source_id,
            )
            .returning(history.c.id)
        )
        return int(added.scalar_one())

    async def add_source(
        self,
        complaint_id: int,
        *,
        connector: str,
        external_id: str | None,
        at: datetime,
        by: str,
        person_id: int | None = None,
        route: str | None = None,
        their_status: str | None = None,
        shown: Status | None = None,
        listens: bool = True,
    ) -> int:
        """The complaint is known to that channel, or will be."""
        added = await self._connection.execute(
            sources.insert()
            .values(
                complaint_id=complaint_id,
                connector=connector,
                external_id=external_id,
                person_id=person_id,
                route=route,
                their_status=their_status,
                shown=shown,
                shown_at=at if shown else None,
                linked_at=at,
                linked_by=by,
                listens=listens,
                thread_id=complaint_id,
            )
            .returning(sources.c.id)
        )
        return int(added.scalar_one())

    async def source(self, connector: str, external_id: str) -> Source | None:
        """The source with their id."""
        return await self._source(
            sources.c.connector == connector, sources.c.external_id == external_id
        )

    async def source_by_id(self, source_id: int) -> Source | None:
        """The source with our id."""
        return await self._source(sources.c.id == source_id)

    async def sources(self, complaint_id: int) -> list[Source]:
        """All channels that know the complaint, or will."""
        rows = await self._connection.execute(
            select(sources).where(sources.c.complaint_id == complaint_id).order_by(sources.c.id)
        )
        return [_source(row) for row in rows]

    async def save_source(self, source: Source) -> None:
        """Keep what the channel shows now."""
        await self._connection.execute(
            update(sources)
            .where(sources.c.id == source.id)
            .values(
                their_status=source.their_status,
                shown=source.shown,
                shown_at=source.shown_at,
                disagrees=source.disagrees,
            )
        )

    async def link(
        self,
        source_id: int,
        external_id: str,
        *,
        at: datetime,
        by: str,
        inspect_at: datetime | None,
    ) -> None:
        """The upstream's id has become known."""
        await self._connection.execute(
            update(sources)
            .where(sources.c.id == source_id)
            .values(external_id=external_id, linked_at=at, linked_by=by, inspect_due_at=inspect_at)
        )
        await self._connection.execute(
            links.insert().values(source_id=source_id, after=external_id, at=at, who=by)
        )

    async def relink(
        self,
        source: Source,
        external_id: str,
        *,
        at: datetime,
        by: str,
        why: str,
        inspect_at: datetime | None,
    ) -> None:
        """The id was wrong: what the channel showed under it was somebody else's."""
        await self._connection.execute(
            update(sources)
            .where(sources.c.id == source.id)
            .values(
                external_id=external_id,
                linked_at=at,
                linked_by=by,
                their_status=None,
                shown=None,
                shown_at=None,
                told=None,
                told_at=None,
                disagrees=None,
                inspect_due_at=inspect_at,
                inspect_failures=0,
            )
        )
        await self._connection.execute(
            links.insert().values(
                source_id=source.id,
                before=source.external_id,
                after=external_id,
                at=at,
                who=by,
                why=why,
            )
        )

    async def listens_again(self, source_id: int) -> None:
        """That channel knows the complaint after all."""
        await self._connection.execute(
            update(sources).where(sources.c.id == source_id).values(listens=True)
        )

    async def inspect_unseen(self, connector: str, *, at: datetime) -> int:
        """Have sources looked at that were linked while nobody could look."""
        found = await self._connection.execute(
            update(sources)
            .where(
                sources.c.connector == connector,
                sources.c.inspect_due_at.is_(None),
                sources.c.external_id.is_not(None),
                sources.c.listens,
            )
            .values(inspect_due_at=at)
        )
        return found.rowcount

    async def leave_out(self, source_id: int) -> None:
        """That channel is told nothing about the complaint any more."""
        await self._connection.execute(
            update(sources)
            .where(sources.c.id == source_id)
            .values(listens=False, inspect_due_at=None)
        )

    async def notes_near(
        self, complaint_id: int, *, origin: str, at: datetime, within: timedelta
    ) -> list[str]:
        """What a channel wrote about the complaint around `at`, its own time."""
        rows = await self._connection.execute(
            select(history.c.note).where(
                history.c.complaint_id == complaint_id,
                history.c.origin == origin,
                history.c.at.between(at - within, at + within),
                history.c.note.is_not(None),
            )
        )
        return [str(note) for (note,) in rows]

    async def note_answer(self, source_id: int, answer_id: str, *, at: datetime) -> bool:
        """Remember that an officer's answer is known; False if it was."""
        values = {"source_id": source_id, "external_id": answer_id, "at": at}
        return await insert_new(self._connection, answers, values) is not None

    async def told(self, source_id: int, status: Status, *, at: datetime) -> None:
        """The channel has acknowledged this status."""
        await self._connection.execute(
            update(sources)
            .where(sources.c.id == source_id)
            .values(told=status, told_at=at, disagrees=None)
        )

    async def untold(self, source_id: int) -> None:
        """What we last told the channel has not arrived after all."""
        await self._connection.execute(
            update(sources).where(sources.c.id == source_id).values(told=None, told_at=None)
        )

    async def _source(self, *which: Any) -> Source | None:
        row = (await self._connection.execute(select(sources).where(*which))).first()
        return None if row is None else _source(row)


def _columns(complaint: Complaint) -> Mapping[str, Any]:
    place = complaint.place or Place()
    return {
        "ticket": complaint.ticket,
        "title": complaint.title,
        "text": complaint.text,
        "category": complaint.category,
        "latitude": place.latitude,
        "longitude": place.longitude,
        "place": place.words,
        "anonymous": complaint.anonymous,
        "secret": complaint.secret,
        "said_at": complaint.said_at,
        "status": complaint.status,
        "status_at": complaint.status_at,
        "status_from": complaint.status_from,
        "agency": complaint.agency,
        "routed_by": complaint.routed_by,
        "merged_into": complaint.merged_into,
        "continues": complaint.continues,
        "voices": complaint.voices,
        "held_at": complaint.held_at,
        "held_why": complaint.held_why,
    }


def _complaint(row: Row[Any]) -> Complaint:
    return Complaint(
        id=row.id,
        ticket=row.ticket,
        title=row.title,
        text=row.text,
        category=row.category,
        place=Place(row.latitude, row.longitude, row.place),
        anonymous=row.anonymous,
        secret=row.secret,
        said_at=row.said_at,
        status=Status(row.status),
        status_at=row.status_at,
        status_from=row.status_from,
        agency=row.agency,
        routed_by=row.routed_by,
        merged_into=row.merged_into,
        continues=row.continues,
        voices=row.voices,
        held_at=row.held_at,
        held_why=row.held_why,
    )


def _source(row: Row[Any]) -> Source:
    return Source(
        id=row.id,
        complaint_id=row.complaint_id,
        connector=row.connector,
        external_id=row.external_id,
        person_id=row.person_id,
        route=row.route,
        their_status=row.their_status,
        shown=Status(row.shown) if row.shown else None,
        shown_at=row.shown_at,
        told=Status(row.told) if row.told else None,
        disagrees=row.disagrees,
        listens=row.listens,
        thread_id=row.thread_id or row.complaint_id,
    )
