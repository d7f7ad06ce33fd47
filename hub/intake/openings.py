"""Openings that a merge makes needless: dropped while nobody has begun with them, and taken up again."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from hub.domain.complaint import Source
from hub.ports import Work
from hub.rows import Kind, Parcel, State

# What is left out, and the parcels that were dropped with it; kept in the ledger.
LeftOut = Mapping[str, Any]


async def drop_needless(
    work: Work, sources: Sequence[Source], *, because: Sequence[Source], who: str, at: datetime
) -> list[LeftOut]:
    """Open nothing at an upstream that knows the same trouble already by one of `because`."""
    known = {source.connector for source in because if source.listens}
    dropped: list[LeftOut] = []
    for source in sources:
        if source.connector not in known or source.external_id is not None or not source.listens:
            continue
        opening = await _opening(work, source)
        if opening is None or not _is_untouched(opening):
            continue
        parcels = [opening, *await work.outbox.waiting_behind(opening)]
        for parcel in parcels:
            await work.outbox.drop(parcel.parcel_id, at=at)
            await work.outbox.attempt(
                parcel, phase="person", at=at, outcome="dropped", who=who,
                detail="digabung dengan aduan yang sudah ada di sana",
            )  # fmt: skip
        await leave_out(work, source)
        ids = [parcel.parcel_id for parcel in parcels if parcel.kind is not Kind.STATUS]
        dropped.append({"source": source.id, "parcels": ids})
    return dropped


async def leave_out(work: Work, source: Source) -> None:
    """Tell it nothing any more."""
    source.listens = False
    await work.complaints.leave_out(source.id)


async def take_up(work: Work, dropped: Sequence[LeftOut], *, at: datetime) -> None:
    """Promise again what was dropped, and tell again who was left out."""
    for each in dropped:
        await work.complaints.listens_again(each["source"])
        for parcel_id in each["parcels"]:
            await work.outbox.again(parcel_id, when=State.DROPPED, now=at, fresh=True)


async def _opening(work: Work, source: Source) -> Parcel | None:
    thread = source.thread_id or source.complaint_id
    opening = await work.outbox.opening_of(thread, source.connector)
    return opening if opening is not None and opening.source_id == source.id else None


def _is_untouched(opening: Parcel) -> bool:
    if opening.state is State.HANDED:
        return opening.handed_to is None and opening.batch_id is None
    return opening.state is State.WAITING and not opening.attempts
