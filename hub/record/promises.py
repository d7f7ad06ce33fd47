"""What upstreams and citizens are promised, in the same transaction as what caused it."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from hub.contract.connector import Connector, HandsOver, Mode, Pushes
from hub.domain.complaint import Complaint, Source
from hub.ports import Upstream, Work
from hub.rows import Kind, Promise


async def promise_status(
    work: Work,
    complaint: Complaint,
    source: Source,
    *,
    at: datetime,
    note: str | None,
    is_first: bool = False,
    needed: bool = False,
    by_hub: bool = False,
) -> None:
    """Promise the complaint's present status to one source; `by_hub`: no officer wrote the note."""
    content = {
        "status": complaint.status,
        "at": complaint.status_at.isoformat(),
        "note": note,
        "agency": complaint.agency,
        "is_first": is_first,
    }
    await work.outbox.promise(
        Promise(
            connector=source.connector,
            kind=Kind.STATUS,
            lane=lane_of_source(source),
            content={**content, "by_hub": True} if by_hub and note else content,
            complaint_id=complaint.id,
            source_id=source.id,
            person_id=source.person_id,
            route=source.route,
            needed=needed,
        ),
        at=at,
    )


async def promise_status_to_others(
    work: Work,
    complaint: Complaint,
    *,
    origin: int | None,
    upstreams: Mapping[str, Upstream],
    at: datetime,
    note: str | None,
) -> None:
    """Tell every source but `origin`, the one that the change came from: there it would be an echo."""
    for source in await work.complaints.sources(complaint.id):
        if source.id != origin:
            await tell(work, complaint, source, upstreams=upstreams, at=at, note=note)


async def tell(
    work: Work,
    complaint: Complaint,
    source: Source,
    *,
    upstreams: Mapping[str, Upstream],
    at: datetime,
    note: str | None,
    is_first: bool = False,
    by_hub: bool = False,
) -> bool:
    """Promise the present status to one source, if it listens and news gets there: True then."""
    upstream = upstreams.get(source.connector)
    if upstream is None or not source.listens or not can_be_told(upstream.connector):
        return False
    traits = upstream.connector.traits
    if traits.mode is not Mode.API:
        # A person should not copy three statuses where the last one says it all.
        await work.hands.overtake(source.id, at=at)
    await promise_status(
        work, complaint, source, at=at, note=note, is_first=is_first, by_hub=by_hub,
        needed=traits.needs_every_step,
    )  # fmt: skip
    return True


def can_be_told(connector: Connector) -> bool:
    """Whether news gets there at all: pushed, or carried by people or files."""
    return isinstance(connector, Pushes if connector.traits.mode is Mode.API else HandsOver)


def lane_of(complaint_id: int) -> str:
    """What is about one complaint goes to one upstream in order."""
    return f"complaint:{complaint_id}"


def lane_of_source(source: Source) -> str:
    """The lane of the complaint it was made for, whichever speaks for it now: order survives merges."""
    return lane_of(source.thread_id or source.complaint_id)


async def promise_addition(
    work: Work,
    complaint_id: int,
    report_ids: Sequence[int],
    *,
    origin: str,
    upstreams: Mapping[str, Upstream],
    at: datetime,
    file_ids: Sequence[int] = (),
    only: int | None = None,
) -> None:
    """Promise the citizen's further words to every source that handles the complaint, or `only` to one."""
    for source in await work.complaints.sources(complaint_id):
        upstream = upstreams.get(source.connector)
        if source.connector == origin or upstream is None or only not in (None, source.id):
            continue
        if not source.listens:
            continue
        if not upstream.connector.traits.takes_complaints:
            continue
        await work.outbox.promise(
            Promise(
                connector=source.connector,
                kind=Kind.ADDITION,
                lane=lane_of_source(source),
                content={"report_ids": list(report_ids), "file_ids": list(file_ids)},
                complaint_id=complaint_id,
                source_id=source.id,
            ),
            at=at,
        )


async def promise_notice(
    work: Work, connector: str, name: str, *, person_id: int, route: str | None, at: datetime
) -> None:
    """Promise a citizen one line that is about no complaint."""
    await work.outbox.promise(
        Promise(
            connector=connector,
            kind=Kind.NOTICE,
            lane=f"person:{person_id}",
            content={"name": name},
            person_id=person_id,
            route=route,
        ),
        at=at,
    )
