"""Rows as the hub leaves them behind on an ordinary day; every person in them is invented."""

from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import Table, insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from hub.store import tables

NOW = datetime(2026, 11, 21, 12, 40, tzinfo=UTC)  # 19.40 WIB


def ago(**span: float) -> datetime:
    return NOW - timedelta(**span)


async def put(connection: AsyncConnection, table: Table, **row: Any) -> int:
    done = await connection.execute(insert(table).values(**row))
    key = done.inserted_primary_key
    assert key is not None
    return int(key[0]) if isinstance(key[0], int) else 0


async def complaint(connection: AsyncConnection, ticket: str, **given: Any) -> int:
    row = {
        "ticket": ticket,
        "title": "Lampu jalan padam di Jalan Merdeka",
        "text": "Lampu jalan di depan pasar padam sejak tiga hari.",
        "category": "penerangan",
        "latitude": -6.8886,
        "longitude": 109.6753,
        "place": "Jalan Merdeka, depan pasar",
        "anonymous": False,
        "secret": False,
        "said_at": ago(hours=5),
        "opened_at": ago(hours=5),
        "status": "in_progress",
        "status_at": ago(hours=1),
        "status_from": "sp4n",
        "agency": "Dinas Perhubungan",
        "updated_at": ago(hours=1),
    }
    return await put(connection, tables.complaints, **row | given)


async def source(
    connection: AsyncConnection, complaint_id: int, connector: str, **given: Any
) -> int:
    row = {
        "complaint_id": complaint_id,
        "connector": connector,
        "external_id": f"{connector}-{complaint_id}",
        "linked_at": ago(hours=5),
        "linked_by": "hub",
    }
    return await put(connection, tables.sources, **row | given)


async def parcel(
    connection: AsyncConnection, complaint_id: int | None, connector: str, **given: Any
) -> str:
    parcel_id = given.pop("parcel_id", f"{complaint_id or 0:016x}{len(given):016x}")
    row = {
        "parcel_id": parcel_id,
        "marker": parcel_id[:12],
        "connector": connector,
        "lane": f"complaint:{complaint_id}",
        "complaint_id": complaint_id,
        "source_id": await _source_of(connection, complaint_id, connector),
        "kind": "status",
        "content": {"status": "in_progress"},
        "needed": False,
        "state": "waiting",
        "promised_at": ago(minutes=14),
        "due_at": ago(minutes=1),
    }
    await put(connection, tables.parcels, **row | given)
    return str(parcel_id)


async def _source_of(
    connection: AsyncConnection, complaint_id: int | None, connector: str
) -> int | None:
    mine = (tables.sources.c.complaint_id == complaint_id, tables.sources.c.connector == connector)
    found = await connection.execute(select(tables.sources.c.id).where(*mine))
    source_id: int | None = found.scalars().first()
    return source_id


async def attempt(connection: AsyncConnection, parcel_id: str, **given: Any) -> None:
    row = {"parcel_id": parcel_id, "number": 1, "phase": "ended", "at": ago(minutes=13)}
    await put(connection, tables.attempts, **row | given)


async def report(connection: AsyncConnection, complaint_id: int, **given: Any) -> int:
    row = {
        "connector": "whatsapp",
        "external_id": f"wamid.HBgNNjI4MTEwMDAwMDAwMRUCABIYFA{complaint_id:08d}",
        "complaint_id": complaint_id,
        "said_at": ago(hours=5),
        "received_at": ago(hours=5),
        "text": "Lampu jalan di depan pasar padam sejak tiga hari.",
        "anonymous": False,
        "secret": False,
        "facts": {},
    }
    return await put(connection, tables.reports, **row | given)


async def person(connection: AsyncConnection) -> int:
    return await put(
        connection,
        tables.people,
        connector="whatsapp",
        sealed_identity=b"sealed",
        known_since=ago(hours=5),
    )


async def moved(connection: AsyncConnection, complaint_id: int, **given: Any) -> None:
    row = {
        "complaint_id": complaint_id,
        "status": "received",
        "at": ago(hours=5),
        "known_at": ago(hours=5),
        "origin": "whatsapp",
        "outcome": "moved",
    }
    await put(connection, tables.history, **row | given)


async def card(connection: AsyncConnection, key: str, **given: Any) -> int:
    row = {
        "key": key,
        "kind": "credential",
        "text": "Token SP4N-LAPOR! ditolak.",
        "next_step": "Minta token baru kepada admin SP4N, lalu lanjutkan kanal.",
        "opened_at": ago(hours=2),
        "last_at": ago(minutes=20),
    }
    return await put(connection, tables.cards, **row | given)


async def unreadable(connection: AsyncConnection, key: str, **given: Any) -> int:
    row = {
        "connector": "whatsapp",
        "key": key,
        "how": "webhook",
        "media_type": "application/json",
        "received_at": ago(minutes=50),
        "state": "unreadable",
        "due_at": ago(minutes=50),
        "tries": 1,
        "summary": "$.entry[0].changes[0].value.messages[0].timestamp is no timestamp",
    }
    return await put(connection, tables.inbox, **row | given)
