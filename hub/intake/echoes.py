"""What we made a channel show, known again by its moment when it comes back to us."""

from datetime import timedelta
from enum import StrEnum

from hub.domain.status import Status
from hub.intake.case import Case

# How long a push of ours may take to become what they show, and how far clocks are apart unnoticed.
WITHIN = timedelta(minutes=2)


class Ours(StrEnum):
    """SAME: it still holds. FRESH: our newer word is on its way. STALE: that arrived, and moved nothing."""

    SAME = "same"
    FRESH = "fresh"
    STALE = "stale"


async def ours_coming_back(case: Case, status: Status) -> Ours | None:
    """Whether they show what we told them once, while the complaint went on; None: their own word."""
    source = case.source
    holds = status is case.complaint.status
    if not holds and source.told is status and await case.work.outbox.has_news_for(source.id):
        return Ours.FRESH
    pushed = await case.work.echoes.told_since(source.id, since=case.said_at - WITHIN)
    shows = case.mapping.shown_after
    # Their word carries the moment at which we said it: whoever reads it late reads our own.
    near = [told for told, at in pushed if at <= case.said_at + WITHIN]
    if not any(status is told if holds else status in shows(told) for told in near):
        return None
    if holds:
        # Nobody there has said anything: it neither confirms, nor is it younger than what moved us.
        return Ours.SAME
    newest, began = pushed[0]
    if case.at - began <= WITHIN or status in shows(newest):
        return Ours.FRESH
    before = next((told for told, at in pushed if at <= case.said_at), None)
    # What they did after our later word had reached them is not our earlier one.
    return Ours.STALE if before is None or status in shows(before) else None
