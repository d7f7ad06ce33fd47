"""What was only counted: a month as pictures, as tables, and as a file for the recap."""

from datetime import date
from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import HTMLResponse
from starlette.responses import Response

from hub.contract.names import safe_name
from hub.store import desk
from hub.web.auth import PageOperator
from hub.web.given import GivenNeeds, GivenRender, know_to_carry
from hub.web.needs import Needs, NotKnown
from hub.web.picture import picture
from hub.web.recap import EXCHANGE, Month, as_csv, seconds_by_word

router = APIRouter(include_in_schema=False, dependencies=[Depends(know_to_carry)])

Name = Annotated[str, Query(max_length=40)]


@router.get("/counts")
async def counts(
    request: Request,
    needs: GivenNeeds,
    *,
    render: GivenRender,
    who: PageOperator,
    connector: Name = "",
    month: Name = "",
) -> HTMLResponse:
    """One month of one channel; without a month the last one that has anything."""
    del who
    counting = await _counting(needs)
    chosen = connector if connector in counting else next(iter(counting), "")
    today = render.times(needs.clock()).today()
    shown = Month.of(month, counting.get(chosen, today))
    rows = await _rows(needs, chosen, shown)
    tickets = [row for row in rows if not row.word.startswith(EXCHANGE)]
    calls = [row for row in rows if row.word.startswith(EXCHANGE)]
    return render.page(
        request,
        "counts.html",
        counting=counting,
        connector=chosen,
        month=shown,
        is_last=shown.after.first > today,
        tickets=picture(tickets, shown),
        calls=picture(calls, shown),
        seconds=seconds_by_word(calls),
    )


@router.get("/counts.csv")
async def counts_csv(
    needs: GivenNeeds,
    *,
    render: GivenRender,
    who: PageOperator,
    connector: Name = "",
    month: Name = "",
) -> Response:
    """The recap of a month."""
    del who
    if connector not in needs.connectors.titles():
        raise NotKnown(f"Tidak ada kanal {connector} yang aktif.")
    shown = Month.of(month, render.times(needs.clock()).today())
    rows = await _rows(needs, connector, shown)
    name = safe_name(f"rekap-{connector}-{shown}.csv", "text/csv")
    return Response(
        # The mark at the beginning tells spreadsheets that it is UTF-8.
        content="\ufeff" + as_csv(rows),
        media_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


async def _counting(needs: Needs) -> dict[str, date]:
    async with needs.desk.reading() as connection:
        return await desk.counted_in(connection, list(needs.connectors.titles()))


async def _rows(needs: Needs, connector: str, month: Month) -> tuple[desk.CountRow, ...]:
    async with needs.desk.reading() as connection:
        return await desk.counts(connection, connector, since=month.first, until=month.last)
