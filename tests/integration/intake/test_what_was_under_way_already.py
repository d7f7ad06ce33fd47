"""A list brings old news: what has ended is opened nowhere, what is under way is told so."""

from collections.abc import AsyncIterator

import pytest
from sqlalchemy import select

from hub.contract import Report, Status, Traits
from hub.intake.accept import Accept
from hub.intake.gather import TurnRules
from hub.store import tables
from tests.fakes.books import Books, open_database
from tests.fakes.clock import SteppedClock
from tests.fakes.upstream import Pushing, Silent, upstreams_of

NATION = Pushing("nation", traits=Traits(title="Nation", takes_complaints=True))
UPSTREAMS = upstreams_of(Silent("log"), NATION)


@pytest.fixture
async def books(database_url: str) -> AsyncIterator[Books]:
    database = open_database(database_url)
    yield Books(database, SteppedClock())
    await database.aclose()


async def promised(books: Books, status: Status | None) -> list[str]:
    """What the nation is promised of a report that stands so in the log."""
    report = Report(
        key="r", external_id="112-1", said_at=books.clock(), text="Lampu mati.",
        their_status=status and status.label, status=status, status_at=books.clock(),
    )  # fmt: skip
    async with books.database.begin() as work:
        await Accept(upstreams=UPSTREAMS, turns=TurnRules()).take(
            work, "log", report, at=books.clock()
        )
    async with books.database.reading() as connection:
        query = select(tables.parcels.c.kind, tables.parcels.c.content)
        rows = await connection.execute(query.order_by(tables.parcels.c.id))
        return [row.content.get("status", row.kind) for row in rows]


async def test_what_is_new_is_opened(books: Books) -> None:
    assert await promised(books, None) == ["opening"]


async def test_what_is_under_way_is_opened_and_told_how_far_it_is(books: Books) -> None:
    assert await promised(books, Status.IN_PROGRESS) == ["opening", Status.IN_PROGRESS]


@pytest.mark.parametrize("status", [Status.CLOSED, Status.ARCHIVED, Status.REFERRED])
async def test_what_has_ended_is_opened_nowhere(books: Books, status: Status) -> None:
    assert await promised(books, status) == []
    async with books.database.reading() as connection:
        kept = (await connection.execute(select(tables.complaints))).one()
        known = (await connection.execute(select(tables.sources.c.connector))).scalars().all()
    assert kept.status == status
    assert list(known) == ["log"]
