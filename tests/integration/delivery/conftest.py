"""A record on each kind of database, a clock that is stepped, and what delivers."""

from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest

from hub.store.database import Database
from tests.fakes.books import Books, open_database
from tests.fakes.clock import SteppedClock
from tests.fakes.shop import Shop


@pytest.fixture
def clock() -> SteppedClock:
    return SteppedClock()


@pytest.fixture
async def database(database_url: str) -> AsyncIterator[Database]:
    database = open_database(database_url)
    yield database
    await database.aclose()


@pytest.fixture
def books(database: Database, clock: SteppedClock) -> Books:
    return Books(database, clock)


@pytest.fixture
def shop(books: Books, tmp_path: Path) -> Shop:
    return Shop(books, tmp_path)


@pytest.fixture
async def another(database_url: str) -> AsyncIterator[Callable[[], Database]]:
    """Another process, as far as the database can tell."""
    opened: list[Database] = []

    def open_one() -> Database:
        opened.append(open_database(database_url))
        return opened[-1]

    yield open_one
    for database in opened:
        await database.aclose()
