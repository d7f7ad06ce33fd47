"""Three kills of `hub up`, each at a moment that matters. The long version is kill9.py."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from random import Random
from typing import Any

import pytest
from rich.console import Console

from hub.demo.audit import audit
from hub.demo.cast import Tally, officers, operator
from hub.demo.processes import Stand, stand
from tests.faults.killer import Killer
from tests.faults.ledger import Ledger

SAID = (
    "Lampu jalan di Jl. Jlamprang depan mushola mati sudah empat hari.",
    "Sampah di belakang Pasar Grogolan sudah tiga hari tidak diangkut.",
    "Got mampet di Kradenan gang 2, kalau hujan airnya luber ke jalan.",
)


@pytest.fixture
async def here(tmp_path: Path) -> AsyncIterator[Stand]:
    async with stand(tmp_path) as here:
        yield here


@pytest.fixture
def killer(here: Stand) -> Killer:
    ledger = Ledger(here.environment["HUB_DATABASE_URL"])
    return Killer(here, ledger, Random(1), Console(quiet=True))  # noqa: S311 - chance, not secrecy


async def test_a_hub_killed_three_times_loses_nothing_doubles_nothing_and_leaves_nothing_stuck(
    here: Stand, killer: Killer
) -> None:
    # Killed when the first bytes of a push may have left: nobody can know whether they arrived.
    slow = {"kind": "delay", "route": "^POST /complaints/complaint", "times": 1, "seconds": 1.5}
    await _control(here, "/control/faults", imitation="sp4n", **slow)
    await _say(here, 0)
    await _until(lambda: _has_begun(killer.ledger))
    leases = await killer.kill()
    assert "sp4n" in [lease.connector for lease in leases if lease.begun]
    assert killer.wrong == []
    await _until(lambda: _asks_a_person(here))

    # Killed when a message has been taken in and nothing has been made of it yet.
    await _say(here, 1)
    await _until(lambda: _is_kept(killer.ledger, 2))
    await killer.kill()

    # Killed when a push has arrived and its answer may not have.
    tally = await _play_to_the_end(here, killer)

    assert killer.kills == 3
    assert killer.wrong == []
    settled_by = await killer.settled_by()
    assert killer.wrong == []
    assert settled_by.total() == sum(lease.begun for lease in killer.found) >= 1
    assert tally.settled["doubt: not there, sent again"] + tally.settled["doubt: found there"] >= 1
    assert await killer.ledger.blindly_repeated() == []
    assert await killer.ledger.stuck() == []
    result = await audit(here)
    assert result.sentence() == "3 of 3 in step, 0 lost, 0 doubled"
    assert result.is_clean, result.apart


async def _play_to_the_end(here: Stand, killer: Killer) -> Tally:
    tally, stop = Tally(), asyncio.Event()
    acting = [asyncio.create_task(operator(here, tally, stop=stop))]
    try:
        await _until(lambda: _happened(here, "filed"))
        await killer.kill()
        await _say(here, 2)
        acting.append(asyncio.create_task(officers(here, stop=stop)))
        await _until(lambda: _is_clean(here), every=0.5)
    finally:
        stop.set()
        await asyncio.gather(*acting)
    return tally


async def _until(condition: Callable[[], Awaitable[bool]], *, every: float = 0.05) -> None:
    async with asyncio.timeout(40):
        while not await condition():  # noqa: ASYNC110 - what we wait for is in another process
            await asyncio.sleep(every)


async def _has_begun(ledger: Ledger) -> bool:
    return any(lease.begun and lease.connector == "sp4n" for lease in await ledger.open_leases())


async def _asks_a_person(here: Stand) -> bool:
    async with here.api() as api:
        doubts = (await api.get("/api/v1/parcels", params={"state": "doubt"})).json()
    return any(parcel["asks_person"] for parcel in doubts)


async def _is_kept(ledger: Ledger, count: int) -> bool:
    return await ledger.said("whatsapp") >= count


async def _happened(here: Stand, kind: str) -> bool:
    async with here.control() as control:
        return bool((await control.get("/control/journal", params={"kind": kind})).json())


async def _is_clean(here: Stand) -> bool:
    result = await audit(here)
    return result.said == len(SAID) and result.is_clean


async def _say(here: Stand, number: int) -> None:
    citizen = {"conversation": f"62811000{3000 + number}", "name": "Warga"}
    await _control(
        here, "/play/whatsapp/say", text=SAID[number], complaint=f"aduan-{number}", **citizen
    )


async def _control(here: Stand, path: str, **wish: Any) -> None:
    async with here.control() as control:
        (await control.post(path, json=wish)).raise_for_status()
