"""A channel says something else than what holds: the rules decide, and what follows is written down."""

from collections.abc import Sequence
from dataclasses import replace

from hub.contract.news import Answer
from hub.domain.authority import OPERATOR, Ends, Rule, Ruling
from hub.domain.complaint import Outcome as Move
from hub.domain.loops import Said
from hub.domain.status import Status
from hub.intake.answers import new_note
from hub.intake.case import Case, Contest, text_of
from hub.intake.held import keep_back, said_since, why_held_now
from hub.intake.outcome import Outcome
from hub.intake.sentences import why
from hub.record.conflicts import Sides, note_conflict
from hub.record.disagree import disagree, note_unmoved
from hub.record.promises import tell

QUIETLY = (Rule.FORWARD, Rule.REOPENED)
# So often the same word of a channel is answered by telling it what holds; then a person is asked.
TOLD_AGAIN = 2


async def heed(
    case: Case, status: Status, answers: Sequence[Answer], *, shown_before: Status | None
) -> Outcome:
    """Move the complaint, or say why not."""
    complaint, source = case.complaint, case.source
    contest = await _not_long_ago(case, await _in_order(case, case.contest(status)))
    ours, theirs, ruling = contest.ours, contest.theirs, contest.ruling
    if ruling.ends is Ends.LATE and status is shown_before:
        return await stands(case, answers)
    source.shown, source.disagrees = status, None
    if ruling.ends is not Ends.SAME and (held := await why_held_now(case, contest)):
        return await keep_back(case, contest, answers, reason=held)
    complaint.heed(theirs, ruling)
    if ruling.ends is Ends.SAME:
        await case.work.complaints.save(complaint, at=case.at)
        await _note_same(case, status, shown_before=shown_before)
        return await case.answered(answers, word="same")
    note = text_of(answers) or await new_note(case)
    await case.write(
        before=ours.status, status=status, at=theirs.at, outcome=_in_history(ruling), note=note
    )
    if ruling.ends is Ends.THEIRS:
        return await _moved(case, contest, note=note)
    if answers:
        await case.tell_others(note)
    return await _contradicted(case, contest)


async def _in_order(case: Case, contest: Contest) -> Contest:
    """However wrong their clock: what shows in place of what we had put there was said after it."""
    ours = contest.ours
    if contest.ruling.rule is not Rule.CLOCK or case.source.told is not ours.status:
        return contest
    pushed = await case.work.echoes.told_since(case.source.id, since=ours.at)
    shows_alone = case.mapping.shown_after(ours.status) == {ours.status}
    if not shows_alone or all(told is not ours.status for told, _ in pushed):
        return contest
    return replace(contest, ruling=case.authorities.rule(ours, contest.theirs))


async def _not_long_ago(case: Case, contest: Contest) -> Contest:
    """Whoever comes late decides nothing once others, or a person, have gone on from what came after."""
    if contest.ruling.rule is not Rule.FIRST_DECIDED:
        return contest
    moves = await case.work.echoes.moves_after(case.complaint.id, at=contest.theirs.at)
    if len(moves) > 1 or any(by.partition(":")[0] == OPERATOR for by in moves):
        return replace(contest, ruling=Ruling(Ends.LATE, Rule.LATE))
    return contest


async def stands(case: Case, answers: Sequence[Answer]) -> Outcome:
    """They have not moved, we have: our news is on its way, or it moved nothing there."""
    outcome = await case.answered(answers, word="same")
    unmoved = await note_unmoved(
        case.work, case.complaint, case.source, title=case.title, at=case.at
    )
    if not unmoved:
        return outcome
    return Outcome("conflict", case.source.disagrees, case.complaint.id)


async def _moved(case: Case, contest: Contest, *, note: str | None) -> Outcome:
    complaint = case.complaint
    complaint.agency = case.news.agency or complaint.agency
    await case.work.complaints.save(complaint, at=case.at)
    if contest.ruling.rule not in QUIETLY:
        await _note(case, contest, reason=why(contest, title=case.title))
    await case.keep_source()
    # What lay waiting to be carried there would set them back.
    await case.work.hands.overtake(case.source.id, at=case.at)
    await case.tell_others(note)
    return Outcome("moved", complaint_id=complaint.id)


async def _contradicted(case: Case, contest: Contest) -> Outcome:
    """Ours stands. Who can be told so is told, once; else a person is asked."""
    complaint, source, work = case.complaint, case.source, case.work
    ends, reason = contest.ruling.ends, why(contest, title=case.title)
    if not source.listens:
        # It is told nothing, so it cannot be expected to agree; the history has it.
        await case.keep_source()
        return Outcome("conflict", reason, complaint.id)
    await _note(case, contest, reason=reason)
    await work.complaints.save_source(source)
    if ends is not Ends.PERSON:
        # What holds may be on its way to them already; else they hear of it again, once.
        is_coming = await work.outbox.has_news_for(source.id)
        if is_coming or (await _must_hear(case, contest) and await _tell_again(case)):
            return Outcome("conflict" if ends is Ends.OURS else "late", reason, complaint.id)
    await disagree(work, complaint, source, title=case.title, reason=reason, at=case.at)
    return Outcome("conflict", reason, complaint.id)


async def _must_hear(case: Case, contest: Contest) -> bool:
    """Whether what holds is news to them: the rules refused their word, or they never heard of it."""
    match contest.ruling.ends:
        case Ends.OURS:
            # The same word refused again after they were told: telling them a third time is a loop.
            said = await said_since(case, case.at - case.authorities.slow_loop_within)
            word = Said(contest.theirs.status, f"{contest.theirs.origin}:{case.source.id}")
            return said.count(word) <= TOLD_AGAIN
        case Ends.LATE:
            is_their_own = contest.ours.channel == contest.theirs.channel
            return not is_their_own and case.source.told is not case.complaint.status
        case _:
            return False


async def _tell_again(case: Case) -> bool:
    return await tell(
        case.work, case.complaint, case.source, upstreams=case.upstreams, at=case.at, note=None
    )


async def _note(case: Case, contest: Contest, *, reason: str) -> None:
    ends = Ends.PERSON if contest.ruling.ends is Ends.LATE else contest.ruling.ends
    await note_conflict(
        case.work, case.complaint, case.source,
        sides=Sides(ours=contest.ours, theirs=contest.theirs, ahead=case.ahead),
        ruling=Ruling(ends, contest.ruling.rule), reason=reason, at=case.at,
    )  # fmt: skip


async def _note_same(case: Case, status: Status, *, shown_before: Status | None) -> None:
    """That they say so themselves counts when what was merged is taken apart again."""
    if status in (shown_before, case.source.told):
        return
    known = await case.work.complaints.sources(case.complaint.id)
    if case.complaint.voices > 1 or len({source.thread_id for source in known}) > 1:
        await case.write(before=status, status=status, at=case.said_at, outcome="same", note=None)


def _in_history(ruling: Ruling) -> Move:
    match ruling.ends:
        case Ends.THEIRS:
            return Move.MOVED
        case Ends.OURS:
            return Move.STANDS
        case Ends.LATE:
            return Move.LATE
        case _:
            return Move.NOT_ALLOWED
