"""A small imitation to try the harness with: a letter box that keeps what is posted."""

from collections.abc import Iterable, Mapping
from random import Random
from typing import Any

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route

from hub.sandbox import Scene, Stage


class Letterbox:
    """POST /letters keeps a letter, GET /letters shows how many there are."""

    title = "Kotak Surat"

    def __init__(self, stage: Stage, *, name: str = "letterbox") -> None:
        self.name = name
        self.stage = stage
        self.letters: list[str] = []
        self.steps_left = 1
        self.ticks = 0
        self.is_broken = False
        self.is_closed = False
        self.app = Starlette(
            routes=[
                Route("/letters", self._count),
                Route("/letters", self._keep, methods=["POST"]),
            ]
        )

    def environment(self) -> Mapping[str, str]:
        return {f"{self.name.upper()}_BASE_URL": f"{self.stage.base_url}/upstream/{self.name}"}

    def scenes(self, rng: Random) -> Iterable[Scene]:
        yield Scene(9.0, "write", {"text": f"surat {rng.randrange(1000)}"})
        yield Scene(3.0, "write", {"text": "surat pagi"})

    async def play(self, action: str, facts: Mapping[str, Any]) -> Mapping[str, Any]:
        if action != "write":
            raise ValueError(f"Kotak surat tidak bisa {action!r}.")
        self.letters.append(facts["text"])
        self.stage.journal.write(self.name, "said", message=facts["text"])
        return {"letters": len(self.letters), "at": self.stage.clock.now()}

    async def act(self, rng: Random) -> bool:  # noqa: ARG002 - it leaves nothing to chance
        self.steps_left -= 1
        return self.steps_left >= 0

    async def tick(self) -> None:
        if self.is_broken:
            raise RuntimeError("the letter box is rusty")
        self.ticks += 1

    def page(self) -> str:
        return f"<h1>{len(self.letters)} surat</h1>"

    async def aclose(self) -> None:
        self.is_closed = True

    async def _count(self, _: Request) -> JSONResponse:
        return JSONResponse({"letters": len(self.letters)})

    async def _keep(self, request: Request) -> JSONResponse:
        self.letters.append((await request.body()).decode())
        return JSONResponse({"letters": len(self.letters), "remark": "surat diterima"})
