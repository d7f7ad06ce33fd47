"""The imitation, and somebody who talks to it without a socket."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import httpx

from connectors.laporgub.sandbox.imitation import LaporGubImitation
from hub.sandbox import SandboxTransport, Stage
from hub.sandbox.harness import build_harness

TICKET = "PKL-2026-000123"
PARCEL = "0123456789ab"
ADUAN: Mapping[str, Any] = {
    "judul": "Jalan provinsi berlubang",
    "isi": "Jalan provinsi di Kuripan berlubang sejak Senin.",
    "kategori": "infrastruktur",
    "id_kabkota": "3375",
    "lokasi": "Jl. Raya Kuripan",
    "lat": -6.9218,
    "lon": 109.6711,
    "jenis": 1,
    "nomor_luar": TICKET,
}


@dataclass(frozen=True)
class Province:
    """The imitation on its stage, the way to it, and a client with the key of the city."""

    imitation: LaporGubImitation
    stage: Stage
    transport: SandboxTransport
    client: httpx.AsyncClient

    async def play(self, action: str, **facts: Any) -> Mapping[str, Any]:
        """What people do there."""
        return await self.imitation.play(action, facts)

    async def reported(self, **facts: Any) -> str:
        """A citizen complains there; the number."""
        ticket: str = (await self.play("report", **({"isi": ADUAN["isi"]} | facts)))["ticket"]
        return ticket

    async def opened(self, **facts: Any) -> str:
        """The hub opens a complaint by the API; the number."""
        answer = await self.client.post("/api/aduan", json={**ADUAN, **facts})
        assert answer.status_code == 201, answer.text
        ticket: str = answer.json()["data"]["tiket"]
        return ticket

    async def seen(self, ticket: str) -> dict[str, Any]:
        """The complaint as the API shows it."""
        complaint: dict[str, Any] = (await self.client.get(f"/api/aduan/{ticket}")).json()["data"]
        return complaint

    async def fail(self, kind: str, **fault: Any) -> None:
        """Switch on a fault of the harness."""
        wish = {"imitation": "laporgub", "kind": kind, **fault}
        answer = await self.client.post("http://sandbox/control/faults", json=wish)
        assert answer.is_success, answer.text

    def journal(self, kind: str) -> list[dict[str, Any]]:
        """What happened there."""
        return [event.facts for event in self.stage.journal.of(kind)]


def province() -> Province:
    """A new one."""
    stage = Stage()
    imitation = LaporGubImitation(stage)
    environment = imitation.environment()
    transport = SandboxTransport(build_harness([imitation], stage))
    client = httpx.AsyncClient(
        base_url=environment["LAPORGUB_BASE_URL"],
        headers={"X-Api-Key": environment["LAPORGUB_API_KEY"]},
        transport=transport,
    )
    return Province(imitation, stage, transport, client)
