"""What follows from a person's decision: whoever contradicted has been answered, and is told."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from hub.domain.complaint import Complaint, Source
from hub.domain.status import Status
from hub.intake.open import OPERATOR
from hub.ports import Upstream, Work
from hub.record.disagree import agree
from hub.record.promises import promise_status_to_others, tell


@dataclass(frozen=True, slots=True)
class By:
    """Who decided. Channels are told the `note`; the `why` stays in the history."""

    who: str
    note: str | None = None
    why: str | None = None


async def decided(
    work: Work,
    complaint: Complaint,
    by: By,
    *,
    before: Status,
    upstreams: Mapping[str, Upstream],
    at: datetime,
) -> None:
    """A person has said what holds: nothing is held or contradicted any more.

    Where that is what held before, only those hear of it who show something else or never heard of it.
    """
    complaint.held_at = complaint.held_why = None
    await work.complaints.save(complaint, at=at)
    await work.complaints.add_history(
        complaint.id, before=before, status=complaint.status, at=complaint.status_at, known_at=at,
        origin=f"{OPERATOR}:{by.who}",
        outcome="answered" if before is complaint.status else "moved",
        note="\n".join(part for part in (by.note, by.why) if part) or None,
    )  # fmt: skip
    for kind in ("late_words", "held"):
        await work.cards.close(f"{kind}:{complaint.ticket}", at=at, by=by.who)
    sources = await work.complaints.sources(complaint.id)
    for source in sources:
        await agree(work, complaint, source, at=at, by=by.who, decided=complaint.status)
    if by.note or before is not complaint.status:
        await promise_status_to_others(
            work, complaint, origin=None, upstreams=upstreams, at=at, note=by.note
        )
        return
    for source in sources:
        if _is_apart(source, complaint.status) and not await work.outbox.has_news_for(source.id):
            await tell(work, complaint, source, upstreams=upstreams, at=at, note=None)


def _is_apart(source: Source, status: Status) -> bool:
    # Every opening says that it was received.
    known = source.shown or source.told or Status.RECEIVED
    return source.disagrees is not None or known is not status
