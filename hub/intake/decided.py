"""What follows from a person's decision: whoever contradicted has been answered, and is told."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from hub.domain.complaint import Complaint, Source
from hub.domain.status import Status
from hub.intake.open import OPERATOR
from hub.ports import Upstream, Work
from hub.record.disagree import agree
from hub.record.promises import tell


@dataclass(frozen=True, slots=True)
class By:
    """Who decided. Channels are told the `note`; the `why` stays in the history."""

    who: str
    note: str | None = None
    why: str | None = None

    @property
    def said(self) -> str | None:
        """All of it, as the history keeps it."""
        return "\n".join(part for part in (self.note, self.why) if part) or None

    @property
    def origin(self) -> str:
        """Who it is, as the history has it."""
        return f"{OPERATOR}:{self.who}"


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
        origin=by.origin,
        outcome="answered" if before is complaint.status else "moved",
        note=by.said,
    )  # fmt: skip
    for kind in ("late_words", "held"):
        await work.cards.close(f"{kind}:{complaint.ticket}", at=at, by=by.who)
    sources = await work.complaints.sources(complaint.id)
    for source in sources:
        await agree(work, complaint, source, at=at, by=by.who, decided=complaint.status)
    for source in sources:
        if not by.note and await _needs_nothing(work, source, complaint.status, before=before):
            await _settle_disagreement(work, source, complaint.status)
            continue
        await tell(work, complaint, source, upstreams=upstreams, at=at, note=by.note)


async def _settle_disagreement(work: Work, source: Source, status: Status) -> None:
    if source.disagrees is not None and source.shown is status:
        source.disagrees = None
        await work.complaints.save_source(source)


async def _needs_nothing(work: Work, source: Source, status: Status, *, before: Status) -> bool:
    """Whether they show it already and nothing older is on its way there, or this is."""
    is_coming = await work.outbox.has_news_for(source.id)
    if before is not status:
        return source.shown is status and not is_coming
    # Every opening says that it was received.
    known = source.shown or source.told or Status.RECEIVED
    return is_coming or (source.disagrees is None and known is status)
