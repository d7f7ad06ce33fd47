"""The officers' desk: which step leads where, and what is written down on the way."""

import re
from collections.abc import Mapping
from datetime import timedelta
from itertools import count
from typing import Any

from connectors.sp4n.sandbox.records import (
    FIRST_ID,
    INSTITUTIONS,
    FollowUp,
    Line,
    Report,
    Stand,
    Switches,
)
from hub.sandbox import Stage

NAME = "sp4n"
CLOSES_AFTER = timedelta(days=10)
EXPIRES_AFTER = timedelta(days=14)
_TICKET = re.compile(r"(?:No\. tiket: |#)([A-Z]{2,}-[0-9A-Z-]+)")
_PARCEL = re.compile(r"\(ref\. [\w-]+/([0-9a-f]{12})\)")

# Which steps an officer (and at the end the citizen) may take from where, and where they lead.
_OPEN = frozenset({Stand.NEW, Stand.VERIFIED, Stand.DISPOSED})
STEPS: Mapping[str, tuple[frozenset[Stand], Stand]] = {
    "verify": (frozenset({Stand.NEW}), Stand.VERIFIED),
    "dispose": (frozenset({Stand.VERIFIED, Stand.DISPOSED}), Stand.DISPOSED),
    "answer": (_OPEN - {Stand.NEW} | {Stand.ANSWERED, Stand.REPLIED}, Stand.ANSWERED),
    "close": (frozenset({Stand.ANSWERED, Stand.REPLIED}), Stand.CLOSED),
    "archive": (_OPEN | {Stand.POSTPONED}, Stand.ARCHIVED),
    "postpone": (_OPEN - {Stand.DISPOSED}, Stand.POSTPONED),
    "resume": (frozenset({Stand.POSTPONED}), Stand.NEW),
    "refer": (_OPEN | {Stand.ANSWERED}, Stand.REFERRED),
    "reply": (frozenset({Stand.ANSWERED}), Stand.REPLIED),
}
SAYS: Mapping[str, str] = {
    "verify": "Laporan telah diverifikasi",
    "dispose": "Didisposisikan ke {{ institution_to }}",
    "answer": "{{institution_from}} menindaklanjuti laporan",
    "close": "Status berubah dari {{ status_old }} menjadi {{ status_new }}",
    "archive": "Laporan diarsipkan: tidak dilengkapi bukti dukung",
    "postpone": "Mohon lengkapi foto dan alamat kejadian",
    "resume": "Kelengkapan diterima, laporan dibuka kembali",
    "refer": "Bukan wewenang {{institution_from}}",
    "reply": "Pelapor menanggapi",
}
ANSWER = "<p>Terima kasih atas laporannya. {{ institution_from }} sudah menangani di lokasi.</p>"


