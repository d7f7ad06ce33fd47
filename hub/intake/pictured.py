"""A photo has come, mostly after its report was compared: the same picture elsewhere is shown to a person."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from hub.domain.matching import Verdict
from hub.domain.matching.gist import Gist
from hub.domain.matching.keys import looks_for
from hub.domain.matching.photos import same_photo
from hub.domain.matching.tables import Matching
from hub.intake.gists import Gists
from hub.intake.recognise import WINDOW
from hub.ports import Work


@dataclass(frozen=True, slots=True)
class Pictured:
    """`look` is part of the transaction in which the photo was stored; without `matching` it does nothing."""

    matching: Matching | None = None

    async def look(self, work: Work, report_id: int, *, complaint_id: int, at: datetime) -> None:
        """Have the report found by its photo, and ask a person where the photo is known already."""
        photos = (await work.files.photos_of([report_id])).get(report_id)
        if self.matching is None or not photos:
            return
        told = await work.matches.gists_of([complaint_id])
        # Of a turn its first report has the gist, and speaks for the others.
        spoken = [one for one in told if one.report_id <= report_id]
        if not spoken:
            return
        speaker = max(spoken, key=lambda one: one.report_id)
        gists = Gists(self.matching.reader)
        [gist] = (await gists.by_complaint(work, [speaker]))[complaint_id]
        gist = replace(gist, photos=gist.photos | photos)
        [report] = await work.reports.get([speaker.report_id])
        await gists.keep(work, report, gist)
        others = await self._with_that_photo(work, gist, apart_from=complaint_id, gists=gists)
        await self._ask(work, gist, report_id=report.id, others=others, at=at)

    async def _with_that_photo(
        self, work: Work, gist: Gist, *, apart_from: int, gists: Gists
    ) -> dict[int, list[Gist]]:
        found = await work.matches.candidates(
            looks_for(gist),
            since=gist.said_at - WINDOW,
            until=gist.said_at + WINDOW,
            apart_from=[],
        )
        near = await gists.by_complaint(work, found)
        with_it = {
            name: [one for one in theirs if same_photo(gist.photos, one.photos)]
            for name, theirs in near.items()
            if name != apart_from
        }
        return {name: theirs for name, theirs in with_it.items() if theirs}

    async def _ask(
        self,
        work: Work,
        gist: Gist,
        *,
        report_id: int,
        others: Mapping[int, Sequence[Gist]],
        at: datetime,
    ) -> None:
        """A picture may be sent on for show: whether it is the same trouble, a person says."""
        if self.matching is None:
            return
        for other_id, match in self.matching.matcher.choose(gist, others).matches.items():
            other = await work.complaints.get(other_id)
            asked = match.verdict is not Verdict.DIFFERENT and not other.status.is_final
            state = "open" if asked else "done"
            await work.matches.judged(report_id, other_id, match, state=state, at=at)
