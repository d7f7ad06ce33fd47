"""Giving up: the parcel is parked for a person, never deleted."""

from datetime import datetime

from hub.contract.errors import Unsendable, UpstreamError
from hub.ports import Work
from hub.rows import Card, Kind, Parcel, State


async def give_up(
    work: Work, parcel: Parcel, error: UpstreamError, *, title: str, at: datetime
) -> None:
    """Park it, with a card that says why and what to do."""
    if parcel.kind is Kind.NOTICE and isinstance(error, Unsendable):
        # A greeting that is answered a day late is answered best by nothing.
        await work.outbox.drop(parcel.parcel_id, at=at)
        return
    await work.outbox.abandon(parcel, code=error.code, detail=error.detail, at=at)
    current = await work.outbox.get(parcel.parcel_id)
    if current is not None and current.state is State.ABANDONED:
        detail = f"{error.detail} ({error.code})"
        await work.cards.open(parked_card(parcel, title, detail), at=at)


def parked_card(parcel: Parcel, title: str, detail: str) -> Card:
    """Say what was parked, why, and what to do."""
    return Card(
        key=f"parked:{parcel.parcel_id}",
        kind="parked",
        connector=parcel.connector,
        complaint_id=parcel.complaint_id,
        parcel_id=parcel.parcel_id,
        text=f"Kiriman ke {title} diparkir: {detail}",
        next_step="Perbaiki sebabnya lalu tekan «kirim ulang», atau lepaskan bila tidak perlu lagi.",
    )
