"""News of a status: applied, recognised as an echo, or kept as a conflict. Never silently overwritten."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from hub.contract.connector import Inspects
from hub.contract.news import Answer, StatusNews
from hub.domain.authority import Authorities, Rule
from hub.domain.clocks import ahead_of
from hub.domain.complaint import Source
from hub.domain.status import Status
from hub.intake.answers import new_answers
from hub.intake.case import EVERYBODY_ASKS, Case
from hub.intake.echoes import Ours, ours_coming_back
from hub.intake.outcome import Outcome
from hub.intake.overwritten import take_overwritten
from hub.intake.ruled import heed, stands
from hub.ports import Upstream, Work
from hub.record.speaking import speaking_for
from hub.rows import Card, How


async def take_status(
    work: Work,
    connector: str,
    news: StatusNews,
    *,
    upstreams: Mapping[str, Upstream],
    at: datetime,
    typed_by: str | None = None,
    is_dated: bool = True,
    how: How | None = None,
    authorities: Authorities = EVERYBODY_ASKS,
) -> Outcome:
    """Take in what a channel says of a complaint now; `typed_by` copied it from the channel's page.

    What a look shows (`how` it came) they show now, however they date it; a list tells what has changed.
    """
    found = await work.complaints.source(connector, news.external_id)
    if found is None:
        return Outcome("unknown_source", f"no complaint of ours is {news.external_id} there")
    complaint, found = await speaking_for(work, found.id)
    case = Case(
        work=work,
        complaint=complaint,
        source=found,
        news=news,
        upstreams=upstreams,
        at=at,
        typed_by=typed_by,
        authorities=authorities,
    )
    if typed_by is None:
        case.ahead = ahead_of(
            await work.echoes.clock(connector),
            tolerated=authorities.clock_tolerated,
            at_least=news.at - at,
        )
    if news.overwritten:
        return await take_overwritten(case)
    answers = await new_answers(case)
    # Our own words among the answers have just told the source something: look at it anew.
    source = case.source = await work.complaints.source_by_id(found.id) or found
    if news.by_then:
        await _heed_change(case, is_listed=how is How.POLL)
    if _is_outdated(case):
        if how is not How.INSPECT:
            return await case.answered(answers, word="known")
        _put_after(case, source.shown_at or news.at)
    was = replace(source)
    # What a person read off a page without its time must not outdate what the channel itself dates.
    source.shown_at = case.news.at if is_dated else source.shown_at
    source.their_status = news.theirs
    if news.status is None:
        return await _unknown_word(case, answers)
    return await _known_word(case, news.status, answers, was=was)


def _put_after(case: Case, shown_at: datetime) -> None:
    """It cannot have shown before we saw something else there: an officer has dated the act back."""
    if shown_at > case.at:
        # Or their clock has been put back since. What it was ahead by then says nothing of now.
        shown_at, case.ahead = case.at, timedelta()
    case.news = replace(case.news, at=shown_at)


async def _heed_change(case: Case, *, is_listed: bool) -> None:
    """They tell when something last changed there, and not what."""
    source, connector = case.source, case.upstreams[case.source.connector].connector
    is_news = source.shown_at is None or case.news.at > source.shown_at
    if is_listed and is_news and isinstance(connector, Inspects):
        # Only a look tells: it may be a word for the citizen.
        await case.work.looks.hasten(source.id, due_at=case.at)
    if case.news.status is source.shown and source.shown_at is not None:
        # It shows what it showed: whatever was written there since does not say it anew.
        case.news = replace(case.news, at=source.shown_at)


async def _known_word(
    case: Case, status: Status, answers: Sequence[Answer], *, was: Source
) -> Outcome:
    source = case.source
    if _is_echo(case, status):
        # They show what they can show after our follow-up: our own news coming back.
        source.shown, source.disagrees = case.complaint.status, None
        return await case.answered(answers, word="echo")
    if (word := await ours_coming_back(case, status)) is not None:
        source.shown, source.disagrees = status, None
        echo = await case.answered(answers, word="same" if word is Ours.SAME else "echo")
        return await stands(case, ()) if word is Ours.STALE else echo
    if await _is_unchanged(case, status, was):
        return await stands(case, answers)
    return await heed(case, status, answers, shown_before=was.shown)


def _is_outdated(case: Case) -> bool:
    """Whether the channel itself has said something else since; news comes in any order."""
    since, shown = case.source.shown_at, case.source.shown
    # Both by their own clock, whatever that is worth.
    return since is not None and case.news.at < since and case.news.status is not shown


def _is_echo(case: Case, status: Status) -> bool:
    """Whether they show just what our own news made them show."""
    ours = case.complaint.status
    if case.source.told != ours or status is ours:
        return False
    return status in case.mapping.shown_after(ours)


async def _is_unchanged(case: Case, status: Status, was: Source) -> bool:
    """Whether their word is what it was, and has been heard: a merge makes no news of it."""
    at = case.news.at
    if status is case.complaint.status:
        return False
    if status is Status.RECEIVED and was.shown in (None, Status.RECEIVED):
        # That it came in there is where a report begins, and nobody's word about it.
        case.source.shown = Status.RECEIVED
        return True
    if status is not was.shown:
        return False
    if was.shown_at is not None and at <= was.shown_at and not await _is_open(case, status, was):
        return True
    ledger = await case.work.matches.merges_of(case.complaint.id)
    return any(row.kind == "merge" and row.undone_at is None and at < row.at for row in ledger)


async def _is_open(case: Case, status: Status, was: Source) -> bool:
    """Whether it may be decided anew; which was said first a person is asked, and no time that goes by."""
    if was.disagrees is None:
        return False
    waiting = await case.work.conflicts.open_of(case.source.id)
    return not any(row.rule == Rule.CLOCK and row.theirs.status is status for row in waiting)


async def _unknown_word(case: Case, answers: Sequence[Answer]) -> Outcome:
    """Keep their word, pass on what was written, ask for the mapping to be mended."""
    name, theirs = case.source.connector, case.news.theirs
    await case.answered(answers, word="unknown_word")
    await case.work.cards.open(
        Card(
            key=f"word:{name}:{theirs.lower()[:100]}",
            kind="unknown_word",
            connector=name,
            complaint_id=case.complaint.id,
            text=f"Kata status «{theirs}» dari {case.title} belum dikenal "
            f"(aduan {case.complaint.ticket}). Status aduan tidak diubah.",
            next_step=f"Tambahkan kata itu ke [status_in] di mappings/{name}.toml, "
            "mulai ulang, lalu jalankan `hub replay`.",
        ),
        at=case.at,
    )
    return Outcome("unknown_word", f"status {theirs!r}", case.complaint.id)
