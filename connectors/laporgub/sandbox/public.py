"""The pages that anybody may open: one complaint with its timeline, as they are seen from outside."""

from datetime import datetime
from hashlib import sha256
from pathlib import Path

from jinja2 import Environment, FileSystemLoader
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import BaseRoute, Route

from connectors.laporgub.sandbox.desk import Desk
from connectors.laporgub.sandbox.shapes import WIB
from connectors.laporgub.sandbox.words import CITIES

LABEL = "Tiruan (imitasi), dibuat dari kode klien publik — bukan LaporGub Jawa Tengah"
RETRY_AFTER = "30"
NOT_MODIFIED, NOT_FOUND, TOO_MANY = 304, 404, 429


def _wib(moment: datetime) -> str:
    return moment.astimezone(WIB).strftime("%d-%m-%Y %H:%M:%S WIB")


pages = Environment(
    loader=FileSystemLoader(Path(__file__).parent / "templates"),
    autoescape=True,
    trim_blocks=True,
    lstrip_blocks=True,
)
pages.filters["wib"] = _wib


class PublicPages:
    """Without a login; rahasia has no page."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def routes(self) -> list[BaseRoute]:
        """Both forms of the address, and that of the site before 2021."""
        paths = ("/detail/{ticket}.html", "/detail/{ticket}", "/main/detail/{ticket}.html")
        return [Route(path, self.detail) for path in paths]

    async def detail(self, request: Request) -> Response:
        """The page of a complaint, or why it is not shown."""
        switches = self._desk.switches
        if switches.too_many:
            return _page("refused.html", TOO_MANY, {"retry-after": RETRY_AFTER})
        if switches.captcha:
            return _page("captcha.html", 200)
        complaint = self._desk.complaints.get(request.path_params["ticket"].upper())
        if complaint is None or not complaint.form.public:
            return _page("missing.html", NOT_FOUND)
        city = CITIES[complaint.form.city]
        html = pages.get_template("detail.html").render(
            label=LABEL, complaint=complaint, city=city
        )
        tag = f'"{sha256(html.encode()).hexdigest()[:32]}"'
        headers = {"etag": tag, "cache-control": "no-cache"}
        if tag in request.headers.get("if-none-match", ""):
            return Response(status_code=NOT_MODIFIED, headers=headers)
        return HTMLResponse(html, headers=headers)


def _page(name: str, status: int, headers: dict[str, str] | None = None) -> Response:
    html = pages.get_template(name).render(label=LABEL)
    return HTMLResponse(html, status_code=status, headers=headers)
