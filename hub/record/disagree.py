"""A channel says something else than the complaint: written down with the reason, one card."""

from datetime import datetime

from hub.domain.authority import Ends, Rule, Ruling, Word
from hub.domain.complaint import Complaint, Source
from hub.domain.status import Status
from hub.ports import Work
from hub.record.conflicts import Sides, note_conflict, reconciled
from hub.rows import Card

HUB = "hub"


async def disagree(
    work: Work, complaint: Complaint, source: Source, *, title: str, reason: str, at: datetime
) -> None:
    """Keep why `source` contradicts, and show it. Closed when it agrees again or is told anew."""
    source.disagrees = reason
    await work.complaints.save_source(source)
    await work.cards.open(
        Card(
            key=conflict_key(source),
            kind="conflict",
            connector=source.connector,
            complaint_id=complaint.id,
            text=f"Aduan {complaint.ticket}: {title} berkata lain. {reason}",
            next_step="Buka aduannya dan pindahkan ke status yang benar, atau ubah di kanal itu.",
        ),
        at=at,
    )


async def agree(
    work: Work,
    complaint: Complaint,
    source: Source,
    *,
    at: datetime,
    by: str,
    decided: Status | None = None,
) -> None:
    """Put the card of a contradiction away; what a person has `decided` ends the contradiction itself."""
    if by != HUB:
        await reconciled(work, source, at=at, decided=decided, by=by)
    # Before a complaint could have several sources of one channel, its ticket stood in the key.
    for key in (conflict_key(source), f"conflict:{complaint.ticket}:{source.connector}"):
        await work.cards.close(key, at=at, by=by)


async def note_unmoved(
    work: Work, complaint: Complaint, source: Source, *, title: str, at: datetime
) -> bool:
    """They were told and looked at since, and still show something else: True if that is a conflict."""
    ours = complaint.status
    if source.told is not ours or source.shown in (None, ours) or source.disagrees:
        return False
    if await work.outbox.has_news_for(source.id):
        return False  # they are being told again
    reason = (
        f"Sesudah diberi tahu «{ours.label}», di sana masih «{source.their_status}»; "
        "hub tidak dapat mengubahnya dari sini."
    )
    await note_conflict(
        work, complaint, source, sides=Sides(ours=complaint.word, theirs=_shown(source, at)),
        ruling=Ruling(Ends.PERSON, Rule.UNMOVED), reason=reason, at=at,
    )  # fmt: skip
    await disagree(work, complaint, source, title=title, reason=reason, at=at)
    return True


def _shown(source: Source, at: datetime) -> Word:
    status = source.shown or Status.RECEIVED
    return Word(status, source.shown_at or at, source.connector)


def conflict_key(source: Source) -> str:
    """One card for a channel that contradicts, whichever complaint it belongs to."""
    return f"conflict:{source.id}"
