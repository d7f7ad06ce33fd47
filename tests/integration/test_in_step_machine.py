"""Statuses, outbox and doubt together: whatever happens in whatever order, the channels end in step.

A larger run by hand: `HUB_TEST_EXAMPLES=1000 pytest tests/integration/test_in_step_machine.py`.
"""

import asyncio
import os
import shutil
from collections.abc import Callable, Coroutine
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)
from sqlalchemy import event

from hub.contract import ReceiptState, Status
from hub.delivery.settling import Settling
from hub.domain.complaint import Complaint, Source
from hub.rows import State
from hub.store.desk.step import Standing
from tests.fakes.books import Books, open_database
from tests.fakes.clock import SteppedClock
from tests.fakes.officers import Fate
from tests.integration.hall import CHAT, PORTAL, PROVINCE, Hall

EVERYBODY = (PORTAL, PROVINCE, CHAT)
STATUSES = tuple(Status)
RECEIPTS = (ReceiptState.SENT, ReceiptState.DELIVERED, ReceiptState.READ)
AHEAD = st.sampled_from([timedelta(), timedelta(hours=3), timedelta(hours=-3)])
LATE = st.sampled_from([timedelta(), timedelta(seconds=90), Settling().lasts])
AGO = st.sampled_from(
    [timedelta(), timedelta(seconds=30), timedelta(minutes=20), timedelta(days=1)]
)
PASSING = st.sampled_from(
    [timedelta(seconds=10), timedelta(seconds=40), timedelta(minutes=3), timedelta(hours=1)]
)
INDEX = st.integers(0, 7)
FATES = st.sampled_from(list(Fate))


