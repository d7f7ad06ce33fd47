"""A contradiction is written down with both sides and the rule that decided, until they agree again."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from hub.domain.authority import Ends, Ruling, Word
from hub.domain.complaint import Complaint, Source
from hub.domain.status import Status
from hub.ports import Work
from hub.rows import Conflict


@dataclass(frozen=True, slots=True, kw_only=True)
class Sides:
    """What held, what the channel said, and by how far its clock was put right."""

    ours: Word
    theirs: Word
    ahead: timedelta = timedelta()


async def note_conflict(
    work: Work,
    complaint: Complaint,
    source: Source,
    *,
    sides: Sides,
    ruling: Ruling,
    reason: str,
    at: datetime,
) -> None:
    """Keep it. What the same channel contradicted before is over: it says something new."""
    await work.conflicts.end(source.id, at=at)
    await work.conflicts.note(
        Conflict(
            id=0,
            complaint_id=complaint.id,
            source_id=source.id,
            connector=source.connector,
            at=at,
            rule=ruling.rule,
            outcome=ruling.ends,
            ours=sides.ours,
            theirs=sides.theirs,
            their_word=source.their_status or sides.theirs.status.label,
            ahead=sides.ahead,
            reason=reason,
            # Their word was taken: what is left is to tell the others, which is on its way.
            ended_at=at if ruling.ends is Ends.THEIRS else None,
        )
    )


async def reconciled(
    work: Work,
    source: Source,
    *,
    at: datetime,
    decided: Status | None = None,
    by: str | None = None,
) -> None:
    """The channel shows what holds, or a person has said what holds."""
    await work.conflicts.end(source.id, at=at, decided=decided, by=by)
