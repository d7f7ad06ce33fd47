"""The imitation as the harness knows it."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import asdict, fields, replace
from pathlib import Path
from random import Random
from typing import Any

from jinja2 import Environment, FileSystemLoader
from markupsafe import Markup
from starlette.types import ASGIApp

from connectors.sp4n.sandbox.api import Api
from connectors.sp4n.sandbox.credentials import Credentials
from connectors.sp4n.sandbox.desk import NAME, STEPS, Desk
from connectors.sp4n.sandbox.officers import Officers
from connectors.sp4n.sandbox.records import INSTITUTIONS, OWN_INSTITUTION, Report, Switches
from connectors.sp4n.sandbox.shapes import SHAPES
from hub.sandbox import Scene, Stage

LABEL = "Tiruan (imitasi), dibuat dari kode klien publik — bukan SP4N-LAPOR!"
STEP_LABELS = {
    "verify": "Verifikasi",
    "dispose": "Disposisi",
    "answer": "Jawab",
    "close": "Tutup",
    "archive": "Arsipkan",
    "postpone": "Tunda",
    "resume": "Lanjutkan",
    "refer": "Bukan wewenang",
    "reply": "Tanggapan pelapor",
}
SWITCH_LABELS = {
    "null_results": "Rincian dijawab 200 dengan results kosong",
    "nested_id": "ID laporan baru di results.complaint.id",
    "accept_duplicates": "Laporan yang sama diterima lagi sebagai laporan kedua",
    "forbidden_html": "Semua panggilan ditolak 403 dengan HTML",
    "refer_at_once": "Bukan wewenang langsung berlaku",
    "log_shape": "Bentuk riwayat",
    "zone": "Zona waktu di API",
}
CHOICES: Mapping[str, Mapping[str, str]] = {
    "log_shape": {"mixed": "bercampur"} | {shape: shape for shape in SHAPES},
    "zone": {"Asia/Jakarta": "WIB", "UTC": "UTC"},
}
# Every other switch is on or off.
ON_OFF = {"True": "ya", "False": "tidak"}


def _readable(content: str, report: Report) -> str:
    """A follow-up as people see it there: without tags, placeholders filled."""
    name = INSTITUTIONS[report.institution]
    return _PLACEHOLDER.sub(name, str(Markup(content).striptags()))  # noqa: S704 - only to strip


_PLACEHOLDER = re.compile(r"\{\{.*?\}\}")
_pages = Environment(loader=FileSystemLoader(Path(__file__).parent), autoescape=True)
_pages.filters["readable"] = _readable


class Sp4nImitation:
    """API v3, its officers and its clock, in memory."""

    name = NAME
    title = "SP4N-LAPOR! (tiruan)"

    def __init__(self, stage: Stage) -> None:
        self._stage = stage
        self._desk = Desk(stage)
        self._credentials = Credentials()
        self._officers = Officers(self._desk)
        self.app: ASGIApp = Api(self._desk, self._credentials).app()

    def environment(self) -> Mapping[str, str]:
        """The settings that make a hub talk to this imitation; all numbers are invented."""
        return {
            "SP4N_MODE": "api",
            "SP4N_BASE_URL": f"{self._stage.base_url}/upstream/{NAME}",
            "SP4N_AUTH_HEADER": "auth",
            "SP4N_BEARER": self._credentials.bearer,
            "SP4N_TOKEN": self._credentials.token,
            "SP4N_USER_ID": "700001",
            "SP4N_ADMIN_USER_ID": "700002",
            "SP4N_INSTITUTION_ID": str(OWN_INSTITUTION),
            "SP4N_CHANNEL_ID": "13",
            "SP4N_LOCATION_ID": "34",
            "SP4N_CLASSIFICATION_ID": "6",
            "SP4N_TEMPLATE_CODE": "reply_lmw",
            "SP4N_INSPECT_SECONDS": "3",
            "SP4N_PER_SECOND": "200",
        }

    def scenes(self, rng: Random) -> Iterable[Scene]:  # noqa: ARG002 - the citizens are elsewhere
        """Nobody reports here directly on a demo day."""
        return ()

    async def play(self, action: str, facts: Mapping[str, Any]) -> Mapping[str, Any]:
        """An officer's step with `id` (and `text`, `institution`), or one of the four below."""
        match action:
            case "rotate_token":
                self._credentials.rotate(self._stage.rng)
                return {"SP4N_TOKEN": self._credentials.token}
            case "switch":
                return self._switch(facts)
            case "finish_all":
                return {"steps": self._finish_all()}
            case "agree":
                report = self._desk.report(facts.get("id"))
                self._desk.agree(report)
                return _shown(report)
            case _ if action in STEPS:
                return self._step(action, facts)
            case _:
                known = ", ".join((*STEPS, "agree", "finish_all", "rotate_token", "switch"))
                raise ValueError(f"Tidak ada tindakan {action!r}; yang ada: {known}.")

    async def act(self, rng: Random) -> bool:
        """Let the officers take one step."""
        return self._officers.act(rng)

    async def tick(self) -> None:
        """Close what was answered ten days ago."""
        self._desk.let_time_pass()

    def page(self) -> str:
        """The officers' desk."""
        reports = sorted(self._desk.reports.values(), key=lambda report: report.id, reverse=True)
        actions = {
            report.id: [action for action, (before, _) in STEPS.items() if report.stand in before]
            for report in reports
        }
        return _pages.get_template("page.html").render(
            label=LABEL,
            name=NAME,
            reports=reports,
            actions=actions,
            labels=STEP_LABELS,
            institutions=INSTITUTIONS,
            switches=asdict(self._desk.switches),
            switch_labels=SWITCH_LABELS,
            choices=CHOICES,
            on_off=ON_OFF,
        )

    async def aclose(self) -> None:
        """Nothing is open."""

    def _step(self, action: str, facts: Mapping[str, Any]) -> Mapping[str, Any]:
        report = self._desk.report(facts.get("id"))
        institution = str(facts.get("institution") or "")
        if institution and not institution.isdigit():
            raise ValueError(f"Nomor instansi harus angka, bukan {institution!r}.")
        self._desk.step(
            report,
            action,
            text=str(facts.get("text") or ""),
            institution=int(institution) if institution else None,
        )
        return _shown(report)

    def _switch(self, facts: Mapping[str, Any]) -> Mapping[str, Any]:
        values: dict[str, Any] = {name: _meant(name, str(value)) for name, value in facts.items()}
        self._desk.switches = replace(self._desk.switches, **values)
        return asdict(self._desk.switches)

    def _finish_all(self) -> int:
        steps = 0
        while self._officers.act(self._stage.rng):
            steps += 1
        return steps


def _shown(report: Report) -> Mapping[str, Any]:
    return {"id": str(report.id), "status": report.status}


def _meant(switch: str, value: str) -> bool | str:
    if switch in CHOICES:
        if value not in CHOICES[switch]:
            raise ValueError(f"{switch} harus salah satu dari {', '.join(CHOICES[switch])}.")
        return value
    if switch not in {field.name for field in fields(Switches)}:
        raise ValueError(f"Tidak ada saklar {switch!r}.")
    return value.lower() in {"true", "1", "on"}
