"""A town in which two systems know one complaint, on each database."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from hub.store.database import Database
from tests.fakes.books import Books, open_database
from tests.fakes.clock import SteppedClock
from tests.integration.agreeing.quarrel import Quarrel, quarrel_of


@pytest.fixture
async def database(database_url: str) -> AsyncIterator[Database]:
    database = open_database(database_url)
    yield database
    await database.aclose()


@pytest.fixture
async def quarrel(database: Database, tmp_path: Path) -> Quarrel:
    return await quarrel_of(Books(database, SteppedClock()), tmp_path)
