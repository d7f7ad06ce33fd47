"""Questions whose answer was taken back: two complaints that were parted wait for a person again."""

from hub.ports import Work
from hub.record.speaking import speaking
from hub.rows import Merge


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


async def ask_what_was_settled(work: Work, merge: Merge) -> None:
    """Reopen what this merge answered by itself; nobody ever did, and the two are two again."""
    for match_id in merge.before.get("settled", ()):
        match = await work.matches.get(match_id)
        if match is None or match.state != "done":
            continue
        (report,) = await work.reports.get([match.report_id])
        speaks = await speaking(work, match.complaint_id)
        if report.complaint_id != speaks.id:
            await work.matches.reopen(match_id)
