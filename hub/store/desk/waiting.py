"""What waits for a person: cards, parcels in doubt or parked, and what could not be read."""

import re
from collections import defaultdict
from collections.abc import Collection
from typing import Any

from sqlalchemy import Exists, ScalarSelect, exists, func, or_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from hub.store.desk.journey import status_in
from hub.store.desk.rows import CardRow, ParcelLine, UnreadableRow
from hub.store.tables import cards, complaints, inbox, news, parcels, reports, sources

LONGEST_LIST = 200
TICKET = re.compile(r"\b[A-Z][A-Z0-9]*-\d{2,4}-\d{6}\b")


async def open_cards(connection: AsyncConnection, *, limit: int = 50) -> tuple[CardRow, ...]:
    """Read the open cards: emergencies, then the latest first."""
    found = await connection.execute(
        select(cards, complaints.c.ticket)
        .select_from(cards.outerjoin(complaints, complaints.c.id == cards.c.complaint_id))
        .where(cards.c.closed_at.is_(None))
        .order_by(cards.c.kind != "emergency", cards.c.last_at.desc(), cards.c.id.desc())
        .limit(min(limit, LONGEST_LIST))
    )
    return tuple(
        CardRow(
            id=row["id"],
            kind=row["kind"],
            connector=row["connector"],
            ticket=row["ticket"] or _named(row["text"]),
            parcel_id=row["parcel_id"],
            inbox_id=row["inbox_id"],
            text=row["text"],
            next_step=row["next_step"],
            opened_at=row["opened_at"],
            seen=row["seen"],
            last_at=row["last_at"],
        )
        for row in found.mappings()
    )


def _named(text: str) -> str | None:
    """The ticket that a card has only in its words."""
    found = TICKET.search(text)
    return found[0] if found else None


async def count_open_cards(connection: AsyncConnection) -> int:
    """Count the open cards."""
    found = await connection.execute(select(func.count()).where(cards.c.closed_at.is_(None)))
    return int(found.scalar_one())


async def parcels_in(
    connection: AsyncConnection,
    state: str,
    *,
    only_asking: bool = False,
    after: int = 0,
    limit: int = 50,
) -> tuple[ParcelLine, ...]:
    """Read parcels of one state, the longest waiting first; `after` is the last id seen."""
    query = (
        select(
            parcels,
            complaints.c.ticket,
            complaints.c.title,
            sources.c.external_id.label("their_id"),
            or_(parcels.c.kind == "notice", _chats()).label("in_conversation"),
            _said().label("said"),
        )
        .select_from(
            parcels.outerjoin(complaints, complaints.c.id == parcels.c.complaint_id).outerjoin(
                sources, sources.c.id == parcels.c.source_id
            )
        )
        .where(parcels.c.state == state, parcels.c.id > after)
        .order_by(parcels.c.id)
        .limit(min(limit, LONGEST_LIST))
    )
    if only_asking:
        query = query.where(parcels.c.asks_person)
    found = await connection.execute(query)
    return tuple(
        ParcelLine(
            id=row["id"],
            parcel_id=row["parcel_id"],
            marker=row["marker"],
            connector=row["connector"],
            kind=row["kind"],
            status=status_in(row["content"]),
            state=row["state"],
            asks_person=row["asks_person"],
            promised_at=row["promised_at"],
            doubt_since=row["doubt_since"],
            attempts=row["attempts"],
            code=row["code"],
            detail=row["detail"],
            handed_at=row["handed_at"],
            handed_to=row["handed_to"],
            ticket=row["ticket"],
            title=row["title"],
            their_id=row["their_id"],
            in_conversation=row["in_conversation"],
            said=row["said"],
        )
        for row in found.mappings()
    )


def _chats() -> Exists:
    """Whether the parcel's person writes in turns, as people do in a chat."""
    return exists().where(
        reports.c.person_id == parcels.c.person_id, reports.c.turn_id.is_not(None)
    )


def _said() -> ScalarSelect[Any]:
    """What the person last wrote before the parcel was promised, about its complaint if it has one."""
    about = or_(parcels.c.complaint_id.is_(None), reports.c.complaint_id == parcels.c.complaint_id)
    return (
        select(reports.c.text)
        .where(
            reports.c.person_id == parcels.c.person_id,
            reports.c.said_at <= parcels.c.promised_at,
            reports.c.text != "",
            about,
        )
        .order_by(reports.c.said_at.desc(), reports.c.id.desc())
        .limit(1)
        .correlate(parcels)
        .scalar_subquery()
    )


async def unreadable(connection: AsyncConnection, *, limit: int = 50) -> tuple[UnreadableRow, ...]:
    """Read what could not be read, the latest first, each with its reason."""
    found = await connection.execute(
        select(inbox)
        .where(inbox.c.state == "unreadable")
        .order_by(inbox.c.received_at.desc(), inbox.c.id.desc())
        .limit(min(limit, LONGEST_LIST))
    )
    rows = found.mappings().all()
    reasons = await _reasons(connection, [row["id"] for row in rows])
    return tuple(
        UnreadableRow(
            id=row["id"],
            connector=row["connector"],
            how=row["how"],
            received_at=row["received_at"],
            tries=row["tries"],
            reason="; ".join(reasons[row["id"]]) or row["summary"],
        )
        for row in rows
    )


async def _reasons(
    connection: AsyncConnection, inbox_ids: Collection[int]
) -> dict[int, list[str]]:
    found = await connection.execute(
        select(news.c.inbox_id, news.c.reason)
        .where(news.c.inbox_id.in_(inbox_ids), news.c.outcome == "unreadable")
        .order_by(news.c.id)
        .limit(LONGEST_LIST)
    )
    reasons: dict[int, list[str]] = defaultdict(list)
    for inbox_id, reason in found:
        if reason and reason not in reasons[inbox_id]:
            reasons[inbox_id].append(reason)
    return reasons
