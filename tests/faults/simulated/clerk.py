"""An operator with an API key: does what is asked, and settles what only a person can by looking there."""

import asyncio
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import httpx

from hub.sandbox import Journal
from tests.faults.simulated.network import Door
from tests.faults.simulated.settings import KEY

TRIES, TRY_AGAIN = 8, 20.0
SERVER_ERROR = 500
READ_AGAIN = 2
THERE = ("filed", "followed_up", "told")


@dataclass(slots=True, kw_only=True)
class Clerk:
    """Works by the public API only. `settled`: what came of it."""

    door: Door
    journal: Journal
    settled: Counter[str] = field(default_factory=Counter)
    _read_again: Counter[int] = field(default_factory=Counter)

    def client(self) -> httpx.AsyncClient:
        """A way to the hub, with a key."""
        return httpx.AsyncClient(
            transport=self.door,
            base_url="http://hub/api/v1",
            headers={"authorization": f"Bearer {KEY}"},
            timeout=30,
            trust_env=False,
        )

    async def get(self, path: str, **query: Any) -> Any:
        """Ask until the hub answers; None if it does not."""
        answer = await self._call("GET", path, params=query)
        return answer.json() if answer is not None and answer.is_success else None

    async def post(self, path: str, **body: Any) -> int:
        """Do something; 0 if the hub does not answer."""
        answer = await self._call("POST", path, json=body)
        return answer.status_code if answer is not None else 0

    async def tickets(self) -> list[str]:
        """All complaints, the first one first."""
        found: list[str] = []
        cursor: str | None = None
        while True:
            page = await self.get(
                "/complaints", limit=200, **({"cursor": cursor} if cursor else {})
            )
            if page is None:
                return sorted(found)
            found += [line["ticket"] for line in page["complaints"]]
            cursor = page["cursor"]
            if not cursor:
                return sorted(found)

    async def settle(self) -> int:
        """Once through everything that asks a person; how much there was."""
        before = self.settled.total()
        there = self._what_is_there()
        for parcel in await self.get("/parcels", state="doubt", limit=200) or ():
            if parcel["asks_person"]:
                await self._settle_doubt(parcel, there)
        for parcel in await self.get("/parcels", state="abandoned", limit=200) or ():
            done = await self.post(f"/parcels/{parcel['parcel_id']}/replay")
            self.settled["parked, sent again"] += _is_done(done)
        for conflict in await self._asking():
            await self._decide(conflict)
        for card in await self.get("/cards") or ():
            await self._look_at(card)
        return self.settled.total() - before

    async def _settle_doubt(
        self, parcel: Mapping[str, Any], there: Mapping[tuple[str, str], str]
    ) -> None:
        name, parcel_id = parcel["connector"], parcel["parcel_id"]
        number = (
            there.get((name, parcel.get("ticket") or ""))
            if parcel["kind"] == "opening"
            else there.get((name, parcel_id)) or there.get((name, parcel_id[:12]))
        )
        if number is None:
            done = await self.post(f"/parcels/{parcel_id}/send-again")
            self.settled["doubt: not there, sent again"] += _is_done(done)
        else:
            done = await self.post(f"/parcels/{parcel_id}/found", external_id=number)
            self.settled["doubt: found there"] += _is_done(done)

    async def _asking(self) -> list[Mapping[str, Any]]:
        page = await self.get("/conflicts", open="true", limit=200)
        return [each for each in page["conflicts"] if each["asks_person"]] if page else []

    async def _decide(self, conflict: Mapping[str, Any]) -> None:
        """Whoever works on it knows best: what the channel says holds."""
        holds = conflict["theirs"]["status"]
        done = await self.post(f"/conflicts/{conflict['id']}/decision", status=holds)
        self._decided("contradiction decided", conflict["ticket"], status=holds, done=done)

    async def _release(self, ticket: str) -> None:
        """Their channels undo each other: how it stands now holds."""
        complaint = await self.get(f"/complaints/{ticket}")
        if complaint is not None and complaint["held_since"] is not None:
            holds = complaint["status"]
            done = await self.post(f"/complaints/{ticket}/release", status=holds)
            self._decided("held, let go", ticket, status=holds, done=done)

    def _decided(self, what: str, ticket: str, *, status: str, done: int) -> None:
        self.journal.write("operator", "decided", ticket=ticket, status=status, answered=done)
        self.settled[what] += _is_done(done)

    async def _look_at(self, card: Mapping[str, Any]) -> None:
        number = card["inbox_id"]
        if number is not None and self._read_again[number] < READ_AGAIN:
            # What came in another shape keeps it: it stays on the page, for whoever mends the connector.
            self._read_again[number] += 1
            done = await self.post(f"/inbox/{number}/read-again")
            self.settled["read again"] += _is_done(done)
        if card["kind"] == "held" and card["ticket"]:
            await self._release(card["ticket"])

    def _what_is_there(self) -> dict[tuple[str, str], str]:
        """What the channels' own pages show: (channel, marker) -> its number."""
        there: dict[tuple[str, str], str] = {}
        for event in self.journal.events:
            number = event.facts.get("external_id") or event.facts.get("message")
            if event.kind in THERE and event.facts.get("marker"):
                there.setdefault((event.imitation, str(event.facts["marker"])), str(number))
        return there

    async def _call(self, method: str, path: str, **what: Any) -> httpx.Response | None:
        async with self.client() as client:
            for _ in range(TRIES):
                try:
                    answer = await client.request(method, path.removeprefix("/"), **what)
                except httpx.TransportError:
                    answer = None
                if answer is not None and answer.status_code < SERVER_ERROR:
                    return answer
                await asyncio.sleep(TRY_AGAIN)
        return None


def _is_done(status: int) -> bool:
    return httpx.codes.is_success(status)
