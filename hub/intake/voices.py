"""How many citizens said the same: counted once each, and told to whom it may hurry."""

from collections.abc import Iterable, Mapping
from datetime import datetime

from hub.domain.complaint import Complaint, Source
from hub.ports import Upstream, Work
from hub.record.promises import tell

# At each of these an upstream that handles the complaint hears how many they are by now.
MILESTONES = (5, 10, 25, 50, 100)


def people_in(sources: Iterable[Source]) -> set[int]:
    """Whom we know among those who spoke of it."""
    return {source.person_id for source in sources if source.person_id is not None}


def said_by(voices: int) -> str | None:
    """What somebody who says the same as others is told; None where nobody else did."""
    return f"Masalah ini sudah kami terima dari {voices} warga." if voices > 1 else None


async def tell_milestone(
    work: Work,
    complaint: Complaint,
    sources: Iterable[Source],
    *,
    before: int,
    upstreams: Mapping[str, Upstream],
    at: datetime,
) -> None:
    """Let every upstream that handles it know, once, when the voices have reached one more milestone."""
    if complaint.status.is_final or not any(before < m <= complaint.voices for m in MILESTONES):
        return
    handling: dict[str, Source] = {}
    for source in sources:
        upstream = upstreams.get(source.connector)
        if upstream is not None and upstream.connector.traits.takes_complaints and source.listens:
            handling.setdefault(source.connector, source)
    note = f"Kini dilaporkan {complaint.voices} warga."
    for source in handling.values():
        await tell(work, complaint, source, upstreams=upstreams, at=at, note=note, by_hub=True)
