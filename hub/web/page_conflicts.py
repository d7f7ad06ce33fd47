"""The page of contradictions, and what a person decides about them."""

from collections.abc import Awaitable, Sequence
from typing import Annotated

from fastapi import APIRouter, Depends, Form, Query, Request
from fastapi.responses import HTMLResponse, RedirectResponse
from starlette.responses import Response

from hub.domain.status import Status
from hub.store import desk
from hub.web.auth import PageOperator, local, same_origin
from hub.web.contradiction import Contradiction, contradictions, ways_out
from hub.web.given import GivenNeeds, GivenRender, RowId, know_to_carry
from hub.web.needs import NotKnown, NotPossible
from hub.web.rulings import Title

router = APIRouter(
    include_in_schema=False, dependencies=[Depends(same_origin), Depends(know_to_carry)]
)

MANY = 50
ENDED = 20

Text = Annotated[str, Form()]
Number = Annotated[int | None, Query(ge=1, lt=2**53)]


@router.get("/conflicts")
async def conflicts(
    request: Request,
    needs: GivenNeeds,
    *,
    render: GivenRender,
    who: PageOperator,
    shown: Number = None,
    before: Number = None,
) -> HTMLResponse:
    """Those that ask a person, those that end by themselves, the last ended; `shown` comes first."""
    del who
    async with needs.desk.reading() as connection:
        chosen = None if shown is None else await desk.one_conflict(connection, shown)
        asking = await desk.conflicts(
            connection, is_open=True, asks_person=True, before=before, limit=MANY + 1
        )
        on_way = await desk.conflicts(connection, is_open=True, asks_person=False, limit=MANY)
        ended = await desk.last_ended(connection, limit=ENDED)
        held = await desk.held(connection)
        count, still = await desk.count_conflicts(connection)
    return render.page(
        request,
        "conflicts.html",
        chosen=contradictions([chosen] if chosen else [], render.title),
        asking=_but(shown, asking[:MANY], render.title),
        held=[(each, ways_out(each.status, each.said)) for each in held],
        on_way=_but(shown, on_way, render.title),
        ended=_but(shown, ended, render.title),
        count=count,
        still=still,
        more=asking[MANY - 1].id if len(asking) > MANY else None,
        is_first=before is None,
    )


@router.post("/conflicts/{conflict_id}/decision")
async def decide(
    request: Request,
    conflict_id: RowId,
    needs: GivenNeeds,
    *,
    who: PageOperator,
    status: Annotated[Status, Form()],
    holds: Annotated[Status | None, Form()] = None,
    why: Text = "",
    back: Text = "",
) -> Response:
    """Say which side holds."""
    doing = needs.conflicts.decide(
        conflict_id, status=status, who=who, why=why.strip() or None, holds=holds
    )
    following = (
        f"{local(back)}#conflict-{conflict_id}" if back else f"/conflicts?shown={conflict_id}"
    )
    return await _done(request, doing, status=status, following=following)


@router.post("/complaints/{ticket}/release")
async def release(
    request: Request,
    ticket: str,
    needs: GivenNeeds,
    *,
    who: PageOperator,
    status: Annotated[Status, Form()],
    holds: Annotated[Status | None, Form()] = None,
    why: Text = "",
    back: Text = "",
) -> Response:
    """Say what holds of a complaint that is held."""
    doing = needs.conflicts.release(
        ticket, status=status, who=who, why=why.strip() or None, holds=holds
    )
    following = local(back or f"/complaints/{ticket}")
    return await _done(request, doing, status=status, following=following)


def _but(shown: int | None, rows: Sequence[desk.ConflictRow], title: Title) -> list[Contradiction]:
    """What was chosen stands once, and first."""
    return contradictions([row for row in rows if row.id != shown], title)


async def _done(
    request: Request, doing: Awaitable[str], *, status: Status, following: str
) -> Response:
    try:
        ticket = await doing
    except (NotKnown, NotPossible) as error:
        request.session["problem"] = str(error)
    else:
        request.session["said"] = (
            f"Diputuskan: {ticket} «{status.label}». Kanal yang belum tahu sedang diberi tahu. "
            "Keliru? Pilih sisi yang lain; mereka lalu menerima kabar baru."
        )
    return RedirectResponse(following, status_code=303)
