"""The kernel of the simulated days: time, the database, processes and how they die."""

import asyncio
import sqlite3
from collections.abc import Coroutine, Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.exc import OperationalError
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

from hub.ports import DatabaseAway
from hub.store.database import Database
from hub.store.seal import Seal
from tests.faults.simulated.inline import BUSY_LASTS, Disk, inline_sqlite
from tests.faults.simulated.loop import Deadlocked, VirtualLoop
from tests.faults.simulated.process import (
    Process,
    bury,
    current_process,
    unheard,
    watch_processes,
)

DAY = 86_400.0


class Bench:
    """A loop with processes and a database, and nothing of the hub but its engine."""

    def __init__(self, folder: Path) -> None:
        self.loop = VirtualLoop()
        self.disk = Disk()
        self.died: list[Process] = []
        self.url = f"sqlite+aiosqlite:///{folder / 'bench.db'}"
        watch_processes(self.loop)

    def process(self, name: str = "hub") -> Process:
        return Process(name, on_death=self.died.append)

    def database(self) -> Database:
        seal = Seal(["x" * 32])
        return Database(self.url, seal=seal, ticket_prefix="PKL", new_id=lambda: "")

    def engine(self) -> AsyncEngine:
        return self.database().engine

    def run(self, story: Coroutine[Any, Any, Any]) -> Any:
        return self.loop.run_until_complete(story)

    async def words(self) -> list[str]:
        """What is in the table, whoever asks."""
        engine = create_async_engine(self.url)
        async with engine.connect() as connection:
            rows = list(await connection.scalars(text("SELECT word FROM words ORDER BY word")))
        await engine.dispose()
        return rows

    async def begin(self) -> None:
        engine = self.engine()
        async with engine.begin() as connection:
            await connection.execute(text("CREATE TABLE words (word TEXT)"))
        await engine.dispose()


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[Bench]:
    made = Bench(tmp_path)
    with unheard(), inline_sqlite(made.disk, current_process):
        made.run(made.begin())
        yield made
        for process in made.died:
            process.kill()
        bury(made.died)
        made.loop.close()


async def put(engine: AsyncEngine, word: str, *, then: float = 0.0) -> None:
    async with engine.begin() as connection:
        await connection.execute(text("INSERT INTO words VALUES (:word)"), {"word": word})
        if then:
            await asyncio.sleep(then)


def test_a_day_of_sleep_takes_no_time_and_timers_ring_in_order(bench: Bench) -> None:
    rang: list[str] = []

    async def sleeper(name: str, seconds: float) -> None:
        await asyncio.sleep(seconds)
        rang.append(name)

    async def story() -> None:
        await asyncio.gather(sleeper("late", DAY), sleeper("early", 5), sleeper("later", DAY + 1))

    bench.run(story())
    assert rang == ["early", "late", "later"]
    assert bench.loop.time() == pytest.approx(DAY + 1)


def test_whoever_waits_for_nobody_is_told_so(bench: Bench) -> None:
    async def story() -> None:
        await asyncio.Event().wait()

    with pytest.raises(Deadlocked):
        bench.run(story())


def test_work_for_a_thread_is_done_at_once_and_its_error_arrives(bench: Bench) -> None:
    async def story() -> str:
        with pytest.raises(FileNotFoundError):
            await asyncio.to_thread(Path("no such file").read_bytes)
        return await asyncio.to_thread(str.upper, "selesai")

    assert bench.run(story()) == "SELESAI"


def test_a_killed_process_keeps_what_it_committed_and_nothing_else(bench: Bench) -> None:
    process = bench.process()

    async def work() -> None:
        engine = bench.engine()
        await put(engine, "committed")
        await put(engine, "lost", then=10)

    async def story() -> list[str]:
        _ = process.spawn(work())
        await asyncio.sleep(5)
        process.kill()
        await asyncio.sleep(60)
        return await bench.words()

    assert bench.run(story()) == ["committed"]


def test_at_every_await_of_a_transaction_the_row_is_there_wholly_or_not_at_all(
    bench: Bench,
) -> None:
    async def work(word: str) -> None:
        engine = bench.engine()
        await put(engine, f"{word} first")
        await put(engine, f"{word} second")

    async def killed_after(awaits: int) -> tuple[bool, list[str]]:
        process = bench.process(str(awaits))
        process.kill_after(awaits)
        word = f"{awaits:03d}"
        _ = process.spawn(work(word))
        await asyncio.sleep(60)
        rows = [each for each in await bench.words() if each.startswith(word)]
        return process.is_dead, [row.removeprefix(f"{word} ") for row in rows]

    left = [bench.run(killed_after(awaits)) for awaits in range(1, 40)]
    assert {tuple(rows) for _, rows in left} == {(), ("first",), ("first", "second")}
    assert left[0] == (True, [])
    assert left[-1] == (False, ["first", "second"])
    rows_there = [len(rows) for _, rows in left]
    assert rows_there == sorted(rows_there)


