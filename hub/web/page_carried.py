"""Forms about what people carry: who does it, and what came of it."""

from collections.abc import Callable
from typing import Annotated

from fastapi import APIRouter, Depends, Form, Request
from fastapi.responses import RedirectResponse
from starlette.responses import Response

from hub.store import desk
from hub.web.auth import PageOperator, same_origin
from hub.web.given import GivenNeeds, GivenRender, know_to_carry
from hub.web.laid import Typed
from hub.web.needs import Needs, NotKnown, NotPossible, OddNumber
from hub.web.page_carry import slip_page
from hub.web.render import Render
from hub.web.sentences import arrived, not_taken, what_is_left

router = APIRouter(
    include_in_schema=False, dependencies=[Depends(same_origin), Depends(know_to_carry)]
)

Text = Annotated[str, Form()]


@router.post("/carry/{parcel_id}/take")
async def take(
    request: Request, parcel_id: str, needs: GivenNeeds, *, who: PageOperator
) -> Response:
    """This operator copies it now."""
    try:
        await needs.carries.take(parcel_id, who=who)
    except (NotKnown, NotPossible) as error:
        request.session["problem"] = str(error)
    return RedirectResponse(f"/carry/{parcel_id}", status_code=303)


@router.post("/carry/{parcel_id}/done")
async def done(
    request: Request,
    parcel_id: str,
    needs: GivenNeeds,
    *,
    render: GivenRender,
    who: PageOperator,
    number: Text = "",
    sure: Text = "",
) -> Response:
    """It is there; on to the next."""
    try:
        await needs.carries.done(
            parcel_id, number=number.strip() or None, who=who, is_sure=bool(sure)
        )
    except NotPossible as error:
        odd = error.number if isinstance(error, OddNumber) else None
        typed = Typed(problem=str(error), number=odd or number, is_odd=odd is not None)
        return await _again(request, parcel_id, needs, render=render, who=who, typed=typed)
    return await _onward(request, parcel_id, needs, who=who, said=arrived)


@router.post("/carry/{parcel_id}/refused")
async def refused(
    request: Request,
    parcel_id: str,
    needs: GivenNeeds,
    *,
    render: GivenRender,
    who: PageOperator,
    why: Text = "",
) -> Response:
    """They did not take it; on to the next."""
    try:
        await needs.carries.refused(parcel_id, why=_given(why), who=who)
    except NotPossible as error:
        typed = Typed(problem=str(error), refused=why)
        return await _again(request, parcel_id, needs, render=render, who=who, typed=typed)
    return await _onward(request, parcel_id, needs, who=who, said=not_taken)


@router.post("/carry/{parcel_id}/put-back")
async def put_back(
    request: Request,
    parcel_id: str,
    needs: GivenNeeds,
    *,
    render: GivenRender,
    who: PageOperator,
    why: Text = "",
) -> Response:
    """Nobody has carried it after all."""
    try:
        await needs.carries.put_back(parcel_id, who=who, why=_given(why))
    except NotPossible as error:
        typed = Typed(problem=str(error), put_back=why)
        return await _again(request, parcel_id, needs, render=render, who=who, typed=typed)
    request.session["said"] = "Dikembalikan ke antrean."
    return RedirectResponse("/carry", status_code=303)


async def _again(
    request: Request, parcel_id: str, needs: Needs, *, render: Render, who: str, typed: Typed
) -> Response:
    """Show the page again with what was typed; if it is no longer to be carried, the list."""
    try:
        return await slip_page(request, parcel_id, needs, render=render, who=who, typed=typed)
    except NotPossible:
        request.session["problem"] = typed.problem
        return RedirectResponse("/carry", status_code=303)


async def _onward(
    request: Request, parcel_id: str, needs: Needs, *, who: str, said: Callable[..., str]
) -> Response:
    async with needs.desk.reading() as connection:
        row = await desk.carried(connection, parcel_id)
        if row is None:
            return RedirectResponse("/carry", status_code=303)
        following = await desk.next_to_carry(connection, row, who=who)
        left = (await desk.count_to_carry(connection)).get(row.connector)
    title = needs.connectors.titles().get(row.connector, row.connector)
    onward = "Ini yang berikutnya." if following else what_is_left(left, title)
    request.session["said"] = f"{said(row, title)} {onward}"
    return RedirectResponse(f"/carry/{following}" if following else "/carry", status_code=303)


def _given(why: str) -> str:
    if not why.strip():
        raise NotPossible("Tuliskan alasannya; alasan itu dicatat.")
    return why.strip()
