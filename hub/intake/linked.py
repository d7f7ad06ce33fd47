"""An answer file says what became of something that people carried there."""

import re
from collections.abc import Mapping
from datetime import datetime

from hub.contract.news import Linked
from hub.intake.outcome import Outcome
from hub.ports import Upstream, Work
from hub.record.settle import Settled, settle
from hub.record.undelivered import park_refused
from hub.rows import MARKER_LENGTH, Kind, Parcel, State

_MARKER = re.compile(rf"[0-9a-f]{{{MARKER_LENGTH}}}")


async def take_linked(
    work: Work, connector: str, news: Linked, *, upstreams: Mapping[str, Upstream], at: datetime
) -> Outcome:
    """Settle what it names. What does not fit is shown: nothing is linked on a guess."""
    parcel = await _parcel(work, connector, news.marker.strip())
    if parcel is None:
        return _unfit(news, f"nomor kita «{news.marker}» tidak dikenal")
    if news.refused is not None:
        title = upstreams[connector].connector.traits.title
        return await _refused(work, parcel, news, title=title, at=at)
    if why := await _why_not(work, parcel, news):
        return _unfit(news, why)
    number = news.external_id if parcel.kind is Kind.OPENING else None
    settled = await settle(
        work, parcel, upstreams=upstreams, external_id=number, at=at,
        how=Settled("readback", "named in their answer file"),
    )  # fmt: skip
    return Outcome("linked" if settled else "known", complaint_id=parcel.complaint_id)


async def _why_not(work: Work, parcel: Parcel, news: Linked) -> str | None:
    """Why their number cannot be linked with what we opened there."""
    if not news.external_id and parcel.kind is not Kind.OPENING:
        return None
    if not news.external_id:
        return f"nomor mereka untuk «{news.marker}» kosong"
    known = await work.complaints.source(parcel.connector, news.external_id)
    if known is not None and known.id != parcel.source_id:
        other = await work.complaints.get(known.complaint_id)
        return f"nomor {news.external_id} sudah tertaut pada aduan {other.ticket}"
    source = await work.complaints.source_by_id(parcel.source_id or 0)
    if source is None or source.external_id in (None, news.external_id):
        return None
    return (
        f"«{news.marker}» sudah tertaut sebagai {source.external_id}, bukan "
        f"{news.external_id}; bila itu salah, betulkan di halaman aduannya"
    )


async def _parcel(work: Work, connector: str, marker: str) -> Parcel | None:
    if _MARKER.fullmatch(marker.lower()):
        parcel = await work.outbox.by_marker(connector, marker.lower())
    else:
        complaint = await work.complaints.by_ticket(marker.upper())
        parcel = await work.outbox.opening_of(complaint.id, connector) if complaint else None
    # What never left cannot be answered, whatever a file says.
    return parcel if parcel is not None and parcel.attempts else None


async def _refused(
    work: Work, parcel: Parcel, news: Linked, *, title: str, at: datetime
) -> Outcome:
    if parcel.state in (State.SETTLED, State.DROPPED):
        return _unfit(news, f"«{news.marker}» ditolak di sana, padahal di sini sudah selesai")
    if parcel.state is not State.HANDED:
        # An answer of yesterday's file; since then it has been parked, or is tried again.
        return Outcome("known", "refused there before", parcel.complaint_id)
    await work.outbox.attempt(
        parcel, phase="readback", at=at, outcome="refused_there", detail=news.refused
    )
    await park_refused(work, parcel, why=news.refused or "tanpa alasan", title=title, at=at)
    return Outcome("refused", news.refused, parcel.complaint_id)


def _unfit(news: Linked, why: str) -> Outcome:
    return Outcome("unreadable", f"{news.where}: {why}" if news.where else why)
