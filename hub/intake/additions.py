"""What a citizen says after the complaint is open: kept with it and passed on to who handles it."""

from collections.abc import Mapping
from datetime import datetime

from hub.contract.news import Report
from hub.intake.outcome import Outcome
from hub.ports import Upstream, Work
from hub.record.promises import promise_addition


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
    """Keep a message that quotes one about a complaint we have."""
    report_id = await work.reports.add(
        connector, report, at=at, person_id=person_id, complaint_id=complaint_id
    )
    if report_id is None:
        return Outcome("known", "a message we have", complaint_id)
    await work.files.expect(connector, report_id, report.attachments, route=report.route, at=at)
    await promise_addition(
        work, complaint_id, [report_id], origin=connector, upstreams=upstreams, at=at
    )
    return Outcome("added", complaint_id=complaint_id)
