"""A connector and its imitation, talking to each other without a socket."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from hashlib import sha256
from itertools import islice
from random import Random
from typing import Any

import httpx
import pytest

from hub.contract import Raw
from hub.sandbox import Imitation, SandboxTransport, Stage
from hub.sandbox.harness import build_harness
from tests.contract.subjects import Subject

HUB = "http://hub.example"
SCENES = 12


@dataclass(kw_only=True)
class Trial:
    """A connector that talks to its imitation, and what the imitation has told the hub so far."""

    subject: Subject
    imitation: Imitation
    connector: Any
    webhooks: list[httpx.Request]
    rng: Random

    async def play(self) -> None:
        """The first scenes of a demo day."""
        for scene in islice(
            sorted(self.imitation.scenes(self.rng), key=lambda each: each.at), SCENES
        ):
            await self.imitation.play(scene.action, scene.facts)
        await self.settle()

    async def settle(self) -> None:
        """Let what was started in the background come to its end."""
        await self.imitation.tick()
        for _ in range(100):
            await asyncio.sleep(0)

    def told(self) -> list[Any]:
        """The news of all webhooks so far, each signed as it should be."""
        news: list[Any] = []
        for webhook in self.webhooks:
            self.connector.verify(webhook.headers, webhook.content)
            key = sha256(webhook.content).hexdigest()
            news += self.connector.read(Raw(key=key, body=webhook.content))
        return news


@asynccontextmanager
async def trial_of(subject: Subject) -> AsyncIterator[Trial]:
    """Connector and imitation, with no socket between them."""
    stage = Stage(hub_url=HUB)
    with hub_that_listens() as webhooks:
        imitation = subject.imitation(stage)
        transport = SandboxTransport(build_harness([imitation], stage))
        connector = subject.build(transport, environment=imitation.environment())
        try:
            yield Trial(
                subject=subject,
                imitation=imitation,
                connector=connector,
                webhooks=webhooks,
                rng=stage.rng,
            )
        finally:
            await connector.aclose()
            await imitation.aclose()


@contextmanager
def hub_that_listens() -> Iterator[list[httpx.Request]]:
    """What an imitation sends over the network arrives here instead and is answered 200."""
    heard: list[httpx.Request] = []

    async def hear(_: object, request: httpx.Request) -> httpx.Response:
        assert str(request.url).startswith(HUB), f"an imitation calls {request.url.host}"
        await request.aread()
        heard.append(request)
        return httpx.Response(200)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(httpx.AsyncHTTPTransport, "handle_async_request", hear)
        yield heard
