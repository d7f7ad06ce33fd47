"""Webhooks to the hub: signed, and brought again until it says 200."""

import asyncio
import hashlib
import hmac
import json
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import httpx

from hub.sandbox import Stage

FIRST_WAIT, LONGEST_WAIT = 0.2, 5.0
GIVES_UP_AFTER = timedelta(days=7)
AT_ONCE = 8
HELD_BACK_SECONDS = 3.0


class Postman:
    """Meta's side of a webhook: at least once, in no order. Two switches make it worse.

    `twice` and `late` are shares of the webhooks that come twice, or some seconds late.
    """

    def __init__(
        self, stage: Stage, *, secret: str, transport: httpx.AsyncBaseTransport | None
    ) -> None:
        self._stage = stage
        self._secret = secret.encode()
        self._client = httpx.AsyncClient(transport=transport, timeout=10, trust_env=False)
        self._room = asyncio.Semaphore(AT_ONCE)
        self._tasks: set[asyncio.Task[None]] = set()
        self.twice = 0.0
        self.late = 0.0

    def bring(self, body: Mapping[str, Any], *, after: float = 0.0) -> bytes:
        """Send a webhook on its way; gives the bytes that travel."""
        content = json.dumps(body, separators=(",", ":")).encode()
        rng = self._stage.rng
        times = 2 if rng.random() < self.twice else 1
        for _ in range(times):
            delay = rng.uniform(0, HELD_BACK_SECONDS) if rng.random() < self.late else 0.0
            self.bring_again(content, after=after + delay)
        return content

    def bring_again(self, content: bytes, *, after: float = 0.0) -> None:
        """The same bytes once more, as Meta does."""
        if not self._stage.hub_url:
            return
        task = asyncio.create_task(self._deliver(content, after))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def settled(self) -> None:
        """Wait until everything on its way has arrived."""
        while self._tasks:
            await asyncio.gather(*self._tasks)

    @property
    def on_the_way(self) -> int:
        """How many webhooks the hub has not taken yet."""
        return len(self._tasks)

    async def aclose(self) -> None:
        tasks = list(self._tasks)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await self._client.aclose()

    async def _deliver(self, content: bytes, after: float) -> None:
        await asyncio.sleep(after)
        wait, begun = FIRST_WAIT, self._stage.clock.now()
        while not await self._taken(content):
            if self._stage.clock.now() - begun > GIVES_UP_AFTER:
                return
            await asyncio.sleep(wait)
            wait = min(wait * 2, LONGEST_WAIT)

    async def _taken(self, content: bytes) -> bool:
        signature = hmac.new(self._secret, content, hashlib.sha256).hexdigest()
        headers = {
            "content-type": "application/json",
            "x-hub-signature-256": f"sha256={signature}",
        }
        url = f"{self._stage.hub_url}/webhooks/whatsapp"
        async with self._room:
            try:
                response = await self._client.post(url, content=content, headers=headers)
            except httpx.HTTPError:
                return False
        return response.status_code == httpx.codes.OK
