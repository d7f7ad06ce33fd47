"""Complaints that may be the same, as the hub leaves them behind for a person."""

from typing import Any

from sqlalchemy.ext.asyncio import AsyncConnection

from hub.domain.wards import Ward, Wards
from hub.store.matching_tables import matches, merges
from tests.integration.web import invented
from tests.integration.web.invented import ago

EVIDENCE = [
    {"name": "street_same", "words": "jalan sama (merdeka)", "weight": 2.0},
    {"name": "rt_other", "words": "RT lain (3 / 4)", "weight": -1.0},
    {"name": "topic_same", "words": "lampu jalan padam", "weight": 0.01},
]


def square(name: str, south: float, west: float) -> Ward:
    north, east = south + 0.02, west + 0.02
    ring = ((south, west), (south, east), (north, east), (north, west), (south, west))
    return Ward(f"33.75.01.{name}", name, "Pekalongan Utara", ring)


TOWN = Wards((square("Krapyak", -6.90, 109.66), square("Medono", -6.92, 109.66)))


async def told(connection: AsyncConnection, ticket: str, **given: Any) -> tuple[int, int]:
    """A complaint of one report: their ids."""
    complaint = await invented.complaint(connection, ticket)
    external_id = f"wamid.{ticket}"
    report = await invented.report(connection, complaint, external_id=external_id, **given)
    return complaint, report


async def pair(connection: AsyncConnection, number: int = 1, **given: Any) -> int:
    """Two complaints, and the question whether they are one."""
    complaint, _ = await told(
        connection, f"PKL-26-{number:05d}1", text="Lampu mati di RT 03 <b>Medono</b>"
    )
    _, report = await told(
        connection, f"PKL-26-{number:05d}2", text="PJU padam RT 4", latitude=-6.89,
        longitude=109.67, connector="sp4n", said_at=ago(hours=4, minutes=20),
    )  # fmt: skip
    row = {
        "report_id": report,
        "complaint_id": complaint,
        "verdict": "perhaps",
        "score": 0.62,
        "evidence": EVIDENCE,
        "at": ago(hours=3 - number / 10),
        "state": "open",
    }
    return await invented.put(connection, matches, **row | given)


async def merge(
    connection: AsyncConnection, complaint: int, reports: list[int], **given: Any
) -> int:
    row = {
        "kind": "join",
        "complaint_id": complaint,
        "report_ids": reports,
        "source_ids": [],
        "before": {},
        "score": 0.97,
        "evidence": EVIDENCE,
        "who": "hub",
        "at": ago(hours=2),
    }
    return await invented.put(connection, merges, **row | given)
