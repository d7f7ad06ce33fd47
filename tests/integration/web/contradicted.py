"""Channels that contradict, as the hub leaves them behind: both sides, and the rule that decided."""

from typing import Any

from sqlalchemy.ext.asyncio import AsyncConnection

from hub.store.agreement_tables import conflicts
from tests.integration.web import invented
from tests.integration.web.invented import ago

WHY = "Dari «Diproses» tidak boleh langsung ke «Diterima»."


async def conflict(
    connection: AsyncConnection, ticket: str = "PKL-26-000001", **given: Any
) -> int:
    """SP4N says closed within the minute in which an operator said in_progress; nothing is ended."""
    about = given.pop("about", {})
    complaint = await invented.complaint(connection, ticket, **about)
    source = await invented.source(
        connection, complaint, "sp4n", their_status="Selesai", shown="closed",
        shown_at=ago(minutes=20), told="received", **given.pop("channel", {}),
    )  # fmt: skip
    return await note(connection, complaint, source, **given)


async def note(connection: AsyncConnection, complaint: int, source: int, **given: Any) -> int:
    row = {
        "complaint_id": complaint,
        "source_id": source,
        "connector": "sp4n",
        "at": ago(minutes=19),
        "rule": "not_allowed",
        "outcome": "person",
        "ours": "in_progress",
        "ours_at": ago(minutes=20, seconds=20),
        "ours_from": "operator:budi",
        "theirs": "closed",
        "their_word": "Selesai <b>",
        "theirs_at": ago(minutes=20),
        "ahead": 0.0,
        "reason": WHY,
    }
    return await invented.put(connection, conflicts, **row | given)
