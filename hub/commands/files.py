"""Files in and out: import with a preview, export, and the recap of what was counted."""

import getpass
from collections.abc import Sequence
from datetime import date, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from rich.table import Table

from hub.bootstrap import open_hub
from hub.commands.refusals import Refused
from hub.contract import Imports, UnreadableError
from hub.delivery.exported import CannotExport
from hub.delivery.handover import HandOver
from hub.delivery.sheet import SUFFIXES, write_sheet
from hub.intake.importing import CannotImport
from hub.intake.previewing import preview
from hub.registry import load
from hub.settings import Settings
from hub.store.desk import CountRow, counts

PREVIEWED = 20


async def import_file(
    settings: Settings, connector: str, file: Path, *, dry_run: bool, say: Console
) -> None:
    """Import with a progress bar; say what came of it."""
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeRemainingColumn(),
    )
    async with open_hub(settings) as hub:
        with Progress(*columns, console=say) as bar:
            task = bar.add_task(file.name, total=None)
            try:
                done = await hub.importing.run(
                    connector,
                    file,
                    dry_run=dry_run,
                    progress=lambda done, total: bar.update(task, completed=done, total=total),
                )
            except (CannotImport, UnreadableError) as error:
                raise Refused(str(error)) from error
    for remark in done.remarks:
        say.print(f"[yellow]catatan[/] {escape(remark)}", highlight=False)
    for reason in done.unreadable:
        say.print(f"[red]tak terbaca[/] {escape(reason)}", highlight=False)
    will = "akan " if dry_run else ""
    say.print(
        f"{escape(file.name)}: {done.total} baris; {will}create {done.new}, "
        f"{will}change {done.changed}, {will}count {done.counted}, {will}skip {done.skipped}, "
        f"tak terbaca {len(done.unreadable)}",
        highlight=False,
    )


def preview_file(settings: Settings, connector: str, file: Path, *, say: Console) -> None:
    """Show the first rows of a file as they would be read, and why it is read so. Nothing is kept."""
    registry = load(settings.mappings_dir)
    upstream = registry.upstreams.get(connector)
    if upstream is None or not isinstance(upstream.connector, Imports):
        raise Refused(
            f"Konektor {connector} tidak aktif atau tidak membaca berkas; lihat `hub check`."
        )
    try:
        opened = upstream.connector.open_export(file)
        rows = list(
            preview(upstream.connector, opened, rows=PREVIEWED, zone=ZoneInfo(settings.timezone))
        )
    except UnreadableError as error:
        raise Refused(str(error)) from error
    table = Table(title=f"{file.name}: {PREVIEWED} baris pertama dari {opened.total}")
    for heading in ("baris", "menjadi", "nomor", "waktu", "kategori", "tempat", "isi"):
        table.add_column(heading, overflow="fold")
    for row in rows:
        style = "red" if row.becomes == "tidak terbaca" else None
        cells = (row.becomes, row.number, row.when, row.category, row.place, row.words)
        table.add_row(str(row.row), *(escape(cell) for cell in cells), style=style)
    say.print(table)
    for remark in opened.remarks:
        say.print(f"[yellow]catatan[/] {escape(remark)}", highlight=False)
    say.print("Belum ada yang disimpan. Bila sudah benar, jalankan lagi tanpa --preview.")


async def export_counts(
    settings: Settings, connector: str, file: Path, *, month: str, say: Console
) -> None:
    """Write the recap of a month: what was counted, day by day and word by word."""
    try:
        first = date.fromisoformat(f"{month}-01")
    except ValueError as error:
        raise Refused(
            f"{month} bukan bulan; tuliskan sebagai TTTT-BB, misalnya 2026-01"
        ) from error
    if file.suffix.lower() not in SUFFIXES:
        raise Refused(f"{file.name}: pakai akhiran .csv atau .xlsx.")
    last = (first + timedelta(days=32)).replace(day=1) - timedelta(days=1)
    async with open_hub(settings) as hub, hub.database.reading() as connection:
        rows = await counts(connection, connector, since=first, until=last)
    if not rows:
        raise Refused(f"Tidak ada hitungan {connector} pada {month}.")
    try:
        write_sheet(file, _recap(rows))
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise Refused(f"{file.name} tidak dapat ditulis: {reason}.") from error
    total = sum(row.number for row in rows)
    say.print(
        f"{escape(file.name)}: {len(rows)} baris, {total} dihitung pada {month}", highlight=False
    )


def _who() -> str:
    """Whoever typed the command; a container's user may have no name."""
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return "hub export"


def _recap(rows: Sequence[CountRow]) -> list[dict[str, str]]:
    return [
        {
            "tanggal": row.day.isoformat(),
            "jenis": row.word,
            "jumlah": str(row.number),
            "rata_tunggu_detik": "" if row.waited is None else f"{row.waited:.0f}",
            "rata_bicara_detik": "" if row.talked is None else f"{row.talked:.0f}",
        }
        for row in rows
    ]


async def export_file(
    settings: Settings, connector: str, file: Path, *, dry_run: bool, again: bool, say: Console
) -> None:
    """Write what waits to a file; say what each row does there."""
    async with open_hub(settings) as hub:
        carrier = hub.relays.get(connector)
        if isinstance(carrier, HandOver) and not dry_run:
            # What has become due since the hub last looked leaves with the others.
            await carrier.drain()
        try:
            done = await hub.exporting.run(
                connector, file, who=_who(), dry_run=dry_run, again=again
            )
        except CannotExport as error:
            raise Refused(str(error)) from error
    for line in done.lines if dry_run else ():
        say.print(f"{line.does:8}{line.ticket}  {line.what}", highlight=False, markup=False)
    for name in done.gone:
        say.print(f"[yellow]catatan[/] lampiran {escape(name)} tidak ada lagi", highlight=False)
    if done.sha256:
        say.print(f"berkas ke-{done.batch_id}, sha256 {done.sha256}", highlight=False)
    if done.files is not None:
        say.print(f"{done.file_count} lampiran di {escape(done.files.name)}", highlight=False)
    will = "akan " if dry_run else ""
    what = escape(file.name) if done.sha256 or dry_run else "tidak ada yang baru, tidak ada berkas"
    say.print(
        f"{what}: {will}create {done.count('create')}, {will}change {done.count('change')}, "
        f"{will}skip {done.skipped}",
        highlight=False,
    )
