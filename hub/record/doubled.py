"""The same push arrived more than once: said, and left to a person to tidy up there."""

from collections.abc import Sequence
from datetime import datetime

from hub.ports import Work
from hub.rows import Card, Kind, Parcel

NO_NUMBER = "tanpa nomor"
WHAT = {
    Kind.OPENING: "Aduan",
    Kind.STATUS: "Kabar status",
    Kind.ADDITION: "Tambahan pelapor",
    Kind.NOTICE: "Pesan",
}


async def note_doubled(
    work: Work, parcel: Parcel, *, title: str, numbers: Sequence[str | None], at: datetime
) -> None:
    """Write it down as often as it was seen, and show it on one card with every number."""
    named = [number or NO_NUMBER for number in numbers]
    await work.outbox.attempt(
        parcel, phase="readback", at=at, outcome="doubled", detail=", ".join(named)
    )
    card = Card(
        key=f"doubled:{parcel.parcel_id}",
        kind="doubled",
        connector=parcel.connector,
        complaint_id=parcel.complaint_id,
        parcel_id=parcel.parcel_id,
        text=f"{WHAT[parcel.kind]} terkirim {_times(len(named))} ke {title}: {', '.join(named)}.",
        next_step=f"Buka semuanya di {title}; biarkan {named[0]}, yang dipakai hub, dan tutup yang lain.",
    )
    await work.cards.open(card, at=at)


def _times(number: int) -> str:
    return {2: "dua kali", 3: "tiga kali"}.get(number, f"{number} kali")
