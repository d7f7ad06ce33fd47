"""Attachments: expected when news names them, fetched later, stored on disk."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Select, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from hub.contract.news import AttachmentRef
from hub.domain.matching.photos import LIKENESS_PREFIX
from hub.rows import ExpectedFile, FileRow, Topic
from hub.store.tables import attachments, reports

# Everybody sends the same ones.
STICKER = "sticker"


class SqlFiles:
    """`hub.ports.Files`."""

    def __init__(self, connection: AsyncConnection, *, nudge: Callable[[Topic], None]) -> None:
        self._connection = connection
        self._nudge = nudge

    async def expect(
        self,
        connector: str,
        report_id: int,
        refs: Sequence[AttachmentRef],
        *,
        route: str | None,
        at: datetime,
    ) -> None:
        """These files belong to the report and are to be fetched."""
        for ref in refs:
            await self._connection.execute(
                attachments.insert().values(
                    report_id=report_id,
                    connector=connector,
                    ref=ref.ref,
                    route=route,
                    kind=ref.kind,
                    file_name=ref.file_name,
                    declared_type=ref.media_type,
                    declared_sha256=ref.sha256,
                    size=ref.size,
                    state="expected",
                    due_at=at,
                    asked_at=at,
                )
            )
            self._nudge(Topic.FILES)

    async def take_due(self, *, now: datetime, until: datetime, limit: int) -> list[ExpectedFile]:
        """Files to fetch now; until `until` nobody else takes them."""
        rows = (
            await self._connection.execute(
                select(attachments, reports.c.person_id)
                .join(reports, reports.c.id == attachments.c.report_id)
                .where(attachments.c.state == "expected", attachments.c.due_at <= now)
                .order_by(attachments.c.due_at)
                .limit(limit)
                .with_for_update(skip_locked=True, of=attachments)
            )
        ).all()
        await self._connection.execute(
            update(attachments)
            .where(attachments.c.id.in_([row.id for row in rows]))
            .values(due_at=until, tries=attachments.c.tries + 1)
        )
        return [
            ExpectedFile(
                id=row.id,
                connector=row.connector,
                ref=row.ref,
                route=row.route,
                kind=row.kind,
                declared_sha256=row.declared_sha256,
                tries=row.tries + 1,
                asked_at=row.asked_at,
                report_id=row.report_id,
                person_id=row.person_id,
            )
            for row in rows
        ]

    async def stored(
        self,
        file_id: int,
        *,
        path: str,
        media_type: str,
        size: int,
        sha256: str | None = None,
        likeness: str | None = None,
    ) -> int | None:
        """The file lies at `path`, relative to the files folder; whose complaint it is by now."""
        await self._set(
            file_id,
            state="stored",
            path=path,
            media_type=media_type,
            size=size,
            sha256=sha256,
            likeness=likeness,
            problem=None,
        )
        return await self._complaint_of(file_id)

    async def postpone(self, file_id: int, *, until: datetime, problem: str) -> None:
        """Try again later."""
        await self._set(file_id, due_at=until, problem=problem)

    async def failed(self, file_id: int, *, problem: str) -> int | None:
        """It will not come any more; whose complaint it is by now."""
        await self._set(file_id, state="failed", problem=problem)
        return await self._complaint_of(file_id)

    async def of_reports(self, report_ids: Iterable[int]) -> list[FileRow]:
        """All files of some reports."""
        return await self._rows(
            select(attachments).where(attachments.c.report_id.in_(list(report_ids)))
        )

    async def get(self, file_ids: Iterable[int]) -> list[FileRow]:
        """Some files."""
        return await self._rows(select(attachments).where(attachments.c.id.in_(list(file_ids))))

    async def photos_of(self, report_ids: Iterable[int]) -> Mapping[int, frozenset[str]]:
        """What the stored pictures of reports can be known by: sha256, and `p:` with their likeness."""
        rows = await self._connection.execute(
            select(attachments.c.report_id, attachments.c.sha256, attachments.c.likeness).where(
                attachments.c.report_id.in_(list(report_ids)),
                attachments.c.state == "stored",
                attachments.c.media_type.like("image/%"),
                attachments.c.kind != STICKER,
            )
        )
        found: dict[int, set[str]] = defaultdict(set)
        for report_id, sha256, likeness in rows:
            marks = (sha256, likeness and f"{LIKENESS_PREFIX}{likeness}")
            found[report_id].update(mark for mark in marks if mark)
        return {report_id: frozenset(marks) for report_id, marks in found.items()}

    async def _complaint_of(self, file_id: int) -> int | None:
        found: int | None = await self._connection.scalar(
            select(reports.c.complaint_id)
            .join(attachments, attachments.c.report_id == reports.c.id)
            .where(attachments.c.id == file_id)
        )
        return found

    async def _set(self, file_id: int, **values: Any) -> None:
        await self._connection.execute(
            update(attachments).where(attachments.c.id == file_id).values(**values)
        )

    async def _rows(self, query: Select[Any]) -> list[FileRow]:
        rows = await self._connection.execute(query.order_by(attachments.c.id))
        names = list(FileRow.__dataclass_fields__)
        return [FileRow(**{name: getattr(row, name) for name in names}) for row in rows]
