import asyncio
from typing import Any

import httpx
import pytest

from connectors.sp4n.client import Client
from connectors.sp4n.pacing import Pacer
from connectors.sp4n.settings import Settings
from hub.contract import Unavailable
from tests.connectors.sp4n.conftest import GIVEN


class Watch:
    """A clock that moves only while somebody sleeps."""

    def __init__(self) -> None:
        self.now = 100.0
        self.woken_at: list[float] = []

    def __call__(self) -> float:
        return self.now

    async def sleep(self, seconds: float) -> None:
        self.woken_at.append(self.now + seconds)
        await asyncio.sleep(0)


async def test_calls_that_come_together_go_one_after_the_other() -> None:
    watch = Watch()
    pacer = Pacer(2, clock=watch, sleep=watch.sleep)
    await asyncio.gather(*(pacer.turn() for _ in range(4)))
    assert watch.woken_at == [100.5, 101.0, 101.5]


async def test_after_a_rest_nobody_waits_and_nothing_was_saved_up() -> None:
    watch = Watch()
    pacer = Pacer(2, clock=watch, sleep=watch.sleep)
    await pacer.turn()
    watch.now += 60
    await pacer.turn()
    assert watch.woken_at == []
    await pacer.turn()
    assert watch.woken_at == [160.5]


async def test_every_call_waits_for_its_turn_also_a_read_that_is_tried_again() -> None:
    turns = 0

    class Counting(Pacer):
        async def turn(self, _: object = None) -> None:
            nonlocal turns
            turns += 1

    seen: list[str] = []

    def answer(request: httpx.Request) -> httpx.Response:
        seen.append(request.url.path)
        body: dict[str, Any] = {"results": {"data": [{"id": 1}]}, "complaint_id": 1}
        return httpx.Response(503 if "masters" in request.url.path else 200, json=body)

    settings = Settings(**(GIVEN | {"inbound_path": "/inbound"}))
    client = Client(settings, httpx.MockTransport(answer), pacer=Counting(1))
    with pytest.raises(Unavailable):
        await client.institutions()
    assert turns == 3
    await client.detail("1")
    await client.followups("1")
    await client.inbound(1)
    await client.create({"title": "x"})
    await client.add_followup({"content": "x"}, ())
    await client.aclose()
    assert turns == len(seen) == 8


async def test_the_setting_is_the_pace() -> None:
    slow = Settings(**(GIVEN | {"per_second": 20}))
    transport = httpx.MockTransport(lambda _: httpx.Response(200, json={"complaint_id": 1}))
    client = Client(slow, transport)
    loop = asyncio.get_running_loop()
    started = loop.time()
    await asyncio.gather(*(client.create({"title": "x"}) for _ in range(5)))
    await client.aclose()
    assert loop.time() - started >= 4 / 20 - 0.01
