"""A complaint whose channels undo each other: one card, until a person has said what holds."""

from datetime import datetime

from hub.domain.complaint import Complaint
from hub.ports import Work
from hub.rows import Card


async def show_held(
    work: Work, complaint: Complaint, *, at: datetime, by: str | None = None
) -> None:
    """Open its card; `by`: the channel that spoke last."""
    await work.cards.open(
        Card(
            key=held_key(complaint),
            kind="held",
            connector=by,
            complaint_id=complaint.id,
            text=f"Aduan {complaint.ticket} ditahan di «{complaint.status.label}»: "
            f"{complaint.held_why or ''}",
            next_step="Tanyakan kepada kedua kanal mana yang benar, lalu putuskan di halaman "
            "«Bertentangan»; sesudah itu kabar kanal berlaku lagi.",
        ),
        at=at,
    )


def held_key(complaint: Complaint) -> str:
    """One card for each complaint that is held."""
    return f"held:{complaint.ticket}"
