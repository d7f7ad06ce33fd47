"""Whether a channel is in step with a complaint: the one definition, as an SQL expression."""

from collections.abc import Collection
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, Subquery, and_, case, false, func, or_, select

from hub.domain.looking import UNREADABLE_AFTER
from hub.store.tables import complaints, parcels, sources


class Standing(StrEnum):
    """How a source stands to its complaint; every source has exactly one."""

    IN_STEP = "in_step"
    CONTRADICTS = "contradicts"
    PERSON = "person"
    DOUBT = "doubt"
    ON_ITS_WAY = "on_its_way"
    UNREADABLE = "unreadable"
    UNTOLD = "untold"


OPEN_STATES = ("waiting", "leased", "handed", "doubt", "abandoned")


def unsettled(complaint_ids: Collection[int] | None = None) -> Subquery:
    """Count what is not settled, per source."""
    state = parcels.c.state
    counted = select(
        parcels.c.source_id,
        _count(state.in_(("waiting", "leased"))).label("moving"),
        _count(state == "handed").label("handed"),
        _count(state == "doubt").label("doubt"),
        _count(and_(state == "doubt", parcels.c.asks_person)).label("asking"),
        _count(state == "abandoned").label("parked"),
        _count(and_(state == "abandoned", parcels.c.needed)).label("blocking"),
        func.min(parcels.c.promised_at).label("since"),
    ).where(state.in_(OPEN_STATES), parcels.c.source_id.is_not(None))
    if complaint_ids is not None:
        # A merge moves sources; their parcels keep the complaint that promised them.
        theirs = select(sources.c.id).where(sources.c.complaint_id.in_(complaint_ids))
        counted = counted.where(parcels.c.source_id.in_(theirs))
    return counted.group_by(parcels.c.source_id).subquery("unsettled")


def joined(counted: Subquery) -> Any:
    """Join sources, their complaints and what is not settled."""
    mine = counted.c.source_id == sources.c.id
    return sources.join(complaints, complaints.c.id == sources.c.complaint_id).outerjoin(
        counted, mine
    )


def standing(counted: Subquery) -> ColumnElement[str]:
    """Name the standing of a source in a query over `joined(counted)`."""
    status = complaints.c.status
    # What cannot be looked at may show anything by now.
    unreadable = sources.c.inspect_failures >= UNREADABLE_AFTER
    agrees = and_(
        sources.c.external_id.is_not(None),
        sources.c.disagrees.is_(None),
        ~unreadable,
        _none_of(counted.c.moving, counted.c.handed, counted.c.doubt, counted.c.blocking),
        # What a channel shows counts; that it was told counts only where it shows nothing.
        func.coalesce(sources.c.shown, sources.c.told, "") == status,
    )
    in_step = or_(agrees, sources.c.listens.is_(False))
    told = func.coalesce(sources.c.told == status, false())
    return case(
        (in_step, Standing.IN_STEP.value),
        (sources.c.disagrees.is_not(None), Standing.CONTRADICTS.value),
        (
            or_(counted.c.asking > 0, counted.c.parked > 0, counted.c.handed > 0),
            Standing.PERSON.value,
        ),
        (counted.c.doubt > 0, Standing.DOUBT.value),
        (_is_held_apart(), Standing.CONTRADICTS.value),
        (counted.c.moving > 0, Standing.ON_ITS_WAY.value),
        (unreadable, Standing.UNREADABLE.value),
        (told, Standing.ON_ITS_WAY.value),
        else_=Standing.UNTOLD.value,
    ).label("standing")


def since(counted: Subquery) -> ColumnElement[Any]:
    """When a source that is out of step fell out of it, as far as we know."""
    later = case(
        (sources.c.linked_at > complaints.c.status_at, sources.c.linked_at),
        else_=complaints.c.status_at,
    )
    # A contradiction has no parcel on its way: it began when the channel showed it.
    contradicts = or_(sources.c.disagrees.is_not(None), _is_held_apart())
    contradicted = case((contradicts, sources.c.shown_at))
    return func.coalesce(counted.c.since, contradicted, later)


def _is_held_apart() -> ColumnElement[bool]:
    """It shows something else, and nothing is done about it until a person has decided."""
    apart = func.coalesce(sources.c.shown != complaints.c.status, false())
    return and_(complaints.c.held_at.is_not(None), apart)


def _count(condition: ColumnElement[bool]) -> ColumnElement[int]:
    return func.sum(case((condition, 1), else_=0))


def _none_of(*counts: ColumnElement[int]) -> ColumnElement[bool]:
    return and_(*(func.coalesce(count, 0) == 0 for count in counts))
