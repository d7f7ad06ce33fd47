"""An imitation of a board that exists nowhere."""

import hashlib
import hmac
import json
from collections.abc import Iterable, Mapping
from random import Random
from typing import Any

import httpx
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route

from hub.sandbox import Scene, Stage

SECRET = "rahasia-papan-tiruan"
TOKEN = "token-papan-tiruan"


class BoardImitation:
    """Posts in memory."""

    name = "board"
    title = "Papan Warga"

    def __init__(self, stage: Stage) -> None:
        self._stage = stage
        self._posts: dict[str, dict[str, Any]] = {}
        self._markers: dict[str, str] = {}
        self._webhooks = httpx.AsyncClient()
        self.app = Starlette(
            routes=[
                Route("/posts", self._pin, methods=["POST"]),
                Route("/posts/{id}", self._look),
                Route("/posts/{id}/answers", self._answer, methods=["POST"]),
                Route("/search", self._search),
            ]
        )

    def environment(self) -> Mapping[str, str]:
        base = f"{self._stage.base_url}/upstream/board"
        return {"BOARD_BASE_URL": base, "BOARD_TOKEN": TOKEN, "BOARD_SECRET": SECRET}

    def scenes(self, rng: Random) -> Iterable[Scene]:
        yield Scene(
            1.0,
            "pin",
            {"isi": "Lampu jalan mati", "telepon": f"62811000{rng.randrange(10_000):04}"},
        )

    async def play(self, action: str, facts: Mapping[str, Any]) -> Mapping[str, Any]:
        if action != "pin":
            raise ValueError(f"Di papan tidak bisa {action!r}.")
        post = self._pinned(facts["isi"])
        post["penulis"] = {"nama": "Warga Rekaan", "telepon": facts["telepon"]}
        await self._send({"pos": [post]})
        return {"id": post["id"]}

    async def act(self, rng: Random) -> bool:
        opened = [post for post in self._posts.values() if post["status"] != "selesai"]
        if not opened:
            return False
        rng.choice(opened)["status"] = "selesai"
        return True

    async def tick(self) -> None:
        """Nothing on the board happens by itself."""

    def page(self) -> str:
        return f"<h1>{len(self._posts)} pos</h1>"

    async def aclose(self) -> None:
        await self._webhooks.aclose()

    def _pinned(self, text: str) -> dict[str, Any]:
        now = int(self._stage.clock.now().timestamp())
        post_id = str(41 + len(self._posts))
        post = {"id": post_id, "dipasang": now, "isi": text, "status": "baru", "diubah": now}
        self._posts[post_id] = post
        return post

    async def _send(self, body: Mapping[str, Any]) -> None:
        content = json.dumps(body).encode()
        signature = hmac.new(SECRET.encode(), content, hashlib.sha256).hexdigest()
        headers = {"X-Board-Signature": f"sha256={signature}"}
        url = f"{self._stage.hub_url}/webhooks/board"
        await self._webhooks.post(url, content=content, headers=headers)

    async def _pin(self, request: Request) -> JSONResponse:
        body = await request.json()
        post = self._pinned(body["isi"])
        self._markers[body["penanda"]] = post["id"]
        return JSONResponse({"id": post["id"]})

    async def _answer(self, request: Request) -> JSONResponse:
        if request.path_params["id"] not in self._posts:
            return JSONResponse({"message": "tidak ada"}, status_code=404)
        self._markers[(await request.json())["penanda"]] = "7001"
        return JSONResponse({"id": "7001"})

    async def _look(self, request: Request) -> JSONResponse:
        return JSONResponse({"pos": [self._posts[request.path_params["id"]]]})

    async def _search(self, request: Request) -> JSONResponse:
        return JSONResponse({"id": self._markers.get(request.query_params["marker"])})


def build(stage: Stage) -> BoardImitation:
    """The imitation."""
    return BoardImitation(stage)
