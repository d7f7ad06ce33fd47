"""What a person decides about a contradiction: their word, or ours, whatever the rules said."""

from collections.abc import Mapping
from datetime import datetime

from hub.domain.complaint import Complaint
from hub.domain.status import Status
from hub.intake.decided import By, decided
from hub.intake.moves import MoveRefused, NoSuchComplaint, refuse_merged
from hub.intake.open import OPERATOR
from hub.ports import Begin, Clock, Upstream, Work
from hub.record.speaking import speaking_for
from hub.record.write import write_down
from hub.rows import Conflict


class Contradictions:
    """Each decision is one transaction; every channel that does not know is told what holds.

    `holds`: the status that the person saw; another one by now means that somebody was quicker.
    """

    def __init__(self, *, begin: Begin, upstreams: Mapping[str, Upstream], clock: Clock) -> None:
        self._begin = begin
        self._upstreams = upstreams
        self._clock = clock

    async def decide(
        self,
        conflict_id: int,
        *,
        status: Status,
        who: str,
        why: str | None = None,
        holds: Status | None = None,
    ) -> str:
        """Say what holds; the ticket. Raises `NoSuchComplaint` or `MoveRefused`, with a sentence.

        Either side may be chosen, though the lattice would not lead there: a person has looked.
        """
        now = self._clock()

        async def write(work: Work) -> str:
            seen = await work.conflicts.seen(conflict_id)
            if seen is None:
                raise NoSuchComplaint(f"Tidak ada pertentangan bernomor {conflict_id}.")
            complaint, _ = await speaking_for(work, seen.source_id)
            # Who holds the complaint may have ended it while we waited.
            conflict = await work.conflicts.seen(conflict_id) or seen
            self._refuse_overtaken(complaint, holds)
            await _refuse_elsewhere(work, complaint, conflict)
            _refuse_other(complaint, conflict, status)
            await self._move(work, complaint, status, by=By(who, why=why), at=now, known=conflict)
            await work.conflicts.decide(conflict_id, status=status, by=who, at=now)
            return complaint.ticket

        return await write_down(self._begin, write)

    async def release(
        self,
        ticket: str,
        *,
        status: Status,
        who: str,
        why: str | None = None,
        holds: Status | None = None,
    ) -> str:
        """Let the channels' words count again for a complaint that was held, from this status on."""
        now = self._clock()

        async def write(work: Work) -> str:
            complaint = await work.complaints.by_ticket(ticket)
            if complaint is None:
                raise NoSuchComplaint(f"Tidak ada aduan dengan nomor {ticket}.")
            await refuse_merged(work, complaint)
            self._refuse_overtaken(complaint, holds)
            if complaint.held_at is None:
                raise MoveRefused(f"Aduan {ticket} tidak sedang ditahan.")
            await self._move(work, complaint, status, by=By(who, why=why), at=now)
            return ticket

        return await write_down(self._begin, write)

    async def _move(
        self,
        work: Work,
        complaint: Complaint,
        status: Status,
        *,
        by: By,
        at: datetime,
        known: Conflict | None = None,
    ) -> None:
        sides = {complaint.status} if known is None else {known.ours.status, known.theirs.status}
        if status is Status.REFERRED and not complaint.agency and status not in sides:
            # Whom it concerns is for the channel to know that says so.
            raise MoveRefused(
                "Sebutkan instansi yang berwenang: pindahkan aduan ini dari halamannya sendiri."
            )
        before = complaint.status
        # A source's clock may run ahead of ours; a person deciding now decides last.
        complaint.status, complaint.status_at = status, max(at, complaint.status_at)
        complaint.status_from = f"{OPERATOR}:{by.who}"
        await decided(work, complaint, by, before=before, upstreams=self._upstreams, at=at)

    def _refuse_overtaken(self, complaint: Complaint, holds: Status | None) -> None:
        if holds in (None, complaint.status):
            return
        origin, _, name = complaint.status_from.partition(":")
        known = self._upstreams.get(origin)
        by = f"petugas {name}" if origin == OPERATOR else f"kabar {origin}"
        if known is not None:
            by = f"kabar {known.connector.traits.title}"
        raise MoveRefused(
            f"Keputusan ini didahului {by}: aduan {complaint.ticket} kini «{complaint.status.label}». "
            "Lihat dahulu, lalu putuskan lagi bila perlu."
        )


async def _refuse_elsewhere(work: Work, complaint: Complaint, conflict: Conflict) -> None:
    """What is over can be turned round while nothing else has happened since."""
    if conflict.ended_at is None:
        return
    if await work.conflicts.latest_of(conflict.complaint_id) != conflict.id:
        raise MoveRefused(
            f"Ada pertentangan yang lebih baru pada aduan {complaint.ticket}; putuskan yang itu."
        )
    if complaint.status not in (conflict.ours.status, conflict.theirs.status):
        raise MoveRefused(
            f"Aduan {complaint.ticket} sudah berstatus «{complaint.status.label}»; pindahkan di "
            "halaman aduannya."
        )


def _refuse_other(complaint: Complaint, conflict: Conflict, status: Status) -> None:
    sides = {conflict.ours.status, conflict.theirs.status, complaint.status}
    if status not in sides:
        known = " atau ".join(sorted(f"«{each.label}»" for each in sides))
        raise MoveRefused(f"Pilih {known}; status lain lewat halaman aduannya.")
