"""`hub export`: what waits for an upstream leaves in one file; each row in one file only."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path

from hub.contract.connector import HandsOver, Mode
from hub.contract.delivery import StoredFile
from hub.contract.errors import UpstreamError
from hub.contract.slip import Slip
from hub.delivery.pack import Packing, pack
from hub.delivery.parked import give_up
from hub.delivery.sheet import SUFFIXES, write_files, write_sheet
from hub.ports import Begin, Clock, Upstream, Work
from hub.record.settle import Settled, settle
from hub.rows import Batch, Kind, Parcel, State

Row = tuple[str, Slip, Mapping[str, str]]


class CannotExport(Exception):
    """The message is a sentence in Bahasa Indonesia."""


@dataclass(frozen=True, slots=True)
class Line:
    """What a row does there: create a complaint, change one; or why it is skipped."""

    does: str
    ticket: str
    what: str


@dataclass(slots=True)
class Exported:
    """What an export did, or would do."""

    lines: list[Line] = field(default_factory=list)
    batch_id: int | None = None
    sha256: str | None = None
    files: Path | None = None
    file_count: int = 0
    resumed: bool = False
    skipped: int = 0

    def count(self, does: str) -> int:
        """How many rows do this."""
        return sum(line.does == does for line in self.lines)


class ExportFiles:
    """A batch is committed before its file is written, and written again if that was cut short.

    The other way round the same row could leave in two files.
    """

    def __init__(
        self, *, begin: Begin, upstreams: Mapping[str, Upstream], clock: Clock, packing: Packing
    ) -> None:
        self._begin = begin
        self._upstreams = upstreams
        self._clock = clock
        # It was laid out with its attachments; what came since does not hold up a file.
        self._packing = replace(packing, files_wait=timedelta())

    async def run(
        self, connector: str, path: Path, *, who: str, dry_run: bool = False, again: bool = False
    ) -> Exported:
        """Write what waits for `connector` to `path` (CSV or XLSX). Raises `CannotExport`.

        `again` writes the last file anew, the same rows, and hands nothing out.
        """
        upstream = self._checked(connector, path, again=again)
        async with self._begin() as work:
            last = await work.hands.last_batch(connector)
        if again:
            if last is None:
                raise CannotExport(f"Belum pernah ada berkas untuk {connector}.")
            return await self._write(last, path, upstream, resumed=False)
        if last is not None and last.sha256 is None and not dry_run:
            return await self._write(last, path, upstream, resumed=True)
        async with self._begin() as work:
            waiting = await work.hands.untouched(connector)
            everything, _ = await work.hands.oldest(connector)
            skipped = everything - len(waiting)
            if dry_run or not waiting:
                # A dry run lays nothing out, and tells of what would be.
                due = await work.hands.next_up(connector) if dry_run else []
                lines = [await self._line(work, parcel) for parcel in (*waiting, *due)]
                return Exported(lines, skipped=skipped)
            if await asyncio.to_thread(path.exists):
                raise CannotExport(f"{path.name} sudah ada; beri nama lain supaya tidak tertimpa.")
            batch = await work.hands.add_batch(
                connector, waiting, file_name=path.name, who=who, at=self._clock()
            )
            for parcel in waiting:
                await work.outbox.attempt(
                    parcel, phase="handed", at=self._clock(), outcome="exported",
                    detail=path.name, who=who,
                )  # fmt: skip
        result = await self._write(batch, path, upstream, resumed=False)
        result.skipped = skipped
        return result

    def _checked(self, connector: str, path: Path, *, again: bool) -> Upstream:
        upstream = self._upstreams.get(connector)
        if upstream is None:
            raise CannotExport(f"Konektor {connector} tidak aktif; lihat `hub check`.")
        if not isinstance(upstream.connector, HandsOver):
            raise CannotExport(f"Konektor {connector} tidak menulis berkas.")
        if upstream.connector.traits.mode is Mode.API and not again:
            raise CannotExport(
                f"{upstream.connector.traits.title} dikirimi langsung oleh hub (mode api); untuk "
                f"berkas, setel {connector.upper()}_MODE=file dan mulai ulang hub."
            )
        if path.suffix.lower() not in SUFFIXES:
            raise CannotExport(f"{path.name}: pakai akhiran .csv atau .xlsx.")
        return upstream

    async def _write(
        self, batch: Batch, path: Path, upstream: Upstream, *, resumed: bool
    ) -> Exported:
        result = Exported(batch_id=batch.id, resumed=resumed)
        async with self._begin() as work:
            carried = await work.hands.in_batch(batch.id)
            for parcel in carried:
                result.lines.append(await self._line(work, parcel))
            rows = [
                row
                for parcel in carried
                if (row := await self._row(work, parcel, upstream)) is not None
            ]
        files = path.with_name(f"{path.stem}-lampiran.zip")
        attached = [(ticket, file) for ticket, slip, _ in rows for file in slip.files]
        result.file_count = await asyncio.to_thread(write_files, files, attached)
        result.files = files if result.file_count else None
        result.sha256 = await asyncio.to_thread(write_sheet, path, [cells for *_, cells in rows])
        async with self._begin() as work:
            await work.hands.written(batch.id, sha256=result.sha256)
            if upstream.connector.traits.done_when_exported:
                for parcel in carried:
                    await settle(
                        work, parcel, upstreams=self._upstreams, external_id=None,
                        at=self._clock(), how=Settled("person", "in the file", who=batch.made_by),
                    )  # fmt: skip
        return result

    async def _row(self, work: Work, parcel: Parcel, upstream: Upstream) -> Row | None:
        connector, now = upstream.connector, self._clock()
        assert isinstance(connector, HandsOver)  # noqa: S101 - `_checked` has looked
        delivery = await pack(
            work, parcel, traits=connector.traits, packing=self._packing, now=now
        )
        try:
            slip = connector.slip(delivery)
        except UpstreamError as error:
            if parcel.state is State.HANDED:
                await give_up(work, parcel, error, title=connector.traits.title, at=now)
            return None
        cells = {
            "penanda": parcel.marker,
            "tiket": delivery.ticket,
            "nomor": delivery.external_id or "",
            **{entry.name: entry.text for entry in slip.entries},
            "lampiran": _names(slip.files),
        }
        return delivery.ticket, slip, cells

    async def _line(self, work: Work, parcel: Parcel) -> Line:
        complaint = await work.complaints.get(parcel.complaint_id or 0)
        does = "create" if parcel.kind is Kind.OPENING else "change"
        return Line(does, complaint.ticket, complaint.title)


def _names(files: tuple[StoredFile, ...]) -> str:
    return "; ".join(file.file_name for file in files)
