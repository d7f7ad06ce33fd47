"""The JSON API for cities with desk software of their own: what people carry, and what came of it."""

from fastapi import APIRouter, Response

from hub.web.api import ERRORS
from hub.web.auth import ApiOperator
from hub.web.given import GivenNeeds
from hub.web.models_desk import Because, CarriedThere, SlipOut
from hub.web.needs import NotPossible

router = APIRouter(prefix="/api/v1", responses=ERRORS, tags=["carrying"])


@router.get("/parcels/{parcel_id}/slip")
async def slip(parcel_id: str, needs: GivenNeeds, *, who: ApiOperator) -> SlipOut:
    """Lay out a parcel with every text that is to be copied; whoever wants to see them takes it first."""
    laid = await needs.carries.lay(parcel_id)
    if laid.held_by != who:
        held = f"Sedang dikerjakan oleh {laid.held_by}." if laid.held_by else ""
        raise NotPossible(held or "Ambil dahulu kiriman ini (POST …/take), lalu salin isinya.")
    if laid.slip is None:
        raise NotPossible(f"Isi kiriman ini tidak dapat dibuat: {laid.why}")
    return SlipOut.model_validate(laid.slip)


@router.post("/parcels/{parcel_id}/take", status_code=204)
async def take(parcel_id: str, needs: GivenNeeds, *, who: ApiOperator) -> Response:
    """Say that the owner of the key copies it now; nobody else can."""
    await needs.carries.take(parcel_id, who=who)
    return Response(status_code=204)


@router.post("/parcels/{parcel_id}/done", status_code=204)
async def done(
    parcel_id: str, wish: CarriedThere, needs: GivenNeeds, *, who: ApiOperator
) -> Response:
    """Say that it is there. A number that looks wrong is answered 409 until `is_sure`."""
    await needs.carries.done(parcel_id, number=wish.number, who=who, is_sure=wish.is_sure)
    return Response(status_code=204)


@router.post("/parcels/{parcel_id}/refused", status_code=204)
async def refused(
    parcel_id: str, wish: Because, needs: GivenNeeds, *, who: ApiOperator
) -> Response:
    """Say that the channel did not take it."""
    await needs.carries.refused(parcel_id, why=wish.why, who=who)
    return Response(status_code=204)


@router.post("/parcels/{parcel_id}/put-back", status_code=204)
async def put_back(
    parcel_id: str, wish: Because, needs: GivenNeeds, *, who: ApiOperator
) -> Response:
    """Say that nobody has carried it after all."""
    await needs.carries.put_back(parcel_id, who=who, why=wish.why)
    return Response(status_code=204)
