"""A disk that is full under a real `hub up`: webhooks are asked to come again, and it goes on by itself."""

import asyncio
import resource
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path

import pytest

from hub.demo.processes import Stand, stand

COMPLAINT = "Lampu jalan di Jl. Jlamprang depan mushola mati sudah empat hari, gelap sekali."
ANY_SIZE = (resource.RLIM_INFINITY, resource.RLIM_INFINITY)
SOON = 60.0


@pytest.fixture
async def here(tmp_path: Path) -> AsyncIterator[Stand]:
    async with stand(tmp_path) as here:
        yield here


async def say(here: Stand, citizen: int) -> None:
    facts = {"conversation": f"62811000{7000 + citizen}", "name": "Warga", "text": COMPLAINT}
    async with here.control() as control:
        (await control.post("/play/whatsapp/say", json=facts)).raise_for_status()


async def until(condition: Callable[[], Awaitable[bool]]) -> None:
    async with asyncio.timeout(SOON):
        while not await condition():  # noqa: ASYNC110 - what we wait for is in another process
            await asyncio.sleep(0.2)


async def is_ready(here: Stand) -> bool:
    async with here.api() as api:
        return (await api.get("/readyz")).is_success


async def webhooks(here: Stand, status: int) -> float:
    """How many were answered so."""
    wanted = f'simpul_webhook_answers_total{{connector="whatsapp",status="{status}"}} '
    async with here.api() as api:
        lines = (await api.get("/metrics")).text.splitlines()
    return sum(float(line.removeprefix(wanted)) for line in lines if line.startswith(wanted))


async def reports(here: Stand) -> int:
    async with here.api() as api:
        lines = (await api.get("/api/v1/complaints")).json()["complaints"]
        whole = [(await api.get(f"/api/v1/complaints/{line['ticket']}")).json() for line in lines]
    return sum(len(complaint["reports"]) for complaint in whole)


async def test_webhooks_wait_outside_until_there_is_room_again_and_nothing_is_lost(
    here: Stand,
) -> None:
    assert here.hub is not None
    await say(here, 1)

    async def first() -> bool:
        return await reports(here) == 1

    async def refused() -> bool:
        return await webhooks(here, 503) >= 2

    async def all_there() -> bool:
        return await reports(here) == 3 and await is_ready(here)

    await until(first)
    # No file of this process may grow: to SQLite that is a disk without room.
    resource.prlimit(here.hub.pid, resource.RLIMIT_FSIZE, (4096, resource.RLIM_INFINITY))
    try:
        await say(here, 2)
        await say(here, 3)
        await until(refused)
        async with here.api() as api:
            ready = await api.get("/readyz")
            assert (await api.get("/healthz")).status_code == 200
            assert (await api.get("/api/v1/complaints")).status_code == 200
        assert ready.status_code == 503
        assert "disk penuh" in ready.json()["message"]
    finally:
        resource.prlimit(here.hub.pid, resource.RLIMIT_FSIZE, ANY_SIZE)
    await until(all_there)
    assert here.hub.poll() is None
