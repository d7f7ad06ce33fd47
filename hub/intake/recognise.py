"""A report has come: does it speak of a complaint we have? It joins one, a person is asked, or a new one opens."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

from hub.contract.news import Report
from hub.domain.complaint import Complaint
from hub.domain.matching import Match, Verdict
from hub.domain.matching.gist import VERSION, Gist
from hub.domain.matching.keys import keys_of, looks_for
from hub.domain.matching.matcher import Choice
from hub.domain.matching.said import Told
from hub.domain.matching.tables import Matching
from hub.intake.joining import join
from hub.intake.merging import Why, lock_both, merge
from hub.intake.open import open_complaint
from hub.intake.repeats import which_stays
from hub.intake.signpost import DEFAULT, Signpost
from hub.ports import Upstream, Work
from hub.record.speaking import speaking
from hub.rows import Candidate, KeptReport

HUB = "hub"
WINDOW = timedelta(days=62)
# As many verdicts are kept for whoever asks why; the rest was less like it still.
KEPT = 5
ASKED_AT_MOST = 2
ASKED_AGAIN_AT_MOST = 8


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
            return Arrived(await self._open(work, reports, report, at=at), joined=False)
        gist = self.matching.reader.read(await _told(work, reports))
        complaints = await self._near(work, gist, reports)
        choice = self.matching.matcher.choose(gist, complaints)
        joined = await self._join(work, choice, reports, report, at=at)
        complaint = joined or await self._open(work, reports, report, at=at)
        gist = replace(gist, tickets=frozenset({complaint.ticket.lower()}))
        await work.matches.keep_gist(
            reports[0].id, version=VERSION, said_at=reports[0].said_at, gist=gist.to_json(),
            keys=keys_of(gist),
        )  # fmt: skip
        await self._note(work, choice, reports[0].id, complaint, joined=joined is not None, at=at)
        if joined is not None:
            await self._ask_again(work, complaint.id, at=at)
        return Arrived(complaint, joined is not None)

    async def _open(
        self, work: Work, reports: Sequence[KeptReport], report: Report | None, *, at: datetime
    ) -> Complaint:
        return await open_complaint(
            work, reports, upstreams=self.upstreams, at=at, signpost=self.signpost,
            **_beside(report),
        )  # fmt: skip

    async def _near(
        self, work: Work, gist: Gist, reports: Sequence[KeptReport]
    ) -> dict[int, list[Gist]]:
        """The complaints that share keys with it, each with those of its reports that do."""
        found = await work.matches.candidates(
            looks_for(gist), since=gist.said_at - self.window, until=gist.said_at + self.window,
            apart_from=[report.id for report in reports],
        )  # fmt: skip
        return await self._by_complaint(work, found)

    async def _by_complaint(self, work: Work, found: Sequence[Candidate]) -> dict[int, list[Gist]]:
        gists: dict[int, list[Gist]] = defaultdict(list)
        for candidate in found:
            gists[candidate.complaint_id].append(await self._gist(work, candidate))
        return dict(gists)

    async def _gist(self, work: Work, candidate: Candidate) -> Gist:
        """As it was kept; read anew if the reading has learned something since."""
        if candidate.version == VERSION or self.matching is None:
            return Gist.from_json(candidate.gist)
        kept = await work.reports.get([candidate.report_id])
        gist = self.matching.reader.read(await _told(work, kept))
        await work.matches.keep_gist(
            candidate.report_id, version=VERSION, said_at=kept[0].said_at, gist=gist.to_json(),
            keys=keys_of(gist),
        )  # fmt: skip
        return gist

    async def _join(
        self,
        work: Work,
        choice: Choice,
        reports: Sequence[KeptReport],
        report: Report | None,
        *,
        at: datetime,
    ) -> Complaint | None:
        """The complaint that it joined; None if there is none that it may join unasked."""
        same = choice.same
        # What somebody told in confidence is put to others' words by people only.
        if same is None or any(one.secret for one in reports):
            return None
        match = choice.matches[same]
        if choice.twins is not None and not await self._merge(work, *choice.twins, match, at=at):
            return None
        row = await join(
            work, await speaking(work, same), reports, match=match, upstreams=self.upstreams,
            at=at, **_beside(report),
        )  # fmt: skip
        return None if row is None else await speaking(work, row.complaint_id)

    async def _merge(
        self, work: Work, one_id: int, other_id: int, match: Match, *, at: datetime
    ) -> bool:
        """Let one complaint speak for both, on the evidence of a report that belongs to either."""
        one, other = await speaking(work, one_id), await speaking(work, other_id)
        if one.id == other.id:
            return True
        await lock_both(work, *sorted((one.id, other.id)))
        if one.status.is_final or other.status.is_final or one.secret or other.secret:
            return False
        stays, lost = which_stays(one, other)
        why = Why(HUB, score=match.score, evidence=match.as_rows())
        await merge(work, stays.id, lost.id, why=why, upstreams=self.upstreams, at=at)
        await work.matches.settle_between(stays.id)
        return True

    async def _note(
        self,
        work: Work,
        choice: Choice,
        report_id: int,
        complaint: Complaint,
        *,
        joined: bool,
        at: datetime,
    ) -> None:
        """Keep the verdicts, and have a person asked about what is perhaps the same."""
        asked = 0
        for other_id, match in list(choice.matches.items())[:KEPT]:
            state = "done"
            if not joined and match.verdict is not Verdict.DIFFERENT:
                other = await speaking(work, other_id)
                if other.status.is_final or match.returns:
                    # What has ended is not opened by a repeat: it is a new trouble, linked to the old.
                    if complaint.continues is None:
                        complaint.continues = other.id
                        await work.complaints.save(complaint, at=at)
                if not other.status.is_final and asked < ASKED_AT_MOST:
                    state, asked = "open", asked + 1
            await work.matches.judged(report_id, other_id, match, state=state, at=at)

    async def _ask_again(self, work: Work, complaint_id: int, *, at: datetime) -> None:
        """It has told more now: what a person was to be asked about it may have become clear."""
        assert self.matching is not None  # noqa: S101 - only who matches asks
        for other_id in (await work.matches.asked_with(complaint_id))[:ASKED_AGAIN_AT_MOST]:
            sides = await work.matches.gists_of([complaint_id, other_id])
            if len(by_side := await self._by_complaint(work, sides)) < 2:
                continue
            few = min(by_side, key=lambda one: len(by_side[one]))
            near_ids = await work.matches.asked_with(few)
            near = await self._by_complaint(work, await work.matches.gists_of(near_ids))
            united = self.matching.matcher.unite(by_side[few], near)
            if united is not None:
                await self._merge(work, united[0], few, united[1], at=at)
                return


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


async def _told(work: Work, reports: Sequence[KeptReport]) -> Told:
    """What one person said in these reports, as matching needs it."""
    first = reports[0]
    pinned = next((r for r in reports if r.latitude is not None and r.longitude is not None), None)
    words = [r.text for r in reports] + [r.place for r in reports if r.place]
    photos = await work.files.photos_of([r.id for r in reports])
    person = next((r.person_id for r in reports if r.person_id is not None), None)
    return Told(
        text="\n".join(filter(None, [first.title, *words])),
        said_at=first.said_at,
        channel=first.connector,
        number=first.external_id,
        person=None if person is None else str(person),
        category=next((r.category for r in reports if r.category), None),
        latitude=pinned.latitude if pinned else None,
        longitude=pinned.longitude if pinned else None,
        photos=frozenset().union(*photos.values()),
    )
