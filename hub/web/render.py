"""HTML from templates: everything escaped, a forgotten name is an error."""

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from fastapi import Request
from fastapi.responses import HTMLResponse
from jinja2 import Environment, PackageLoader, StrictUndefined

from hub.domain.status import Status
from hub.web import counted, words
from hub.web.masking import shortened
from hub.web.needs import Needs
from hub.web.pair import chance
from hub.web.sentences import location, where_to_look
from hub.web.times import Times


class Render:
    """Knows what every page shows: the city, the operator, the time, the last thing done."""

    def __init__(self, needs: Needs) -> None:
        self._needs = needs
        self._zone = ZoneInfo(needs.timezone)
        self._environment = Environment(
            loader=PackageLoader("hub.web"),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        self._environment.globals.update(
            city=needs.city,
            words=words,
            counted=counted,
            shortened=shortened,
            location=location,
            chance=chance,
            where_to_look=where_to_look,
            Status=Status,
            title_of=self.title,
        )

    def title(self, connector: str) -> str:
        """Name a channel as people call it."""
        return self._needs.connectors.titles().get(connector, connector)

    def times(self, now: datetime) -> Times:
        """Speak about times in the hub's zone."""
        return Times(self._zone, now)

    def page(
        self, request: Request, template: str, *, status_code: int = 200, **context: Any
    ) -> HTMLResponse:
        """Render a page or a part of one; what was said last is shown once."""
        is_part = template.startswith("parts/")
        html = self._environment.get_template(template).render(
            path=request.url.path,
            operator=request.session.get("who"),
            to_carry=getattr(request.state, "to_carry", 0),
            to_compare=getattr(request.state, "to_compare", 0),
            to_settle=getattr(request.state, "to_settle", 0),
            said=None if is_part else request.session.pop("said", None),
            problem=None if is_part else request.session.pop("problem", None),
            times=self.times(self._needs.clock()),
            **context,
        )
        return HTMLResponse(html, status_code=status_code)
