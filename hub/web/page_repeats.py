"""The pages of reports that may be the same: the queue, one pair side by side, and what is decided."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass

from fastapi import APIRouter, Depends, Request
from fastapi.responses import HTMLResponse, RedirectResponse
from starlette.responses import Response

from hub.store import desk
from hub.web.auth import PageOperator, same_origin
from hub.web.given import GivenNeeds, GivenRender, RowId, know_to_carry
from hub.web.needs import Needs, NotKnown, NotPossible
from hub.web.pair import lay_side_by_side
from hub.web.render import Render
from hub.web.sentences import merged, parted, put_off
from hub.web.undoing import Undo, forget, last, remember

router = APIRouter(
    include_in_schema=False, dependencies=[Depends(same_origin), Depends(know_to_carry)]
)

MANY = 50
AT_ONCE = "Diurungkan petugas di meja laporan serupa."


@router.get("/repeats")
async def repeats(
    request: Request, needs: GivenNeeds, *, render: GivenRender, who: PageOperator
) -> HTMLResponse:
    """The queue, with the first pair laid open."""
    del who
    queue = await _queue(needs, None)
    return _page(request, needs, render=render, queue=queue, shown=next(iter(queue.rows), None))


@router.get("/repeats/{match_id}")
async def repeat(
    request: Request, match_id: RowId, needs: GivenNeeds, *, render: GivenRender, who: PageOperator
) -> HTMLResponse:
    """One pair, whatever became of it."""
    del who
    async with needs.desk.reading() as connection:
        shown = await desk.one_repeat(connection, match_id)
    if shown is None:
        raise NotKnown("Pasangan laporan ini tidak ada.")
    queue = await _queue(needs, match_id)
    return _page(request, needs, render=render, queue=queue, shown=shown)


@router.post("/repeats/undo")
async def undo(request: Request, needs: GivenNeeds, who: PageOperator) -> Response:
    """Take the last decision of this session back; nothing is asked."""
    done = last(request.session)
    if done is None:
        request.session["problem"] = "Tidak ada keputusan yang dapat diurungkan di sini."
        return RedirectResponse("/repeats", status_code=303)
    try:
        if done.merge_id is not None:
            await needs.compares.undo(done.merge_id, who=who, why=AT_ONCE)
        await needs.compares.again(done.match_id, who=who)
    except (NotKnown, NotPossible) as error:
        request.session["problem"] = str(error)
    else:
        request.session["said"] = f"Diurungkan. Sebelumnya: {done.said}"
    forget(request.session)
    return RedirectResponse(f"/repeats/{done.match_id}", status_code=303)


@router.post("/repeats/{match_id}/same")
async def same(
    request: Request, match_id: RowId, needs: GivenNeeds, *, who: PageOperator
) -> Response:
    """The two become one."""
    following = await _following(needs, match_id)
    try:
        done = await needs.compares.same(match_id, who=who)
    except (NotKnown, NotPossible) as error:
        return _refused(request, error)
    remember(request.session, Undo(match_id, done.merge_id, merged(done)))
    return RedirectResponse(following, status_code=303)


@router.post("/repeats/{match_id}/different")
async def different(
    request: Request, match_id: RowId, needs: GivenNeeds, *, who: PageOperator
) -> Response:
    """The two stay two."""
    doing = needs.compares.different(match_id, who=who)
    return await _onward(request, match_id, needs, doing=doing, said=parted)


@router.post("/repeats/{match_id}/later")
async def later(
    request: Request, match_id: RowId, needs: GivenNeeds, *, who: PageOperator
) -> Response:
    """Somebody looks at it another time."""
    doing = needs.compares.later(match_id, who=who)
    return await _onward(request, match_id, needs, doing=doing, said=put_off)


@dataclass(frozen=True, slots=True)
class _Queue:
    """The numbers of all that waits, and the part of it that is shown."""

    ids: Sequence[int]
    start: int
    rows: Sequence[desk.RepeatRow]

    def at(self, index: int) -> int | None:
        return self.ids[index] if 0 <= index < len(self.ids) else None


def _page(
    request: Request,
    needs: Needs,
    *,
    render: Render,
    queue: _Queue,
    shown: desk.RepeatRow | None,
) -> HTMLResponse:
    place = queue.ids.index(shown.id) if shown is not None and shown.id in queue.ids else None
    return render.page(
        request,
        "repeats.html",
        waiting=queue.rows,
        count=len(queue.ids),
        start=queue.start,
        many=MANY,
        earlier=queue.at(queue.start - MANY),
        more=queue.at(queue.start + MANY),
        pair=lay_side_by_side(shown, needs.wards) if shown is not None else None,
        before=None if place is None else queue.at(place - 1),
        after=queue.at(0 if place is None else place + 1),
        categories=needs.categories,
        undo=last(request.session),
    )


async def _queue(needs: Needs, match_id: int | None) -> _Queue:
    """Read the part of the queue in which this pair stands, or the first."""
    async with needs.desk.reading() as connection:
        ids = await desk.waiting_repeats(connection)
        start = ids.index(match_id) // MANY * MANY if match_id in ids else 0
        return _Queue(ids, start, await desk.open_repeats(connection, limit=MANY, offset=start))


async def _onward(
    request: Request,
    match_id: int,
    needs: Needs,
    *,
    doing: Awaitable[object],
    said: Callable[[desk.RepeatRow | None], str],
) -> Response:
    following = await _following(needs, match_id)
    try:
        await doing
    except (NotKnown, NotPossible) as error:
        return _refused(request, error)
    async with needs.desk.reading() as connection:
        shown = await desk.one_repeat(connection, match_id)
    remember(request.session, Undo(match_id, None, said(shown)))
    return RedirectResponse(following, status_code=303)


async def _following(needs: Needs, match_id: int) -> str:
    """Where to go after a decision: the pair that stands behind this one, then the first."""
    async with needs.desk.reading() as connection:
        ids = await desk.waiting_repeats(connection)
    behind = ids[ids.index(match_id) + 1 :] if match_id in ids else []
    return f"/repeats/{behind[0]}" if behind else "/repeats"


def _refused(request: Request, error: Exception) -> Response:
    request.session["problem"] = str(error)
    return RedirectResponse("/repeats", status_code=303)
