"""The mode of an upstream changes while parcels are on their way: nothing is lost, nothing doubled."""

import shutil
from collections import Counter
from collections.abc import Awaitable, Callable, Mapping
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hub.contract import Mode
from hub.rows import State
from tests.fakes.books import Books, open_database
from tests.fakes.clock import SteppedClock
from tests.fakes.shop import Shop
from tests.integration.delivery.interrupted import AFTER_THE_FILE, BEFORE_THE_FILE
from tests.integration.delivery.office import Office


async def test_a_hundred_waiting_parcels_are_a_hundred_in_every_mode(
    shop: Shop, books: Books, tmp_path: Path
) -> None:
    office = Office(shop, books, tmp_path)
    await office.open(100)
    await office.work()
    assert await office.counts() == {State.HANDED: 100}
    await office.carry(10)
    await office.switch(Mode.FILE)
    await office.work()
    assert await office.counts() == {State.SETTLED: 10, State.HANDED: 90}
    await office.export()
    await office.answer()
    await office.open(20)
    await office.work()
    assert await office.counts() == {State.SETTLED: 100, State.HANDED: 20}
    await office.take()
    await office.switch(Mode.API)
    assert await office.counts() == {State.SETTLED: 100, State.HANDED: 1, State.WAITING: 19}
    await office.work()
    assert await office.counts() == {State.SETTLED: 119, State.HANDED: 1}
    await office.put_back()
    await office.switch(Mode.API)
    await office.work()
    assert await office.counts() == {State.SETTLED: 120}
    assert office.everything() == Counter(dict.fromkeys(office.tickets, 1))


async def test_what_left_in_a_file_is_not_pushed_while_its_answer_is_awaited(
    shop: Shop, books: Books, tmp_path: Path
) -> None:
    office = Office(shop, books, tmp_path)
    await office.open(2)
    await office.switch(Mode.FILE)
    await office.work()
    await office.export()
    await office.switch(Mode.API)
    await office.work()
    assert await office.counts() == {State.HANDED: 2}
    await office.answer()
    assert await office.counts() == {State.SETTLED: 2}
    assert office.upstream.deliveries == []


async def export_and_answer(office: Office) -> None:
    await office.export()
    await office.answer()


STEPS: Mapping[str, Callable[[Office], Awaitable[None]]] = {
    "assisted": lambda office: office.switch(Mode.ASSISTED),
    "file": lambda office: office.switch(Mode.FILE),
    "api": lambda office: office.switch(Mode.API),
    "work": Office.work,
    "open": Office.open,
    "carry": Office.carry,
    "take only": Office.take,
    "put back": Office.put_back,
    "export": export_and_answer,
    "export without an answer": Office.export,
    "answer later": Office.answer,
    "die before the file": lambda office: office.die(step=BEFORE_THE_FILE),
    "die after the file": lambda office: office.die(step=AFTER_THE_FILE),
    "again": Office.again,
}
# Whatever is half done is brought to its end.
TO_THE_END = ("again", "answer later", "put back", "api", "work")


@given(steps=st.lists(st.sampled_from(sorted(STEPS)), max_size=20))
@settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
async def test_whatever_modes_follow_each_other_every_opening_arrives_exactly_once(
    tmp_path_factory: pytest.TempPathFactory, migrated_sqlite: Path, steps: list[str]
) -> None:
    folder = tmp_path_factory.mktemp("kantor")
    file = shutil.copy(migrated_sqlite, folder / "hub.db")
    database = open_database(f"sqlite+aiosqlite:///{file}")
    books = Books(database, SteppedClock())
    office = Office(Shop(books, folder), books, folder)
    await office.open(3)
    await office.work()
    try:
        for step in [*steps, *TO_THE_END]:
            await STEPS[step](office)
        assert office.everything() == Counter(dict.fromkeys(office.tickets, 1))
        assert await office.counts() == {State.SETTLED: len(office.tickets)}
    finally:
        await database.aclose()
