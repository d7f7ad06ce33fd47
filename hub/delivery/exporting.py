"""`hub export`: what waits for an upstream leaves in one file; each row in one file only."""

import asyncio
from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from hub.contract.connector import HandsOver, Mode
from hub.contract.errors import UpstreamError
from hub.contract.privacy import masked
from hub.delivery.bug import note_bug
from hub.delivery.exported import (
    CannotExport,
    Exported,
    Line,
    Row,
    archive_of,
    check_free,
    list_of,
    named,
)
from hub.delivery.pack import Packing, pack
from hub.delivery.parked import give_up
from hub.delivery.sheet import SUFFIXES, write_files, write_sheet
from hub.ports import Begin, Clock, Upstream, Work
from hub.record.settle import Settled, settle
from hub.record.write import write_down
from hub.rows import Batch, Kind, Parcel, State

# Where every row of a batch had to be parked there is no file.
NO_FILE = "-"


class ExportFiles:
    """A batch is committed before its file is written. What was cut short is never resumed by guess.

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
        if dry_run:
            return await write_down(self._begin, lambda work: self._looked(work, connector))
        async with self._begin() as work:
            last = await work.hands.last_batch(connector)
        if again:
            if last is None:
                raise CannotExport(f"Belum pernah ada berkas untuk {connector}.")
            await asyncio.to_thread(check_free, path, last)
            return await self._write(last, path, upstream)
        if last is not None and last.sha256 is None:
            raise CannotExport(
                f"Ekspor terakhir ({last.file_name}) masih berjalan atau terputus. Bila berkas itu "
                "sudah ada dan utuh, pakailah; lalu, atau bila belum ada, jalankan "
                f"`hub export {connector} {last.file_name} --again` dan buang yang lama."
            )
        await asyncio.to_thread(check_free, path, None)
        batch, skipped = await write_down(
            self._begin, lambda work: self._hand_out(work, connector, path, who=who)
        )
        if batch is None:
            return Exported(skipped=skipped)
        result = await self._write(batch, path, upstream)
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

    async def _looked(self, work: Work, connector: str) -> Exported:
        """What would leave; a dry run lays nothing out."""
        waiting = await work.hands.untouched(connector)
        everything, _ = await work.hands.oldest(connector)
        due = await work.hands.next_up(connector)
        lines = [await self._line(work, parcel) for parcel in (*waiting, *due)]
        return Exported(lines, skipped=everything - len(waiting))

    async def _hand_out(
        self, work: Work, connector: str, path: Path, *, who: str
    ) -> tuple[Batch | None, int]:
        """Put what waits into one batch; beside it, how many had left before."""
        waiting = await work.hands.untouched(connector)
        everything, _ = await work.hands.oldest(connector)
        if not waiting:
            return None, everything
        now = self._clock()
        batch = await work.hands.add_batch(
            connector, waiting, file_name=path.name, who=who, at=now
        )
        return batch, everything - len(waiting)

    async def _write(self, batch: Batch, path: Path, upstream: Upstream) -> Exported:
        try:
            return await self._put_on_disk(batch, path, upstream)
        except OSError as error:
            reason = error.strerror or type(error).__name__
            raise CannotExport(
                f"{path.name} tidak dapat ditulis ({reason}). Bereskan foldernya (izin, ruang kosong), "
                f"lalu jalankan `hub export {batch.connector} {batch.file_name} --again`."
            ) from error

    async def _put_on_disk(self, batch: Batch, path: Path, upstream: Upstream) -> Exported:
        rows = await write_down(self._begin, lambda work: self._rows(work, batch, upstream))
        result = Exported([row.line for row in rows], batch_id=batch.id)
        attached = named([(row.line.ticket, row.slip) for row in rows])
        archive = archive_of(path)
        if attached:
            result.gone = await asyncio.to_thread(write_files, archive, attached)
        attached = {name: file for name, file in attached.items() if name not in result.gone}
        result.file_count = len(attached)
        result.files = archive if result.file_count else None
        if rows:
            cells = [{**row.cells, "lampiran": list_of(attached, row.slip)} for row in rows]
            digest = await asyncio.to_thread(write_sheet, path, cells)
            result.sha256 = digest
        await write_down(
            self._begin, lambda work: self._written(work, batch, rows, digest=result.sha256)
        )
        return result

    async def _rows(self, work: Work, batch: Batch, upstream: Upstream) -> list[Row]:
        """The rows of a batch; what cannot be a row is parked and shown."""
        rows = []
        for parcel in await work.hands.in_batch(batch.id):
            if batch.sha256 is None and parcel.state is not State.HANDED:
                # Its file was never finished; meanwhile somebody has settled it in another way.
                continue
            try:
                rows.append(await self._row(work, parcel, upstream))
            except UpstreamError as error:
                await self._park(work, parcel, error)
            except Exception as error:  # noqa: BLE001 - one parcel must not hold up the others
                code = note_bug("delivery.bug", parcel, error)
                bug = UpstreamError("kesalahan program", code=code)
                await self._park(work, parcel, bug)
        return rows

    async def _row(self, work: Work, parcel: Parcel, upstream: Upstream) -> Row:
        connector = upstream.connector
        assert isinstance(connector, HandsOver)  # noqa: S101 - `_checked` has looked
        delivery = await pack(
            work, parcel, traits=connector.traits, packing=self._packing, now=self._clock()
        )
        slip = connector.slip(delivery)
        cells = {
            "penanda": parcel.marker,
            "tiket": delivery.ticket,
            "nomor": delivery.external_id or "",
            **{entry.name: entry.text for entry in slip.entries},
            # For whoever answers in the same file.
            "alasan": "",
        }
        return Row(parcel, slip, cells, await self._line(work, parcel))

    async def _park(self, work: Work, parcel: Parcel, error: UpstreamError) -> None:
        if parcel.state is State.HANDED:
            title = self._upstreams[parcel.connector].connector.traits.title
            await give_up(work, parcel, error, title=title, at=self._clock())

    async def _written(
        self, work: Work, batch: Batch, rows: list[Row], *, digest: str | None
    ) -> None:
        now = self._clock()
        done = self._upstreams[batch.connector].connector.traits.done_when_exported
        await work.hands.written(batch.id, sha256=digest or NO_FILE)
        for row in rows:
            if batch.sha256 is None:
                await work.outbox.attempt(
                    row.parcel, phase="handed", at=now, outcome="exported",
                    detail=batch.file_name, who=batch.made_by,
                )  # fmt: skip
            if done:
                await settle(
                    work, row.parcel, upstreams=self._upstreams, external_id=None, at=now,
                    how=Settled("person", "in the file", who=batch.made_by),
                )  # fmt: skip

    async def _line(self, work: Work, parcel: Parcel) -> Line:
        complaint = await work.complaints.get(parcel.complaint_id or 0)
        does = "create" if parcel.kind is Kind.OPENING else "change"
        return Line(does, complaint.ticket, "" if complaint.secret else masked(complaint.title))
