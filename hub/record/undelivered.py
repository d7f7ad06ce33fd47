"""What an upstream did not take, or took and never delivered: parked, and a person is told."""

from datetime import datetime

from hub.ports import Work
from hub.rows import REFUSED_THERE, Card, Kind, Parcel


async def untell(work: Work, parcel: Parcel) -> None:
    """What it carried has not been told after all."""
    if parcel.kind is Kind.STATUS and parcel.source_id is not None:
        await work.complaints.untold(parcel.source_id)


async def park_undelivered(
    work: Work, parcel: Parcel, *, code: str, detail: str, at: datetime
) -> None:
    """Park it, with a card."""
    await work.outbox.fail(parcel, code=code, detail=detail, at=at)
    card = _card(
        parcel,
        text=f"Pesan tidak sampai ke penerima: {detail or code}",
        next_step="Periksa nomor tujuannya, lalu tekan «kirim ulang», atau lepaskan kirimannya.",
    )
    await work.cards.open(card, at=at)


async def park_refused(work: Work, parcel: Parcel, *, why: str, title: str, at: datetime) -> None:
    """Somebody carried it there, and they said no."""
    await work.outbox.abandon(parcel, code=REFUSED_THERE, detail=why, at=at)
    card = _card(
        parcel,
        text=f"{title} menolak: {why}",
        next_step="Betulkan sebabnya lalu tekan «kirim ulang», atau lepaskan: kanal itu lalu tidak "
        "dikirimi lagi tentang aduan ini.",
    )
    await work.cards.open(card, at=at)


def _card(parcel: Parcel, *, text: str, next_step: str) -> Card:
    return Card(
        key=f"parked:{parcel.parcel_id}",
        kind="parked",
        connector=parcel.connector,
        complaint_id=parcel.complaint_id,
        parcel_id=parcel.parcel_id,
        text=text,
        next_step=next_step,
    )
