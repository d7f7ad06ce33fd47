"""Receipts: what became of a message. They also settle a push whose answer was lost."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from hub.contract.errors import UpstreamError, Verdict, WindowClosed
from hub.contract.news import Receipt, ReceiptState
from hub.intake.outcome import Outcome
from hub.ports import Upstream, Work
from hub.record.hold import hold
from hub.record.settle import Settled, settle
from hub.record.undelivered import park_undelivered, untell
from hub.rows import Parcel, State


class StillUnderway(Exception):
    """The push that this receipt is about has not been settled yet; read the receipt a little later."""


WAIT = timedelta(minutes=1)
# Meta's own advice for what fails after it was accepted.
MOST_SENDS = 6
# An account that is held may be so over a weekend; nothing that waits for it is given up before.
LONGEST_HELD_WAIT = timedelta(minutes=15)
HELD_LASTS = timedelta(days=7)


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
    if parcel.external_id == receipt.external_id and _is_stale(parcel, receipt.state):
        return Outcome("receipt", f"{receipt.state}, but more is known", parcel.complaint_id)
    if receipt.state is ReceiptState.FAILED:
        await _failed(work, parcel, receipt, upstreams=upstreams, at=at)
    else:
        await work.outbox.raise_receipt(parcel.parcel_id, receipt.state)
        await _arrived(work, parcel, receipt, upstreams=upstreams, at=at)
    return Outcome("receipt", receipt.state, parcel.complaint_id)


def _is_stale(parcel: Parcel, state: ReceiptState) -> bool:
    """Receipts come in any order: "sent" adds nothing to a later one, "failed" nothing to an arrival."""
    match state:
        case ReceiptState.SENT:
            # Settled after a failure: that was the try before this one.
            is_next_try = parcel.state is State.SETTLED and parcel.receipt == ReceiptState.FAILED
            return parcel.receipt is not None and not is_next_try
        case ReceiptState.FAILED:
            return parcel.receipt not in (None, ReceiptState.SENT, ReceiptState.FAILED)
        case _:
            return False


async def _arrived(
    work: Work,
    parcel: Parcel,
    receipt: Receipt,
    *,
    upstreams: Mapping[str, Upstream],
    at: datetime,
) -> None:
    await settle(
        work, parcel, upstreams=upstreams, external_id=receipt.external_id, at=at,
        how=Settled("readback", f"receipt: {receipt.state}"),
    )  # fmt: skip


async def _failed(
    work: Work,
    parcel: Parcel,
    receipt: Receipt,
    *,
    upstreams: Mapping[str, Upstream],
    at: datetime,
) -> None:
    error = receipt.error or UpstreamError("failed without a reason")
    if parcel.state is State.LEASED:
        raise StillUnderway(parcel.parcel_id)
    await work.outbox.attempt(
        parcel, phase="ended", at=at, outcome="failed_later", code=error.code, detail=error.detail
    )
    already_elsewhere = parcel.external_id not in (None, receipt.external_id)
    if already_elsewhere or parcel.state in (State.WAITING, State.DROPPED):
        return
    # It was accepted there, so its id is known now: later receipts of it will be recognised.
    await _arrived(work, parcel, receipt, upstreams=upstreams, at=at)
    await work.outbox.raise_receipt(parcel.parcel_id, receipt.state)
    await untell(work, parcel)
    title = upstreams[parcel.connector].connector.traits.title
    if not await _goes_again(work, parcel, error, title=title, at=at):
        await park_undelivered(work, parcel, code=error.code, detail=error.detail, at=at)


async def _goes_again(
    work: Work, parcel: Parcel, error: UpstreamError, *, title: str, at: datetime
) -> bool:
    """Whether the same message is sent once more, now or later; each was accepted and is paid for."""
    if error.verdict is Verdict.PAUSE:
        return await _is_held(work, parcel, error, title=title, at=at)
    if parcel.attempts >= MOST_SENDS:
        return False
    wait = error.retry_after or WAIT
    if isinstance(error, WindowClosed):
        if (
            parcel.person_id is None
            or (await work.people.listening(parcel.person_id)).window_closed
        ):
            return False  # a template, and it was refused all the same
        # Once more, as a template: `close_window` makes it one.
        await work.people.close_window(parcel.person_id)
        wait = timedelta()
    elif error.verdict is not Verdict.RETRY:
        return False
    await work.outbox.again(parcel.parcel_id, when=State.SETTLED, now=at + wait)
    return True


async def _is_held(
    work: Work, parcel: Parcel, error: UpstreamError, *, title: str, at: datetime
) -> bool:
    """Our account is refused, not this message: it waits with all the others, for days if need be."""
    if at - parcel.promised_at >= HELD_LASTS:
        return False
    doublings = min(max(parcel.attempts, 1) - 1, MOST_SENDS)
    wait = error.retry_after or min(WAIT * (1 << doublings), LONGEST_HELD_WAIT)
    await hold(work, parcel.connector, error, title=title, until=at + wait, at=at)
    await work.outbox.again(parcel.parcel_id, when=State.SETTLED, now=at + wait)
    return True
