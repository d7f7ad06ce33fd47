"""Forms about what people carry: who does it, and what came of it."""

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
        is_odd = isinstance(error, OddNumber)
        typed = Typed(problem=str(error), number=number, is_odd=is_odd)
        return await _again(request, parcel_id, needs, render=render, who=who, typed=typed)
    return await _onward(request, parcel_id, needs, who=who, said="Dicatat: sudah disampaikan.")


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
    said = "Dicatat: ditolak di sana. Kiriman itu kini diparkir di halaman kesehatan."
    return await _onward(request, parcel_id, needs, who=who, said=said)


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
    request: Request, parcel_id: str, needs: Needs, *, who: str, said: str
) -> Response:
    async with needs.desk.reading() as connection:
        row = await desk.carried(connection, parcel_id)
        following = await desk.next_to_carry(connection, row, who=who) if row else None
    onward = " Ini yang berikutnya." if following else " Tidak ada lagi untuk kanal ini."
    request.session["said"] = said + onward
    return RedirectResponse(f"/carry/{following}" if following else "/carry", status_code=303)


def _given(why: str) -> str:
    if not why.strip():
        raise NotPossible("Tuliskan alasannya; alasan itu dicatat.")
    return why.strip()
