"""The JSON API: what an operator, or a program of theirs, may do."""

from typing import Annotated

from fastapi import APIRouter, Header, Response

from hub.web.api import ERRORS
from hub.web.auth import ApiOperator
from hub.web.given import GivenNeeds
from hub.web.models_desk import Drop, FoundThere, LetGo, Move, NewComplaint, TicketOut

router = APIRouter(prefix="/api/v1", responses=ERRORS, tags=["deciding"])

RequestKey = Annotated[
    str | None,
    Header(alias="Idempotency-Key", description="The same key again opens nothing new."),
]


@router.post("/complaints", status_code=201)
async def open_complaint(
    wish: NewComplaint, needs: GivenNeeds, *, who: ApiOperator, idempotency_key: RequestKey = None
) -> TicketOut:
    """Open a complaint that an operator wrote down."""
    ticket = await needs.moves.open(**wish.model_dump(), who=who, request_key=idempotency_key)
    return TicketOut(ticket=ticket)


@router.post("/complaints/{ticket}/moves")
async def move(ticket: str, wish: Move, needs: GivenNeeds, *, who: ApiOperator) -> TicketOut:
    """Move a complaint; every channel that knows it will be told."""
    moved = await needs.moves.move(
        ticket,
        wish.status,
        note=wish.note,
        reason=wish.reason,
        agency=wish.agency,
        who=who,
    )
    return TicketOut(ticket=moved)


@router.post("/parcels/{parcel_id}/found", status_code=204)
async def found(
    parcel_id: str, wish: FoundThere, needs: GivenNeeds, *, who: ApiOperator
) -> Response:
    """Settle a doubt: it is there."""
    await needs.decides.found(parcel_id, external_id=wish.external_id, who=who)
    return Response(status_code=204)


@router.post("/parcels/{parcel_id}/send-again", status_code=204)
async def send_again(parcel_id: str, needs: GivenNeeds, who: ApiOperator) -> Response:
    """Settle a doubt: it is not there, so it is sent again."""
    await needs.decides.send_again(parcel_id, who=who)
    return Response(status_code=204)


@router.post("/parcels/{parcel_id}/replay", status_code=204)
async def replay(parcel_id: str, needs: GivenNeeds, who: ApiOperator) -> Response:
    """Give a parked parcel its patience back."""
    await needs.decides.replay(parcel_id, who=who)
    return Response(status_code=204)


@router.post("/parcels/{parcel_id}/drop", status_code=204)
async def drop(parcel_id: str, wish: Drop, needs: GivenNeeds, *, who: ApiOperator) -> Response:
    """Never send a parked parcel; it stays in the record."""
    await needs.decides.drop(parcel_id, who=who, why=wish.why)
    return Response(status_code=204)


@router.post("/connectors/{name}/pause", status_code=204)
async def pause(name: str, needs: GivenNeeds, who: ApiOperator) -> Response:
    """Push nothing to this channel until somebody resumes it."""
    await needs.decides.pause(name, who=who)
    return Response(status_code=204)


@router.post("/connectors/{name}/resume", status_code=204)
async def resume(name: str, needs: GivenNeeds, who: ApiOperator) -> Response:
    """Push to this channel again."""
    await needs.decides.resume(name, who=who)
    return Response(status_code=204)


@router.post("/inbox/{inbox_id}/read-again", status_code=204)
async def read_again(inbox_id: int, needs: GivenNeeds, who: ApiOperator) -> Response:
    """Read something again that could not be read, after a fix."""
    await needs.decides.read_again(inbox_id, who=who)
    return Response(status_code=204)


@router.post("/inbox/{inbox_id}/let-go", status_code=204)
async def let_go(inbox_id: int, wish: LetGo, needs: GivenNeeds, *, who: ApiOperator) -> Response:
    """Never read something that could not be read; the reason stays in the record."""
    await needs.decides.let_go(inbox_id, who=who, why=wish.why)
    return Response(status_code=204)


@router.post("/cards/{card_id}/close", status_code=204)
async def close_card(card_id: int, needs: GivenNeeds, who: ApiOperator) -> Response:
    """Say that what the card asked for is done."""
    await needs.decides.close_card(card_id, who=who)
    return Response(status_code=204)
