"""Asks the hub again and again, as load balancers, operators and programs do, and counts the answers."""

import asyncio
import time
from collections import Counter
from dataclasses import dataclass, field

import httpx

# A page, the API, and the two probes.
ASKED = ("/healthz", "/readyz", "/api/v1/complaints", "/")
EVERY = 1.0


@dataclass(slots=True)
class Watcher:
    """`answers` by path and status, `slowest` by path in seconds, `reasons` of /readyz."""

    url: str
    key: str
    answers: Counter[tuple[str, int]] = field(default_factory=Counter)
    slowest: dict[str, float] = field(default_factory=dict)
    reasons: Counter[str] = field(default_factory=Counter)
    odd: list[str] = field(default_factory=list)

    async def watch(self, stop: asyncio.Event) -> None:
        """Until told to stop."""
        headers = {"Authorization": f"Bearer {self.key}", "Origin": self.url}
        async with httpx.AsyncClient(
            base_url=self.url, headers=headers, timeout=60, trust_env=False
        ) as client:
            await client.post("/login", data={"key": self.key})
            while not stop.is_set():
                await asyncio.gather(*(self._ask(client, path) for path in ASKED))
                await asyncio.sleep(EVERY)

    async def _ask(self, client: httpx.AsyncClient, path: str) -> None:
        began = time.monotonic()
        try:
            answer = await client.get(path)
        except httpx.TransportError as error:
            self.odd.append(f"{path}: {type(error).__name__}")
            return
        self.answers[path, answer.status_code] += 1
        took = time.monotonic() - began
        self.slowest[path] = max(self.slowest.get(path, 0.0), took)
        if answer.status_code == httpx.codes.SERVICE_UNAVAILABLE:
            if "Basis data" not in answer.text:
                self.odd.append(f"{path}: 503 without a reason: {answer.text[:100]}")
            elif path == "/readyz":
                self.reasons[answer.json()["message"]] += 1
        elif answer.is_server_error:
            self.odd.append(f"{path}: {answer.status_code}")
