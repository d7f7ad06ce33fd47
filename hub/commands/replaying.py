"""`hub replay`: what is kept is read again, what was parked is sent again; on paper first."""

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from rich.table import Table

from hub.bootstrap import Hub, open_hub
from hub.commands.parked import SUPERSEDED, Parked, Sent
from hub.commands.refusals import Refused
from hub.intake.replaying import Again, Becomes
from hub.ports import DatabaseAway
from hub.registry import names
from hub.settings import Settings
from hub.store.replay import ParkedRow, kept

PER_SECOND = 20.0
SHOWN = 3
MEANWHILE = "sementara itu sudah diurus"


@dataclass(frozen=True, slots=True, kw_only=True)
class Replay:
    """What is replayed. `after`: the number of the last thing that an interrupted replay had read."""

    connector: str | None = None
    since: str | None = None
    after: int = 0
    per_second: float = PER_SECOND
    dry_run: bool = False


@dataclass(slots=True)
class _Tally:
    """What came of it, with a few examples of each."""

    counted: Counter[Becomes] = field(default_factory=Counter)
    whys: dict[Becomes, Counter[str]] = field(default_factory=dict)
    examples: dict[Becomes, list[Again]] = field(default_factory=dict)
    items: int = 0
    last: int = 0

    def add(self, item_id: int, found: list[Again]) -> None:
        """Count one item."""
        self.items, self.last = self.items + 1, item_id
        for each in found:
            self.counted[each.becomes] += 1
            self.whys.setdefault(each.becomes, Counter())[WORDS.get(each.word, each.word)] += 1
            some = self.examples.setdefault(each.becomes, [])
            if len(some) < SHOWN:
                some.append(each)


async def replay(settings: Settings, asked: Replay, *, say: Console) -> None:
    """Read everything again, then send what was parked. What was taken before is passed over."""
    zone = ZoneInfo(settings.timezone)
    since = _moment(asked.since, zone)
    if asked.connector is not None and asked.connector not in names():
        known = ", ".join(names())
        raise Refused(f"Tidak ada konektor {asked.connector}; yang ada: {known}.")
    if asked.per_second <= 0:
        raise Refused("--per-second harus lebih dari 0.")
    if since is not None:
        local = since.astimezone(zone)
        say.print(f"Sejak {local:%d-%m-%Y %H.%M} ({settings.timezone}).", highlight=False)
    tally, sent = _Tally(last=asked.after), Sent()
    async with open_hub(settings) as hub:
        try:
            await _replay(hub, asked, since=since, tally=tally, sent=sent, say=say)
        except (asyncio.CancelledError, DatabaseAway) as error:
            _print(tally, sent, asked, say=say)
            if tally.last:
                say.print(f"Terhenti. Lanjutkan dengan --after {tally.last}.", highlight=False)
            if isinstance(error, DatabaseAway):
                raise Refused(str(error)) from error
            raise
    _print(tally, sent, asked, say=say)


async def _replay(
    hub: Hub, asked: Replay, *, since: datetime | None, tally: _Tally, sent: Sent, say: Console
) -> None:
    async with hub.database.reading() as connection:
        items = await kept(connection, connector=asked.connector, since=since, after=asked.after)
    await _read_again(hub, items, asked, tally=tally, say=say)
    # Only now: what was just read may say more than what was parked.
    parked = Parked(
        database=hub.database, decide=hub.decide, connector=asked.connector, since=since
    )
    if not asked.dry_run:
        await parked.send_again(sent, wait=_wait(hub, asked))
        return
    for row in await parked.rows():
        sent.add(row)


def _moment(since: str | None, zone: ZoneInfo) -> datetime | None:
    """A day begins at midnight where the city is, unless it names another zone."""
    if since is None:
        return None
    try:
        at = datetime.fromisoformat(since)
        return (at if at.tzinfo else at.replace(tzinfo=zone)).astimezone(UTC)
    except (ValueError, OverflowError) as error:
        raise Refused(
            f"{since} bukan tanggal; tuliskan sebagai TTTT-BB-HH, misalnya 2026-11-01"
        ) from error


