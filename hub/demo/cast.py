"""Who acts on a demo day: citizens by their script, officers at their desks, one operator at the hub."""

import asyncio
from collections import Counter
from dataclasses import dataclass, field
from typing import Any

import httpx

from hub.demo.processes import Stand

OFFICERS_PAUSE = 0.4
OPERATOR_PAUSE = 0.5
# The rule of mappings/routes.toml by which an emergency goes nowhere but to 112.
EMERGENCY_RULE = "darurat"


@dataclass(slots=True)
class Tally:
    """What the operator had to settle: only a person could."""

    settled: Counter[str] = field(default_factory=Counter)


async def citizens(stand: Stand, *, seed: int) -> int:
    """Play the citizens' day in real time; how many scenes there were."""
    async with stand.control() as control:
        scenes = (await control.get("/control/scenes", params={"seed": seed})).json()
        clock = asyncio.get_running_loop().time
        began = clock()
        for scene in scenes:
            await asyncio.sleep(max(scene["at"] - (clock() - began), 0))
            facts = scene["facts"]
            if "complaint" in facts:
                # Another day has the same complaints again; the audit must tell them apart.
                facts["complaint"] = f"{facts['complaint']}/{seed}"
            answer = await control.post(
                f"/play/{scene['imitation']}/{scene['action']}", json=facts
            )
            answer.raise_for_status()
    return len(scenes)


async def officers(stand: Stand, *, stop: asyncio.Event) -> None:
    """Step by step, whoever has something on the desk."""
    async with stand.control() as control:
        while not stop.is_set():
            await control.post("/control/act", json={})
            await asyncio.sleep(OFFICERS_PAUSE)


async def operator(stand: Stand, tally: Tally, *, stop: asyncio.Event) -> None:
    """Settle, through the hub's API, what the hub asks a person: look there first, then decide."""
    async with stand.api() as api, stand.control() as control:
        while not stop.is_set():
            try:
                await _settle_all(api, control, tally)
            except (httpx.TransportError, httpx.HTTPStatusError):
                # The hub is being restarted, or its database is (tests/faults do that on purpose).
                tally.settled["hub away"] += 1
            await asyncio.sleep(OPERATOR_PAUSE)


async def _asked(api: httpx.AsyncClient, path: str, **asked: Any) -> Any:
    answer = await api.get(path, **asked)
    return answer.raise_for_status().json()


async def _settle_all(api: httpx.AsyncClient, control: httpx.AsyncClient, tally: Tally) -> None:
    await _answer_emergencies(api, tally)
    doubts = await _asked(api, "/api/v1/parcels", params={"state": "doubt"})
    if doubts:
        there = await _what_is_there(control)
        for parcel in doubts:
            if parcel["asks_person"]:
                await _settle_doubt(api, parcel, there=there, tally=tally)
    parked = await _asked(api, "/api/v1/parcels", params={"state": "abandoned"})
    for parcel in parked:
        answer = await api.post(f"/api/v1/parcels/{parcel['parcel_id']}/replay")
        tally.settled["parked, sent again"] += answer.is_success


async def _answer_emergencies(api: httpx.AsyncClient, tally: Tally) -> None:
    """The card says to call 112: done, so the complaint comes to its end and the card is put away."""
    cards = await _asked(api, "/api/v1/cards")
    alarms = [card for card in cards if card["kind"] == "emergency"]
    if not alarms:
        return
    lines = await _asked(api, "/api/v1/complaints", params={"status": "received"})
    passed_on = 0
    for line in lines["complaints"]:
        complaint = await _asked(api, f"/api/v1/complaints/{line['ticket']}")
        if complaint["routed_by"] == EMERGENCY_RULE:
            wish = {"status": "closed", "note": "Sudah diteruskan ke 112 dan ditangani di tempat."}
            done = await api.post(f"/api/v1/complaints/{line['ticket']}/moves", json=wish)
            passed_on += done.is_success
    tally.settled["emergency passed on to 112"] += passed_on
    # The card is there before the complaint: until there is something to bring to its end, it stays.
    for card in alarms if passed_on else ():
        await api.post(f"/api/v1/cards/{card['id']}/close")


async def _settle_doubt(
    api: httpx.AsyncClient,
    parcel: dict[str, Any],
    *,
    there: dict[tuple[str, str], str],
    tally: Tally,
) -> None:
    name, parcel_id = parcel["connector"], parcel["parcel_id"]
    number = (
        there.get((name, parcel.get("ticket") or ""))
        if parcel["kind"] == "opening"
        else there.get((name, parcel_id)) or there.get((name, parcel_id[:12]))
    )
    path = f"/api/v1/parcels/{parcel_id}"
    if number is None:
        answer = await api.post(f"{path}/send-again")
        tally.settled["doubt: not there, sent again"] += answer.is_success
    else:
        answer = await api.post(f"{path}/found", json={"external_id": number})
        tally.settled["doubt: found there"] += answer.is_success


async def _what_is_there(control: httpx.AsyncClient) -> dict[tuple[str, str], str]:
    """What a person would see in the upstream's own pages: (imitation, marker) -> its number."""
    journal = (await control.get("/control/journal")).json()
    there: dict[tuple[str, str], str] = {}
    for event in journal:
        facts = event["facts"]
        number = facts.get("external_id") or facts.get("message")
        if event["kind"] in ("filed", "followed_up", "told") and facts.get("marker"):
            there.setdefault((event["imitation"], str(facts["marker"])), str(number))
    return there
