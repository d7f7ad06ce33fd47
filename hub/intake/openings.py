"""Openings that a merge makes needless: dropped while nobody has begun with them, and taken up again."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from hub.domain.complaint import Source
from hub.ports import Work
from hub.rows import Kind, Parcel, State

ON_ITS_WAY = (State.WAITING, State.LEASED, State.HANDED, State.DOUBT)

# What is left out, and the parcels that were dropped with it; kept in the ledger.
LeftOut = Mapping[str, Any]


async def drop_needless(
    work: Work, sources: Sequence[Source], *, because: Sequence[Source], who: str, at: datetime
) -> list[LeftOut]:
    """Open nothing at an upstream that knows the same trouble already by one of `because`."""
    known = {source.connector for source in because if await is_known_there(work, source)}
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


async def is_known_there(work: Work, source: Source) -> bool:
    """Whether that channel has it, or will: what was abandoned on the way there does not count."""
    if not source.listens:
        return False
    opening = await _opening(work, source) if source.external_id is None else None
    return source.external_id is not None or (opening is not None and opening.state in ON_ITS_WAY)


async def leave_out(work: Work, source: Source) -> None:
    """Tell it nothing any more."""
    source.listens = False
    await work.complaints.leave_out(source.id)


async def take_up(work: Work, dropped: Sequence[LeftOut], *, at: datetime) -> set[int]:
    """Promise again what was dropped, and tell again who was left out: the sources that are opened again.

    What another source there makes needless still waits for that one to go, in its row of the ledger.
    """
    revived = set()
    for each in dropped:
        if each["parcels"] and await _is_left_to_another(work, each):
            continue
        await work.complaints.listens_again(each["source"])
        for parcel_id in each["parcels"]:
            await work.outbox.again(parcel_id, when=State.DROPPED, now=at, fresh=True)
        if each["parcels"]:
            revived.add(int(each["source"]))
    return revived


async def _is_left_to_another(work: Work, left: LeftOut) -> bool:
    source = await work.complaints.source_by_id(left["source"])
    if source is None or source.external_id is not None:
        return False
    others = [
        each.id
        for each in await work.complaints.sources(source.complaint_id)
        if each.id != source.id
        and each.connector == source.connector
        and await is_known_there(work, each)
    ]
    if not others:
        return False
    for row in await work.matches.merges_of(source.complaint_id):
        if row.undone_at is None and set(others) & set(row.source_ids):
            taken = [*row.before.get("dropped", ()), left]
            await work.matches.remember(row.id, {**row.before, "dropped": taken})
            break
    return True


async def _opening(work: Work, source: Source) -> Parcel | None:
    thread = source.thread_id or source.complaint_id
    opening = await work.outbox.opening_of(thread, source.connector)
    return opening if opening is not None and opening.source_id == source.id else None


def _is_untouched(opening: Parcel) -> bool:
    if opening.state is State.HANDED:
        return opening.handed_to is None and opening.batch_id is None
    return opening.state is State.WAITING and not opening.attempts
