"""What we made a channel show, known again by its moment when it comes back to us."""

from datetime import datetime, timedelta
from enum import StrEnum

from hub.domain.status import Status
from hub.intake.case import OF_LATE, Case
from hub.rows import Kind

# How long a push of ours may take to become what they show, and how far clocks are apart unnoticed.
WITHIN = timedelta(minutes=2)
# A follow-up and what it moves are written down in one go.
AT_ONCE = timedelta(seconds=2)


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
    said_at, since = min(case.said_at, case.at), case.said_at - WITHIN
    if case.said_at > case.at:
        since = await _of_late(case)
    pushed = await case.work.echoes.told_since(source.id, since=since)
    shows = case.mapping.shown_after
    # Their word carries the moment at which we said it: whoever reads it late reads our own.
    near = [told for told, at in pushed if at <= said_at + WITHIN]
    beside = [told for told in await _beside(case) if status in shows(told)]
    if not beside and not any(status is told if holds else status in shows(told) for told in near):
        return None
    if holds:
        # Nobody there has said anything: it neither confirms, nor is it younger than what moved us.
        return Ours.SAME
    if not pushed:
        return Ours.STALE
    newest, began = pushed[0]
    if case.at - began <= WITHIN or status in shows(newest):
        return Ours.FRESH
    before = next((told for told, at in pushed if at <= said_at), None)
    # What they did after our later word had reached them is not our earlier one, unless it bears our mark.
    return Ours.STALE if beside or before is None or status in shows(before) else None


async def _of_late(case: Case) -> datetime:
    """By a clock that runs ahead nobody knows how far it may have been at any time of late.

    Not before they said something else themselves: what came after that is their own again.
    """
    ahead = case.said_at - case.at
    since = case.at - (WITHIN if ahead <= WITHIN else OF_LATE)
    last = await case.work.echoes.last_word(case.source.id)
    return since if last is None else max(since, last[1])


async def _beside(case: Case) -> list[Status]:
    """What we told them at the moment of their word, both by their own clock, whatever that is worth."""
    marks = [
        answer.marker
        for answer in case.news.answers
        if answer.marker and answer.is_dated and abs(answer.at - case.news.at) <= AT_ONCE
    ]
    parcels = [await case.work.outbox.by_marker(case.source.connector, mark) for mark in marks]
    return [
        Status(parcel.content["status"])
        for parcel in parcels
        if parcel is not None and parcel.kind is Kind.STATUS
    ]
