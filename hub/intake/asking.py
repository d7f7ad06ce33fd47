"""What the hub does not decide by itself: whom it asks, and when what it asked has become clear."""

from collections.abc import Mapping
from datetime import datetime

from hub.domain.complaint import Complaint
from hub.domain.matching import Match, Verdict
from hub.domain.matching.choice import Choice
from hub.domain.matching.matcher import Matcher
from hub.intake.gists import Gists
from hub.intake.joining import HUB
from hub.intake.merging import Why, lock_both, merge
from hub.intake.repeats import which_stays
from hub.ports import Upstream, Work
from hub.record.speaking import speaking

# As many verdicts are kept for whoever asks why; the rest was less like it still.
KEPT = 5
ASKED_AT_MOST = 2
ASKED_AGAIN_AT_MOST = 8


async def note(
    work: Work, choice: Choice, *, about: Complaint, report_id: int, joined: bool, at: datetime
) -> None:
    """Keep the verdicts, and have a person asked about what is perhaps the same."""
    asked = 0
    for other_id, match in list(choice.matches.items())[:KEPT]:
        state = "done"
        other = await speaking(work, other_id)
        if match.verdict is not Verdict.DIFFERENT and other.id != about.id:
            if not joined:
                await _link(work, about, other, match=match, at=at)
            if not (other.status.is_final or about.status.is_final) and asked < ASKED_AT_MOST:
                # Of what has joined nobody is asked; but it may become clear by itself.
                state, asked = ("watched" if joined else "open"), asked + 1
        await work.matches.judged(report_id, other_id, match, state=state, at=at)


async def ask_again(
    work: Work,
    complaint_id: int,
    *,
    gists: Gists,
    matcher: Matcher,
    upstreams: Mapping[str, Upstream],
    at: datetime,
) -> None:
    """It has told more now: what a person was to be asked about it may have become clear."""
    for other_id in (await work.matches.asked_with(complaint_id))[:ASKED_AGAIN_AT_MOST]:
        told = await work.matches.gists_of([complaint_id, other_id])
        sides = await gists.by_complaint(work, told)
        if not {complaint_id, other_id} <= sides.keys():
            continue
        few = min(sides, key=lambda one: len(sides[one]))
        near = await work.matches.gists_of(await work.matches.asked_with(few))
        united = matcher.unite(sides[few], await gists.by_complaint(work, near))
        if united is not None:
            name, match = united
            await merge_unasked(work, (name, few), match=match, upstreams=upstreams, at=at)
            complaint_id = (await speaking(work, complaint_id)).id


async def merge_unasked(
    work: Work,
    both: tuple[int, int],
    *,
    match: Match,
    upstreams: Mapping[str, Upstream],
    at: datetime,
) -> bool:
    """Let one complaint speak for both, on the evidence of a report that belongs to either.

    False, and nothing is done, where only a person may: one has ended or was told in confidence, or a person
    has said that they are two.
    """
    one, other = [await speaking(work, complaint_id) for complaint_id in both]
    if one.id == other.id:
        return True
    await lock_both(work, *sorted((one.id, other.id)))
    if one.status.is_final or other.status.is_final or one.secret or other.secret:
        return False
    if await work.matches.kept_apart(one.id, other.id):
        return False
    stays, lost = which_stays(one, other)
    why = Why(HUB, score=match.score, evidence=match.as_rows())
    await merge(work, stays.id, lost.id, why=why, upstreams=upstreams, at=at)
    return True


async def _link(
    work: Work, complaint: Complaint, other: Complaint, *, match: Match, at: datetime
) -> None:
    """What has ended is not opened by a repeat: it is a new trouble, linked to the old."""
    if (
        complaint.continues is None
        and other.said_at < complaint.said_at
        and (other.status.is_final or match.returns)
    ):
        complaint.continues = other.id
        await work.complaints.save(complaint, at=at)
