"""News that has been overtaken says nothing any more."""

from dataclasses import replace
from datetime import datetime

from hub.domain.status import Status
from hub.ports import Work
from hub.record.speaking import speaking_for
from hub.rows import Kind, Parcel


async def still_news(work: Work, parcel: Parcel) -> Parcel | None:
    """None for a status that was parked or postponed while a newer one arrived, or they went on themselves.

    What an officer wrote goes all the same, and so does what the hub notes: with the status of now.
    """
    note, by_hub = parcel.content.get("note"), parcel.content.get("by_hub", False)
    if parcel.kind is not Kind.STATUS or parcel.needed:
        return parcel
    is_old = await work.outbox.is_superseded(parcel) or await _went_on(work, parcel)
    if not note:
        return None if is_old else parcel
    if not is_old and not (by_hub and await _is_last(work, parcel)):
        return parcel
    complaint, _ = await speaking_for(work, parcel.source_id or 0)
    now = {"status": complaint.status, "at": complaint.status_at.isoformat()}
    fresh = replace(parcel, content={**parcel.content, **now, "agency": complaint.agency})
    await work.outbox.restate(fresh)
    return fresh


async def _is_last(work: Work, parcel: Parcel) -> bool:
    """Whether no status goes behind it: the last word that goes to a source says how it stands."""
    behind = await work.outbox.waiting_behind(parcel)
    return not any(each.kind is Kind.STATUS for each in behind)


async def _went_on(work: Work, parcel: Parcel) -> bool:
    """Whether they show by themselves what is so now; ours would set them back."""
    if parcel.source_id is None:
        return False
    source = await work.complaints.source_by_id(parcel.source_id)
    # Not since it was promised: what is sent again after it was parked is promised anew.
    since = datetime.fromisoformat(parcel.content["at"])
    if source is None or source.shown_at is None or source.shown_at < since:
        return False
    if source.shown is Status(parcel.content["status"]):
        return False
    complaint, source = await speaking_for(work, parcel.source_id)
    return source.shown is complaint.status
