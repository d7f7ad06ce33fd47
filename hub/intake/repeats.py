"""The desk for reports that may be the same: a person decides, and may undo it."""

from collections.abc import Mapping
from dataclasses import dataclass

import structlog

from hub.domain.complaint import Complaint
from hub.intake.merging import Why, lock_both, merge
from hub.intake.moves import MoveRefused, NoSuchComplaint
from hub.intake.parting import unmerge
from hub.intake.questions import ask_again, ask_what_was_settled
from hub.intake.signpost import DEFAULT, Signpost
from hub.ports import Begin, Clock, Upstream, Work
from hub.record.speaking import speaking
from hub.record.write import write_down
from hub.rows import Judged

log = structlog.get_logger()

DECISIONS = {"same": "sama", "different": "berbeda", "later": "nanti", "done": "selesai"}


@dataclass(frozen=True, slots=True)
class Merged:
    """What became one: the row of the ledger, the ticket that stays and the one that speaks no more."""

    merge_id: int
    stays: str
    lost: str


class Repeats:
    """Each decision is one transaction with all that follows from it.

    Each raises `NoSuchComplaint` or `MoveRefused`.
    """

    def __init__(
        self,
        *,
        begin: Begin,
        upstreams: Mapping[str, Upstream],
        clock: Clock,
        signpost: Signpost = DEFAULT,
    ) -> None:
        self._begin = begin
        self._upstreams = upstreams
        self._clock = clock
        self._signpost = signpost

    async def same(self, match_id: int, *, who: str) -> Merged:
        """They are the same: one complaint speaks for both."""

        async def write(work: Work) -> Merged:
            match = await self._decide(work, match_id, state="same", who=who)
            sides = await self._sides(work, match)
            if sides is None:
                raise MoveRefused("Laporan ini belum menjadi aduan; coba sebentar lagi.")
            stays, lost = which_stays(*sides)
            return await self._merge(
                work, stays, lost, why=Why(who, score=match.score, evidence=match.evidence)
            )

        return await write_down(self._begin, write)

    async def different(self, match_id: int, *, who: str) -> None:
        """They are two things; nothing changes."""
        await self._only(match_id, state="different", who=who)

    async def later(self, match_id: int, *, who: str) -> None:
        """Somebody looks at it another time."""
        await self._only(match_id, state="later", who=who)

    async def again(self, match_id: int, *, who: str) -> None:
        """What they decided waits once more. Refused while the two are one complaint."""

        async def write(work: Work) -> None:
            match = await self._match(work, match_id)
            if match.decided_by not in (None, who):
                raise MoveRefused(
                    f"Sudah diputuskan oleh {match.decided_by}: {DECISIONS.get(match.state, match.state)}. "
                    "Hanya ia yang dapat menariknya kembali."
                )
            sides = await self._sides(work, match)
            if sides is not None and sides[0].id == sides[1].id:
                raise MoveRefused(
                    f"Keduanya masih satu aduan: {sides[0].ticket}. Pisahkan dahulu, lalu putuskan "
                    "lagi."
                )
            await work.matches.reopen(match_id)

        await write_down(self._begin, write)
        log.info("repeat.asked_again", match_id=match_id, who=who)

    async def merge_tickets(self, stays: str, lost: str, *, who: str) -> Merged:
        """Merge two complaints that nobody asked about."""

        async def write(work: Work) -> Merged:
            first, second = await self._by_tickets(work, stays, lost)
            if first.status.is_final and not second.status.is_final:
                raise MoveRefused(
                    f"Aduan {first.ticket} sudah «{first.status.label}», {second.ticket} belum; "
                    f"gabungkan {first.ticket} ke {second.ticket}."
                )
            return await self._merge(work, first, second, why=Why(who))

        return await write_down(self._begin, write)

    async def undo(self, merge_id: int, *, who: str, why: str) -> str:
        """Part again what was merged; the ticket that speaks for it from now on."""

        async def write(work: Work) -> str:
            row = await work.matches.merge(merge_id)
            if row is None:
                raise NoSuchComplaint("Penggabungan ini tidak ada.")
            lost = await unmerge(
                work, row, who=who, why=why, upstreams=self._upstreams, at=self._clock(),
                signpost=self._signpost,
            )  # fmt: skip
            await ask_again(work, row.complaint_id, lost.id)
            await ask_what_was_settled(work, row)
            return lost.ticket

        return await write_down(self._begin, write)

    async def _merge(self, work: Work, stays: Complaint, lost: Complaint, *, why: Why) -> Merged:
        if stays.id == lost.id:
            raise MoveRefused(f"Keduanya sudah menjadi satu aduan: {stays.ticket}.")
        row = await merge(
            work, stays.id, lost.id, why=why, upstreams=self._upstreams, at=self._clock()
        )
        return Merged(row.id, stays.ticket, lost.ticket)

    async def _sides(self, work: Work, match: Judged) -> tuple[Complaint, Complaint] | None:
        """What speaks for both now, locked; None while the report is no complaint."""
        (report,) = await work.reports.get([match.report_id])
        if report.complaint_id is None:
            return None
        await lock_both(work, *sorted((report.complaint_id, match.complaint_id)))
        one = await speaking(work, report.complaint_id)
        return one, await speaking(work, match.complaint_id)

    async def _only(self, match_id: int, *, state: str, who: str) -> None:
        async def write(work: Work) -> None:
            await self._decide(work, match_id, state=state, who=who)

        await write_down(self._begin, write)

    async def _decide(self, work: Work, match_id: int, *, state: str, who: str) -> Judged:
        if not await work.matches.decide(match_id, state=state, who=who, at=self._clock()):
            raise await self._why_not(work, match_id)
        return await self._match(work, match_id)

    async def _why_not(self, work: Work, match_id: int) -> Exception:
        match = await self._match(work, match_id)
        sides = await self._sides(work, match) if match.state == "done" else None
        if sides is not None and sides[0].id == sides[1].id:
            return MoveRefused(f"Keduanya sudah menjadi satu aduan: {sides[0].ticket}.")
        decided = DECISIONS.get(match.state, match.state)
        by = f" oleh {match.decided_by}" if match.decided_by else ""
        return MoveRefused(f"Sudah diputuskan{by}: {decided}.")

    async def _match(self, work: Work, match_id: int) -> Judged:
        match = await work.matches.get(match_id)
        if match is None:
            raise NoSuchComplaint("Pasangan laporan ini tidak ada.")
        return match

    async def _by_tickets(self, work: Work, *tickets: str) -> list[Complaint]:
        found = {}
        # In an order that is the same for everybody.
        for ticket in sorted(set(tickets)):
            complaint = await work.complaints.by_ticket(ticket)
            if complaint is None:
                raise NoSuchComplaint(f"Tidak ada aduan dengan nomor {ticket}.")
            found[ticket] = await speaking(work, complaint.id)
        return [found[ticket] for ticket in tickets]


def which_stays(one: Complaint, other: Complaint) -> tuple[Complaint, Complaint]:
    """Which speaks for both: the one that goes on, else the one that was opened first."""
    first, second = sorted((one, other), key=lambda each: (each.status.is_final, each.id))
    return first, second
