"""A complaint that is held stays held when another one comes to speak for it, and when they part."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from hub.domain.complaint import Complaint
from hub.ports import Work
from hub.record.hold_back import held_key, show_held


async def carry_hold(
    work: Work, lost: Complaint, stays: Complaint, *, who: str, at: datetime
) -> None:
    """Its channels come along, and undo each other here as they did there."""
    if lost.held_at is None:
        return
    await work.cards.close(held_key(lost), at=at, by=who)
    if stays.held_at is None:
        stays.held_at, stays.held_why = lost.held_at, lost.held_why
        await show_held(work, stays, at=at)
    lost.held_at = lost.held_why = None


async def give_hold_back(
    work: Work,
    stays: Complaint,
    lost: Complaint,
    *,
    before: Mapping[str, Any],
    who: str,
    at: datetime,
) -> None:
    """Undo that, unless a person has said meanwhile what holds."""
    here, there = (before[side].get("held_at") for side in ("stays", "lost"))
    if there is None or stays.held_at != datetime.fromisoformat(here or there):
        return
    lost.held_at, lost.held_why = datetime.fromisoformat(there), before["lost"]["held_why"]
    await show_held(work, lost, at=at)
    if here is None:
        stays.held_at = stays.held_why = None
        await work.cards.close(held_key(stays), at=at, by=who)
