"""What an operator does to a complaint: open one at the counter, move one by hand."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import uuid4

from hub.contract.news import Report
from hub.domain.complaint import Complaint
from hub.domain.complaint import Outcome as Move
from hub.domain.place import Place
from hub.domain.status import Status
from hub.intake.open import OPERATOR, open_complaint
from hub.intake.signpost import DEFAULT, Signpost
from hub.ports import Begin, Clock, Upstream, Work
from hub.record.disagree import agree
from hub.record.promises import promise_status_to_others


class NoSuchComplaint(Exception):
    """The message is a sentence in Bahasa Indonesia."""


class MoveRefused(Exception):
    """The message is a sentence in Bahasa Indonesia."""


class Operator:
    """Moves and openings by hand; every other channel is told, in the same transaction."""

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

    async def move(
        self,
        ticket: str,
        status: Status,
        *,
        note: str | None,
        reason: str | None,
        agency: str | None,
        who: str,
    ) -> str:
        """Move a complaint. Raises `NoSuchComplaint` or `MoveRefused`."""
        now = self._clock()
        async with self._begin() as work:
            complaint = await work.complaints.by_ticket(ticket)
            if complaint is None:
                raise NoSuchComplaint(f"Tidak ada aduan dengan nomor {ticket}.")
            await refuse_merged(work, complaint)
            before = complaint.status
            # A source's clock may run ahead of ours; a person deciding now decides last.
            at = max(now, complaint.status_at)
            was_held = complaint.held_at is not None
            outcome = complaint.move_to(status, at=at, origin=f"{OPERATOR}:{who}", reason=reason)
            if outcome is Move.NOT_ALLOWED:
                raise MoveRefused(_why_not(before, status))
            if status is Status.REFERRED and not agency:
                raise MoveRefused("Sebutkan instansi yang berwenang, supaya aduan sampai ke sana.")
            if outcome is Move.SAME and not note and not was_held:
                raise MoveRefused(f"Aduan sudah berstatus «{status.label}».")
            complaint.agency = agency or complaint.agency
            await decided(
                work, complaint, By(who, note, reason), before=before,
                upstreams=self._upstreams, at=now,
            )  # fmt: skip
        return ticket

    async def open(
        self,
        *,
        text: str,
        title: str | None,
        category: str | None,
        place: str | None,
        latitude: float | None,
        longitude: float | None,
        who: str,
        request_key: str | None,
    ) -> str:
        """Open a complaint; the same `request_key` again gives the same ticket."""
        now = self._clock()
        report = Report(
            key=f"operator:{request_key or uuid4().hex}",
            external_id=request_key or uuid4().hex,
            said_at=now,
            text=text,
            title=title,
            category=category,
            place=Place(latitude, longitude, place),
            facts={"entered_by": who},
        )
        async with self._begin() as work:
            report_id = await work.reports.add(OPERATOR, report, at=now, person_id=None)
            if report_id is None:
                known = await work.reports.complaint_quoted(OPERATOR, report.external_id)
                if known is None:
                    raise MoveRefused("Permintaan yang sama sedang diproses; coba lagi.")
                return (await work.complaints.get(known)).ticket
            complaint = await open_complaint(
                work, await work.reports.get([report_id]), upstreams=self._upstreams, at=now,
                signpost=self._signpost,
            )  # fmt: skip
            return complaint.ticket


@dataclass(frozen=True, slots=True)
class By:
    """Who decided. Channels are told the `note`; the `why` stays in the history."""

    who: str
    note: str | None = None
    why: str | None = None


async def decided(
    work: Work,
    complaint: Complaint,
    by: By,
    *,
    before: Status,
    upstreams: Mapping[str, Upstream],
    at: datetime,
) -> None:
    """A person has said what holds: whoever contradicted has been answered, and everybody is told."""
    complaint.held_at = complaint.held_why = None
    await work.complaints.save(complaint, at=at)
    await work.complaints.add_history(
        complaint.id, before=before, status=complaint.status, at=complaint.status_at, known_at=at,
        origin=f"{OPERATOR}:{by.who}",
        outcome="answered" if before is complaint.status else "moved",
        note="\n".join(part for part in (by.note, by.why) if part) or None,
    )  # fmt: skip
    for kind in ("late_words", "held"):
        await work.cards.close(f"{kind}:{complaint.ticket}", at=at, by=by.who)
    for source in await work.complaints.sources(complaint.id):
        await agree(work, complaint, source, at=at, by=by.who, decided=complaint.status)
    await promise_status_to_others(
        work, complaint, origin=None, upstreams=upstreams, at=at, note=by.note
    )


async def refuse_merged(work: Work, complaint: Complaint) -> None:
    """Raise `MoveRefused` where another complaint speaks for this one."""
    if complaint.merged_into is None:
        return
    stays = await work.complaints.get(complaint.merged_into)
    raise MoveRefused(
        f"Aduan {complaint.ticket} sudah digabung ke {stays.ticket}; kerjakan di aduan itu."
    )


def _why_not(before: Status, status: Status) -> str:
    if before.is_final:
        return (
            f"Aduan sudah «{before.label}». Untuk membukanya kembali ke «{status.label}», "
            "sertakan alasannya."
        )
    return f"Dari «{before.label}» tidak dapat langsung ke «{status.label}»."
