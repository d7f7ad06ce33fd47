"""How many citizens said the same: counted once each, and told to whom it may hurry."""

from collections.abc import Iterable, Mapping
from datetime import datetime

from hub.domain.complaint import Complaint, Source
from hub.domain.matching import Match
from hub.ports import Upstream, Work
from hub.record.promises import tell
from hub.rows import KeptReport

# At each of these an upstream that handles the complaint hears how many they are by now.
MILESTONES = (5, 10, 25, 50, 100)
# Evidence that a report came by another channel before.
PASSED_ON = frozenset({"copied_here", "quoted"})


def people_in(sources: Iterable[Source]) -> set[int]:
    """Whom we know among those who spoke of it."""
    return {source.person_id for source in sources if source.person_id is not None}


def is_new_voice(report: KeptReport, known: Iterable[Source], match: Match) -> bool:
    """Whether it is somebody who has not spoken of it yet.

    A channel passes on what another one was told, and who names nobody may be anybody: only people whom
    we can tell apart are counted.
    """
    if any(one.name in PASSED_ON for one in match.evidence):
        return False
    return report.person_id is not None and report.person_id not in people_in(known)


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
) -> int | None:
    """Let every upstream that handles it know when the voices have reached one more milestone: which one.

    Once: voices that were parted and come back have been told of.
    """
    reached = max((m for m in MILESTONES if before < m <= complaint.voices), default=None)
    if complaint.status.is_final or reached is None:
        return None
    for row in await work.matches.merges_of(complaint.id):
        if row.complaint_id == complaint.id and (row.before.get("milestone") or 0) >= reached:
            return None
    handling: dict[str, Source] = {}
    for source in sources:
        upstream = upstreams.get(source.connector)
        if upstream is not None and upstream.connector.traits.takes_complaints and source.listens:
            handling.setdefault(source.connector, source)
    note = f"Kini dilaporkan {complaint.voices} warga."
    for source in handling.values():
        await tell(work, complaint, source, upstreams=upstreams, at=at, note=note, by_hub=True)
    return reached
