"""One picture of a night: how many reports, when, where, and through which channels."""

from datetime import datetime, timedelta
from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import HTMLResponse

from hub.store import desk
from hub.web.auth import PageOperator
from hub.web.event_picture import event_picture
from hub.web.given import GivenNeeds, GivenRender, know_to_carry
from hub.web.happening import BusyTime, busy_times, lay_out
from hub.web.needs import Needs
from hub.web.sentences import event_told
from hub.web.times import Times

router = APIRouter(include_in_schema=False, dependencies=[Depends(know_to_carry)])

LOOKED_BACK = timedelta(days=120)
ONE_DAY = timedelta(days=1)
LONGEST = timedelta(days=62)

Written = Annotated[str, Query(max_length=40)]


@router.get("/events")
async def events(
    request: Request,
    needs: GivenNeeds,
    *,
    render: GivenRender,
    who: PageOperator,
    since: Annotated[str, Query(alias="from", max_length=40)] = "",
    until: Written = "",
    category: Written = "",
) -> HTMLResponse:
    """A stretch of time; without one the last that was busy."""
    del who
    times = render.times(needs.clock())
    busy = await _busy(needs)
    begin, end = _chosen(times, since, until=until, busy=busy)
    async with needs.desk.reading() as connection:
        found = await desk.event(connection, begin, end)
    known = {row.category for row in found.reports if row.category}
    reports = [row for row in found.reports if category in ("", row.category)]
    happening = lay_out(reports, needs.wards)
    return render.page(
        request,
        "events.html",
        since=begin,
        until=end,
        busy=busy,
        category=category,
        categories={
            code: needs.categories.get(code, code) for code in sorted(known | {category}) if code
        },
        names=needs.categories,
        is_cut=found.is_cut,
        picture=event_picture(reports, begin, end, times=times, title=render.title),
        happening=happening,
        sentence=event_told(happening, len(reports)),
    )


async def _busy(needs: Needs) -> tuple[BusyTime, ...]:
    now = needs.clock()
    async with needs.desk.reading() as connection:
        return busy_times(await desk.busy_hours(connection, now - LOOKED_BACK, now + ONE_DAY))


def _chosen(
    times: Times, since: str, *, until: str, busy: tuple[BusyTime, ...]
) -> tuple[datetime, datetime]:
    begin, end = times.read(since), times.read(until)
    if begin is None:
        begin = end - ONE_DAY if end else busy[0].since if busy else times.now - ONE_DAY
        end = end or (busy[0].until if busy else times.now)
    if end is None or end <= begin:
        end = begin + ONE_DAY
    return begin, min(end, begin + LONGEST)