class Desk:
    """All reports, and everything that can be done to them."""

    def __init__(self, stage: Stage) -> None:
        self._stage = stage
        self._numbers = count(1)
        self._ids = count(FIRST_ID)
        self.reports: dict[int, Report] = {}
        self.uploads: dict[int, str] = {}
        self.switches = Switches()

    def report(self, number: Any) -> Report:
        """The report with that id, or `ValueError` with a sentence."""
        found = self.reports.get(int(number)) if str(number).isdigit() else None
        if found is None:
            raise ValueError(f"Tidak ada laporan bernomor {number!r} di tiruan ini.")
        return found

    def keep_file(self, name: str) -> int:
        """Remember an uploaded file."""
        number = next(self._numbers)
        self.uploads[number] = name
        return number

    def file(
        self, fields: Mapping[str, Any], *, institution: int, files: tuple[str, ...]
    ) -> Report:
        """A new report."""
        report = Report(
            id=next(self._ids),
            at=self._stage.clock.now(),
            fields=fields,
            institution=institution,
            files=files,
        )
        self.reports[report.id] = report
        self._write(report, "Laporan diterima", old="")
        quoted = _TICKET.search(f"{fields.get('tags_raw')} {fields.get('content')}")
        ticket = quoted.group(1) if quoted else None
        self._stage.journal.write(NAME, "filed", external_id=str(report.id), marker=ticket)
        return report

    def step(
        self, report: Report, action: str, *, text: str = "", institution: int | None = None
    ) -> None:
        """Let an officer do one thing; `ValueError` with a sentence if it is not its turn."""
        before, after = STEPS[action]
        if report.stand not in before:
            raise ValueError(
                f"Laporan {report.id} berstatus {report.status}; {action} tidak bisa."
            )
        if institution is not None and institution not in INSTITUTIONS:
            raise ValueError(f"Tidak ada instansi bernomor {institution}.")
        if action in {"dispose", "refer"}:
            report.institution = institution or report.institution
        if action == "dispose":
            self.write_under(report, SAYS[action], template_code="disposition")
        if action in {"answer", "reply"}:
            author = report.institution if action == "answer" else None
            self._add(report, text or ANSWER, institution=author)
            if author is not None:
                self._stage.journal.write(NAME, "wrote", external_id=str(report.id), text=text)
        report.asked_for = None
        self._move(report, after, text or SAYS[action])

    def write_under(
        self,
        report: Report,
        content: str,
        *,
        template_code: str,
        files: tuple[str, ...] = (),
    ) -> FollowUp:
        """A follow-up of the institution that has the report."""
        return self._add(
            report,
            content,
            institution=report.institution,
            template_code=template_code,
            files=files,
        )

    def follow_up(
        self, report: Report, content: str, *, template_code: str, files: tuple[str, ...]
    ) -> FollowUp:
        """A follow-up by the API. Under a template it counts as the institution's answer."""
        added = self.write_under(report, content, template_code=template_code, files=files)
        self._journal("followed_up", report, content)
        if template_code and not report.is_at_end:
            self._move(report, Stand.ANSWERED, SAYS["answer"])
        return added

    def ask_to_refer(self, report: Report, institution: int, reason: str) -> None:
        """By the API "bukan wewenang" is a request, until an admin agrees."""
        self._journal("referral_asked", report, reason)
        self._write(report, f"Permintaan bukan wewenang: {reason}")
        report.asked_for = institution
        if self.switches.refer_at_once:
            self.agree(report)

    def agree(self, report: Report) -> None:
        """The national admin agrees to hand the report over."""
        if report.asked_for is None:
            raise ValueError(f"Tidak ada permintaan bukan wewenang untuk laporan {report.id}.")
        report.institution, report.asked_for = report.asked_for, None
        self._move(report, Stand.REFERRED, SAYS["refer"])

    def let_time_pass(self) -> None:
        """What the system does by itself: answered reports close, incomplete ones expire."""
        now = self._stage.clock.now()
        for report in self.reports.values():
            if report.stand is Stand.ANSWERED and now >= report.since + CLOSES_AFTER:
                self._move(report, Stand.CLOSED_BY_SYSTEM, SAYS["close"])
            elif report.stand is Stand.POSTPONED and now >= report.since + EXPIRES_AFTER:
                self._move(report, Stand.ARCHIVED_BY_SYSTEM, "Batas waktu kelengkapan terlampaui")

    def _move(self, report: Report, stand: Stand, says: str) -> None:
        old = report.status
        report.stand, report.since = stand, self._stage.clock.now()
        self._write(report, says, old=old)
        self._stage.journal.write(NAME, "moved", external_id=str(report.id), status=report.status)

    def _write(self, report: Report, says: str, *, old: str | None = None) -> None:
        now, status = self._stage.clock.now(), report.status
        before = status if old is None else old
        report.lines.append(Line(now, says, before, status, report.institution))

    def _add(
        self,
        report: Report,
        content: str,
        *,
        institution: int | None,
        template_code: str = "",
        files: tuple[str, ...] = (),
    ) -> FollowUp:
        now = self._stage.clock.now()
        added = FollowUp(next(self._numbers), now, institution, content, template_code, files)
        report.followups.append(added)
        return added

    def _journal(self, kind: str, report: Report, text: str) -> None:
        mark = _PARCEL.search(text)
        marker = mark.group(1) if mark else None
        self._stage.journal.write(NAME, kind, external_id=str(report.id), marker=marker)
