"""A new complaint: its ticket, its sources, and what everybody is promised."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from hub.contract.connector import Inspects
from hub.domain.complaint import Complaint, Source, title_of
from hub.domain.place import Place
from hub.domain.routing import Decision
from hub.domain.status import Status
from hub.intake.emergency import raise_alarm
from hub.intake.signpost import DEFAULT, Signpost, show_dead_ends, speaker_of
from hub.ports import Upstream, Work
from hub.record.promises import can_be_told, lane_of, promise_status
from hub.rows import KeptReport, Kind, Promise

OPERATOR = "operator"


async def open_complaint(
    work: Work,
    reports: Sequence[KeptReport],
    *,
    upstreams: Mapping[str, Upstream],
    at: datetime,
    signpost: Signpost = DEFAULT,
    status: Status = Status.RECEIVED,
    status_at: datetime | None = None,
    their_status: str | None = None,
    listens: bool = True,
    source: Source | None = None,
    note: str | None = None,
) -> Complaint:
    """Make one complaint of reports from one channel and promise it to whom the rules point.

    `source`: where it came from, if another complaint had it until now. `note`: what the citizen is told.
    """
    first = reports[0]
    complaint = _complaint_of(
        reports, ticket=await work.complaints.next_ticket(at=at), status=status
    )
    # Nobody has said anything in the future, whatever the channel's clock says: later words must count.
    complaint.status_at = min(status_at or first.said_at, at)
    complaint.status_from = first.connector
    phrase = signpost.urgent(reports, at=at)
    decision = signpost.point(complaint, urgent=phrase is not None)
    complaint.routed_by = decision.rule
    await work.complaints.add(complaint, at=at)
    await work.reports.assign([report.id for report in reports], complaint.id)
    await work.complaints.add_history(
        complaint.id,
        before=None,
        status=status,
        at=complaint.status_at,
        known_at=at,
        origin=first.connector,
        outcome="moved",
        note=None,
    )
    if first.connector != OPERATOR:
        await _settle_in(
            work,
            complaint,
            upstreams.get(first.connector),
            first=first,
            at=at,
            their_status=their_status,
            listens=listens,
            source=source,
            note=note,
        )
    await _promise_openings(
        work, complaint, reports, decision=decision, upstreams=upstreams, at=at
    )
    await show_dead_ends(work, complaint, decision, upstreams=upstreams, at=at)
    if phrase is not None:
        await raise_alarm(
            work, speaker_of(first), phrase, upstreams=upstreams, at=at, ticket=complaint.ticket
        )
    return complaint


async def _settle_in(
    work: Work,
    complaint: Complaint,
    origin: Upstream | None,
    *,
    first: KeptReport,
    at: datetime,
    their_status: str | None,
    listens: bool,
    source: Source | None,
    note: str | None,
) -> None:
    """The channel it came from: a citizen is told the ticket, a system is looked at from now on."""
    if source is None:
        source = await add_origin(
            work, complaint, origin, first=first, at=at, their_status=their_status,
            shown=complaint.status if their_status else None, listens=listens,
        )  # fmt: skip
    else:
        await work.complaints.repoint([source.id], complaint.id)
    if origin is not None and origin.connector.traits.speaks_to_citizens:
        await promise_status(
            work, complaint, source, at=at, note=note, is_first=True, by_hub=note is not None
        )


async def add_origin(
    work: Work,
    complaint: Complaint,
    origin: Upstream | None,
    *,
    first: KeptReport,
    at: datetime,
    their_status: str | None,
    shown: Status | None,
    listens: bool,
) -> Source:
    """The channel that a report came from knows the complaint; a system is looked at from now on."""
    source = Source(
        id=0,
        complaint_id=complaint.id,
        connector=first.connector,
        external_id=first.external_id,
        person_id=first.person_id,
        route=first.route,
        their_status=their_status,
        shown=shown,
        shown_at=at if shown else None,
        listens=listens,
        thread_id=complaint.id,
    )
    source.id = await work.complaints.add_source(
        complaint.id,
        connector=source.connector,
        external_id=source.external_id,
        at=at,
        by=source.connector,
        person_id=source.person_id,
        route=source.route,
        their_status=their_status,
        shown=shown,
        listens=listens,
    )
    connector = origin.connector if origin else None
    if isinstance(connector, Inspects) and not connector.traits.speaks_to_citizens:
        due_at = at + connector.traits.inspect_every
        await work.looks.plan([source.id], due_at=due_at)
    return source


async def _promise_openings(
    work: Work,
    complaint: Complaint,
    reports: Sequence[KeptReport],
    *,
    decision: Decision,
    upstreams: Mapping[str, Upstream],
    at: datetime,
) -> None:
    """Promise it to whom the rules point; what has come to its end before we heard of it, to nobody."""
    if complaint.status.is_final:
        return
    for name, upstream in upstreams.items():
        if name == reports[0].connector or not decision.includes(name):
            continue
        if not upstream.connector.traits.takes_complaints:
            continue
        source = Source(id=0, complaint_id=complaint.id, connector=name, external_id=None)
        source.id = await work.complaints.add_source(
            complaint.id, connector=name, external_id=None, at=at, by="hub"
        )
        await work.outbox.promise(
            Promise(
                connector=name,
                kind=Kind.OPENING,
                lane=lane_of(complaint.id),
                content={"report_ids": [report.id for report in reports]},
                complaint_id=complaint.id,
                source_id=source.id,
                needed=True,
            ),
            at=at,
        )
        if complaint.status is not Status.RECEIVED and can_be_told(upstream.connector):
            # A list brings what is under way already; whoever gets it is told so.
            await promise_status(
                work, complaint, source, at=at, note=None,
                needed=upstream.connector.traits.needs_every_step,
            )  # fmt: skip


def _complaint_of(reports: Sequence[KeptReport], *, ticket: str, status: Status) -> Complaint:
    first = reports[0]
    text = "\n".join(report.text.strip() for report in reports if report.text.strip())
    pinned = next((r for r in reports if Place(r.latitude, r.longitude).has_point), None)
    worded = next((r.place for r in reports if r.place), None)
    return Complaint(
        id=0,
        ticket=ticket,
        title=first.title or title_of(text) or "Laporan tanpa kata-kata",
        text=text or "(Pelapor mengirim lampiran atau lokasi tanpa kata-kata.)",
        said_at=min(report.said_at for report in reports),
        status=status,
        status_at=first.said_at,
        status_from=first.connector,
        category=next((r.category for r in reports if r.category), None),
        place=Place(
            pinned.latitude if pinned else None, pinned.longitude if pinned else None, worded
        ),
        anonymous=any(report.anonymous for report in reports),
        secret=any(report.secret for report in reports),
    )
