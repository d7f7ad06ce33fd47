"""A database of each kind, with nothing in it."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from hub.store.database import Database
from tests.fakes.books import Books, open_database
from tests.fakes.clock import SteppedClock
from tests.integration.matching.arrivals import Arrivals


@pytest.fixture
async def database(database_url: str) -> AsyncIterator[Database]:
    database = open_database(database_url)
    yield database
    await database.aclose()


@pytest.fixture
def books(database: Database) -> Books:
    return Books(database, SteppedClock())


@pytest.fixture
def arrivals(books: Books, tmp_path: Path) -> Arrivals:
    return Arrivals(books, tmp_path)
