"""An officer's word that a push of ours moved on before the hub could see it."""

from hub.domain.authority import Ends
from hub.domain.status import Status
from hub.intake.answers import new_answers
from hub.intake.case import Case
from hub.intake.outcome import Outcome
from hub.intake.ruled import heed
from hub.record.promises import tell


async def take_overwritten(case: Case) -> Outcome:
    """Heed it by its time, and tell them so: what we pushed had been decided before it.

    A push may wait for hours; whoever moves the report there meanwhile decides later than it says.
    """
    # It is decided once: no later look takes it up again.
    over, status = Outcome("overtaken", complaint_id=case.complaint.id), case.news.status
    # By a clock that is ahead it may well be older than what holds.
    if status is None or case.said_at > case.at or await _is_heard(case, status):
        return over
    contest = case.contest(status)
    if contest.ruling.ends is not Ends.THEIRS or contest.theirs.at < contest.ours.at:
        return over
    outcome = await heed(case, status, await new_answers(case), shown_before=None)
    if case.complaint.status is status:
        await tell(
            case.work, case.complaint, case.source, upstreams=case.upstreams, at=case.at, note=None
        )
    return outcome


async def _is_heard(case: Case, status: Status) -> bool:
    last = await case.work.echoes.last_word(case.source.id)
    said = None if last is None else last[0]
    return status in (case.source.shown, case.complaint.status, said)
