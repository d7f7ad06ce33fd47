"""Why reports were put together or kept apart, and what operators decided about it as labelled pairs."""

import csv
import os
from collections.abc import Iterable, Sequence
from datetime import UTC
from itertools import islice
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn
from rich.table import Table

from hub.bootstrap import Hub, open_hub, utc_now
from hub.commands.refusals import Refused
from hub.domain.matching import Verdict
from hub.domain.wards import Wards
from hub.settings import Settings
from hub.store.desk import JudgedRow, explained
from hub.store.labelled import LabelledPair, PairedReport, decided, labelled_pairs
from hub.store.meant import MeantReport, reports_meant
from hub.web.times import Times

SIDE = ("id", "channel", "received_at", "category", "kelurahan", "lat", "lon", "text")
COLUMNS = (*(f"{name}_a" for name in SIDE), *(f"{name}_b" for name in SIDE), "label", "trap")
AT_ONCE = 200
STYLES = {Verdict.SAME: "green", Verdict.PERHAPS: "yellow", Verdict.DIFFERENT: "dim"}


async def explain(settings: Settings, which: str, *, say: Console) -> None:
    """Print the verdicts on a report, as they were when it came, each with its evidence."""
    async with open_hub(settings) as hub:
        async with hub.database.reading() as connection:
            meant = await reports_meant(connection, which)
            judged = [await explained(connection, report.id) for report in meant]
        if not meant:
            raise Refused(
                f"Tidak ada laporan {which}. Tulis nomor laporan di hub (17), kanal:nomor di sana "
                "(sp4n:9801341), atau nomor tiket aduannya."
            )
        times = Times(ZoneInfo(settings.timezone), utc_now())
        for report, rows in zip(meant, judged, strict=True):
            _print(report, rows, hub=hub, times=times, say=say)


def _print(
    report: MeantReport, rows: Sequence[JudgedRow], *, hub: Hub, times: Times, say: Console
) -> None:
    upstream = hub.registry.upstreams.get(report.connector)
    channel = upstream.connector.traits.title if upstream else report.connector
    part = f"bagian dari aduan {report.ticket}" if report.ticket else "belum menjadi aduan"
    head = f"Laporan {report.id}, {channel}, {times.when(report.said_at)}: {part}"
    say.print(f"[bold]{escape(head)}[/]", highlight=False)
    if not rows:
        say.print(
            "Belum dibandingkan dengan aduan mana pun: tidak ada yang mirip ketika laporan ini dibaca, atau "
            "laporan ini lebih tua daripada pencarian laporan serupa.",
            highlight=False,
        )
        return
    table = Table(show_lines=True)
    for heading in ("aduan", "putusan", "peluang", "bukti", "kelanjutan"):
        table.add_column(heading, overflow="fold")
    for row in rows:
        verdict = Verdict(row.verdict)
        label = f"[{STYLES[verdict]}]{verdict.label}[/]"
        again = "\n(muncul lagi sesudah selesai)" if row.returns else ""
        cells = (f"{row.score:.0%}", _evidence(row.evidence), _outcome(row, times))
        table.add_row(row.ticket, label + again, *(escape(cell) for cell in cells))
    say.print(table)


def _evidence(evidence: Iterable[Any]) -> str:
    """Line by line, what weighs most first; + speaks for the same complaint, - against it."""
    weighty = sorted(evidence, key=lambda one: -abs(one["weight"]))
    return "\n".join(f"{one['weight']:+.1f}  {one['words']}" for one in weighty) or "tidak ada"


def _outcome(row: JudgedRow, times: Times) -> str:
    who = row.decided_by or "petugas"
    when = f" ({times.when(row.decided_at)})" if row.decided_at else ""
    match row.state:
        case "open":
            return f"menunggu keputusan petugas sejak {times.when(row.at)}"
        case "later":
            return f"ditunda oleh {who}{when}"
        case "same":
            return f"dinyatakan sama oleh {who}{when}"
        case "different":
            return f"dinyatakan lain oleh {who}{when}"
        case _:
            return f"diputus hub pada {times.when(row.at)}"


async def write_pairs(settings: Settings, file: Path, *, force: bool, say: Console) -> None:
    """Write what operators decided to a CSV, one pair of reports in a row."""
    if file.exists() and not force:  # noqa: ASYNC240 - one look, before anything runs
        raise Refused(f"{file.name} sudah ada; pakai nama lain, atau --force untuk menggantinya.")
    async with open_hub(settings) as hub:
        pairs = await _all_pairs(hub, say)
        wards = hub.registry.wards
    told = [pair for pair in pairs if not (pair.a.secret or pair.b.secret)]
    try:
        _write(file, told, wards)
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise Refused(f"{file.name} tidak dapat ditulis: {reason}.") from error
    same = sum(pair.label == "same" for pair in told)
    say.print(
        f"{escape(file.name)}: {len(told)} pasangan; sama {same}, lain {len(told) - same}",
        highlight=False,
    )
    if left_out := len(pairs) - len(told):
        say.print(f"{left_out} pasangan dengan laporan rahasia tidak ditulis.", highlight=False)
    say.print("Berkas ini berisi kata-kata warga: simpan seperti basis data hub.", highlight=False)


async def _all_pairs(hub: Hub, say: Console) -> list[LabelledPair]:
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    pairs: list[LabelledPair] = []
    async with hub.database.reading() as connection:
        decisions = await decided(connection)
        with Progress(*columns, console=say) as bar:
            task = bar.add_task("keputusan", total=len(decisions))
            waiting = iter(decisions)
            while some := list(islice(waiting, AT_ONCE)):
                pairs += await labelled_pairs(connection, some)
                bar.advance(task, len(some))
    return pairs


def _write(file: Path, pairs: Iterable[LabelledPair], wards: Wards) -> None:
    """All or nothing: half a file of pairs would teach half a lesson."""
    half = file.with_name(f".{file.name}.{os.getpid()}")
    try:
        with half.open("x", encoding="utf-8", newline="") as opened:
            rows = csv.writer(opened)
            rows.writerow(COLUMNS)
            for pair in pairs:
                rows.writerow((*_cells(pair.a, wards), *_cells(pair.b, wards), pair.label, ""))
        half.replace(file)
    finally:
        half.unlink(missing_ok=True)


def _cells(report: PairedReport, wards: Wards) -> Sequence[object]:
    """In the order of SIDE. The time says its zone, whichever clock the channel has."""
    said_at = report.said_at.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
    ward = wards.named(report.place) if report.place else None
    return (
        report.id, report.connector, said_at, report.category or "", ward.name if ward else "",
        "" if report.latitude is None else report.latitude,
        "" if report.longitude is None else report.longitude, report.text,
    )  # fmt: skip
