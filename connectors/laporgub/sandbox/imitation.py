"""The imitation as the harness knows it."""

from collections.abc import Iterable, Mapping
from dataclasses import asdict
from random import Random
from typing import Any
from urllib.parse import quote, urlsplit

from starlette.applications import Starlette
from starlette.types import ASGIApp

from connectors.laporgub.sandbox import day
from connectors.laporgub.sandbox.api import KEY, Api
from connectors.laporgub.sandbox.batches import Batches
from connectors.laporgub.sandbox.counter import Counter
from connectors.laporgub.sandbox.desk import NAME, Desk
from connectors.laporgub.sandbox.public import LABEL, PublicPages, pages
from connectors.laporgub.sandbox.words import CATEGORIES, CITIES, SPELLINGS
from hub.sandbox import Scene, Stage

LOOPBACK = {"localhost", "127.0.0.1", "::1"}
SWITCH_LABELS = {
    "captcha": "Laman publik meminta CAPTCHA",
    "too_many": "Laman publik menjawab 429",
    "untidy": "Status ditulis dengan spasi dan huruf besar-kecil tak tentu",
    "messy_answer": "Berkas jawaban cacat: satu baris hilang, satu ganda, satu tak dikenal",
}


class LaporGubImitation:
    """The province: a form, public pages, files, officers, and the API it might once have."""

    name = NAME
    title = "LaporGub (tiruan)"

    def __init__(self, stage: Stage) -> None:
        self._stage = stage
        self._desk = Desk(stage)
        self._batches = Batches(self._desk)
        self._counter = Counter(self._desk, self._batches, stage)
        routes = [*Api(self._desk).routes(), *PublicPages(self._desk).routes()]
        self.app: ASGIApp = Starlette(routes=routes)

    def environment(self) -> Mapping[str, str]:
        """The settings that make a hub talk to this imitation: cards at first, like a real city."""
        base = self._stage.base_url
        here = f"{base}/upstream/{NAME}"
        # A connector reads pages slowly, but for those on its own machine.
        page_seconds = "2" if urlsplit(base).hostname in LOOPBACK else "21600"
        return {
            "LAPORGUB_MODE": "assisted",
            "LAPORGUB_BASE_URL": here,
            "LAPORGUB_API_KEY": KEY,
            "LAPORGUB_FORM_URL": f"{base}/play/{NAME}#buat-aduan",
            "LAPORGUB_PAGE_URL": f"{here}/detail/{{ticket}}",
            "LAPORGUB_READ_PAGE": "true",
            "LAPORGUB_PAGE_SECONDS": page_seconds,
            "LAPORGUB_POLL_SECONDS": "2",
            "LAPORGUB_INSPECT_SECONDS": "2",
            "LAPORGUB_PER_SECOND": "200",
        }

    def scenes(self, rng: Random) -> Iterable[Scene]:
        """Citizens who complain to the province directly."""
        return day.scenes(rng)

    async def play(self, action: str, facts: Mapping[str, Any]) -> Mapping[str, Any]:
        """What operators of the city, citizens and officers do there."""
        if action not in self._counter.actions:
            known = ", ".join(self._counter.actions)
            raise ValueError(f"Tidak ada tindakan {action!r}; yang ada: {known}.")
        return await self._counter.actions[action](facts)

    async def act(self, rng: Random) -> bool:
        """Let the officers take one step."""
        return self._counter.act(rng)

    async def tick(self) -> None:
        """Nothing happens by itself there."""

    def page(self) -> str:
        """The form, the files, the switches and the officers' desk."""
        latest_first = sorted(
            self._desk.complaints.values(), key=lambda each: each.id, reverse=True
        )
        return pages.get_template("desk.html").render(
            label=LABEL,
            name=NAME,
            complaints=latest_first,
            last_ticket=self._counter.last_ticket,
            statuses=SPELLINGS,
            categories=CATEGORIES,
            cities=CITIES,
            switches=asdict(self._desk.switches),
            switch_labels=SWITCH_LABELS,
            export=_as_link(self._batches.download()),
            answer=_as_link(self._batches.last_answer),
        )

    async def aclose(self) -> None:
        """Nothing is open."""


def _as_link(csv: str) -> str:
    """A file that the page itself holds, as a link."""
    return f"data:text/csv;charset=utf-8,{quote(csv)}" if csv else ""
