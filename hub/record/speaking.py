"""Which complaint speaks: one that was merged is followed to the one that stays."""

from collections.abc import Sequence

from hub.domain.complaint import Complaint, Source
from hub.ports import Work


async def speaking(work: Work, complaint_id: int) -> Complaint:
    """The complaint that speaks for this one now, locked."""
    complaint = await work.complaints.get(complaint_id)
    while complaint.merged_into is not None:
        complaint = await work.complaints.get(complaint.merged_into)
    return complaint


async def speaking_for(work: Work, source_id: int) -> tuple[Complaint, Source]:
    """A source as it is now, and the complaint that it belongs to, locked."""
    source = await _source(work, source_id)
    while True:
        complaint = await work.complaints.get(source.complaint_id)
        # A merge may have taken it elsewhere while we waited for the lock.
        source = await _source(work, source_id)
        if source.complaint_id == complaint.id:
            return complaint, source


def numbered(sources: Sequence[Source], connector: str, number: str | None) -> list[Source]:
    """The sources with a number of that channel; given one, that one alone."""
    return [
        source
        for source in sources
        if source.connector == connector
        and source.external_id is not None
        and number in (None, source.external_id)
    ]


async def _source(work: Work, source_id: int) -> Source:
    source = await work.complaints.source_by_id(source_id)
    if source is None:
        raise LookupError(f"no source {source_id}")
    return source
