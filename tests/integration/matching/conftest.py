"""A database of each kind, with nothing in it."""

from collections.abc import AsyncIterator

import pytest

from hub.store.database import Database
from tests.fakes.books import open_database


@pytest.fixture
async def database(database_url: str) -> AsyncIterator[Database]:
    database = open_database(database_url)
    yield database
    await database.aclose()
