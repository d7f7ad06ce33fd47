"""The endpoints of API v3 that public clients call, over the officers' desk."""

import re
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any

from starlette.applications import Starlette
from starlette.datastructures import FormData, UploadFile
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response
from starlette.routing import Route

from connectors.sp4n.sandbox.checking import checked
from connectors.sp4n.sandbox.credentials import Credentials
from connectors.sp4n.sandbox.desk import Desk
from connectors.sp4n.sandbox.records import INSTITUTIONS, TEMPLATES
from connectors.sp4n.sandbox.shapes import detail, entry_of, followup

FOLLOWUPS_A_PAGE = 10

Endpoint = Callable[[Request], Awaitable[Response]]


class Api:
    """What answers under /upstream/sp4n."""

    def __init__(self, desk: Desk, credentials: Credentials) -> None:
        self._desk = desk
        self._credentials = credentials

    def app(self) -> Starlette:
        """All routes, each behind the credentials."""
        routes: tuple[tuple[str, str, Endpoint], ...] = (
            ("GET", "/masters/institutions/external", self.institutions),
            ("GET", "/masters/templates", self.templates),
            ("POST", "/complaints/complaint/file", self.upload),
            ("POST", "/complaints/complaint", self.create),
            ("POST", "/complaints/complaint-lmw", self.create),
            ("GET", "/complaints/{id}/complaint", self.detail),
            ("GET", "/complaints/{id}/followups", self.followups),
            ("POST", "/complaints/followup/add", self.add_followup),
            ("POST", "/complaints/process/{id}/reject", self.reject),
            ("GET", "/inbound", self.inbound),
        )
        return Starlette(
            routes=[
                Route(path, self._guarded(endpoint), methods=[method])
                for method, path, endpoint in routes
            ]
        )

    def _guarded(self, endpoint: Endpoint) -> Endpoint:
        async def answer(request: Request) -> Response:
            if self._desk.switches.forbidden_html:
                return HTMLResponse("<html><h1>403 Forbidden</h1></html>", status_code=403)
            if not self._credentials.fit(request.headers):
                return JSONResponse({"message": "Unauthenticated."}, status_code=401)
            try:
                return await endpoint(request)
            except ValueError as error:
                return JSONResponse({"message": str(error)}, status_code=422)

        return answer

    async def institutions(self, request: Request) -> Response:
        """Master 1."""
        rows = [{"id": number, "name": name} for number, name in INSTITUTIONS.items()]
        return _page(request, rows, size=1000)

    async def templates(self, request: Request) -> Response:
        """Master 2."""
        return _page(request, list(TEMPLATES), size=1000)

    async def upload(self, request: Request) -> Response:
        """Files, of which pictures and documents get their ids apart."""
        kinds: dict[str, list[dict[str, int]]] = {"images": [], "docs": []}
        async with request.form() as form:
            for part in form.getlist("attachments[]"):
                if isinstance(part, UploadFile):
                    number = self._desk.keep_file(part.filename or "berkas")
                    is_image = (part.content_type or "").startswith("image/")
                    kinds["images" if is_image else "docs"].append({"id": number})
        return JSONResponse({"results": kinds, "message": "OK"})

    async def create(self, request: Request) -> Response:
        """A new report; the same again is a second one, unless the switch says otherwise."""
        fields = await request.json()
        institution, files = checked(fields, self._desk)
        report = self._desk.file(fields, institution=institution, files=files)
        if self._desk.switches.nested_id:
            return JSONResponse({"results": {"complaint": {"id": report.id}}, "message": "OK"})
        return JSONResponse({"complaint_id": report.id, "results": {}, "message": "OK"})

    async def detail(self, request: Request) -> Response:
        """A report with its history."""
        if self._desk.switches.null_results:
            return _nothing("Data tidak ditemukan")
        try:
            report = self._desk.report(request.path_params["id"])
        except ValueError as error:
            return _nothing(str(error))
        return JSONResponse(detail(report, self._desk.switches))

    async def followups(self, request: Request) -> Response:
        """What was written under a report, by pages."""
        try:
            report = self._desk.report(request.path_params["id"])
        except ValueError as error:
            return _nothing(str(error))
        rows = [followup(each, report, self._desk.switches) for each in report.followups]
        return _page(request, rows, size=FOLLOWUPS_A_PAGE)

    async def add_followup(self, request: Request) -> Response:
        """Write under a report as an institution."""
        async with request.form() as form:
            files = _attached(form)
        report = self._desk.report(form.get("complaint_id"))
        content = str(form.get("content") or "")
        if not form.get("user_id") or not content:
            raise ValueError("user_id dan content wajib diisi")
        code = str(form.get("template_code") or "")
        added = self._desk.follow_up(report, content, template_code=code, files=files)
        return JSONResponse({"results": {"id": added.id}, "message": "OK"})

    async def reject(self, request: Request) -> Response:
        """Bukan wewenang: ask that another institution gets the report."""
        asked = await request.json()
        report = self._desk.report(request.path_params["id"])
        institution = str(asked.get("reason"))
        if not institution.isdigit() or int(institution) not in INSTITUTIONS:
            raise ValueError(f"Instansi {institution} tidak dikenal")
        self._desk.ask_to_refer(report, int(institution), str(asked.get("reason_description")))
        return JSONResponse({"results": {"id": report.id}, "message": "OK"})

    async def inbound(self, request: Request) -> Response:
        """Reports sent to our institution. Invented: no public client knows such a list."""
        rows = [entry_of(report, self._desk.switches) for report in self._desk.reports.values()]
        return _page(request, rows, size=100)


def _attached(form: FormData) -> tuple[str, ...]:
    parts = (part for name, part in form.multi_items() if re.fullmatch(r"attachment\[\d+\]", name))
    return tuple(part.filename or "berkas" for part in parts if isinstance(part, UploadFile))


def _nothing(message: str) -> Response:
    return JSONResponse({"results": None, "message": message})


def _page(request: Request, rows: Sequence[Mapping[str, Any]], *, size: int) -> Response:
    query = request.query_params
    wished, page = query.get("page_size", ""), query.get("page", "1")
    size = min(size, int(wished)) if wished.isdigit() and int(wished) else size
    at = int(page) if page.isdigit() else 1
    last = -(-len(rows) // size) or 1
    following = str(request.url.include_query_params(page=at + 1)) if at < last else None
    results = {
        "current_page": at,
        "data": rows[(at - 1) * size : at * size],
        "next_page_url": following,
        "per_page": size,
        "total": len(rows),
    }
    return JSONResponse({"results": results, "message": "OK"})
