"""The page of the agreement: a bar for each channel, the oldest disagreement, what the looks came to."""

from fastapi import APIRouter, Depends, Request
from fastapi.responses import HTMLResponse

from hub.web import agreeing
from hub.web.auth import PageOperator
from hub.web.given import GivenNeeds, GivenRender, know_to_carry
from hub.web.sentences import agreement_sentence

router = APIRouter(include_in_schema=False, dependencies=[Depends(know_to_carry)])


@router.get("/agreement")
async def agreement(
    request: Request, needs: GivenNeeds, *, render: GivenRender, who: PageOperator
) -> HTMLResponse:
    """How far the channels agree."""
    del who
    now = needs.clock()
    async with needs.desk.reading() as connection:
        found = await agreeing.gather(connection, needs.connectors.titles(), now=now)
    return render.page(
        request,
        "agreement.html",
        found=found,
        agreeing=agreeing,
        sentence=agreement_sentence(found.agreement, render.times(now)),
    )
