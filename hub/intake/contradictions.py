"""What a person decides about a contradiction: their word, or ours, whatever the rules said."""

from collections.abc import Mapping
from datetime import datetime

from hub.domain.complaint import Complaint
from hub.domain.status import Status
from hub.intake.moves import By, MoveRefused, NoSuchComplaint, decided, refuse_merged
from hub.intake.open import OPERATOR
from hub.ports import Begin, Clock, Upstream, Work
from hub.record.speaking import speaking


class Contradictions:
    """Each decision is one transaction; every channel is told what holds."""

    def __init__(self, *, begin: Begin, upstreams: Mapping[str, Upstream], clock: Clock) -> None:
        self._begin = begin
        self._upstreams = upstreams
        self._clock = clock

    async def decide(
        self, conflict_id: int, *, status: Status, who: str, why: str | None = None
    ) -> str:
        """Say what holds; the ticket. Raises `NoSuchComplaint` or `MoveRefused`, with a sentence.

        Either side may be chosen, though the lattice would not lead there: a person has looked.
        """
        now = self._clock()
        async with self._begin() as work:
            conflict = await work.conflicts.get(conflict_id)
            if conflict is None:
                raise NoSuchComplaint(f"Tidak ada pertentangan bernomor {conflict_id}.")
            complaint = await speaking(work, conflict.complaint_id)
            sides = {conflict.ours.status, conflict.theirs.status, complaint.status}
            if status not in sides:
                known = " atau ".join(sorted(f"«{each.label}»" for each in sides))
                raise MoveRefused(f"Pilih {known}; status lain lewat halaman aduannya.")
            await self._move(work, complaint, status, by=By(who, why=why), at=now)
            await work.conflicts.decide(conflict_id, status=status, by=who, at=now)
        return complaint.ticket

    async def release(
        self, ticket: str, *, status: Status, who: str, why: str | None = None
    ) -> str:
        """Let the channels' words count again for a complaint that was held, from this status on."""
        now = self._clock()
        async with self._begin() as work:
            complaint = await work.complaints.by_ticket(ticket)
            if complaint is None:
                raise NoSuchComplaint(f"Tidak ada aduan dengan nomor {ticket}.")
            await refuse_merged(work, complaint)
            if complaint.held_at is None:
                raise MoveRefused(f"Aduan {ticket} tidak sedang ditahan.")
            await self._move(work, complaint, status, by=By(who, why=why), at=now)
        return ticket

    async def _move(
        self, work: Work, complaint: Complaint, status: Status, *, by: By, at: datetime
    ) -> None:
        if status is Status.REFERRED and not complaint.agency:
            raise MoveRefused(
                "Sebutkan instansi yang berwenang: pindahkan aduan ini dari halamannya sendiri."
            )
        before = complaint.status
        # A source's clock may run ahead of ours; a person deciding now decides last.
        complaint.status, complaint.status_at = status, max(at, complaint.status_at)
        complaint.status_from = f"{OPERATOR}:{by.who}"
        await decided(work, complaint, by, before=before, upstreams=self._upstreams, at=at)