async def _read_again(
    hub: Hub, items: list[int], asked: Replay, *, tally: _Tally, say: Console
) -> None:
    wait = _wait(hub, asked)
    columns = (
        TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn(),
    )  # fmt: skip
    with Progress(*columns, console=say) as bar:
        task = bar.add_task("membaca ulang", total=len(items))
        async for item_id, found in hub.replaying.run(items, dry_run=asked.dry_run, wait=wait):
            tally.add(item_id, found)
            bar.advance(task)


def _wait(hub: Hub, asked: Replay) -> Callable[[], Awaitable[None]]:
    """So many a second, and never before what has just come in."""

    async def wait() -> None:
        # Who only looks must not even read what has come.
        while not asked.dry_run and await hub.read.step():
            pass
        await asyncio.sleep(1 / asked.per_second)

    return wait


def _print(tally: _Tally, sent: Sent, asked: Replay, *, say: Console) -> None:
    will = "akan " if asked.dry_run else ""
    table = Table()
    for heading in ("", "jumlah", "sebab", "contoh"):
        table.add_column(heading, overflow="fold")
    for becomes, label in LABELS.items():
        whys = tally.whys.get(becomes, Counter())
        table.add_row(
            label if becomes is Becomes.UNREADABLE else f"{will}{label}",
            str(tally.counted[becomes]),
            escape("\n".join(f"{number} {why}" for why, number in whys.most_common())),
            escape("\n".join(_example(each) for each in tally.examples.get(becomes, ()))),
        )
    for label, some, why in (
        ("dikirim ulang", sent.again, ""),
        ("tidak dikirim lagi", sent.overtaken, SUPERSEDED),
        ("kiriman dilewati", sent.skipped, MEANWHILE),
    ):
        shown = "\n".join(_parcel(parcel) for parcel in some[:SHOWN])
        table.add_row(f"{will}{label}", str(len(some)), why if some else "", escape(shown))
    say.print(table)
    counted = f"{will}dibaca ulang: {tally.items}; {will}dikirim ulang: {len(sent.again)}"
    say.print(counted, highlight=False)
    if asked.dry_run:
        say.print("Belum ada yang diubah. Bila sudah benar, jalankan lagi tanpa --dry-run.")
    elif sent.again:
        say.print("Kiriman berangkat selama `hub up` berjalan.")


def _example(again: Again) -> str:
    about = f", aduan {again.about}" if again.about else ""
    return f"kiriman masuk {again.item_id}{about}: {WORDS.get(again.word, again.word)}"


def _parcel(parcel: ParkedRow) -> str:
    return f"{parcel.connector}: aduan {parcel.ticket or 'tanpa nomor'} ({parcel.code})"


LABELS = {
    Becomes.CREATED: "dibuat",
    Becomes.CHANGED: "berubah",
    Becomes.SKIPPED: "dilewati",
    Becomes.UNREADABLE: "masih tidak terbaca",
}
WORDS = {
    "opened": "menjadi aduan baru",
    "joined": "bergabung dengan aduan yang sudah ada",
    "repeat": "laporan ulang orang yang sama",
    "gathered": "laporan, menunggu gilirannya ditutup",
    "added": "tambahan untuk aduan yang sudah ada",
    "moved": "status aduan berubah",
    "answered": "jawaban petugas diteruskan",
    "conflict": "bertentangan dengan status kita",
    "receipt": "tanda terima",
    "renamed": "identitas baru seorang pelapor",
    "linked": "tertaut dengan nomor di sana",
    "refused": "ditolak di sana",
    "alarm": "peringatan dari kanal",
    "known": "sudah dikenal",
    "echo": "gema kabar kita sendiri",
    "same": "status sudah sama",
    "ignored": "tidak perlu dibaca",
    "counted": "sudah dihitung",
    "overtaken": "kanal yang sama sudah mengabarkan yang lebih baru",
    "late": "lebih lama daripada yang berlaku",
    "underway": "kirimannya sedang berjalan; jalankan lagi nanti",
    "unreadable": "tidak terbaca",
    "unknown_word": "kata statusnya belum ada di pemetaan",
    "unknown_source": "bukan tentang aduan kita",
    "off": "konektornya mati",
    "bug": "kesalahan program",
}
