"""Forms about one complaint at one channel: its number there, and the status shown there."""

from datetime import datetime
from typing import Annotated
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Depends, Form, Request
from fastapi.responses import RedirectResponse
from starlette.responses import Response

from hub.store import desk
from hub.web.auth import PageOperator, same_origin
from hub.web.given import GivenNeeds, GivenRender, know_to_carry
from hub.web.needs import Needs, NotKnown, NotPossible, OddNumber

router = APIRouter(
    include_in_schema=False, dependencies=[Depends(same_origin), Depends(know_to_carry)]
)

Text = Annotated[str, Form()]


@router.post("/complaints/{ticket}/channels/{connector}/number")
async def number(
    request: Request,
    ticket: str,
    connector: str,
    *,
    needs: GivenNeeds,
    render: GivenRender,
    who: PageOperator,
    number: Text = "",
    why: Text = "",
    sure: Text = "",
    wrong: Text = "",
) -> Response:
    """Put a number right that was typed wrong; an odd one is asked about once more."""
    try:
        if not why.strip():
            raise NotPossible("Tuliskan alasan membetulkan nomor; alasan itu dicatat.")  # noqa: TRY301
        await needs.carries.correct(
            ticket, connector, number=number, why=why.strip(), who=who, is_sure=bool(sure),
            wrong=wrong or None,
        )  # fmt: skip
    except OddNumber as error:
        return render.page(
            request, "odd_number.html", ticket=ticket, connector=connector, number=error.number,
            why=why, wrong=wrong, odd=str(error), status_code=409,
        )  # fmt: skip
    except (NotKnown, NotPossible) as error:
        request.session["problem"] = str(error)
    else:
        request.session["said"] = "Nomor dibetulkan; nomor yang lama tetap tercatat."
    return RedirectResponse(f"/complaints/{ticket}", status_code=303)


@router.post("/complaints/{ticket}/channels/{connector}/status")
async def status(
    request: Request,
    ticket: str,
    connector: str,
    *,
    needs: GivenNeeds,
    render: GivenRender,
    who: PageOperator,
    word: Text = "",
    other: Text = "",
    note: Text = "",
    at: Text = "",
    number: Text = "",
) -> Response:
    """Take in what the channel's own page shows; what is refused is shown again as it was typed."""
    try:
        said = await needs.typed.status(
            ticket,
            connector,
            word=_word(other, word),
            note=note.strip() or None,
            at=_moment(at, ZoneInfo(needs.timezone)),
            who=who,
            number=number or None,
        )
    except NotPossible as error:
        return render.page(
            request, "status_again.html", ticket=ticket, connector=connector, why=str(error),
            offered=needs.connectors.channel(connector).status_words,
            kept={"word": word, "other": other, "note": note, "at": at, "number": number},
            numbers=await _numbers(needs, ticket, connector), status_code=409,
        )  # fmt: skip
    except NotKnown as error:
        request.session["problem"] = str(error)
    else:
        request.session["said"] = said
    return RedirectResponse(f"/complaints/{ticket}", status_code=303)


async def _numbers(needs: Needs, ticket: str, connector: str) -> list[str]:
    """The numbers that this complaint has there, to choose from."""
    async with needs.desk.reading() as connection:
        journey = await desk.journey(connection, ticket)
    sources = journey.sources if journey is not None else ()
    return [
        source.external_id
        for source in sources
        if source.connector == connector and source.external_id is not None
    ]


def _word(*typed: str) -> str:
    word = next((each.strip() for each in typed if each.strip()), None)
    if word is None:
        raise NotPossible("Pilih kata status dari daftar, atau tulis kata lain.")
    return word


def _moment(typed: str, zone: ZoneInfo) -> datetime | None:
    """What stands on the clock of the desk; nothing typed is now."""
    if not typed.strip():
        return None
    try:
        return datetime.fromisoformat(typed.strip()).replace(tzinfo=zone)
    except ValueError:
        raise NotPossible(f"Waktu «{typed}» tidak terbaca; pilih tanggal dan jamnya.") from None
