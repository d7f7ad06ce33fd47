"""A sandbox in process: one letter box, its harness, and a client that needs no socket."""

from collections.abc import AsyncIterator

import httpx
import pytest

from hub.sandbox import SandboxTransport, Stage
from hub.sandbox.harness import build_harness
from tests.unit.sandbox.letterbox import Letterbox


@pytest.fixture
def stage() -> Stage:
    return Stage()


@pytest.fixture
def letterbox(stage: Stage) -> Letterbox:
    return Letterbox(stage)


@pytest.fixture
async def sandbox(stage: Stage, letterbox: Letterbox) -> AsyncIterator[httpx.AsyncClient]:
    transport = SandboxTransport(build_harness([letterbox], stage))
    async with httpx.AsyncClient(transport=transport, base_url=stage.base_url) as client:
        yield client
