"""The harness under the server it is run with: what only a real connection can show."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from importlib.util import find_spec
from typing import Any

import httpx
import pytest
import uvicorn

from hub.sandbox import Stage
from hub.sandbox.harness import build_harness
from tests.unit.sandbox.letterbox import Letterbox

# uvicorn takes httptools where it is installed; a lost connection must be lost with both.
PARSERS = ["h11", *(["httptools"] if find_spec("httptools") else [])]
LETTERS = "/upstream/letterbox/letters"
LOST = (httpx.ReadError, httpx.RemoteProtocolError, httpx.WriteError)


@asynccontextmanager
async def served(app: Any, *, parser: str) -> AsyncIterator[httpx.AsyncClient]:
    config = uvicorn.Config(
        app, host="127.0.0.1", port=0, http=parser, ws="none", log_level="error"
    )
    server = uvicorn.Server(config)
    serving = asyncio.create_task(server.serve())
    while not server.started:  # noqa: ASYNC110 - uvicorn has no event for it
        await asyncio.sleep(0.01)
    port = server.servers[0].sockets[0].getsockname()[1]
    try:
        async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}") as client:
            yield client
    finally:
        server.should_exit = True
        await serving


@pytest.fixture(params=PARSERS)
async def client(request: pytest.FixtureRequest) -> AsyncIterator[httpx.AsyncClient]:
    stage = Stage()
    async with served(build_harness([Letterbox(stage)], stage), parser=request.param) as client:
        yield client


async def letters(client: httpx.AsyncClient) -> int:
    await client.delete("/control/faults")
    count: int = (await client.get(LETTERS)).json()["letters"]
    return count


@pytest.mark.parametrize(("kind", "kept"), [("drop_before", 0), ("drop_after", 1)])
async def test_a_dropped_call_really_loses_its_connection(
    client: httpx.AsyncClient, capfd: pytest.CaptureFixture[str], kind: str, kept: int
) -> None:
    await client.post("/control/faults", json={"kind": kind})
    with pytest.raises(LOST):
        await client.post(LETTERS, content="halo")
    assert await letters(client) == kept
    assert "Traceback" not in capfd.readouterr().err


async def test_a_drop_before_a_large_letter_was_read_loses_the_connection_too(
    client: httpx.AsyncClient,
) -> None:
    await client.post("/control/faults", json={"kind": "drop_before"})
    with pytest.raises(LOST):
        await client.post(LETTERS, content=b"x" * 5_000_000)
    assert await letters(client) == 0


async def test_a_truncated_answer_is_valid_http_with_half_a_body(
    client: httpx.AsyncClient,
) -> None:
    whole = (await client.post(LETTERS, content="halo")).content
    await client.post("/control/faults", json={"kind": "truncated"})
    half = await client.post(LETTERS, content="halo")
    assert half.status_code == 200
    assert half.content == whole.replace(b"1", b"2")[: len(whole) // 2]
    assert half.headers["content-length"] == str(len(half.content))


async def test_the_connection_of_a_refused_call_serves_the_next_one(
    client: httpx.AsyncClient,
) -> None:
    await client.post("/control/faults", json={"kind": "status", "status": 503})
    assert (await client.post(LETTERS, content=b"x" * 5_000_000)).status_code == 503
    assert await letters(client) == 0
