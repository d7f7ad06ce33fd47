"""What an administrator does now and then: read and send again, look everywhere again."""

from datetime import UTC, datetime
from pathlib import Path

from rich.console import Console

from hub.bootstrap import open_hub, utc_now
from hub.commands.refusals import Refused
from hub.contract import KeepsMasters, Master
from hub.registry import names
from hub.settings import Settings
from hub.store.desk import agreement
from hub.store.replay import abandoned, unreadable


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
