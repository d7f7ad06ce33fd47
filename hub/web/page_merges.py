"""Forms of a complaint's page: merge another complaint into it, and part again what was merged."""

from typing import Annotated

from fastapi import APIRouter, Depends, Form, Request
from fastapi.responses import RedirectResponse
from starlette.responses import Response

from hub.web.auth import PageOperator, local, same_origin
from hub.web.given import GivenNeeds, RowId
from hub.web.needs import NotKnown, NotPossible
from hub.web.sentences import merged

router = APIRouter(include_in_schema=False, dependencies=[Depends(same_origin)])

Text = Annotated[str, Form()]


@router.post("/merges/{merge_id}/undo")
async def split(
    request: Request,
    merge_id: RowId,
    needs: GivenNeeds,
    *,
    who: PageOperator,
    why: Text = "",
    back: Text = "/repeats",
) -> Response:
    """Part again what was merged; from a complaint's page, with a reason."""
    try:
        await needs.compares.undo(merge_id, who=who, why=_given(why))
    except (NotKnown, NotPossible) as error:
        request.session["problem"] = str(error)
    else:
        request.session["said"] = "Dipisahkan. Setiap kanal sedang diberi statusnya kembali."
    return RedirectResponse(local(back), status_code=303)


@router.post("/complaints/{ticket}/merge")
async def merge(
    request: Request, ticket: str, needs: GivenNeeds, *, who: PageOperator, other: Text = ""
) -> Response:
    """Merge another complaint into this one, found by its number."""
    try:
        done = await needs.compares.merge_tickets(ticket, other.strip().upper(), who=who)
    except (NotKnown, NotPossible) as error:
        request.session["problem"] = str(error)
        return RedirectResponse(f"/complaints/{ticket}", status_code=303)
    request.session["said"] = merged(done)
    return RedirectResponse(f"/complaints/{done.stays}", status_code=303)


def _given(why: str) -> str:
    if not why.strip():
        raise NotPossible("Tuliskan alasan memisahkan; alasan itu dicatat.")
    return why.strip()
