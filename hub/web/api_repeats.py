"""The JSON API: reports that may be the same, and what a person decides about them."""

from typing import Annotated

from fastapi import APIRouter, Query

from hub.store import desk
from hub.web.api import ERRORS
from hub.web.auth import ApiOperator
from hub.web.given import GivenNeeds, RowId
from hub.web.models_desk import Because, TicketOut
from hub.web.models_repeats import (
    DecisionOut,
    JudgedOut,
    MergeOut,
    RepeatList,
    RepeatOut,
    Verdict,
)

router = APIRouter(prefix="/api/v1", responses=ERRORS, tags=["comparing"])


@router.get("/repeats")
async def repeats(
    needs: GivenNeeds,
    *,
    who: ApiOperator,
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
    offset: Annotated[int, Query(ge=0, le=1_000_000)] = 0,
) -> RepeatList:
    """List pairs that may be the same, the likeliest first."""
    del who
    async with needs.desk.reading() as connection:
        rows = await desk.open_repeats(connection, limit=limit, offset=offset)
        waiting = await desk.count_open_repeats(connection)
    return RepeatList(repeats=[RepeatOut.model_validate(row) for row in rows], waiting=waiting)


@router.post("/repeats/{match_id}/decision")
async def decide(
    match_id: RowId, wish: Verdict, needs: GivenNeeds, *, who: ApiOperator
) -> DecisionOut:
    """Decide about a pair; `same` merges the two complaints, and every channel is told."""
    match wish.verdict:
        case "same":
            done = await needs.compares.same(match_id, who=who)
            merged = MergeOut(merge_id=done.merge_id, stays=done.stays, lost=done.lost)
            return DecisionOut(merged=merged)
        case "different":
            await needs.compares.different(match_id, who=who)
        case "later":
            await needs.compares.later(match_id, who=who)
    return DecisionOut(merged=None)


@router.post("/merges/{merge_id}/undo")
async def undo(
    merge_id: RowId, wish: Because, needs: GivenNeeds, *, who: ApiOperator
) -> TicketOut:
    """Part again what was merged; the ticket that speaks for it from now on."""
    return TicketOut(ticket=await needs.compares.undo(merge_id, who=who, why=wish.why))


@router.get("/reports/{report_id}/verdicts")
async def verdicts(report_id: RowId, needs: GivenNeeds, *, who: ApiOperator) -> list[JudgedOut]:
    """List what was judged of a report, the likeliest complaint first."""
    del who
    async with needs.desk.reading() as connection:
        rows = await desk.explained(connection, report_id)
    return [JudgedOut.model_validate(row) for row in rows]
