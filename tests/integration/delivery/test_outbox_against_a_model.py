"""Any sequence of promises, leases, answers, doubts and crashes, against a model a page long.

The model keeps for every parcel only its state, and knows the one rule of a lane: what is older
comes first. SQLite, since the sequence is the point; who comes first between two workers is in
`test_contention.py`.
"""

import asyncio
import shutil
from collections.abc import Coroutine
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    consumes,
    initialize,
    invariant,
    multiple,
    precondition,
    rule,
    run_state_machine_as_test,
)
from sqlalchemy import event

from hub.rows import Kind, Parcel, State
from hub.store.tables import parcels
from tests.fakes.books import LEASE, Books, Known, open_database
from tests.fakes.clock import SteppedClock

COMPLAINTS = 2
WAIT = timedelta(minutes=1)


@dataclass
class Modelled:
    """What the model knows of a parcel. Its place in `Model` is its age."""

    parcel_id: str
    lane: int
    needed: bool
    state: State = State.WAITING
    begun: bool = False
    attempts: int = 0
    settled: int = 0


def _hurry(connection: Any, _: object) -> None:
    # What survives a power cut is not the question here.
    cursor = connection.cursor()
    cursor.execute("PRAGMA synchronous = OFF")
    cursor.close()


class OutboxMachine(RuleBasedStateMachine):
    """Drives the real outbox and the model side by side."""

    template: Path
    leased = Bundle("leased")

    def __init__(self) -> None:
        super().__init__()
        self.runner = asyncio.Runner()
        self.folder = TemporaryDirectory()
        file = shutil.copy(self.template, Path(self.folder.name) / "hub.db")
        database = open_database(f"sqlite+aiosqlite:///{file}")
        event.listen(database.engine.sync_engine, "connect", _hurry)
        self.books = Books(database, SteppedClock())
        self.model: dict[str, Modelled] = {}
        self.known: list[Known] = []

    def teardown(self) -> None:
        self._run(self.books.database.aclose())
        self.runner.close()
        self.folder.cleanup()

    @initialize()
    def know_some_complaints(self) -> None:
        self.known = [
            self._run(self.books.complaint(external_id=f"c-{n}")) for n in range(COMPLAINTS)
        ]
        for lane in range(COMPLAINTS):
            for _ in range(2):
                self.promise(lane=lane, needed=False)

    @rule(lane=st.integers(0, COMPLAINTS - 1), needed=st.booleans())
    def promise(self, lane: int, *, needed: bool) -> None:
        kind = Kind.OPENING if needed else Kind.STATUS
        parcel_id = self._run(self.books.promise(self.known[lane], kind=kind, needed=needed))
        self.model[parcel_id] = Modelled(parcel_id, lane, needed)

    @rule(target=leased, limit=st.integers(1, 4))
    def lease(self, limit: int) -> Any:
        expected = [one for one in self.model.values() if self._may_leave(one)]
        got = self._run(self.books.lease(limit=limit))
        assert len(got) == min(limit, len(expected))
        for parcel in got:
            one = self.model[parcel.parcel_id]
            assert one in expected
            one.state, one.begun, one.attempts = State.LEASED, False, one.attempts + 1
            assert parcel.attempts == one.attempts
        return multiple(*got)

    @rule(target=leased, parcel=consumes(leased))
    def begin(self, parcel: Parcel) -> Any:
        begun = self._run(self.books.begin(parcel))
        assert begun == (self._holds(parcel) and self._of(parcel).state is State.LEASED)
        if not begun:
            return multiple()
        self._of(parcel).begun = True
        return parcel

    @rule(parcel=consumes(leased))
    def arrive(self, parcel: Parcel) -> None:
        settled = self._run(self._settle(parcel.parcel_id))
        # What was let go and is there all the same is there.
        assert settled == (self._of(parcel).state is not State.SETTLED)
        if settled:
            self._of(parcel).state = State.SETTLED
            self._of(parcel).settled += 1

    @rule(
        parcel=consumes(leased), how=st.sampled_from(["postpone", "release", "abandon", "doubt"])
    )
    def fail(self, parcel: Parcel, how: str) -> None:
        self._run(self._put_back(parcel, how))
        one = self._of(parcel)
        if self._holds(parcel) and one.state in {State.LEASED, State.DOUBT, State.WAITING}:
            one.state = {"abandon": State.ABANDONED, "doubt": State.DOUBT}.get(how, State.WAITING)
            one.attempts -= how == "release"

    @rule(target=leased, parcel=consumes(leased))
    def be_refused(self, parcel: Parcel) -> Any:
        """The commonest end but arriving; what waited behind it goes at once."""
        self.fail(parcel, "abandon")
        return self.lease(limit=4)

    @precondition(lambda self: self._in(State.DOUBT, State.ABANDONED))
    @rule(target=leased, data=st.data(), fresh=st.booleans())
    def again(self, data: st.DataObject, *, fresh: bool) -> Any:
        one = data.draw(st.sampled_from(self._in(State.DOUBT, State.ABANDONED)))
        self._run(self._again(one.parcel_id, fresh=fresh))
        one.state = State.WAITING
        return self.lease(limit=4)

    @precondition(lambda self: self._in(State.DOUBT))
    @rule(data=st.data())
    def find(self, data: st.DataObject) -> None:
        one = data.draw(st.sampled_from(self._in(State.DOUBT)))
        assert self._run(self._settle(one.parcel_id))
        one.state, one.settled = State.SETTLED, one.settled + 1

    @precondition(lambda self: self._in(State.DOUBT, State.ABANDONED))
    @rule(data=st.data())
    def drop(self, data: st.DataObject) -> None:
        one = data.draw(st.sampled_from(self._in(State.DOUBT, State.ABANDONED)))
        self._run(self._drop(one.parcel_id))
        one.state = State.DROPPED

    @precondition(lambda self: self._in(State.LEASED))
    @rule(crash=st.booleans())
    def reclaim(self, *, crash: bool) -> None:
        """After a crash everything leased is taken back; otherwise what is leased too long."""
        if not crash:
            self.books.clock.pass_time(LEASE)
        self._run(self._reclaim(all_leases=crash))
        for one in self._in(State.LEASED):
            one.state = State.DOUBT if one.begun else State.WAITING

    @invariant()
    def nothing_is_lost_and_every_parcel_stands_where_the_model_says(self) -> None:
        rows = self._run(self._rows())
        assert {row["parcel_id"]: (row["state"], row["attempts"]) for row in rows} == {
            one.parcel_id: (one.state, one.attempts) for one in self.model.values()
        }

    @invariant()
    def nothing_is_settled_twice(self) -> None:
        assert all(one.settled <= 1 for one in self.model.values())

    @invariant()
    def of_one_lane_no_two_are_under_way(self) -> None:
        for lane in range(COMPLAINTS):
            assert len([one for one in self._in(State.LEASED) if one.lane == lane]) <= 1

    def _in(self, *states: State) -> list[Modelled]:
        return [one for one in self.model.values() if one.state in states]

    def _is_busy(self, lane: int) -> bool:
        return any(one.lane == lane for one in self._in(State.LEASED))

    def _of(self, parcel: Parcel) -> Modelled:
        return self.model[parcel.parcel_id]

    def _holds(self, parcel: Parcel) -> bool:
        return self._of(parcel).attempts == parcel.attempts

    def _may_leave(self, one: Modelled) -> bool:
        if one.state is not State.WAITING or self._is_busy(one.lane):
            return False
        for older in self.model.values():
            if older is one:
                return True
            if older.lane != one.lane:
                continue
            if older.state in {State.WAITING, State.LEASED, State.DOUBT}:
                return False
            if older.state is State.ABANDONED and older.needed:
                return False
        raise AssertionError(one)

    def _run(self, coroutine: Coroutine[Any, Any, Any]) -> Any:
        return self.runner.run(coroutine)

    async def _settle(self, parcel_id: str) -> bool:
        async with self.books.database.begin() as work:
            return await work.outbox.settle(parcel_id, external_id=None, at=self.books.clock())

    async def _put_back(self, parcel: Parcel, how: str) -> None:
        now = self.books.clock()
        async with self.books.database.begin() as work:
            match how:
                case "postpone":
                    await work.outbox.postpone(parcel, until=now, code="c", detail="d")
                case "release":
                    await work.outbox.release(parcel, until=now)
                case "abandon":
                    await work.outbox.abandon(parcel, code="c", detail="d", at=now)
                case _:
                    await work.outbox.doubt(parcel, until=now, code="c", detail="d", at=now)

    async def _again(self, parcel_id: str, *, fresh: bool) -> None:
        async with self.books.database.begin() as work:
            state = self.model[parcel_id].state
            await work.outbox.again(parcel_id, when=state, now=self.books.clock(), fresh=fresh)

    async def _drop(self, parcel_id: str) -> None:
        async with self.books.database.begin() as work:
            await work.outbox.drop(parcel_id, at=self.books.clock())

    async def _reclaim(self, *, all_leases: bool) -> None:
        async with self.books.database.begin() as work:
            await work.outbox.reclaim(
                "anywhere", now=self.books.clock(), rest=WAIT, all_leases=all_leases
            )

    async def _rows(self) -> list[dict[str, Any]]:
        async with self.books.database.reading() as connection:
            return [dict(row._mapping) for row in await connection.execute(parcels.select())]


def test_the_outbox_does_what_the_model_says(migrated_sqlite: Path) -> None:
    class OnTheTemplate(OutboxMachine):
        template = migrated_sqlite

    run_state_machine_as_test(
        OnTheTemplate,
        settings=settings(
            max_examples=40,
            stateful_step_count=30,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
