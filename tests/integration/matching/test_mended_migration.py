"""Coming from the version before: what stands in a lane keeps its place there."""

from sqlalchemy import text

from tests.fakes.books import Books, open_database
from tests.fakes.clock import SteppedClock
from tests.integration.test_going_back_a_version import migrated


async def test_every_source_of_the_version_before_has_its_thread(database_url: str) -> None:
    database = open_database(database_url)
    known = await Books(database, SteppedClock()).complaint()
    await database.engine.dispose()
    migrated(database_url, "downgrade", "0002")
    migrated(database_url, "upgrade", "head")
    async with database.reading() as connection:
        rows = await connection.execute(text("SELECT complaint_id, thread_id FROM sources"))
        found = [tuple(row) for row in rows]
    await database.aclose()
    assert found
    assert set(found) == {(known.complaint_id, known.complaint_id)}
