"""Two channels undo each other: the complaint is held where it is, and one card asks a person."""

from collections.abc import Sequence
from datetime import datetime

from hub.contract.news import Answer
from hub.domain.authority import OPERATOR, Ends, Rule, Ruling
from hub.domain.complaint import Outcome as Move
from hub.domain.loops import Said, goes_in_circles
from hub.intake.case import Case, Contest, text_of
from hub.intake.outcome import Outcome
from hub.intake.sentences import why_held
from hub.record.conflicts import Sides, note_conflict
from hub.record.hold_back import show_held

COUNTED = (Move.MOVED, Move.STANDS)


async def why_held_now(case: Case, contest: Contest) -> str | None:
    """Why their word does not count: the complaint is held already, or must be from now on."""
    complaint = case.complaint
    if complaint.held_at is not None:
        return complaint.held_why or ""
    if contest.ruling.ends not in (Ends.THEIRS, Ends.OURS) or not await _circles(case, contest):
        return None
    complaint.held_at = case.at
    complaint.held_why = why_held(
        contest, title=case.title, other=case.title_of(contest.ours.channel)
    )
    await case.work.complaints.save(complaint, at=case.at)
    await note_conflict(
        case.work, complaint, case.source,
        sides=Sides(ours=contest.ours, theirs=contest.theirs, ahead=case.ahead),
        ruling=Ruling(Ends.PERSON, Rule.LOOP), reason=complaint.held_why, at=case.at,
    )  # fmt: skip
    return complaint.held_why


async def keep_back(
    case: Case, contest: Contest, answers: Sequence[Answer], *, reason: str
) -> Outcome:
    """Nothing moves and nobody is told of it, until a person has said what holds."""
    complaint, said = case.complaint, contest.theirs
    note = text_of(answers)
    await case.write(
        before=complaint.status, status=said.status, at=said.at, outcome=Move.HELD, note=note
    )
    await case.work.complaints.save_source(case.source)
    if answers:
        await case.tell_others(note)
    await show_held(case.work, complaint, at=case.at, by=case.source.connector)
    return Outcome("held", reason, complaint.id)


async def _circles(case: Case, contest: Contest) -> bool:
    rules = case.authorities
    word = Said(contest.theirs.status, f"{contest.theirs.origin}:{case.source.id}")
    for within, returns in (
        (rules.loop_within, rules.loop_returns),
        (rules.slow_loop_within, rules.slow_loop_returns),
    ):
        said = await said_since(case, case.at - within)
        if goes_in_circles(said, word, returns=returns):
            return True
    return False


async def said_since(case: Case, since: datetime) -> list[Said]:
    """Who said what that counted, since a person decided last."""
    said: list[Said] = []
    for status, origin, source_id, outcome in await case.work.echoes.words_since(
        case.complaint.id, since=since
    ):
        if origin.partition(":")[0] == OPERATOR:
            # A person has decided: what was before is over.
            said = []
        elif outcome in COUNTED:
            said.append(Said(status, f"{origin}:{source_id}"))
    return said
