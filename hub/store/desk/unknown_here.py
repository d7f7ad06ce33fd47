"""What a channel has and the hub does not: heard of in a list, a look or a file, and made into nothing."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import Select, and_, case, exists, func, or_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from hub.rows import How
from hub.store.tables import inbox, news, reports, sources

LISTS = (How.POLL, How.INSPECT, How.IMPORT)
# What `Decide.let_go` writes before its reason.
LET_GO = "dilepaskan: %"


class WhyUnknown(StrEnum):
    """Why it is not here."""

    UNREADABLE = "unreadable"
    UNKNOWN_SOURCE = "unknown_source"
    LET_GO = "let_go"


@dataclass(frozen=True, slots=True, kw_only=True)
class UnknownHere:
    """One thing known there; `external_id` is their number, where it could be read."""

    inbox_id: int
    connector: str
    external_id: str | None
    why: WhyUnknown
    reason: str | None
    heard_at: datetime


async def unknown_here(
    connection: AsyncConnection, *, limit: int = 50
) -> tuple[int, tuple[UnknownHere, ...]]:
    """How many there are, and the latest of them. A number that came several times counts once."""
    latest = _latest().subquery("latest")
    number = await connection.scalar(select(func.count()).select_from(latest))
    found = await connection.execute(
        select(
            inbox.c.id,
            inbox.c.connector,
            inbox.c.external_id,
            inbox.c.received_at,
            inbox.c.summary,
            _why().label("why"),
            _reason().label("reason"),
        )
        .where(inbox.c.id.in_(select(latest.c.id)))
        .order_by(inbox.c.received_at.desc(), inbox.c.id.desc())
        .limit(limit)
    )
    return number or 0, tuple(
        UnknownHere(
            inbox_id=row.id,
            connector=row.connector,
            external_id=row.external_id,
            why=WhyUnknown(row.why),
            reason=row.reason or row.summary,
            heard_at=row.received_at,
        )
        for row in found
    )


def _latest() -> Select[Any]:
    mine = inbox.c.connector, inbox.c.external_id
    is_source = exists().where(sources.c.connector == mine[0], sources.c.external_id == mine[1])
    is_report = exists().where(reports.c.connector == mine[0], reports.c.external_id == mine[1])
    # Without a number every piece stands for itself.
    itself = case((inbox.c.external_id.is_(None), inbox.c.id))
    return (
        select(func.max(inbox.c.id).label("id"))
        .where(
            inbox.c.how.in_(LISTS),
            or_(
                inbox.c.state == "unreadable",
                and_(inbox.c.state == "read", or_(inbox.c.summary.like(LET_GO), _no_source())),
            ),
            ~is_source,
            ~is_report,
        )
        .group_by(inbox.c.connector, inbox.c.external_id, itself)
    )


def _no_source() -> Any:
    return inbox.c.id.in_(
        select(news.c.inbox_id).where(news.c.outcome == WhyUnknown.UNKNOWN_SOURCE)
    )


def _why() -> Any:
    return case(
        (inbox.c.state == "unreadable", WhyUnknown.UNREADABLE.value),
        (inbox.c.summary.like(LET_GO), WhyUnknown.LET_GO.value),
        else_=WhyUnknown.UNKNOWN_SOURCE.value,
    )


def _reason() -> Any:
    """Why a piece of it could not be read, where it says so."""
    return (
        select(func.min(news.c.reason))
        .where(news.c.inbox_id == inbox.c.id, news.c.outcome == "unreadable")
        .correlate(inbox)
        .scalar_subquery()
    )
