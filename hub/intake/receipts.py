"""Receipts: what became of a message. They also settle a push whose answer was lost."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from hub.contract.errors import UpstreamError, Verdict, WindowClosed
from hub.contract.news import Receipt, ReceiptState
from hub.intake.outcome import Outcome
from hub.ports import Card, Parcel, State, Upstream, Work
from hub.record.settle import Settled, settle


class StillUnderway(Exception):
    """The push that this receipt is about has not been settled yet; read the receipt a little later."""


PAUSE = timedelta(minutes=1)


async def take_receipt(
    work: Work,
    connector: str,
    receipt: Receipt,
    *,
    upstreams: Mapping[str, Upstream],
    at: datetime,
) -> Outcome:
    """Match a receipt to its parcel: by our own id first, then by theirs."""
    parcel = await work.outbox.get(receipt.parcel_id) if receipt.parcel_id else None
    if parcel is None:
        parcel = await work.outbox.by_external_id(connector, receipt.external_id)
    await work.outbox.add_receipt(
        connector, receipt, parcel_id=parcel.parcel_id if parcel else None
    )
    if parcel is None or parcel.connector != connector:
        return Outcome("receipt", "of a message we do not know (yet)")
    await work.outbox.raise_receipt(parcel.parcel_id, receipt.state)
    if receipt.state is ReceiptState.FAILED:
        await _failed(work, parcel, receipt, at=at)
    else:
        await settle(
            work, parcel, upstreams=upstreams, external_id=receipt.external_id, at=at,
            how=Settled("readback", f"receipt: {receipt.state}"),
        )  # fmt: skip
    return Outcome("receipt", receipt.state, parcel.complaint_id)


async def _failed(work: Work, parcel: Parcel, receipt: Receipt, *, at: datetime) -> None:
    error = receipt.error or UpstreamError("failed without a reason")
    await work.outbox.attempt(
        parcel, phase="ended", at=at, outcome="failed_later", code=error.code, detail=error.detail
    )
    already_elsewhere = parcel.external_id not in (None, receipt.external_id)
    if parcel.state is State.LEASED:
        raise StillUnderway(parcel.parcel_id)
    if already_elsewhere or parcel.state in (State.WAITING, State.DROPPED):
        return
    if isinstance(error, WindowClosed) and parcel.person_id is not None:
        # Once more, as a template: `close_window` makes it one.
        await work.people.close_window(parcel.person_id)
        await work.outbox.again(parcel.parcel_id, now=at, fresh=False)
        return
    if error.verdict is Verdict.RETRY:
        wait = error.retry_after or PAUSE
        await work.outbox.again(parcel.parcel_id, now=at + wait, fresh=False)
        return
    await work.outbox.fail(parcel, code=error.code, detail=error.detail, at=at)
    await work.cards.open(
        Card(
            key=f"parked:{parcel.parcel_id}",
            kind="parked",
            connector=parcel.connector,
            complaint_id=parcel.complaint_id,
            parcel_id=parcel.parcel_id,
            text=f"Pesan tidak sampai ke penerima: {error.detail or error.code}",
            next_step="Periksa nomor tujuannya; kirim ulang dari halaman aduan, atau lepaskan paketnya.",
        ),
        at=at,
    )