class InStep(RuleBasedStateMachine):
    """Every rule is something that happens in a city; the invariants are what it was promised."""

    new_database: Callable[[Path], str]

    def __init__(self) -> None:
        super().__init__()
        self.runner = asyncio.Runner()
        self.folder = TemporaryDirectory()
        database = open_database(type(self).new_database(Path(self.folder.name)))
        if database.engine.dialect.name == "sqlite":
            event.listen(database.engine.sync_engine, "connect", _hurry)
        self.books = Books(database, SteppedClock())
        self.hall: Hall | None = None
        self.is_broken = False

    @initialize(ahead=AHEAD, late=LATE, complaints=st.integers(1, 2))
    def citizens_complain(self, ahead: timedelta, late: timedelta, complaints: int) -> None:
        self.hall = Hall(self.books, Path(self.folder.name), ahead=ahead, late=late)
        for who in range(complaints):
            self._run(self._hall.complain(who))
        for name in EVERYBODY:
            self._do(self._hall.deliver(name))

    @rule(
        name=st.sampled_from([PORTAL, PROVINCE]),
        which=INDEX,
        to=st.sampled_from(STATUSES),
        ago=AGO,
    )
    def an_officer_moves(self, name: str, which: int, to: Status, ago: timedelta) -> None:
        numbers = list(self._hall.offices[name].shown)
        if numbers:
            number = numbers[which % len(numbers)]
            self._do(self._hall.officer(name, number, to, ago=ago))

    @precondition(lambda self: self.hall and self.hall.news)
    @rule(which=INDEX, again=st.booleans())
    def the_hub_hears_of_it(self, which: int, *, again: bool) -> None:
        """In any order; what is heard `again` comes once more."""
        news = self._hall.news
        name, word = news[which % len(news)] if again else news.pop(which % len(news))
        self._do(self._hall.hear(name, word))

    @rule(which=INDEX)
    def the_hub_looks_there(self, which: int) -> None:
        numbered = self._run(self._hall.numbered())
        if numbered:
            self._do(self._hall.inspect(numbered[which % len(numbered)]))

    @rule(which=INDEX, to=st.sampled_from(STATUSES))
    def the_operator_moves(self, which: int, to: Status) -> None:
        complaints = self._run(self._hall.complaints())
        self._do(self._hall.move(complaints[which % len(complaints)].ticket, to))

    @rule(name=st.sampled_from(EVERYBODY), to=st.sampled_from(STATUSES), fate=FATES, which=INDEX)
    def a_move_is_told_and_that_goes_wrong(
        self, name: str, to: Status, fate: Fate, which: int
    ) -> None:
        self.the_operator_moves(which, to)
        self.the_next_push_meets(name, fate)
        self.the_relay_delivers(name)

    @rule(name=st.sampled_from(EVERYBODY), fate=FATES)
    def the_next_push_meets(self, name: str, fate: Fate) -> None:
        self._hall.all[name].fates.append(fate)

    @rule(name=st.sampled_from(EVERYBODY))
    def the_relay_delivers(self, name: str) -> None:
        self._do(self._hall.deliver(name))

    @rule(name=st.sampled_from(EVERYBODY))
    def the_process_dies_before_anything_has_left(self, name: str) -> None:
        self._do(self._hall.lease_and_die(name))

    @rule(name=st.sampled_from(EVERYBODY), rested=PASSING)
    def the_hub_looks_for_what_is_in_doubt(self, name: str, rested: timedelta) -> None:
        self.books.clock.pass_time(rested)
        self._do(self._hall.look(name))

    @precondition(lambda self: self.hall and self.hall.phones.log)
    @rule(which=INDEX, state=st.sampled_from(RECEIPTS))
    def a_receipt_comes(self, which: int, state: ReceiptState) -> None:
        self._do(self._hall.receipt(which % len(self._hall.phones.log), state))

    @rule(which=INDEX, well=st.booleans())
    def a_person_settles_a_doubt(self, which: int, *, well: bool) -> None:
        """Not always looking well before it is sent again."""
        rows = [row for row in self._run(self._hall.open_parcels()) if row["state"] == State.DOUBT]
        if rows:
            row = rows[which % len(rows)]
            settle = self._hall.answer_doubt if well else self._hall.err_on_doubt
            self._do(settle(row))

    @rule(name=st.sampled_from(EVERYBODY), on=st.booleans())
    def a_channel_is_paused_or_resumed(self, name: str, *, on: bool) -> None:
        decide = self._hall.decide
        self._do((decide.pause if on else decide.resume)(name, who="Rini"))

    @rule(by=PASSING)
    def time_passes(self, by: timedelta) -> None:
        self.books.clock.pass_time(by)

    @invariant()
    def nothing_arrives_twice_unless_a_person_ordered_it(self) -> None:
        for name, office in self._offices():
            for entry in office.log:
                times = len(office.arrived(entry.parcel_id))
                twice = times > 1 and entry.parcel_id not in self._hall.ordered
                self._claim(not twice, f"{name} got {entry} {times} times")

    @invariant()
    def every_channel_is_told_in_the_order_of_the_promises(self) -> None:
        if self.hall is None:
            return
        promised = {row["parcel_id"]: row["id"] for row in self._run(self._hall.all_parcels())}
        for name, office in self._offices():
            newest: dict[str, int] = {}
            for entry in office.log:
                if entry.status is None or entry.parcel_id in self._hall.ordered:
                    continue
                about = entry.number if name != CHAT else entry.ticket
                age = promised[entry.parcel_id]
                self._claim(
                    age >= newest.get(about, 0), f"{name} is told an older status: {entry}"
                )
                newest[about] = age

    @invariant()
    def a_citizen_is_told_every_change_once(self) -> None:
        if self.hall is None:
            return
        told = [
            (entry.ticket, entry.status, entry.since)
            for entry in self._hall.phones.log
            if entry.parcel_id not in self._hall.ordered
        ]
        self._claim(len(told) == len(set(told)), f"told twice: {told}")

    def teardown(self) -> None:
        try:
            if self.hall is not None and not self.is_broken:
                self._run(self.hall.falls_quiet())
                self.nothing_arrives_twice_unless_a_person_ordered_it()
                self.every_channel_is_told_in_the_order_of_the_promises()
                self.a_citizen_is_told_every_change_once()
                self._run(self._in_step_or_shown())
        finally:
            self.runner.run(self.books.database.aclose())
            self.runner.close()
            self.folder.cleanup()

    async def _in_step_or_shown(self) -> None:
        standings = await self._hall.standings()
        cards = {card["key"] for card in await self.books.open_cards()}
        for complaint in await self._hall.complaints():
            for source in await self._hall.sources_of(complaint):
                if not source.listens:
                    continue
                agrees = self._truly_agrees(complaint, source)
                stands = standings[source.id]
                shown = {f"conflict:{source.id}", f"held:{complaint.ticket}"} & cards
                case = (complaint, source, stands, cards)
                self._claim(agrees or bool(shown), f"out of step and nobody is told: {case}")
                self._claim(
                    stands == (Standing.IN_STEP if agrees else Standing.CONTRADICTS),
                    f"said to stand as it does not: {agrees=} {case}",
                )

    def _truly_agrees(self, complaint: Complaint, source: Source) -> bool:
        """By what the channel itself shows, or what the citizen read last."""
        if source.connector == CHAT:
            told = [e.status for e in self._hall.phones.log if e.ticket == complaint.ticket]
            return told[-1:] == [complaint.status]
        shown = self._hall.offices[source.connector].shown[source.external_id or ""]
        return shown.status is complaint.status

    @property
    def _hall(self) -> Hall:
        assert self.hall is not None
        return self.hall

    def _offices(self) -> list[tuple[str, Any]]:
        return list(self.hall.all.items()) if self.hall else []

    def _do(self, coroutine: Coroutine[Any, Any, Any]) -> None:
        """No two things happen at the same moment."""
        self.books.clock.pass_time(seconds=1)
        self._run(coroutine)

    def _run(self, coroutine: Coroutine[Any, Any, Any]) -> Any:
        try:
            return self.runner.run(coroutine)
        except BaseException:
            self.is_broken = True
            raise

    def _claim(self, holds: bool, otherwise: str) -> None:
        self.is_broken = self.is_broken or not holds
        assert holds, otherwise


def _hurry(connection: Any, _: object) -> None:
    # What survives a power cut is not the question here.
    cursor = connection.cursor()
    cursor.execute("PRAGMA synchronous = OFF")
    cursor.close()


def play(new: Callable[[Path], str], *, examples: int) -> None:
    class OnThisDatabase(InStep):
        new_database = staticmethod(new)

    run_state_machine_as_test(
        OnThisDatabase,
        settings=settings(
            # Every run plays its own: to shrink what an earlier one kept takes minutes.
            database=None,
            max_examples=int(os.environ.get("HUB_TEST_EXAMPLES", examples)),
            stateful_step_count=20,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )


def test_everything_ends_in_step_on_sqlite(migrated_sqlite: Path) -> None:
    def new(folder: Path) -> str:
        return f"sqlite+aiosqlite:///{shutil.copy(migrated_sqlite, folder / 'hub.db')}"

    play(new, examples=12)


def test_everything_ends_in_step_on_postgresql(new_postgres_url: Callable[[], str]) -> None:
    play(lambda _: new_postgres_url(), examples=4)
