"""Two complaints turn out to be one: the one that stays speaks for both, in one transaction."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from hub.domain.complaint import Complaint, Source
from hub.intake.additions import late_words_key, show_late_words
from hub.intake.carried_hold import carry_hold
from hub.intake.joining import known_there_as
from hub.intake.moves import MoveRefused
from hub.intake.openings import drop_needless, leave_out
from hub.intake.standing import OPERATOR, as_kept
from hub.intake.voices import people_in, tell_milestone
from hub.ports import Upstream, Work
from hub.record.promises import tell
from hub.rows import Merge


@dataclass(frozen=True, slots=True)
class Why:
    """On which evidence two complaints are merged, and who says so."""

    who: str
    score: float | None = None
    evidence: Sequence[Mapping[str, Any]] = ()


async def merge(
    work: Work,
    stays_id: int,
    lost_id: int,
    *,
    why: Why,
    upstreams: Mapping[str, Upstream],
    at: datetime,
) -> Merge:
    """Let one complaint speak for the other: its reports and sources move, and everybody there is told.

    Raises `MoveRefused` where another complaint speaks for one of them already, and where one was told in
    confidence and the other was not.
    """
    stays, lost = await lock_both(work, stays_id, lost_id)
    for each in (stays, lost):
        if each.merged_into is not None or stays.id == lost.id:
            raise MoveRefused(f"Aduan {each.ticket} sudah digabung; muat ulang halamannya.")
    _refuse_secret(stays, lost)
    theirs, ours = await work.complaints.sources(lost.id), await work.complaints.sources(stays.id)
    report_ids = await work.complaints.report_ids(lost.id)
    before: dict[str, Any] = {
        "stays": as_kept(stays), "lost": as_kept(lost), "mark": await work.complaints.mark(),
    }  # fmt: skip
    known = [source for source in theirs if source.external_id]
    await carry_hold(work, lost, stays, who=why.who, at=at)
    before |= await _take_cards(work, lost, stays, who=why.who, at=at)
    before["dropped"] = [
        *await drop_needless(work, theirs, because=ours, who=why.who, at=at),
        *await drop_needless(work, ours, because=known, who=why.who, at=at),
    ]
    voices = stays.voices
    stays.voices += max(lost.voices - len(people_in(theirs) & people_in(ours)), 0)
    before["gained"] = stays.voices - voices
    await work.reports.assign(report_ids, stays.id)
    await work.complaints.repoint([source.id for source in theirs], stays.id)
    lost.merged_into = stays.id
    for each in (stays, lost):
        await work.complaints.save(each, at=at)
    before["settled"] = await work.matches.settle_between(stays.id)
    await _note(work, stays, f"Aduan {lost.ticket} digabung ke sini.", who=why.who, at=at)
    await _note(work, lost, f"Digabung ke aduan {stays.ticket}.", who=why.who, at=at)
    before["named"] = await _tell_moved(
        work, stays, lost, theirs=theirs, ours=ours, upstreams=upstreams, at=at
    )
    before["dropped"] += [
        {"source": source.id, "parcels": []}
        for source in await _same_chats(work, theirs, ours, upstreams=upstreams)
    ]
    before["milestone"] = await tell_milestone(
        work, stays, ours, before=voices, upstreams=upstreams, at=at
    )
    row = Merge(
        id=0, kind="merge", complaint_id=stays.id, lost_id=lost.id, report_ids=report_ids,
        source_ids=[source.id for source in theirs], before=before, score=why.score,
        evidence=why.evidence, who=why.who, at=at,
    )  # fmt: skip
    return replace(row, id=await work.matches.add_merge(row))


def _refuse_secret(one: Complaint, other: Complaint) -> None:
    """What is added to a complaint goes to all its channels: what was told in confidence would, too."""
    if one.secret is other.secret:
        return
    secret, known = (one, other) if one.secret else (other, one)
    raise MoveRefused(
        f"Aduan {secret.ticket} bersifat rahasia, {known.ticket} tidak; keduanya tidak dapat digabung."
    )


async def lock_both(work: Work, one: int, other: int) -> tuple[Complaint, Complaint]:
    """Both complaints, locked in an order that is the same for everybody."""
    locked = {number: await work.complaints.get(number) for number in sorted({one, other})}
    return locked[one], locked[other]


async def _take_cards(
    work: Work, lost: Complaint, stays: Complaint, *, who: str, at: datetime
) -> dict[str, Any]:
    """What waits for a person about the lost one is about the one that stays: what undoing brings back."""
    late = await work.cards.close(late_words_key(lost), at=at, by=who)
    # Where the one that stays goes on, the citizen's answer is one more word about it.
    shown = late and await show_late_words(work, stays.id, at=at)
    keys = await work.cards.keys_about(lost.id)
    await work.cards.repoint(keys, stays.id)
    return {"cards": keys, "late_words": late, "late_words_here": shown}


async def _note(work: Work, complaint: Complaint, note: str, *, who: str, at: datetime) -> None:
    await work.complaints.add_history(
        complaint.id, before=complaint.status, status=complaint.status, at=at, known_at=at,
        origin=f"{OPERATOR}{who}", outcome="merged", note=note,
    )  # fmt: skip


async def _tell_moved(
    work: Work,
    stays: Complaint,
    lost: Complaint,
    *,
    theirs: Sequence[Source],
    ours: Sequence[Source],
    upstreams: Mapping[str, Upstream],
    at: datetime,
) -> list[int]:
    """Citizens hear which ticket speaks for theirs; a system hears what changes for it.

    The sources that were given another number of the same upstream.
    """
    named = []
    for source in theirs:
        upstream = upstreams.get(source.connector)
        if upstream is None:
            continue
        note = known_there_as(stays, source, ours)
        if note is not None:
            named.append(source.id)
        if upstream.connector.traits.speaks_to_citizens:
            note = (
                f"Aduan Anda {lost.ticket} kami gabung dengan {stays.ticket} karena membicarakan "
                "masalah yang sama."
            )
        elif note is None and stays.status is not lost.status:
            note = f"Digabung dengan aduan {stays.ticket} karena membicarakan masalah yang sama."
        if note is not None:
            await tell(work, stays, source, upstreams=upstreams, at=at, note=note, by_hub=True)
    return named


async def _same_chats(
    work: Work,
    theirs: Sequence[Source],
    ours: Sequence[Source],
    *,
    upstreams: Mapping[str, Upstream],
) -> list[Source]:
    """Leave out the second chat with somebody who spoke of both: nobody is told everything twice."""
    here = {(each.connector, each.person_id, each.route) for each in ours if each.listens}
    twice = [
        each
        for each in theirs
        if each.listens
        and each.person_id is not None
        and (each.connector, each.person_id, each.route) in here
        and each.connector in upstreams
        and upstreams[each.connector].connector.traits.speaks_to_citizens
    ]
    for source in twice:
        await leave_out(work, source)
    return twice
