"""Parcels: promise, lease, begin, settle, postpone, abandon, doubt. The row is the truth, not a queue."""

from collections.abc import Callable
from datetime import datetime, timedelta
from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, Row, and_, exists, func, literal_column, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from hub.rows import MARKER_LENGTH, Kind, Parcel, Promise, State, Topic
from hub.store.receipts import SqlReceipts
from hub.store.tables import attempts, parcels, sources

OPEN = (State.WAITING, State.LEASED, State.HANDED, State.DOUBT)
# So long after its promise a parcel that nobody has tried yet counts as new.
FRESH = timedelta(minutes=10)
# The codes of what failed because nobody answered there, and not because of what was sent.
UNREACHED = ("unreachable", "unavailable", "outcome_unknown", "http_408")


class SqlOutbox(SqlReceipts):
    """`hub.ports.Outbox`."""

    def __init__(
        self,
        connection: AsyncConnection,
        *,
        new_id: Callable[[], str],
        nudge: Callable[[Topic, str], None],
    ) -> None:
        super().__init__(connection)
        self._new_id = new_id
        self._nudge = nudge

    async def promise(self, promise: Promise, *, at: datetime) -> str:
        """Promise news to an upstream; it is delivered after the commit."""
        parcel_id = self._new_id()
        await self._connection.execute(
            parcels.insert().values(
                parcel_id=parcel_id,
                marker=parcel_id[:MARKER_LENGTH],
                connector=promise.connector,
                lane=promise.lane,
                complaint_id=promise.complaint_id,
                source_id=promise.source_id,
                person_id=promise.person_id,
                route=promise.route,
                kind=promise.kind,
                content=dict(promise.content),
                needed=promise.needed,
                state=State.WAITING,
                promised_at=at,
                due_at=at,
            )
        )
        self._nudge(Topic.OUTBOX, promise.connector)
        return parcel_id

    async def lease(
        self,
        connector: str,
        *,
        now: datetime,
        until: datetime,
        owner: str,
        limit: int,
        fresh: int | None = None,
    ) -> list[Parcel]:
        """Due parcels with nothing older before them in their lane; nobody else gets them until `until`.

        `fresh` of the places (half of them) go to what was promised just now and never tried: two
        thousand old ones hold up no new one, and the new ones no old one. The attempt is counted here, so
        that a parcel that kills its worker runs out of patience too.
        """
        places = limit // 2 if fresh is None else fresh
        rows: list[Row[Any]] = []
        if places:
            new = and_(
                parcels.c.attempts == 0,
                parcels.c.promised_at > now - FRESH,
                # Nothing is due before it was promised; so says the index, too.
                parcels.c.due_at > now - FRESH,
            )
            rows = await self._due(connector, new, now=now, limit=places)
        if rest := limit - len(rows):
            others = parcels.c.id.not_in([row.id for row in rows])
            rows += await self._due(connector, others, now=now, limit=rest)
        await self._connection.execute(
            update(parcels)
            .where(parcels.c.id.in_([row.id for row in rows]))
            .values(
                state=State.LEASED,
                lease_until=until,
                lease_owner=owner,
                begun=False,
                attempts=parcels.c.attempts + 1,
            )
        )
        return [parcel_of(row, state=State.LEASED, attempts=row.attempts + 1) for row in rows]

    async def _due(
        self, connector: str, which: ColumnElement[bool], *, now: datetime, limit: int
    ) -> list[Row[Any]]:
        """Find parcels that may go, those first that could have gone first, and lock them."""
        found = await self._connection.execute(
            select(parcels)
            .where(
                parcels.c.connector == connector,
                parcels.c.state == State.WAITING,
                on_its_way(),
                parcels.c.due_at <= now,
                which,
                ~held_up(),
            )
            .order_by(parcels.c.due_at, parcels.c.id)
            .limit(limit)
            .with_for_update(skip_locked=True)
        )
        return list(found.all())

    async def hasten_unreached(self, connector: str, *, now: datetime) -> None:
        """It is back: what could not get there need not wait any longer, the oldest promise first."""
        await self._connection.execute(
            update(parcels)
            .where(
                parcels.c.connector == connector,
                parcels.c.state == State.WAITING,
                on_its_way(),
                parcels.c.due_at > now,
                or_(parcels.c.code.in_(UNREACHED), parcels.c.code.like("http_5__")),
            )
            .values(due_at=parcels.c.promised_at)
        )
        self._nudge(Topic.OUTBOX, connector)

    async def begin(self, parcel: Parcel, *, at: datetime, until: datetime, owner: str) -> bool:
        """The first byte is about to leave; the lease is renewed. False if it was lost meanwhile."""
        begun = await self._connection.execute(
            update(parcels)
            .where(
                parcels.c.id == parcel.id,
                parcels.c.state == State.LEASED,
                parcels.c.lease_owner == owner,
                parcels.c.attempts == parcel.attempts,
            )
            .values(begun=True, lease_until=until)
        )
        if begun.rowcount:
            await self.attempt(parcel, phase="began", at=at)
        return bool(begun.rowcount)

    async def settle(
        self,
        parcel_id: str,
        *,
        external_id: str | None,
        at: datetime,
    ) -> bool:
        """It has arrived, whoever holds the lease by now. False if that was known already."""
        settled = await self._connection.execute(
            update(parcels)
            .where(
                parcels.c.parcel_id == parcel_id,
                # Evidence that it is there outweighs anybody's wish to let it go.
                parcels.c.state.in_([*OPEN, State.ABANDONED, State.DROPPED]),
            )
            .values(
                state=State.SETTLED,
                external_id=func.coalesce(external_id, parcels.c.external_id),
                settled_at=at,
                lease_owner=None,
                lease_until=None,
                handed_to=None,
                asks_person=False,
                code=None,
                detail=None,
            )
        )
        await self._nudge_connector(parcel_id)
        return bool(settled.rowcount)

    async def release(self, parcel: Parcel, *, until: datetime) -> None:
        """Not now, and no attempt was made: a pace, a pause or a stop."""
        await self._leased(
            parcel, state=State.WAITING, due_at=until, attempts=parcels.c.attempts - 1
        )

    async def postpone(self, parcel: Parcel, *, until: datetime, code: str, detail: str) -> None:
        """Try again later. If it was in doubt meanwhile, it is no more."""
        await self._leased(
            parcel, state=State.WAITING, due_at=until, code=code, detail=detail,
            doubt_since=None, looks=0, asks_person=False,
        )  # fmt: skip

    async def abandon(self, parcel: Parcel, *, code: str, detail: str, at: datetime) -> None:
        """Give up; shown, replayable, never deleted."""
        await self._leased(parcel, state=State.ABANDONED, due_at=at, code=code, detail=detail)
        self._nudge(Topic.OUTBOX, parcel.connector)

    async def fail(self, parcel: Parcel, *, code: str, detail: str, at: datetime) -> None:
        """It was accepted there, and later reported as not delivered."""
        await self._connection.execute(
            update(parcels)
            .where(parcels.c.id == parcel.id)
            .values(state=State.ABANDONED, due_at=at, code=code, detail=detail, settled_at=None)
        )

    async def doubt(
        self, parcel: Parcel, *, until: datetime, code: str, detail: str, at: datetime
    ) -> None:
        """It may have arrived: look before sending again."""
        await self._leased(
            parcel,
            state=State.DOUBT,
            due_at=until,
            code=code,
            detail=detail,
            doubt_since=func.coalesce(parcels.c.doubt_since, at),
        )

    async def looked(self, parcel: Parcel, *, until: datetime) -> None:
        """Looked for once more in vain; it is looked for again at `until`."""
        await self._connection.execute(
            update(parcels)
            .where(
                parcels.c.id == parcel.id,
                parcels.c.state == State.DOUBT,
                parcels.c.attempts == parcel.attempts,
            )
            .values(looks=parcel.looks + 1, due_at=until)
        )

    async def ask_person(self, parcel: Parcel, *, reason: str) -> None:
        """Only a person can tell whether it arrived."""
        await self._connection.execute(
            update(parcels)
            .where(parcels.c.id == parcel.id, parcels.c.state == State.DOUBT)
            .values(asks_person=True, detail=reason)
        )

    async def again(
        self, parcel_id: str, *, when: State, now: datetime, fresh: bool = False
    ) -> None:
        """Have it sent (again) if its state still is `when`; `fresh` gives it new patience."""
        values: dict[str, Any] = {
            "state": State.WAITING,
            "due_at": now,
            "begun": False,
            "asks_person": False,
            "doubt_since": None,
            "looks": 0,
            "settled_at": None,
            "handed_to": None,
            "handed_at": None,
            "batch_id": None,
        }
        if fresh:
            values["promised_at"] = now
        await self._connection.execute(
            update(parcels)
            .where(parcels.c.parcel_id == parcel_id, parcels.c.state == when)
            .values(**values)
        )
        await self._nudge_connector(parcel_id)

    async def restate(self, parcel: Parcel) -> None:
        """What it carries has been brought up to date, before it leaves."""
        await self._connection.execute(
            update(parcels)
            .where(parcels.c.id == parcel.id, parcels.c.state == State.LEASED)
            .values(content=dict(parcel.content))
        )

    async def drop(self, parcel_id: str, *, at: datetime) -> None:
        """It need not be sent any more. What has arrived has arrived."""
        await self._connection.execute(
            update(parcels)
            .where(parcels.c.parcel_id == parcel_id, parcels.c.state != State.SETTLED)
            .values(state=State.DROPPED, settled_at=at, asks_person=False)
        )
        await self._nudge_connector(parcel_id)

    async def take_doubts(
        self, connector: str, *, now: datetime, until: datetime, limit: int
    ) -> list[Parcel]:
        """Parcels in doubt that are to be looked at now and do not wait for a person."""
        return await self._take(
            and_(
                parcels.c.connector == connector,
                parcels.c.state == State.DOUBT,
                on_its_way(),
                parcels.c.due_at <= now,
                parcels.c.asks_person.is_(False),
            ),
            {"due_at": until},
            limit=limit,
        )

    async def reclaim(
        self, connector: str, *, now: datetime, rest: timedelta, all_leases: bool = False
    ) -> list[Parcel]:
        """Leases whose holder is gone: a doubt if the push had begun, a plain retry if it had not.

        The doubt rests before anybody looks: what was sent may be arriving at this moment.
        """
        gone = and_(parcels.c.state == State.LEASED, parcels.c.connector == connector)
        if not all_leases:
            gone = and_(gone, parcels.c.lease_until <= now)
        begun = await self._take(
            and_(gone, parcels.c.begun.is_(True)),
            {
                "state": State.DOUBT,
                "due_at": now + rest,
                "doubt_since": now,
                "code": "interrupted",
                "detail": "Proses berhenti setelah pengiriman dimulai.",
            },
            limit=1000,
        )
        not_begun = await self._take(
            and_(gone, parcels.c.begun.is_(False)),
            {"state": State.WAITING, "due_at": now},
            limit=1000,
        )
        for parcel in [*begun, *not_begun]:
            self._nudge(Topic.OUTBOX, parcel.connector)
        return begun

    async def hasten_opening(self, complaint_id: int, *, now: datetime) -> None:
        """What a waiting opening waited for has come."""
        hastened = await self._connection.execute(
            update(parcels)
            .where(
                # A merge moves sources; their parcels keep the complaint that promised them.
                parcels.c.source_id.in_(
                    select(sources.c.id).where(sources.c.complaint_id == complaint_id)
                ),
                parcels.c.kind.in_([Kind.OPENING, Kind.ADDITION]),
                parcels.c.state == State.WAITING,
                parcels.c.attempts == 0,
            )
            .values(due_at=now)
        )
        if hastened.rowcount:
            self._nudge(Topic.OUTBOX, "")

    async def carrying(self, source_id: int) -> list[Parcel]:
        """Openings and additions for a source that have not begun to leave, locked."""
        rows = await self._connection.execute(
            select(parcels)
            .where(
                parcels.c.source_id == source_id,
                parcels.c.kind.in_([Kind.OPENING, Kind.ADDITION]),
                # What waits for its next try has begun once, and is packed anew.
                or_(
                    parcels.c.state == State.WAITING,
                    and_(parcels.c.state == State.LEASED, parcels.c.begun.is_(False)),
                ),
            )
            .with_for_update()
        )
        return [parcel_of(row) for row in rows]

    async def brought(self, source_id: int) -> set[int]:
        """The reports whose words went to a source, or are to go."""
        rows = await self._connection.execute(
            select(parcels.c.content).where(
                parcels.c.source_id == source_id,
                parcels.c.kind.in_([Kind.OPENING, Kind.ADDITION]),
            )
        )
        return {report_id for (content,) in rows for report_id in content.get("report_ids", ())}

    async def sent_behind(self, source_id: int) -> set[int]:
        """Files for a source that have a parcel of their own, and must not go with another one."""
        rows = await self._connection.execute(
            select(parcels.c.content).where(
                parcels.c.source_id == source_id,
                parcels.c.kind == Kind.ADDITION,
            )
        )
        return {file_id for (content,) in rows for file_id in content.get("file_ids", ())}

    async def is_superseded(self, parcel: Parcel) -> bool:
        """Whether the same source has since been told a newer status."""
        newer = await self._connection.scalar(
            select(parcels.c.id)
            .where(
                parcels.c.source_id == parcel.source_id,
                parcels.c.kind == Kind.STATUS,
                parcels.c.id > parcel.id,
                parcels.c.state == State.SETTLED,
            )
            .limit(1)
        )
        return newer is not None

    async def has_news_for(self, source_id: int) -> bool:
        """Whether a status is on its way to this source."""
        found = await self._connection.scalar(
            select(parcels.c.id)
            .where(
                parcels.c.source_id == source_id,
                parcels.c.kind == Kind.STATUS,
                parcels.c.state.in_(OPEN),
            )
            .limit(1)
        )
        return found is not None

    async def is_under_way(self, source_id: int) -> bool:
        """Whether something is just being sent to this source."""
        found = await self._connection.scalar(
            select(parcels.c.id)
            .where(parcels.c.source_id == source_id, parcels.c.state == State.LEASED)
            .limit(1)
        )
        return found is not None

    async def waiting_behind(self, parcel: Parcel) -> list[Parcel]:
        """What waits for it to get through on the way to the same source, locked."""
        rows = await self._connection.execute(
            select(parcels)
            .where(
                parcels.c.lane == parcel.lane,
                parcels.c.connector == parcel.connector,
                parcels.c.source_id.is_not_distinct_from(parcel.source_id),
                parcels.c.id > parcel.id,
                parcels.c.state == State.WAITING,
            )
            .order_by(parcels.c.id)
            .with_for_update()
        )
        return [parcel_of(row) for row in rows]

    async def get(self, parcel_id: str) -> Parcel | None:
        """One parcel, locked until the transaction ends."""
        return await self._one(parcels.c.parcel_id == parcel_id)

    async def by_marker(self, connector: str, marker: str) -> Parcel | None:
        """The parcel whose marker came back to us."""
        return await self._one(parcels.c.connector == connector, parcels.c.marker == marker)

    async def by_external_id(self, connector: str, external_id: str) -> Parcel | None:
        """The parcel whose push made this there."""
        return await self._one(
            parcels.c.connector == connector, parcels.c.external_id == external_id
        )

    async def opening_of(self, complaint_id: int, connector: str) -> Parcel | None:
        """The parcel that opens the complaint at that upstream."""
        return await self._one(
            parcels.c.complaint_id == complaint_id,
            parcels.c.connector == connector,
            parcels.c.kind == Kind.OPENING,
        )

    async def attempt(
        self,
        parcel: Parcel,
        *,
        phase: str,
        at: datetime,
        outcome: str | None = None,
        code: str | None = None,
        detail: str | None = None,
        milliseconds: int | None = None,
        who: str | None = None,
    ) -> None:
        """Write down what was tried and what came of it. Append-only."""
        await self._connection.execute(
            attempts.insert().values(
                parcel_id=parcel.parcel_id,
                number=parcel.attempts,
                phase=phase,
                at=at,
                outcome=outcome,
                code=code,
                detail=detail,
                milliseconds=milliseconds,
                who=who,
            )
        )

    async def _leased(self, parcel: Parcel, **values: Any) -> None:
        # Only the attempt that holds the parcel may put it back: a receipt or a person may have
        # settled it while the answer was still on its way.
        await self._connection.execute(
            update(parcels)
            .where(
                parcels.c.id == parcel.id,
                parcels.c.state.in_([State.LEASED, State.DOUBT, State.WAITING, State.HANDED]),
                parcels.c.attempts == parcel.attempts,
            )
            .values(lease_owner=None, lease_until=None, **values)
        )

    async def _take(
        self, which: ColumnElement[bool], values: dict[str, Any], *, limit: int
    ) -> list[Parcel]:
        rows = (
            await self._connection.execute(
                select(parcels)
                .where(which)
                .order_by(parcels.c.id)
                .limit(limit)
                .with_for_update(skip_locked=True)
            )
        ).all()
        if rows:
            await self._connection.execute(
                update(parcels).where(parcels.c.id.in_([row.id for row in rows])).values(**values)
            )
        return [parcel_of(row) for row in rows]

    async def _one(self, *which: ColumnElement[bool]) -> Parcel | None:
        row = (
            await self._connection.execute(
                select(parcels).where(*which).order_by(parcels.c.id).limit(1).with_for_update()
            )
        ).first()
        return None if row is None else parcel_of(row)

    async def _nudge_connector(self, parcel_id: str) -> None:
        connector = await self._connection.scalar(
            select(parcels.c.connector).where(parcels.c.parcel_id == parcel_id)
        )
        self._nudge(Topic.OUTBOX, connector or "")


