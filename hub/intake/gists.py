"""What reports say, as matching compares it: read once, kept with its keys, read anew when it is old."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace

from hub.domain.matching import Told
from hub.domain.matching.gist import VERSION, Gist, tickets_in
from hub.domain.matching.keys import keys_of
from hub.domain.matching.reading import Reader
from hub.ports import Work
from hub.rows import Candidate, KeptReport


@dataclass(frozen=True, slots=True)
class Gists:
    """Part of the caller's transaction."""

    reader: Reader

    async def read(self, work: Work, reports: Sequence[KeptReport]) -> Gist:
        """The gist of what one person said in these reports."""
        return self.reader.read(await _told(work, reports))

    async def keep(self, work: Work, report: KeptReport, gist: Gist) -> None:
        """Keep it, to be found by its keys."""
        await work.matches.keep_gist(
            report.id, version=VERSION, said_at=report.said_at, gist=gist.to_json(), keys=keys_of(gist)
        )  # fmt: skip

    async def by_complaint(
        self, work: Work, candidates: Sequence[Candidate]
    ) -> dict[int, list[Gist]]:
        """Complaint -> the gists of those of its reports that were found."""
        gists: dict[int, list[Gist]] = defaultdict(list)
        for candidate in candidates:
            gists[candidate.complaint_id].append(await self._kept(work, candidate))
        return dict(gists)

    async def _kept(self, work: Work, candidate: Candidate) -> Gist:
        """As it was kept; read anew if the reading has learned something since."""
        if candidate.version == VERSION:
            return Gist.from_json(candidate.gist)
        kept = await work.reports.get([candidate.report_id])
        gist = replace(await self.read(work, kept), tickets=tickets_in(candidate.gist))
        await self.keep(work, kept[0], gist)
        return gist


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
