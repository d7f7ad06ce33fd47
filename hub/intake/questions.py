"""Questions whose answer was taken back: two complaints that were parted wait for a person again."""

from hub.ports import Work
from hub.record.speaking import speaking


async def ask_again(work: Work, one_id: int, other_id: int) -> None:
    """Reopen what a person once answered with "same" about two complaints that are two again."""
    both = {one_id, other_id}
    report_ids = [
        report_id
        for complaint_id in sorted(both)
        for report_id in await work.complaints.report_ids(complaint_id)
    ]
    for report in await work.reports.get(report_ids):
        for match in await work.matches.of_report(report.id):
            if match.state != "same":
                continue
            speaks = await speaking(work, match.complaint_id)
            if {report.complaint_id, speaks.id} == both:
                await work.matches.reopen(match.id)
