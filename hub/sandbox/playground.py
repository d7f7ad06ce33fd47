"""Where a person plays citizen and officer: the front page and the pages of the imitations."""

from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from jinja2 import Environment, FileSystemLoader
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from hub.sandbox.answers import as_json, body_of
from hub.sandbox.faults import REFUSALS, FaultKind
from hub.sandbox.imitation import Imitation
from hub.sandbox.troupe import Troupe

EVENTS_SHOWN = 50
SEE_OTHER = 303

# What a person can choose on the page: words, and the fault that follows.
WAYS: tuple[tuple[str, Mapping[str, Any]], ...] = (
    ("terlambat 5 detik", {"kind": FaultKind.DELAY, "seconds": 5}),
    ("putus sebelum diproses", {"kind": FaultKind.DROP_BEFORE}),
    ("putus sesudah diproses", {"kind": FaultKind.DROP_AFTER}),
    *(
        (f"ditolak dengan {status}", {"kind": FaultKind.STATUS, "status": status})
        for status in REFUSALS
    ),
    ("429 dengan Retry-After 30", {"kind": FaultKind.STATUS, "status": 429, "retry_after": 30}),
    ("500 sesudah diproses", {"kind": FaultKind.STATUS_AFTER, "status": 500}),
    ("halaman HTML dari gateway (502)", {"kind": FaultKind.HTML, "status": 502}),
    ("JSON terpotong", {"kind": FaultKind.TRUNCATED}),
)

WIB = ZoneInfo("Asia/Jakarta")


def _wib(moment: datetime) -> str:
    return moment.astimezone(WIB).strftime("%d-%m-%Y %H:%M:%S WIB")


_pages = Environment(loader=FileSystemLoader(Path(__file__).parent), autoescape=True)
_pages.filters["wib"] = _wib


class Playground:
    """The pages."""

    def __init__(self, troupe: Troupe) -> None:
        self._troupe = troupe

    async def front(self, _: Request) -> Response:
        """Everything at a glance: imitations, faults, clock, journal."""
        stage = self._troupe.stage
        page = _pages.get_template("page.html").render(
            imitations=self._troupe.imitations.values(),
            switches=self._troupe.switches,
            ways=WAYS,
            now=stage.clock.now(),
            events_shown=EVENTS_SHOWN,
            events=stage.journal.events[-EVENTS_SHOWN:],
        )
        return HTMLResponse(page)

    async def show(self, request: Request) -> Response:
        """The page of one imitation."""
        return HTMLResponse(self._troupe.called(request.path_params["name"]).page())

    async def play(self, request: Request) -> Response:
        """Do what a person does there: JSON is answered with JSON, a form with its page again."""
        name = request.path_params["name"]
        imitation = self._troupe.called(name)
        action = request.path_params["action"]
        if "form" not in request.headers.get("content-type", ""):
            return as_json(await _played(imitation, action, await body_of(request)))
        # What was uploaded is gone with the form.
        async with request.form() as form:
            await _played(imitation, action, dict(form))
        return RedirectResponse(f"/play/{name}", SEE_OTHER)


async def _played(
    imitation: Imitation, action: str, facts: Mapping[str, Any]
) -> Mapping[str, Any]:
    try:
        return await imitation.play(action, facts)
    except ValueError as error:
        raise HTTPException(400, str(error)) from error
