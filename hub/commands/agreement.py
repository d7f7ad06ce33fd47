"""`hub reconcile`: look at everything at once, keeping the budget, then say who agrees."""

import asyncio
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from rich.table import Table

from hub.bootstrap import Hub, open_hub, utc_now
from hub.settings import Settings
from hub.web import agreeing
from hub.web.sentences import agreement_sentence
from hub.web.times import Times

# What `hub reconcile` ends with when something neither agrees nor is explained.
NOT_ALL = 3
SHORTEST_NAP = timedelta(milliseconds=200)
LONGEST_NAP = timedelta(seconds=5)


async def reconcile(settings: Settings, *, say: Console) -> int:
    """Look, read, repair, and print what stands how; the exit code says whether anything is left."""
    async with open_hub(settings) as hub:
        began = utc_now()
        asked = {name: await _ask(hub, name, at=began) for name in hub.registry.upstreams}
        asked = {name: number for name, number in asked.items() if number}
        _estimate(hub, asked, say=say)
        columns = (
            TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn(),
        )  # fmt: skip
        with Progress(*columns, console=say) as bar:
            await asyncio.gather(
                *(_look(hub, name, number, at=began, bar=bar) for name, number in asked.items())
            )
        while await hub.read.step():
            pass
        repaired = await hub.repair.all()
        for looks in hub.looks.values():
            await looks.step()
        if repaired:
            say.print(
                f"{repaired} status yang terlewat dijanjikan lagi; berangkat selama `hub up` berjalan"
            )
        return await _tell(hub, Times(ZoneInfo(settings.timezone), utc_now()), say=say)


async def _ask(hub: Hub, name: str, *, at: datetime) -> int:
    if not hub.looks[name].can_look:
        return 0
    async with hub.database.begin() as work:
        return await work.looks.all_soon(name, at=at)


def _estimate(hub: Hub, asked: dict[str, int], *, say: Console) -> None:
    for name, number in asked.items():
        budget = hub.looks[name].budget
        seconds = max(number - budget.burst, 0) * budget.interval.total_seconds()
        title = hub.registry.upstreams[name].connector.traits.title
        say.print(
            f"{escape(title)}: {number} aduan dilihat, paling banyak {budget.per_minute} per menit, "
            f"sekitar {agreeing.span(seconds)}",
            highlight=False,
        )


async def _look(hub: Hub, name: str, number: int, *, at: datetime, bar: Progress) -> None:
    """Until everything that was due when it began has been tried once; `hub up` may help."""
    looks = hub.looks[name]
    title = hub.registry.upstreams[name].connector.traits.title
    task = bar.add_task(escape(title), total=number)
    while True:
        is_more = await looks.step()
        async with hub.database.begin() as work:
            left = await work.looks.due(name, now=at)
            whole_at = await work.looks.whole_at(name)
            paused = await work.upstreams.paused_until(name, now=utc_now())
        bar.update(task, completed=max(number - left, 0))
        if paused and left:
            bar.console.print(f"{escape(title)} dijeda: {left} belum dilihat", highlight=False)
        if paused or not left:
            return
        if not is_more:
            ready = looks.budget.ready_at(whole_at or at) - utc_now()
            await asyncio.sleep(min(max(ready, SHORTEST_NAP), LONGEST_NAP).total_seconds())


async def _tell(hub: Hub, times: Times, *, say: Console) -> int:
    titles = {name: each.connector.traits.title for name, each in hub.registry.upstreams.items()}
    async with hub.database.reading() as connection:
        found = await agreeing.gather(connection, titles, now=times.now)
    say.print(agreement_sentence(found.agreement, times), highlight=False)
    for channel in found.channels:
        say.print(_line(channel, times), highlight=False)
    if found.oldest is not None:
        title = titles.get(found.oldest.connector, found.oldest.connector)
        say.print(
            f"tertua: {found.oldest.ticket} di {escape(title)} sejak {times.when(found.oldest.since)}: "
            f"{escape(agreeing.why(found.oldest))}",
            highlight=False,
        )
    for window in found.times:
        say.print(
            f"waktu sampai sepakat, {window.days} hari: p50 {agreeing.span(window.p50)}, "
            f"p95 {agreeing.span(window.p95)} ({window.number} kabar, {window.waiting} belum sampai)",
            highlight=False,
        )
    _tell_unknown(found, titles, say=say)
    return 0 if found.agreement.is_settled else NOT_ALL


def _line(channel: agreeing.Channel, times: Times) -> str:
    shares = [
        f"{number} {what}" for _, what, number in agreeing.shares_of(channel.agreement) if number
    ]
    parts = [f"{channel.title}: {', '.join(shares) or 'belum ada aduan'}"]
    if channel.last is not None:
        parts.append(f"putaran terakhir: {agreeing.round_told(channel.last, times)}")
    if channel.under_way is not None:
        parts.append(agreeing.round_told(channel.under_way, times))
    return escape("; ".join(parts))


def _tell_unknown(found: agreeing.Everything, titles: dict[str, str], *, say: Console) -> None:
    if not found.unknown_total:
        return
    table = Table(title=f"Ada di sana, belum ada di sini: {found.unknown_total}")
    for heading in ("kanal", "nomor", "mengapa", "yang perlu dilakukan"):
        table.add_column(heading, overflow="fold")
    for each in found.unknown:
        table.add_row(
            escape(titles.get(each.connector, each.connector)),
            escape(each.external_id or "tanpa nomor"),
            agreeing.WHY_UNKNOWN[each.why],
            escape(agreeing.next_step(each)),
        )
    say.print(table)
