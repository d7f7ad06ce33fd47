"""A report has come: it joins the complaint it speaks of, a person is asked, or a new one opens."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

from hub.contract.news import Report
from hub.domain.complaint import Complaint
from hub.domain.matching.choice import Choice
from hub.domain.matching.gist import Gist
from hub.domain.matching.keys import looks_for
from hub.domain.matching.tables import Matching
from hub.intake.asking import ask_again, merge_unasked, note
from hub.intake.gists import Gists
from hub.intake.joining import join
from hub.intake.open import open_complaint
from hub.intake.signpost import DEFAULT, Signpost
from hub.ports import Upstream, Work
from hub.record.speaking import speaking
from hub.rows import KeptReport

# A trouble that nobody spoke of for so long is another one.
WINDOW = timedelta(days=62)


@dataclass(frozen=True, slots=True)
class Arrived:
    """What became of reports: the complaint that has them now, and whether it was there before."""

    complaint: Complaint
    joined: bool


@dataclass(frozen=True, slots=True)
class Recognise:
    """`take_in` is part of the caller's transaction. Without `matching` every report opens a complaint."""

    upstreams: Mapping[str, Upstream]
    matching: Matching | None = None
    signpost: Signpost = DEFAULT
    window: timedelta = field(default=WINDOW)

    async def take_in(
        self,
        work: Work,
        reports: Sequence[KeptReport],
        *,
        at: datetime,
        report: Report | None = None,
    ) -> Arrived:
        """Join the complaint that the reports of one person speak of, or open one.

        `report`: what the channel said beside the words, if it was one piece.
        """
        if self.matching is None:
            return Arrived(await self._open(work, reports, report=report, at=at), joined=False)
        return await self._compared(work, reports, matching=self.matching, report=report, at=at)

    async def _compared(
        self,
        work: Work,
        reports: Sequence[KeptReport],
        *,
        matching: Matching,
        report: Report | None,
        at: datetime,
    ) -> Arrived:
        gists, first = Gists(matching.reader), reports[0]
        # Two reports of one trouble at the same moment would not see each other.
        await work.matches.one_at_a_time()
        gist = await gists.read(work, reports)
        near = await self._near(work, gist, apart_from=reports, gists=gists)
        choice = matching.matcher.choose(gist, near)
        joined = await self._join(work, choice, reports=reports, report=report, at=at)
        complaint = joined or await self._open(work, reports, report=report, at=at)
        # Citizens quote the ticket that we tell them.
        gist = replace(gist, tickets=frozenset({complaint.ticket.lower()}))
        await gists.keep(work, first, gist)
        has_joined = joined is not None
        await note(work, choice, about=complaint, report_id=first.id, joined=has_joined, at=at)
        if has_joined:
            await ask_again(
                work, complaint.id, gists=gists, matcher=matching.matcher,
                upstreams=self.upstreams, at=at,
            )  # fmt: skip
        return Arrived(complaint, has_joined)

    async def _open(
        self, work: Work, reports: Sequence[KeptReport], *, report: Report | None, at: datetime
    ) -> Complaint:
        return await open_complaint(
            work, reports, upstreams=self.upstreams, at=at, signpost=self.signpost,
            **_beside(report),
        )  # fmt: skip

    async def _near(
        self, work: Work, gist: Gist, *, apart_from: Sequence[KeptReport], gists: Gists
    ) -> dict[int, list[Gist]]:
        """The complaints that share keys with it, each with those of its reports that do."""
        found = await work.matches.candidates(
            looks_for(gist), since=_shifted(gist.said_at, -self.window),
            until=_shifted(gist.said_at, self.window),
            apart_from=[report.id for report in apart_from],
        )  # fmt: skip
        return await gists.by_complaint(work, found)

    async def _join(
        self,
        work: Work,
        choice: Choice,
        *,
        reports: Sequence[KeptReport],
        report: Report | None,
        at: datetime,
    ) -> Complaint | None:
        """The complaint that it joined; None if there is none that it may join unasked."""
        same = choice.same
        if same is None or self._is_for_people(reports, report, at=at):
            return None
        match = choice.matches[same]
        for twin in choice.twins[1:]:
            both = (choice.twins[0], twin)
            await merge_unasked(work, both, match=match, upstreams=self.upstreams, at=at)
        row = await join(
            work, await speaking(work, same), reports, match=match, upstreams=self.upstreams,
            at=at, **_beside(report),
        )  # fmt: skip
        return None if row is None else await speaking(work, row.complaint_id)

    def _is_for_people(
        self, reports: Sequence[KeptReport], report: Report | None, *, at: datetime
    ) -> bool:
        """What the hub joins to nothing: told in confidence, ended before it came, or an emergency."""
        if any(one.secret for one in reports):
            return True
        if report is not None and report.status is not None and report.status.is_final:
            return True
        # An emergency is its own: it raises its alarm and takes its own way.
        return self.signpost.urgent(reports, at=at) is not None


def _shifted(at: datetime, by: timedelta) -> datetime:
    """A channel may say any year; there is none before the first and after the last."""
    try:
        return at + by
    except OverflowError:
        return at


def _beside(report: Report | None) -> dict[str, Any]:
    """What the channel said beside the words."""
    if report is None:
        return {}
    status: dict[str, Any] = {"status": report.status} if report.status else {}
    return status | {
        "status_at": report.status_at,
        "their_status": report.their_status,
        "listens": report.wants_news,
    }
