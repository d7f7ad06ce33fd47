"""The pages: health of the sync, the list, and one complaint's journey."""

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import HTMLResponse, RedirectResponse
from starlette.responses import Response

from hub.domain.status import ALLOWED_MOVES, REOPENS_TO, Status
from hub.store import desk
from hub.web.auth import PageOperator
from hub.web.contradiction import contradictions, said_of, ways_out
from hub.web.given import GivenNeeds, GivenRender, know_to_carry
from hub.web.needs import Needs, NotKnown
from hub.web.sentences import agreement_sentence, stays_in_hub
from hub.web.timeline import timeline

router = APIRouter(include_in_schema=False, dependencies=[Depends(know_to_carry)])

MANY = 50
# A reviewer reads the latest contradictions of a complaint at once, and opens the others.
LATEST = 3
EMERGENCY = "emergency"


@router.get("/")
async def first_page(
    request: Request, needs: GivenNeeds, *, render: GivenRender, who: PageOperator
) -> HTMLResponse:
    """Health of the sync; its parts refresh themselves."""
    del who
    facts = await _state(needs) | await _work(needs) | await _alarms(needs)
    sentence = agreement_sentence(facts["agreement"], render.times(needs.clock()))
    return render.page(request, "health.html", **facts, sentence=sentence)


@router.get("/parts/state")
async def state_part(
    request: Request, needs: GivenNeeds, *, render: GivenRender, who: PageOperator
) -> HTMLResponse:
    """The agreement and the channels."""
    del who
    facts = await _state(needs)
    sentence = agreement_sentence(facts["agreement"], render.times(needs.clock()))
    return render.page(request, "parts/state.html", **facts, sentence=sentence)


@router.get("/parts/alarms")
async def alarms_part(
    request: Request, needs: GivenNeeds, *, render: GivenRender, who: PageOperator
) -> HTMLResponse:
    """What cannot wait for anybody to scroll."""
    del who
    return render.page(request, "parts/alarms.html", **await _alarms(needs))


@router.get("/parts/work")
async def work_part(
    request: Request, needs: GivenNeeds, *, render: GivenRender, who: PageOperator
) -> HTMLResponse:
    """What waits for a person."""
    del who
    return render.page(request, "parts/work.html", **await _work(needs))


@router.get("/complaints")
async def complaints(
    request: Request,
    needs: GivenNeeds,
    *,
    render: GivenRender,
    who: PageOperator,
    status: str = "",
    connector: str = "",
    ticket: Annotated[str, Query(max_length=40)] = "",
    cursor: str = "",
) -> Response:
    """The list; a ticket that is found leads straight to its journey."""
    del who
    wanted = desk.Filter(
        status=Status(status) if status in set(Status) else None,
        connector=connector or None,
        ticket=ticket.strip() or None,
    )
    try:
        async with needs.desk.reading() as connection:
            page = await desk.complaints(connection, wanted, cursor=cursor or None, limit=MANY)
    except ValueError:
        return RedirectResponse("/complaints", status_code=303)
    if wanted.ticket and [line.ticket for line in page.complaints] == [wanted.ticket.upper()]:
        return RedirectResponse(f"/complaints/{page.complaints[0].ticket}", status_code=303)
    return render.page(
        request,
        "complaints.html",
        page=page,
        wanted=wanted,
        titles=needs.connectors.titles(),
        is_first=not cursor,
    )


@router.get("/complaints/{ticket}")
async def complaint(
    request: Request, ticket: str, needs: GivenNeeds, *, render: GivenRender, who: PageOperator
) -> HTMLResponse:
    """One complaint and its journey."""
    del who
    async with needs.desk.reading() as connection:
        journey = await desk.journey(connection, ticket)
        ledger = await desk.ledger_of(connection, ticket)
        if journey is None:
            raise NotKnown(f"Aduan {ticket} tidak ada. Periksa nomornya di daftar aduan.")
        repeats = await desk.repeats_of(connection, journey.complaint.id)
        contradicted = await desk.conflicts_of(connection, journey.complaint.id)
    status = journey.complaint.status
    ways = REOPENS_TO if status.is_final else ALLOWED_MOVES[status]
    return render.page(
        request,
        "complaint.html",
        journey=journey,
        complaint=journey.complaint,
        ways=[way for way in Status if way in ways],
        ways_out=ways_out(status, said_of(contradicted, journey.sources)),
        agencies=needs.connectors.agencies(),
        channels={name: needs.connectors.channel(name) for name in _connectors(journey)},
        timeline=timeline(journey, render.title, contradicted),
        contradicted=contradictions(contradicted, render.title),
        latest=LATEST,
        is_emergency=journey.is_emergency or journey.complaint.routed_by in needs.urgent_routes,
        why_alone=stays_in_hub(journey, needs.reasons),
        ledger=ledger,
        repeats=repeats,
    )


def _connectors(journey: desk.Journey) -> set[str]:
    return {source.connector for source in journey.sources}


async def _state(needs: Needs) -> dict[str, Any]:
    async with needs.desk.reading() as connection:
        return {
            "agreement": await desk.agreement(connection),
            "connectors": await desk.health(
                connection, needs.connectors.titles(), now=needs.clock()
            ),
            "off": needs.connectors.off(),
            "counting": await desk.counted_in(connection, list(needs.connectors.titles())),
        }


async def _alarms(needs: Needs) -> dict[str, Any]:
    async with needs.desk.reading() as connection:
        cards = await desk.open_cards(connection, limit=MANY)
    return {"alarms": [card for card in cards if card.kind == EMERGENCY]}


async def _work(needs: Needs) -> dict[str, Any]:
    async with needs.desk.reading() as connection:
        cards = await desk.open_cards(connection, limit=MANY)
        doubts = await desk.parcels_in(connection, "doubt", only_asking=True, limit=MANY)
        parked = await desk.parcels_in(connection, "abandoned", limit=MANY)
        unread = await desk.unreadable(connection, limit=MANY)
    # A doubt, a parked parcel and an unreadable item each have a card too: one place is enough.
    shown = {parcel.parcel_id for parcel in (*doubts, *parked)} | {item.id for item in unread}
    return {
        "cards": [
            card
            for card in cards
            if card.kind != EMERGENCY and not shown & {card.parcel_id, card.inbox_id}
        ],
        "doubts": doubts,
        "parked": parked,
        "unread": unread,
        "many": MANY,
    }
