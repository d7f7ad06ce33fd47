"""An upstream refuses all of us: hold what goes there, keep the queue, and show one card."""

from datetime import datetime

from hub.contract.errors import UpstreamError
from hub.ports import Work
from hub.rows import Card


async def hold(
    work: Work,
    connector: str,
    error: UpstreamError,
    *,
    title: str,
    until: datetime,
    at: datetime,
) -> None:
    """Pause the upstream until `until`; parcels wait, and the next one probes."""
    await work.upstreams.pause(connector, until=until, code=error.code, detail=error.detail)
    await work.cards.open(
        Card(
            key=f"paused:{connector}",
            kind="paused",
            connector=connector,
            text=f"{title} menolak kredensial atau menahan akun kita ({error.code}).",
            next_step="Pengiriman dijeda dan dicoba lagi sendiri; kiriman tetap menunggu. "
            "Periksa token dan akun, perbarui pengaturan, lalu mulai ulang hub.",
        ),
        at=at,
    )
