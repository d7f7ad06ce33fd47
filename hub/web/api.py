"""The JSON API: what can be asked."""

from datetime import datetime
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends, HTTPException, Query

from hub.domain.status import Status
from hub.store import desk
from hub.web.auth import api_operator
from hub.web.given import GivenNeeds, GivenRender
from hub.web.models import ComplaintList, ComplaintOut, ComplaintSummary, Message
from hub.web.models_desk import CardOut, HealthList, HealthOut, ParcelItem
from hub.web.needs import NotKnown

ERRORS: dict[int | str, dict[str, Any]] = {
    status: {"model": Message} for status in (401, 404, 409, 422)
}

router = APIRouter(
    prefix="/api/v1", dependencies=[Depends(api_operator)], responses=ERRORS, tags=["reading"]
)


@router.get("/complaints")
async def complaints(
    needs: GivenNeeds,
    *,
    status: Status | None = None,
    connector: str | None = None,
    updated_since: datetime | None = None,
    cursor: str | None = None,
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
) -> ComplaintList:
    """List complaints, the latest change first."""
    if updated_since is not None and updated_since.tzinfo is None:
        raise HTTPException(422, "updated_since perlu zona waktu, misalnya 2026-11-21T12:00:00Z.")
    wanted = desk.Filter(status=status, connector=connector, updated_since=updated_since)
    try:
        async with needs.desk.reading() as connection:
            page = await desk.complaints(connection, wanted, cursor=cursor, limit=limit)
    except ValueError:
        raise HTTPException(422, "cursor ini tidak dikenal; mulai lagi tanpa cursor.") from None
    lines = [ComplaintSummary.model_validate(line) for line in page.complaints]
    return ComplaintList(complaints=lines, cursor=page.cursor)


@router.get("/complaints/{ticket}")
async def complaint(ticket: str, needs: GivenNeeds) -> ComplaintOut:
    """Read one complaint with its reports, sources, history and parcels."""
    async with needs.desk.reading() as connection:
        found = await desk.journey(connection, ticket)
        if found is None:
            raise NotKnown(f"Aduan {ticket} tidak ada.")
        contradicted = await desk.conflicts_of(connection, found.complaint.id)
    parts = {
        "reports": found.reports,
        "sources": found.sources,
        "history": found.history,
        "parcels": found.parcels,
        "in_step": found.in_step,
        "conflicts": contradicted,
        "held_since": found.complaint.held_at,
    }
    return ComplaintOut.model_validate(_flat(found.complaint) | parts)


@router.get("/health")
async def health(needs: GivenNeeds, render: GivenRender) -> HealthList:
    """Say how every channel fares."""
    async with needs.desk.reading() as connection:
        rows = await desk.health(connection, needs.connectors.titles(), now=needs.clock())
    named = [_flat(row) | {"title": render.title(row.connector)} for row in rows]
    return HealthList(
        connectors=[HealthOut.model_validate(row) for row in named],
        off=dict(needs.connectors.off()),
    )


@router.get("/cards")
async def cards(needs: GivenNeeds) -> list[CardOut]:
    """List the open cards, the latest first."""
    async with needs.desk.reading() as connection:
        rows = await desk.open_cards(connection, limit=200)
    return [CardOut.model_validate(row) for row in rows]


@router.get("/parcels")
async def parcels(
    needs: GivenNeeds,
    state: Literal["doubt", "abandoned", "handed"],
    *,
    after: Annotated[int, Query(ge=0)] = 0,
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
) -> list[ParcelItem]:
    """List parcels in doubt, given up or to be copied, the longest waiting first."""
    async with needs.desk.reading() as connection:
        rows = await desk.parcels_in(connection, state, after=after, limit=limit)
    return [ParcelItem.model_validate(row) for row in rows]


def _flat(row: Any) -> dict[str, Any]:
    return {name: getattr(row, name) for name in row.__dataclass_fields__}