def test_no_finally_and_no_except_of_a_killed_process_runs(bench: Bench) -> None:
    process, done = bench.process(), list[str]()

    async def child() -> None:
        try:
            await asyncio.sleep(20)
            done.append("woke")
        finally:
            done.append("finally")

    async def work() -> None:
        begun = asyncio.create_task(child())
        try:
            async with asyncio.timeout(30):
                await begun
        except BaseException:
            done.append("except")
            raise

    async def story() -> None:
        _ = process.spawn(work())
        await asyncio.sleep(5)
        process.kill()
        await asyncio.sleep(DAY)

    bench.run(story())
    assert done == []
    assert process.is_dead


def test_only_the_killed_process_dies(bench: Bench) -> None:
    first, second, done = bench.process("first"), bench.process("second"), list[str]()

    async def work(name: str) -> None:
        await asyncio.sleep(10)
        done.append(name)

    async def story() -> None:
        _ = first.spawn(work("first")), second.spawn(work("second"))
        await asyncio.sleep(5)
        first.kill()
        await asyncio.sleep(60)

    bench.run(story())
    assert done == ["second"]
    assert bench.died == [first]


def test_whoever_waits_for_a_killed_process_learns_of_it(bench: Bench) -> None:
    process = bench.process()

    async def story() -> None:
        answered = bench.loop.create_future()
        process.breaks_with(answered, ConnectionError("reset"))
        _ = process.spawn(asyncio.sleep(100))
        bench.loop.call_later(5, process.kill)
        await answered

    with pytest.raises(ConnectionError):
        bench.run(story())
    assert bench.loop.time() == pytest.approx(5)


def test_two_processes_write_one_after_the_other(bench: Bench) -> None:
    first, second = bench.process("first"), bench.process("second")

    async def story() -> list[str]:
        tasks = [
            first.spawn(put(bench.engine(), "slow", then=BUSY_LASTS / 2)),
            second.spawn(put(bench.engine(), "waited")),
        ]
        await asyncio.wait(tasks)
        assert [task.exception() for task in tasks] == [None, None]
        return await bench.words()

    assert bench.run(story()) == ["slow", "waited"]
    assert BUSY_LASTS / 2 <= bench.loop.time() < BUSY_LASTS


def test_a_database_that_stays_locked_is_an_error_after_twenty_seconds(bench: Bench) -> None:
    first, second = bench.process("first"), bench.process("second")

    async def story() -> BaseException | None:
        slow = first.spawn(put(bench.engine(), "slow", then=2 * BUSY_LASTS))
        refused = second.spawn(put(bench.engine(), "refused"))
        await asyncio.wait([refused])
        await slow
        return refused.exception()

    error = bench.run(story())
    assert isinstance(error, OperationalError)
    assert "locked" in str(error)
    assert bench.run(bench.words()) == ["slow"]


def test_while_the_database_is_away_everything_is_refused_and_what_was_open_is_lost(
    bench: Bench,
) -> None:
    process = bench.process()

    async def story() -> list[str]:
        engine = bench.engine()
        await put(engine, "before")
        open_one = process.spawn(put(engine, "during", then=10))
        await asyncio.sleep(5)
        bench.disk.goes_away()
        with pytest.raises(OperationalError):
            await put(engine, "refused")
        bench.disk.comes_back()
        await asyncio.wait([open_one])
        assert isinstance(open_one.exception(), OperationalError | sqlite3.OperationalError)
        await put(engine, "after")
        return await bench.words()

    assert bench.run(story()) == ["after", "before"]
    assert bench.disk.refused > 0


def test_on_a_full_disk_a_commit_fails_and_keeps_nothing_but_reading_goes_on(bench: Bench) -> None:
    async def story() -> list[str]:
        engine = bench.engine()
        await put(engine, "before")
        bench.disk.is_full = True
        with pytest.raises(OperationalError, match="full"):
            await put(engine, "refused")
        seen = await bench.words()
        bench.disk.is_full = False
        await put(engine, "room")
        return seen + await bench.words()

    assert bench.run(story()) == ["before", "before", "room"]


def test_the_day_goes_on_when_the_database_is_back(bench: Bench) -> None:
    async def story() -> list[str]:
        database = bench.database()
        async with database.begin():
            pass
        bench.disk.goes_away()
        with pytest.raises(DatabaseAway):
            async with database.begin():
                pass
        bench.disk.comes_back()
        await asyncio.sleep(60)
        async with database.begin():
            pass
        await database.aclose()
        return await bench.words()

    assert bench.run(story()) == []
