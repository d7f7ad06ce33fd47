"""A parcel has arrived: whoever found that out, the same things follow."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from hub.contract.connector import Inspects
from hub.contract.news import ReceiptState
from hub.domain.status import Status
from hub.ports import Upstream, Work
from hub.record.conflicts import reconciled
from hub.record.disagree import agree
from hub.record.promises import promise_status
from hub.record.speaking import speaking_for
from hub.record.undelivered import park_undelivered, untell
from hub.rows import Kind, Parcel, State


@dataclass(frozen=True, slots=True)
class Settled:
    """How we know: `phase` is ended (the answer said so), readback or person."""

    phase: str
    detail: str | None = None
    milliseconds: int | None = None
    who: str | None = None


async def settle(
    work: Work,
    parcel: Parcel,
    *,
    upstreams: Mapping[str, Upstream],
    external_id: str | None,
    at: datetime,
    how: Settled,
) -> bool:
    """Settle, remember their id, and what the source now knows. False if that was known already."""
    if not await work.outbox.settle(parcel.parcel_id, external_id=external_id, at=at):
        return False
    await work.outbox.attempt(
        parcel, phase=how.phase, at=at, outcome="settled", detail=how.detail,
        milliseconds=how.milliseconds, who=how.who,
    )  # fmt: skip
    for kind in ("doubt", "parked"):
        await work.cards.close(f"{kind}:{parcel.parcel_id}", at=at, by=how.who or "hub")
    if parcel.source_id is not None:
        await _note_told(work, parcel, upstreams, external_id=external_id, at=at, how=how)
    if external_id is not None:
        await _match_orphans(work, parcel, external_id, at=at)
    return True


async def _note_told(
    work: Work,
    parcel: Parcel,
    upstreams: Mapping[str, Upstream],
    *,
    external_id: str | None,
    at: datetime,
    how: Settled,
) -> None:
    source_id = parcel.source_id or 0
    if parcel.kind is Kind.OPENING and external_id is not None:
        if parcel.state is State.DROPPED:
            await _take_up_again(work, source_id, at=at)
        await link_source(
            work, source_id, external_id, upstream=upstreams[parcel.connector],
            at=at, by=how.who or "hub",
        )  # fmt: skip
        await work.complaints.told(source_id, Status.RECEIVED, at=at)
    elif parcel.kind is Kind.STATUS and not await work.outbox.is_superseded(parcel):
        # Before it left it may have been brought up to date.
        current = await work.outbox.get(parcel.parcel_id) or parcel
        status = Status(current.content["status"])
        await work.complaints.told(source_id, status, at=at)
        complaint, source = await speaking_for(work, source_id)
        await agree(work, complaint, source, at=at, by="hub")
        upstream = upstreams[parcel.connector]
        expected = upstream.mapping.shown_after(status)
        is_for_people = upstream.connector.traits.done_when_exported
        if source.shown in expected or is_for_people:
            # What they show already is all that they can show for it; a list that people read
            # from is shown nowhere.
            source.shown = status
            await work.complaints.save_source(source)
            if status is complaint.status and complaint.held_at is None:
                await reconciled(work, source, at=at)
        elif isinstance(upstream.connector, Inspects) and source.external_id is not None:
            # That they took it is not yet that they show it.
            soon = at + upstream.connector.traits.inspect_every
            await work.looks.plan([source_id], due_at=soon)


async def _take_up_again(work: Work, source_id: int, *, at: datetime) -> None:
    """It was let go, and is there all the same: from now on it is told how things stand."""
    await work.complaints.listens_again(source_id)
    complaint, source = await speaking_for(work, source_id)
    if complaint.status is not Status.RECEIVED:
        await promise_status(work, complaint, source, at=at, note=None)


async def _match_orphans(work: Work, parcel: Parcel, external_id: str, *, at: datetime) -> None:
    """Receipts that came before we knew that the message is ours."""
    states = set(await work.outbox.orphan_receipts(parcel.connector, external_id))
    # In the lattice's order; in any other one the weaker could stand on top.
    for state in ReceiptState:
        if state in states:
            await work.outbox.raise_receipt(parcel.parcel_id, state)
    if ReceiptState.FAILED in states <= {ReceiptState.SENT, ReceiptState.FAILED}:
        await untell(work, parcel)
        await park_undelivered(
            work, parcel, code="failed", detail="Gagal menurut tanda terimanya.", at=at
        )


async def settle_opening(
    work: Work,
    connector: str,
    complaint_id: int,
    *,
    external_id: str,
    upstreams: Mapping[str, Upstream],
    at: datetime,
) -> None:
    """Our opening was found there by its ticket: settle it, in whatever state it is."""
    opening = await work.outbox.opening_of(complaint_id, connector)
    if opening is not None:
        await settle(
            work, opening, upstreams=upstreams, external_id=external_id, at=at,
            how=Settled("readback", "found there by its ticket"),
        )  # fmt: skip


async def link_source(
    work: Work, source_id: int, external_id: str, *, upstream: Upstream, at: datetime, by: str
) -> None:
    """The upstream's id of a complaint has become known; from now on it is looked at."""
    connector = upstream.connector
    inspect_at = at + connector.traits.inspect_every if isinstance(connector, Inspects) else None
    await work.complaints.link(source_id, external_id, at=at, by=by, inspect_at=inspect_at)
