"""What the commands do that are neither serving nor checking."""

import getpass
import secrets
from collections.abc import Coroutine
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from rich.table import Table

from hub import serving
from hub.bootstrap import open_hub, utc_now
from hub.contract import Imports, KeepsMasters, Master, UnreadableError
from hub.delivery.exporting import CannotExport
from hub.delivery.handover import HandOver
from hub.delivery.sheet import SUFFIXES, write_sheet
from hub.intake.importing import CannotImport
from hub.intake.previewing import preview
from hub.registry import load, names, sandboxes
from hub.sandbox import Imitation, Stage
from hub.sandbox.harness import build_harness
from hub.settings import Settings
from hub.store.database import NoDatabase
from hub.store.desk import agreement, counts
from hub.store.replay import abandoned, unreadable

Job = Coroutine[Any, Any, None]
PREVIEWED = 20


class Refused(Exception):
    """It cannot be done; the message says why and what to do."""


REFUSALS = (Refused, NoDatabase, serving.NotAlone, serving.PortTaken)


def imitations(stage: Stage) -> list[Imitation]:
    """Every connector's imitation on one stage."""
    return [module.build(stage) for _, module in sandboxes()]


def example_environment() -> dict[str, str]:
    """Settings with which everything is in place: the sandbox's."""
    example = {
        "HUB_SECRET_KEY": secrets.token_hex(32),
        "HUB_API_KEYS": f"contoh:{secrets.token_hex(16)}",
    }
    for imitation in imitations(Stage(base_url="http://127.0.0.1:8113")):
        example |= imitation.environment()
    return example


async def sandbox(*, host: str, port: int, hub_url: str, say: Console) -> None:
    """Serve the imitations until stopped."""
    stage = Stage(hub_url=hub_url, base_url=f"http://{host}:{port}")
    troupe = imitations(stage)
    harness = build_harness(troupe, stage)
    with serving.listening(host, port) as listener:
        say.print(f"Tiruan kanal: {stage.base_url}/  (webhook ke {hub_url})", highlight=False)
        say.print("Pengaturan agar hub memakai tiruan ini:", highlight=False)
        for imitation in troupe:
            for name, value in imitation.environment().items():
                say.print(f"  {name}='{value}'", highlight=False, markup=False)
        await serving.until_stopped(serving.server_of(harness), listener)


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
        say.print(f"[yellow]note[/] {escape(remark)}", highlight=False)
    for reason in done.unreadable:
        say.print(f"[red]unreadable[/] {escape(reason)}", highlight=False)
    would = "would " if dry_run else ""
    say.print(
        f"{escape(file.name)}: {done.total} rows, {would}create {done.new}, "
        f"{would}change {done.changed}, {would}count {done.counted}, {would}skip {done.skipped}, "
        f"{len(done.unreadable)} unreadable",
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
        say.print(f"[yellow]note[/] {escape(remark)}", highlight=False)
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
    write_sheet(
        file,
        [
            {
                "tanggal": row.day.isoformat(),
                "jenis": row.word,
                "jumlah": str(row.number),
                "rata_tunggu_detik": "" if row.waited is None else f"{row.waited:.0f}",
                "rata_bicara_detik": "" if row.talked is None else f"{row.talked:.0f}",
            }
            for row in rows
        ],
    )
    total = sum(row.number for row in rows)
    say.print(
        f"{escape(file.name)}: {len(rows)} rows, {total} counted in {month}", highlight=False
    )


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
                connector, file, who=getpass.getuser(), dry_run=dry_run, again=again
            )
        except CannotExport as error:
            raise Refused(str(error)) from error
    for line in done.lines if dry_run else ():
        say.print(f"{line.does:8}{line.ticket}  {line.what}", highlight=False, markup=False)
    if done.resumed:
        say.print(
            "[yellow]note[/] the last export was cut short; this is its file", highlight=False
        )
    if done.sha256:
        say.print(f"batch {done.batch_id}, sha256 {done.sha256}", highlight=False)
    if done.files is not None:
        say.print(f"{done.file_count} attachments in {escape(done.files.name)}", highlight=False)
    would = "would " if dry_run else ""
    what = escape(file.name) if done.sha256 or dry_run else "nothing new, no file written"
    say.print(
        f"{what}: {would}create {done.count('create')}, {would}change {done.count('change')}, "
        f"{would}skip {done.skipped}",
        highlight=False,
    )


async def replay(
    settings: Settings, connector: str | None, since: str | None, *, dry_run: bool, say: Console
) -> None:
    """Unreadable things are read again, parked parcels sent again."""
    try:
        day = datetime.fromisoformat(since).replace(tzinfo=UTC) if since else None
    except ValueError as error:
        raise Refused(f"{since} bukan tanggal; tuliskan sebagai TTTT-BB-HH") from error
    async with open_hub(settings) as hub:
        if connector is not None and connector not in names():
            known = ", ".join(names())
            raise Refused(f"Tidak ada konektor {connector}; yang ada: {known}.")
        async with hub.database.reading() as connection:
            items = await unreadable(connection, connector=connector, since=day)
            parcels = await abandoned(connection, connector=connector, since=day)
        will = "akan " if dry_run else ""
        say.print(f"{will}dibaca ulang: {len(items)}; {will}dikirim ulang: {len(parcels)}")
        if dry_run:
            return
        for item in items:
            await hub.decide.read_again(item, who="hub replay")
        while await hub.read.step():
            pass
        for parcel in parcels:
            await hub.decide.replay(parcel, who="hub replay")
        async with hub.database.reading() as connection:
            left = await unreadable(connection, connector=connector, since=day)
        say.print(f"masih tidak terbaca: {len(left)}; kiriman berangkat selama `hub up` berjalan")


async def reconcile(settings: Settings, *, say: Console) -> None:
    """Look at everything again now, then say who agrees."""
    async with open_hub(settings) as hub:
        async with hub.database.begin() as work:
            for name in hub.registry.upstreams:
                await work.complaints.inspect_soon(name, at=utc_now())
        for poll in hub.polls.values():
            while await poll.inspect():
                pass
        while await hub.read.step():
            pass
        async with hub.database.reading() as connection:
            found = await agreement(connection)
    say.print(
        f"{found.agreeing} of {found.total} agree; {found.on_its_way} on their way, "
        f"{found.in_doubt} in doubt, {found.waiting_for_person} waiting for a person, "
        f"{found.contradicting} contradicting, {found.untold} untold",
        highlight=False,
    )


async def masters_remarks(settings: Settings | None) -> tuple[str, ...]:
    """What the last copy of an upstream's own tables says of our settings; nothing if there is none."""
    if settings is None:
        return ()
    _, _, file = settings.database_url.partition(":///")
    if settings.database_url.startswith("sqlite") and not Path(file).exists():  # noqa: ASYNC240
        return ()  # looking must not make a database
    remarks: list[str] = []
    async with open_hub(settings) as hub, hub.database.begin() as work:
        for name, upstream in hub.registry.upstreams.items():
            copy = await work.upstreams.masters(name)
            if copy is None or not isinstance(upstream.connector, KeepsMasters):
                continue
            masters = {table: tuple(Master(*row) for row in rows) for table, rows in copy.items()}
            remarks += upstream.connector.check_masters(masters)
    return tuple(remarks)
