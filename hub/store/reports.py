"""Reports: what a channel brought, kept in its own words."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Select, func, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from hub.contract.news import Report
from hub.rows import KeptReport
from hub.store.statements import insert_new
from hub.store.tables import attachments, parcels, reports, sources


class SqlReports:
    """`hub.ports.Reports`."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def add(
        self,
        connector: str,
        report: Report,
        *,
        at: datetime,
        person_id: int | None,
        turn_id: int | None = None,
        complaint_id: int | None = None,
    ) -> int | None:
        """Keep a report; None if the channel brought it before."""
        place = report.place
        return await insert_new(
            self._connection,
            reports,
            {
                "connector": connector,
                "external_id": report.external_id,
                "complaint_id": complaint_id,
                "turn_id": turn_id,
                "person_id": person_id,
                "route": report.route,
                "said_at": report.said_at,
                "received_at": at,
                "title": report.title,
                "text": report.text,
                "category": report.category,
                "latitude": place.latitude if place else None,
                "longitude": place.longitude if place else None,
                "place": place.words if place else None,
                "anonymous": report.anonymous,
                "secret": report.secret,
                "facts": dict(report.facts),
            },
        )

    async def of_turn(self, turn_id: int) -> list[KeptReport]:
        """The reports of a turn in the order the citizen said them."""
        return await self._kept(_with_files().where(reports.c.turn_id == turn_id))

    async def get(self, report_ids: Iterable[int]) -> list[KeptReport]:
        """Some reports, in the order the citizen said them."""
        return await self._kept(_with_files().where(reports.c.id.in_(list(report_ids))))

    async def assign(self, report_ids: Iterable[int], complaint_id: int) -> None:
        """These reports belong to that complaint."""
        await self._connection.execute(
            update(reports)
            .where(reports.c.id.in_(list(report_ids)))
            .values(complaint_id=complaint_id)
        )

    async def complaint_quoted(self, connector: str, external_id: str) -> int | None:
        """The complaint that a quoted message, theirs or ours, is about."""
        theirs = await self._connection.scalar(
            select(reports.c.complaint_id).where(
                reports.c.connector == connector, reports.c.external_id == external_id
            )
        )
        if theirs is not None:
            return int(theirs)
        # A merge moves the source; what was promised before keeps the complaint that promised it.
        ours = await self._connection.scalar(
            select(func.coalesce(sources.c.complaint_id, parcels.c.complaint_id))
            .select_from(parcels.outerjoin(sources, sources.c.id == parcels.c.source_id))
            .where(parcels.c.connector == connector, parcels.c.external_id == external_id)
        )
        return None if ours is None else int(ours)

    async def latest_complaint_of(
        self, connector: str, person_id: int, route: str
    ) -> tuple[int, datetime] | None:
        """The complaint the person spoke about last, and when they said it."""
        row = (
            await self._connection.execute(
                select(reports.c.complaint_id, reports.c.said_at)
                .where(
                    reports.c.connector == connector,
                    reports.c.person_id == person_id,
                    func.coalesce(reports.c.route, "") == route,
                    reports.c.complaint_id.is_not(None),
                )
                .order_by(reports.c.said_at.desc())
                .limit(1)
            )
        ).first()
        return None if row is None else (int(row.complaint_id), row.said_at)

    async def repeated(
        self,
        connector: str,
        person_id: int,
        *,
        category: str | None,
        said_at: datetime,
        within: timedelta,
    ) -> int | None:
        """The complaint that the same person brought about the same category around that time."""
        found = await self._connection.scalar(
            select(reports.c.complaint_id)
            .where(
                reports.c.connector == connector,
                reports.c.person_id == person_id,
                reports.c.category.is_not_distinct_from(category),
                reports.c.said_at.between(said_at - within, said_at + within),
                reports.c.complaint_id.is_not(None),
            )
            .order_by(reports.c.said_at, reports.c.id)
            .limit(1)
        )
        return None if found is None else int(found)

    async def _kept(self, query: Select[Any]) -> list[KeptReport]:
        rows = await self._connection.execute(query.order_by(reports.c.said_at, reports.c.id))
        names = list(KeptReport.__dataclass_fields__)
        return [KeptReport(**{name: getattr(row, name) for name in names}) for row in rows]


def _with_files() -> Select[Any]:
    count = (
        select(func.count())
        .select_from(attachments)
        .where(attachments.c.report_id == reports.c.id)
        .scalar_subquery()
    )
    return select(reports, count.label("file_count"))
