"""A photo has come, mostly after its report was compared: the same picture elsewhere is shown to a person."""

from collections import defaultdict
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from hub.domain.matching import Verdict
from hub.domain.matching.gist import VERSION, Gist
from hub.domain.matching.keys import keys_of, looks_for
from hub.domain.matching.photos import same_photo
from hub.domain.matching.tables import Matching
from hub.ports import Work

WINDOW = timedelta(days=62)


@dataclass(frozen=True, slots=True)
class Pictured:
    """`look` is part of the transaction in which the photo was stored; without `matching` it does nothing."""

    matching: Matching | None = None

    async def look(self, work: Work, report_id: int, *, complaint_id: int, at: datetime) -> None:
        """Have the report found by its photo, and ask a person where the photo is known already."""
        photos = (await work.files.photos_of([report_id])).get(report_id, frozenset())
        kept = await self._gist_beside(work, report_id, complaint_id)
        if self.matching is None or not photos or kept is None:
            return
        number, gist = kept
        gist = replace(gist, photos=gist.photos | photos)
        await work.matches.keep_gist(
            number, version=VERSION, said_at=gist.said_at, gist=gist.to_json(), keys=keys_of(gist)
        )
        others = await self._with_that_photo(work, gist, apart_from=complaint_id)
        for other_id, match in self.matching.matcher.choose(gist, others).matches.items():
            asked = match.verdict is not Verdict.DIFFERENT
            other = await work.complaints.get(other_id)
            state = "open" if asked and not other.status.is_final else "done"
            await work.matches.judged(number, other_id, match, state=state, at=at)

    async def _gist_beside(
        self, work: Work, report_id: int, complaint_id: int
    ) -> tuple[int, Gist] | None:
        """The gist that speaks for the report: its own, or that of the turn it was said in."""
        told = [
            one
            for one in await work.matches.gists_of([complaint_id])
            if one.report_id <= report_id
        ]
        if not told:
            return None
        nearest = max(told, key=lambda one: one.report_id)
        return nearest.report_id, Gist.from_json(nearest.gist)

    async def _with_that_photo(
        self, work: Work, gist: Gist, *, apart_from: int
    ) -> dict[int, list[Gist]]:
        found = await work.matches.candidates(
            looks_for(gist),
            since=gist.said_at - WINDOW,
            until=gist.said_at + WINDOW,
            apart_from=[],
        )
        gists: dict[int, list[Gist]] = defaultdict(list)
        for candidate in found:
            other = Gist.from_json(candidate.gist)
            if candidate.complaint_id != apart_from and same_photo(gist.photos, other.photos):
                gists[candidate.complaint_id].append(other)
        return dict(gists)
