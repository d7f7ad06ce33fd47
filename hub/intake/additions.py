"""What a citizen says after the complaint is open: kept with it and passed on to who handles it."""

from collections.abc import Mapping
from datetime import datetime

from hub.contract.news import Report
from hub.domain.complaint import Complaint
from hub.intake.outcome import Outcome
from hub.ports import Upstream, Work
from hub.record.promises import promise_addition
from hub.record.speaking import speaking
from hub.rows import Card


async def add_to_complaint(
    work: Work,
    connector: str,
    report: Report,
    *,
    complaint_id: int,
    person_id: int | None,
    upstreams: Mapping[str, Upstream],
    at: datetime,
) -> Outcome:
    """Keep a message that quotes one about a complaint we have, or about one that was merged into it."""
    complaint_id = (await speaking(work, complaint_id)).id
    report_id = await work.reports.add(
        connector, report, at=at, person_id=person_id, complaint_id=complaint_id
    )
    if report_id is None:
        return Outcome("known", "a message we have", complaint_id)
    await work.files.expect(connector, report_id, report.attachments, route=report.route, at=at)
    await promise_addition(
        work, complaint_id, [report_id], origin=connector, upstreams=upstreams, at=at
    )
    await show_late_words(work, complaint_id, at=at)
    return Outcome("added", complaint_id=complaint_id)


def late_words_key(complaint: Complaint) -> str:
    """One card for a complaint, however much is said after its end."""
    return f"late_words:{complaint.ticket}"


async def show_late_words(work: Work, complaint_id: int, *, at: datetime) -> bool:
    """A citizen speaks of a complaint that has ended: a person decides whether it is opened again.

    True if that asks for a card which is not there yet.
    """
    complaint = await work.complaints.get(complaint_id)
    if not complaint.status.is_final:
        return False
    return await work.cards.open(
        Card(
            key=late_words_key(complaint),
            kind="late_words",
            complaint_id=complaint.id,
            text=f"Pelapor menanggapi aduan {complaint.ticket} yang sudah «{complaint.status.label}».",
            next_step="Baca tanggapannya; bila masalahnya belum selesai, buka kembali aduannya dengan "
            "alasan. Bila tidak, tutup kartu ini.",
        ),
        at=at,
    )
