"""The pages of what people carry: the list, and one parcel laid out to be copied."""

from fastapi import APIRouter, Depends, Request
from fastapi.responses import HTMLResponse, RedirectResponse
from starlette.responses import Response

from hub.store import desk
from hub.web.auth import PageOperator
from hub.web.given import GivenNeeds, GivenRender, know_to_carry
from hub.web.laid import Typed, lay_out
from hub.web.needs import Needs, NotPossible
from hub.web.render import Render

router = APIRouter(include_in_schema=False, dependencies=[Depends(know_to_carry)])

MANY = 100


@router.get("/carry")
async def carry(
    request: Request, needs: GivenNeeds, *, render: GivenRender, who: PageOperator
) -> HTMLResponse:
    """What waits to be copied, by channel, the longest waiting first."""
    del who
    async with needs.desk.reading() as connection:
        counted = await desk.count_to_carry(connection)
        rows = {name: await desk.to_carry(connection, name, limit=MANY) for name in counted}
    mode_of = {name: needs.connectors.channel(name).mode for name in counted}
    return render.page(request, "carry.html", counted=counted, rows=rows, mode_of=mode_of)


@router.get("/carry/{parcel_id}")
async def slip(
    request: Request, parcel_id: str, needs: GivenNeeds, *, render: GivenRender, who: PageOperator
) -> Response:
    """One parcel with every text ready to copy."""
    try:
        return await slip_page(request, parcel_id, needs, render=render, who=who)
    except NotPossible as error:
        request.session["problem"] = str(error)
        return RedirectResponse("/carry", status_code=303)


async def slip_page(
    request: Request,
    parcel_id: str,
    needs: Needs,
    *,
    render: Render,
    who: str,
    typed: Typed | None = None,
) -> HTMLResponse:
    """Show a slip; after what could not be done, with what was typed."""
    page = await lay_out(needs, parcel_id, who=who, typed=typed or Typed())
    status = 409 if typed else 200
    return render.page(request, "slip.html", status_code=status, p=page)
