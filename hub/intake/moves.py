"""What an operator does to a complaint: open one at the counter, move one by hand."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from uuid import uuid4

from hub.contract.news import Report
from hub.domain.complaint import Complaint
from hub.domain.complaint import Outcome as Move
from hub.domain.place import Place
from hub.domain.status import Status
from hub.intake.decided import By, decided
from hub.intake.open import OPERATOR, open_complaint
from hub.intake.signpost import DEFAULT, Signpost
from hub.ports import Begin, Clock, Upstream, Work
from hub.record.write import write_down

# So long somebody whose click was not answered clicks again.
ONE_CLICK = timedelta(minutes=2)


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

        async def write(work: Work) -> str:
            complaint = await work.complaints.by_ticket(ticket)
            if complaint is None:
                raise NoSuchComplaint(f"Tidak ada aduan dengan nomor {ticket}.")
            await refuse_merged(work, complaint)
            before, by = complaint.status, By(who, note, reason)
            if before is status and await _is_again(work, complaint, by, at=now):
                return ticket
            _move(complaint, status, by=by, agency=agency, at=now)
            await decided(work, complaint, by, before=before, upstreams=self._upstreams, at=now)
            return ticket

        return await write_down(self._begin, write)

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


async def refuse_merged(work: Work, complaint: Complaint) -> None:
    """Raise `MoveRefused` where another complaint speaks for this one."""
    if complaint.merged_into is None:
        return
    stays = await work.complaints.get(complaint.merged_into)
    raise MoveRefused(
        f"Aduan {complaint.ticket} sudah digabung ke {stays.ticket}; kerjakan di aduan itu."
    )


async def _is_again(work: Work, complaint: Complaint, by: By, *, at: datetime) -> bool:
    """Whether the same hand says the same once more, and nobody has said anything in between.

    The answer to the first click was lost; who has been contradicted meanwhile says it anew.
    """
    words = await work.echoes.words_since(complaint.id, since=at - ONE_CLICK)
    if not by.note or not words or words[-1][1] != by.origin:
        return False
    said = await work.complaints.notes_near(
        complaint.id, origin=by.origin, at=at, within=ONE_CLICK
    )
    return by.said in said


def _move(
    complaint: Complaint, status: Status, *, by: By, agency: str | None, at: datetime
) -> None:
    before, was_held = complaint.status, complaint.held_at is not None
    # A source's clock may run ahead of ours; a person deciding now decides last.
    outcome = complaint.move_to(
        status, at=max(at, complaint.status_at), origin=by.origin, reason=by.why
    )
    if outcome is Move.NOT_ALLOWED:
        raise MoveRefused(_why_not(before, status))
    if status is Status.REFERRED and not agency:
        raise MoveRefused("Sebutkan instansi yang berwenang, supaya aduan sampai ke sana.")
    if outcome is Move.SAME and not by.note and not was_held:
        raise MoveRefused(f"Aduan sudah berstatus «{status.label}».")
    if outcome is Move.SAME:
        # Who says the same with more weight is whose word it is from then on.
        complaint.status_from = by.origin
    complaint.agency = agency or complaint.agency


def _why_not(before: Status, status: Status) -> str:
    if before.is_final:
        return (
            f"Aduan sudah «{before.label}». Untuk membukanya kembali ke «{status.label}», "
            "sertakan alasannya."
        )
    return f"Dari «{before.label}» tidak dapat langsung ke «{status.label}»."
