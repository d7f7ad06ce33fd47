"""The card of a parcel that was given up."""

from hub.ports import Card, Parcel


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
