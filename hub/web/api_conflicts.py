"""The JSON API: channels that contradict, and what a person decides about them."""

from typing import Annotated

from fastapi import APIRouter, Query

from hub.store import desk
from hub.web.api import ERRORS
from hub.web.auth import ApiOperator
from hub.web.given import GivenNeeds, RowId
from hub.web.models_conflicts import ConflictDecision, ConflictList, ConflictOut, HeldOut
from hub.web.models_desk import TicketOut
from hub.web.needs import NotKnown

router = APIRouter(prefix="/api/v1", responses=ERRORS, tags=["contradictions"])

NO_SUCH = "Kabar yang bertentangan itu tidak ada."


@router.get("/conflicts")
async def conflicts(
    needs: GivenNeeds,
    *,
    who: ApiOperator,
    is_open: Annotated[
        bool | None,
        Query(alias="open", description="true: only open ones; false: only ended ones."),
    ] = None,
    ticket: Annotated[str | None, Query(max_length=40)] = None,
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
    cursor: Annotated[int | None, Query(ge=1, lt=2**53)] = None,
) -> ConflictList:
    """List contradictions, the latest first."""
    del who
    async with needs.desk.reading() as connection:
        # One more than asked for tells whether there is a next page.
        rows = await desk.conflicts(
            connection, is_open=is_open, ticket=ticket, before=cursor, limit=limit + 1
        )
        held = await desk.held(connection)
        asking, still = await desk.count_conflicts(connection)
    page = rows[:limit]
    return ConflictList(
        conflicts=[ConflictOut.model_validate(row) for row in page],
        held=[HeldOut.model_validate(row) for row in held],
        asking=asking,
        open=still,
        cursor=page[-1].id if len(rows) > limit else None,
    )


@router.get("/conflicts/{conflict_id}")
async def conflict(conflict_id: RowId, needs: GivenNeeds, *, who: ApiOperator) -> ConflictOut:
    """Read one contradiction, whatever has become of it."""
    del who
    async with needs.desk.reading() as connection:
        row = await desk.one_conflict(connection, conflict_id)
    if row is None:
        raise NotKnown(NO_SUCH)
    return ConflictOut.model_validate(row)


@router.post("/conflicts/{conflict_id}/decision")
async def decide(
    conflict_id: RowId, wish: ConflictDecision, needs: GivenNeeds, *, who: ApiOperator
) -> TicketOut:
    """Say which status holds; whoever shows another one is told, and deciding again turns it round."""
    ticket = await needs.conflicts.decide(
        conflict_id, status=wish.status, who=who, why=wish.why or None, holds=wish.holds
    )
    return TicketOut(ticket=ticket)


@router.post("/complaints/{ticket}/release")
async def release(
    ticket: str, wish: ConflictDecision, needs: GivenNeeds, *, who: ApiOperator
) -> TicketOut:
    """Say what holds of a complaint whose channels undo each other; their words count again."""
    await needs.conflicts.release(
        ticket, status=wish.status, who=who, why=wish.why or None, holds=wish.holds
    )
    return TicketOut(ticket=ticket)
