"""The province's desk: every complaint, and everything that can be done to one."""

from itertools import count

from connectors.laporgub.sandbox.records import Complaint, Form, Line, Switches, Upload
from connectors.laporgub.sandbox.words import how_far, spelled
from hub.sandbox import Stage

NAME = "laporgub"
PREFIX = "LGWP"
FIRST_NUMBER = 10_000_001
FIRST_ID = 170_001
OFFICER = "Dinas Pekerjaan Umum Bina Marga dan Cipta Karya (tiruan)"
CITY_OFFICER = "Pemerintah Kota Pekalongan"
ADMIN = "Admin LaporGub (tiruan)"


class Desk:
    """All complaints, by their ticket."""

    def __init__(self, stage: Stage) -> None:
        self._stage = stage
        self._ids = count(FIRST_ID)
        self._numbers = count(FIRST_NUMBER)
        self._lines = count(1)
        self._turns = count(1)
        self.complaints: dict[str, Complaint] = {}
        self.switches = Switches()

    def complaint(self, ticket: object) -> Complaint:
        """The complaint with that number, or `ValueError` with a sentence."""
        found = self.complaints.get(str(ticket or "").strip().upper())
        if found is None:
            raise ValueError(f"Tidak ada aduan bernomor {ticket!r} di tiruan ini.")
        return found

    def of_our_ticket(self, ours: str) -> list[Complaint]:
        """Every complaint that was filed with that number of the city."""
        return [each for each in self.complaints.values() if each.form.our_ticket == ours]

    def file(self, form: Form, *, prefix: str = PREFIX, marker: str | None = None) -> Complaint:
        """A new complaint; the same again is a second one. Without a prefix it is an old number."""
        number = next(self._ids)
        complaint = Complaint(
            id=number,
            ticket=f"{prefix}{next(self._numbers)}" if prefix else str(number),
            at=self._stage.clock.now(),
            form=form,
        )
        self.complaints[complaint.ticket] = complaint
        self._write(complaint, "Laporan diterima", by=ADMIN)
        self._stage.journal.write(
            NAME, "filed", external_id=complaint.ticket, marker=form.our_ticket or marker
        )
        return complaint

    def attach(self, complaint: Complaint, files: tuple[Upload, ...]) -> None:
        """More files for a complaint."""
        complaint.files += files
        self._changed(complaint)

    def move(
        self, complaint: Complaint, status: str, *, text: str = "", by: str = OFFICER
    ) -> None:
        """An officer sets a status; one that is not in use is taken as it is written."""
        word = spelled(status) or status.strip()
        if not word:
            raise ValueError("Status wajib diisi.")
        complaint.status = word
        self._write(complaint, word, text=text, by=by, is_answer=bool(text))
        self._journal_move(complaint)

    def answer(self, complaint: Complaint, text: str) -> None:
        """An officer answers and leaves the status as it is."""
        if not text:
            raise ValueError("Tanggapan wajib diisi.")
        self._write(complaint, complaint.status, text=text, by=OFFICER, is_answer=True)

    def follow_up(
        self, complaint: Complaint, text: str, *, status: str = "", marker: str | None = None
    ) -> Line:
        """What the city adds. Its status leads the complaint on, never back."""
        word = spelled(status)
        if status.strip() and word is None:
            raise ValueError(f"status {status!r} tidak dikenal")
        if not text and word is None:
            raise ValueError("isi tindak lanjut wajib diisi")
        leads_on = word is not None and how_far(word) > how_far(complaint.status)
        if word is not None and leads_on:
            complaint.status = word
        line = self._write(complaint, complaint.status, text=text, by=CITY_OFFICER, ref=marker)
        self._stage.journal.write(NAME, "followed_up", external_id=complaint.ticket, marker=marker)
        if leads_on:
            self._journal_move(complaint)
        return line

    def _journal_move(self, complaint: Complaint) -> None:
        self._stage.journal.write(
            NAME, "moved", external_id=complaint.ticket, status=complaint.status
        )

    def _write(
        self,
        complaint: Complaint,
        title: str,
        *,
        by: str,
        text: str = "",
        ref: str | None = None,
        is_answer: bool = False,
    ) -> Line:
        line = Line(
            id=next(self._lines),
            at=self._stage.clock.now(),
            title=title,
            text=text,
            by=by,
            ref=ref,
            is_answer=is_answer,
        )
        complaint.lines.append(line)
        if is_answer:
            self._stage.journal.write(NAME, "wrote", external_id=complaint.ticket, text=text)
        self._changed(complaint)
        return line

    def _changed(self, complaint: Complaint) -> None:
        complaint.changed = self._stage.clock.now()
        complaint.turn = next(self._turns)