@cache
def on_its_way() -> ColumnElement[bool]:
    """The condition of `ix_parcels_due`, letter by letter: with values bound to it no planner finds it."""
    return parcels.c.state.in_(
        [literal_column(f"'{state}'") for state in ("waiting", "doubt", "leased")]
    )


# Building it costs a hundred times what asking it costs.
@cache
def held_up() -> ColumnElement[bool]:
    """Something older of the same lane and source is not through yet, or something is under way."""
    other = parcels.alias("other")
    return exists().where(
        other.c.lane == parcels.c.lane,
        other.c.connector == parcels.c.connector,
        # Of two citizens who said the same, one who cannot be reached holds up nobody but himself.
        other.c.source_id.is_not_distinct_from(parcels.c.source_id),
        or_(
            # A replayed parcel may be older than the one that went in its place.
            and_(other.c.id != parcels.c.id, other.c.state == State.LEASED),
            and_(
                other.c.id < parcels.c.id,
                or_(
                    other.c.state.in_(OPEN),
                    and_(other.c.state == State.ABANDONED, other.c.needed.is_(True)),
                ),
            ),
        ),
    )


def parcel_of(row: Row[Any], **changed: Any) -> Parcel:
    """Make a parcel of a row of the table, with what has just changed."""
    values = {name: getattr(row, name) for name in Parcel.__dataclass_fields__}
    values["kind"] = Kind(values["kind"])
    values["state"] = State(values["state"])
    return Parcel(**(values | changed))
