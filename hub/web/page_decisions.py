"""Forms of the pages: each does one thing, says what came of it, and goes back."""

from collections.abc import Awaitable
from typing import Annotated

from fastapi import APIRouter, Depends, Form, Request
from fastapi.responses import HTMLResponse, RedirectResponse
from starlette.responses import Response

from hub.domain.status import Status
from hub.store import desk
from hub.web.auth import PageOperator, local, same_origin
from hub.web.given import GivenNeeds, GivenRender
from hub.web.needs import NotKnown, NotPossible
from hub.web.sentences import move_told

router = APIRouter(include_in_schema=False, dependencies=[Depends(same_origin)])

Text = Annotated[str, Form()]


@router.post("/parcels/{parcel_id}/found")
async def found(
    request: Request,
    parcel_id: str,
    needs: GivenNeeds,
    *,
    who: PageOperator,
    external_id: Text = "",
) -> Response:
    """Settle a doubt: it is there."""
    number = external_id.strip() or None
    doing = needs.decides.found(parcel_id, external_id=number, who=who)
    return await _done(request, doing, "Dicatat: kiriman itu sudah ada di sana.")


@router.post("/parcels/{parcel_id}/send-again")
async def send_again(
    request: Request, parcel_id: str, needs: GivenNeeds, *, who: PageOperator
) -> Response:
    """Settle a doubt: it is not there."""
    doing = needs.decides.send_again(parcel_id, who=who)
    return await _done(request, doing, "Kiriman itu dikirim lagi.")


@router.post("/parcels/{parcel_id}/replay")
async def replay(
    request: Request, parcel_id: str, needs: GivenNeeds, *, who: PageOperator
) -> Response:
    """Give a parked parcel its patience back."""
    doing = needs.decides.replay(parcel_id, who=who)
    return await _done(request, doing, "Kiriman itu dicoba lagi dari awal.")


@router.post("/parcels/{parcel_id}/drop")
async def drop(
    request: Request, parcel_id: str, needs: GivenNeeds, *, who: PageOperator, why: Text = ""
) -> Response:
    """Never send a parked parcel."""
    if not why.strip():
        raise NotPossible("Tuliskan alasan melepaskan kiriman ini; alasan itu dicatat.")
    doing = needs.decides.drop(parcel_id, who=who, why=why.strip())
    return await _done(request, doing, "Kiriman itu dilepaskan; catatannya tetap tersimpan.")


@router.post("/connectors/{name}/pause")
async def pause(request: Request, name: str, needs: GivenNeeds, *, who: PageOperator) -> Response:
    """Push nothing until somebody resumes."""
    doing = needs.decides.pause(name, who=who)
    return await _done(request, doing, "Kanal dijeda. Kabar tetap masuk; kiriman menunggu.")


@router.post("/connectors/{name}/resume")
async def resume(request: Request, name: str, needs: GivenNeeds, *, who: PageOperator) -> Response:
    """Push again."""
    doing = needs.decides.resume(name, who=who)
    return await _done(request, doing, "Kanal dilanjutkan; kiriman yang menunggu berangkat.")


@router.post("/inbox/{inbox_id}/read-again")
async def read_again(
    request: Request, inbox_id: int, needs: GivenNeeds, *, who: PageOperator
) -> Response:
    """Read something again after a fix."""
    doing = needs.decides.read_again(inbox_id, who=who)
    said = "Kiriman masuk itu dibaca ulang; hasilnya tampil di sini sebentar lagi."
    return await _done(request, doing, said)


@router.post("/inbox/{inbox_id}/let-go")
async def let_go(
    request: Request, inbox_id: int, needs: GivenNeeds, *, who: PageOperator, why: Text = ""
) -> Response:
    """Never read something that could not be read."""
    if not why.strip():
        raise NotPossible("Tuliskan alasan melepaskan kiriman masuk ini; alasan itu dicatat.")
    doing = needs.decides.let_go(inbox_id, who=who, why=why.strip())
    return await _done(request, doing, "Kiriman masuk itu dilepaskan; alasannya dicatat.")


@router.post("/cards/{card_id}/close")
async def close_card(
    request: Request, card_id: int, needs: GivenNeeds, *, who: PageOperator
) -> Response:
    """Say that a card is done."""
    doing = needs.decides.close_card(card_id, who=who)
    return await _done(request, doing, "Kartu ditutup.")


@router.post("/complaints/{ticket}/moves")
async def move(
    request: Request,
    ticket: str,
    needs: GivenNeeds,
    *,
    who: PageOperator,
    status: Annotated[Status, Form()],
    note: Text = "",
    reason: Text = "",
    agency: Text = "",
) -> Response:
    """Move a complaint."""
    doing = needs.moves.move(
        ticket,
        status,
        note=note.strip() or None,
        reason=reason.strip() or None,
        agency=agency.strip() or None,
        who=who,
    )
    async with needs.desk.reading() as connection:
        told = await desk.listeners(connection, ticket)
    titles = needs.connectors.titles()
    said = f"Status menjadi {status.label}. {move_told([titles.get(each, each) for each in told])}"
    return await _done(request, doing, said)


@router.post("/complaints/{ticket}/identity")
async def identity(
    request: Request,
    ticket: str,
    needs: GivenNeeds,
    *,
    render: GivenRender,
    who: PageOperator,
    person_id: Annotated[int, Form()],
    why: Text = "",
) -> HTMLResponse:
    """Show an identity for this one answer; asking again is another look."""
    async with needs.desk.reading() as connection:
        journey = await desk.journey(connection, ticket)
    people = {report.person_id for report in journey.reports} if journey else set()
    if journey is None or person_id not in people:
        raise NotKnown(f"Pelapor itu tidak ada pada aduan {ticket}.")
    if not why.strip():
        raise NotPossible("Tuliskan alasan melihat identitas; alasan itu dicatat.")
    shown = await needs.uncovers.uncover(person_id, who=who, why=why.strip())
    return render.page(request, "identity.html", ticket=ticket, identity=shown, why=why.strip())


async def _done(request: Request, doing: Awaitable[object], said: str) -> Response:
    try:
        await doing
    except (NotKnown, NotPossible) as error:
        request.session["problem"] = str(error)
    else:
        request.session["said"] = said
    form = await request.form()
    return RedirectResponse(local(str(form.get("back", "/"))), status_code=303)
