"""A report that speaks of a complaint we have joins it: one answer for everybody who said the same."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from hub.domain.complaint import Complaint, Source
from hub.domain.complaint import Outcome as Move
from hub.domain.matching import Match
from hub.domain.status import Status
from hub.intake.open import add_origin
from hub.intake.openings import drop_needless
from hub.intake.standing import as_kept
from hub.intake.voices import is_new_voice, said_by, tell_milestone
from hub.ports import Upstream, Work
from hub.record.promises import promise_status_to_others, tell
from hub.record.speaking import speaking
from hub.rows import KeptReport, Merge

HUB = "hub"
# Whoever says the same again within this time has just been told that we are at it.
TOLD_LATELY = timedelta(hours=24)


async def join(
    work: Work,
    complaint: Complaint,
    reports: Sequence[KeptReport],
    *,
    match: Match,
    upstreams: Mapping[str, Upstream],
    at: datetime,
    status: Status | None = None,
    status_at: datetime | None = None,
    their_status: str | None = None,
    listens: bool = True,
) -> Merge | None:
    """Add the reports of one person to a complaint, or to the one that speaks for it; the row of the ledger.

    None, and nothing is done, where one of the two has ended: what ended is no news of what goes on, and a
    trouble that returns is a new one; nor where one was told in confidence. The caller then opens a
    complaint. Upstreams are told how many said so, never each one's words and photos: in a flood night
    nobody reads forty.
    """
    complaint = await speaking(work, complaint.id)
    if complaint.status.is_final or (status is not None and status.is_final):
        return None
    if complaint.secret or any(report.secret for report in reports):
        return None
    first, known = reports[0], await work.complaints.sources(complaint.id)
    chat = _same_chat(known, first, upstreams.get(first.connector))
    since = (status_at or first.said_at).isoformat()
    before: dict[str, Any] = {
        "stays": as_kept(complaint), "mark": await work.complaints.mark(),
        "theirs": {"status": status or Status.RECEIVED, "at": since},
        "again": None, "named": [],
    }  # fmt: skip
    source = chat or await add_origin(
        work, complaint, upstreams.get(first.connector), first=first, at=at,
        their_status=their_status, shown=status if their_status else None, listens=listens,
    )  # fmt: skip
    await work.reports.assign([report.id for report in reports], complaint.id)
    before["dropped"] = await drop_needless(work, known, because=[source], who=HUB, at=at)
    voices = complaint.voices
    complaint.voices += is_new_voice(first, known, match)
    before["gained"] = complaint.voices - voices
    await work.complaints.save(complaint, at=at)
    if chat is not None:
        told = await _tell_again(work, complaint, chat, upstreams=upstreams, at=at)
        before["again"] = chat.id if told else None
    else:
        if status not in (None, Status.RECEIVED):
            # That it came in there, too, sets nobody back.
            moment = min(status_at or first.said_at, at)
            await _heed(
                work, complaint, source, status=status, since=moment, upstreams=upstreams, at=at
            )
        before["named"] = await _tell_new(
            work, complaint, source, known=known, upstreams=upstreams, at=at
        )
    before["milestone"] = await tell_milestone(
        work, complaint, known, before=voices, upstreams=upstreams, at=at
    )
    merge = Merge(
        id=0, kind="join", complaint_id=complaint.id, lost_id=None,
        report_ids=[report.id for report in reports], source_ids=[] if chat else [source.id],
        before=before, score=match.score, evidence=match.as_rows(), who=HUB, at=at,
    )  # fmt: skip
    return replace(merge, id=await work.matches.add_merge(merge))


def _same_chat(
    known: Sequence[Source], first: KeptReport, upstream: Upstream | None
) -> Source | None:
    """Where the same person spoke of it before, if it is a chat: there one answer is enough."""
    if upstream is None or not upstream.connector.traits.speaks_to_citizens:
        return None
    here = (first.connector, first.person_id, first.route)
    chats = [
        each
        for each in known
        if each.person_id is not None and (each.connector, each.person_id, each.route) == here
    ]
    # A merge leaves out the second chat with somebody: whoever is told anything is told there.
    return next(iter(sorted(chats, key=lambda each: not each.listens)), None)


async def _heed(
    work: Work,
    complaint: Complaint,
    source: Source,
    *,
    status: Status,
    since: datetime,
    upstreams: Mapping[str, Upstream],
    at: datetime,
) -> None:
    """The channel had got somewhere with it before we heard: that is news for all who know it."""
    before = complaint.status
    move = complaint.move_to(status, at=since, origin=source.connector)
    await work.complaints.add_history(
        complaint.id, before=before, status=status, at=since, known_at=at,
        origin=source.connector, outcome=move, note=None, source_id=source.id,
    )  # fmt: skip
    if move is Move.MOVED:
        await work.complaints.save(complaint, at=at)
        await promise_status_to_others(
            work, complaint, origin=source.id, upstreams=upstreams, at=at, note=None
        )


async def _tell_new(
    work: Work,
    complaint: Complaint,
    source: Source,
    *,
    known: Sequence[Source],
    upstreams: Mapping[str, Upstream],
    at: datetime,
) -> list[int]:
    """A citizen hears the ticket and that others said so too; a system what it does not show yet.

    The source, if it was given another number of the same upstream.
    """
    upstream = upstreams.get(source.connector)
    if upstream is not None and upstream.connector.traits.speaks_to_citizens:
        await tell(
            work, complaint, source, upstreams=upstreams, at=at, is_first=True, by_hub=True,
            note=said_by(complaint.voices),
        )  # fmt: skip
        return []
    note = known_there_as(complaint, source, known)
    if note or complaint.status is not (source.shown or Status.RECEIVED):
        await tell(work, complaint, source, upstreams=upstreams, at=at, note=note, by_hub=True)
    return [source.id] if note else []


def known_there_as(complaint: Complaint, source: Source, others: Sequence[Source]) -> str | None:
    """What an upstream is told that has the same trouble under another number of its own."""
    there = [each for each in others if each.connector == source.connector and each.listens]
    if not there or not source.listens:
        return None
    number = next((each.external_id for each in there if each.external_id), None)
    which = (
        f"laporan nomor {number} ({complaint.ticket})" if number else f"aduan {complaint.ticket}"
    )
    return f"Digabung dengan {which} karena membicarakan masalah yang sama."


async def _tell_again(
    work: Work,
    complaint: Complaint,
    chat: Source,
    *,
    upstreams: Mapping[str, Upstream],
    at: datetime,
) -> bool:
    """The same person says the same once more: politely, and not each time. Whether they are told."""
    ledger = await work.matches.merges_of(complaint.id)
    if any(row.before.get("again") == chat.id and at - row.at < TOLD_LATELY for row in ledger):
        return False
    note = " ".join(filter(None, ["Aduan ini masih kami tangani.", said_by(complaint.voices)]))
    return await tell(work, complaint, chat, upstreams=upstreams, at=at, note=note, by_hub=True)
