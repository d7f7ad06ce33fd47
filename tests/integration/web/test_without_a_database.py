"""What is answered while the database cannot be used: a sentence, soon, and never a stack trace."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy.ext.asyncio import AsyncConnection

from hub.ports import DatabaseAway
from tests.integration.web.conftest import HERE, KEY, Web, web_over

SIGNED = {"x-hub-signature-256": "sha256=benar"}


class Away:
    """A database that is known to be gone."""

    @asynccontextmanager
    async def reading(self) -> AsyncIterator[AsyncConnection]:
        raise DatabaseAway("Basis data tidak menjawab.")
        yield


class Dawdling:
    """Keeps what came, when it is allowed to."""

    def __init__(self) -> None:
        self.may_go_on = asyncio.Event()
        self.kept: list[bytes] = []

    def challenge(self, connector: str, query: Mapping[str, str]) -> str:
        raise NotImplementedError

    async def receive(self, connector: str, headers: Mapping[str, str], body: bytes) -> None:
        del connector, headers
        await self.may_go_on.wait()
        self.kept.append(body)


@pytest.fixture
def away() -> Web:
    return web_over(Away(), Path())


@pytest.mark.parametrize("path", ["/", "/complaints", "/metrics"])
async def test_a_page_says_so_and_when_to_come_again(away: Web, path: str) -> None:
    async with away.client(origin=HERE) as client:
        await client.post("/login", data={"key": KEY})
        answer = await client.get(path)

    assert answer.status_code == 503
    assert "Basis data sedang tidak dapat dipakai" in answer.text
    assert answer.headers["retry-after"] == "10"


@pytest.mark.parametrize("path", ["/complaints", "/health", "/cards"])
async def test_the_api_says_so_and_when_to_come_again(away: Web, path: str) -> None:
    async with away.client(authorization=f"Bearer {KEY}") as client:
        answer = await client.get(f"/api/v1{path}")

    assert answer.status_code == 503
    assert "Basis data sedang tidak dapat dipakai" in answer.json()["message"]
    assert answer.headers["retry-after"] == "10"


async def test_the_process_lives_and_is_not_ready_for_the_reason_that_is_known(away: Web) -> None:
    async with away.client() as client:
        alive, ready = await client.get("/healthz"), await client.get("/readyz")

    assert alive.status_code == 200
    assert ready.status_code == 503
    assert ready.json()["message"] == "Basis data tidak menjawab."


async def test_a_database_that_can_only_be_read_is_not_ready_either(web: Web) -> None:
    web.needs = replace(web.needs, trouble=lambda: "Disk penuh.")
    async with web.client() as client:
        ready = await client.get("/readyz")

    assert (ready.status_code, ready.json()["message"]) == (503, "Disk penuh.")


async def test_a_webhook_that_is_not_kept_in_time_is_asked_to_come_again_and_may_be_kept_yet(
    web: Web, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("hub.web.webhooks.LONGEST_KEEP", 0.1)
    slow = Dawdling()
    web.needs = replace(web.needs, webhooks=slow)
    async with web.client() as client:
        answer = await client.post("/webhooks/whatsapp", content=b"{}", headers=SIGNED)

        assert (answer.status_code, answer.headers["retry-after"]) == (503, "10")
        assert slow.kept == []
        slow.may_go_on.set()
        await asyncio.sleep(0.05)
    assert slow.kept == [b"{}"]
