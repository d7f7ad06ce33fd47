"""One picture of a night: its reports, and how such nights are found."""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import insert

from hub.domain.status import Status
from hub.store import desk
from hub.store.database import Database
from hub.store.desk.events import MOST_REPORTS
from hub.store.tables import reports
from tests.integration.matching.kept import NIGHT, Shelf, after, report_row


@pytest.fixture
def shelf(database: Database) -> Shelf:
    return Shelf(database)


async def test_a_night_shows_where_and_through_which_channel_each_report_came(
    shelf: Shelf,
) -> None:
    flood = await shelf.complaint(ticket="PKL-2026-000801", category=None, status="verified")
    await shelf.report(flood, said_at=after(seconds=-1))
    report = await shelf.report(
        flood, connector="call112", category="banjir", latitude=-6.87, longitude=109.67,
        place="Kel. Krapyak",
    )  # fmt: skip
    await shelf.report(flood, said_at=after(hours=8))

    night = await _event(shelf, hours=8)
    assert night == desk.Event(
        (
            desk.EventRow(
                id=report, complaint_id=flood, ticket="PKL-2026-000801", status=Status.VERIFIED,
                connector="call112", said_at=NIGHT, latitude=-6.87, longitude=109.67,
                place="Kel. Krapyak", category="banjir", report_count=3,
            ),
        )
    )  # fmt: skip


async def test_what_is_not_a_complaint_yet_is_in_no_picture(shelf: Shelf) -> None:
    await shelf.report(None)
    assert await _event(shelf, hours=1) == desk.Event(())


async def test_a_picture_of_too_many_reports_says_that_it_is_cut(shelf: Shelf) -> None:
    complaint = await shelf.complaint()
    moments = [after(seconds=number) for number in range(MOST_REPORTS + 1)]
    await _many(shelf, complaint, reversed(moments))
    night = await _event(shelf, hours=1)
    assert [row.said_at for row in night.reports] == moments[:MOST_REPORTS]
    assert night.is_cut
    assert not (await _event(shelf, seconds=MOST_REPORTS)).is_cut


async def test_the_busiest_hour_of_a_category_is_found_first(shelf: Shelf) -> None:
    flood = await shelf.complaint(category="banjir")
    lamps = await shelf.complaint(category="penerangan")
    # A tenth of a second before the hour is not yet that hour.
    await _many(shelf, flood, [after(minutes=59, seconds=59.9)] * 3 + [after(minutes=60)] * 2)
    await _many(shelf, lamps, [after(minutes=5)] * 2 + [after(hours=3)])
    async with shelf.database.reading() as connection:
        hours = await desk.busy_hours(connection, NIGHT, after(hours=3), at_least=2)
        none = await desk.busy_hours(connection, NIGHT, after(hours=3), at_least=4)
    assert hours[0] == desk.BusyHour(NIGHT, "banjir", 3)
    assert set(hours[1:]) == {
        desk.BusyHour(after(hours=1), "banjir", 2),
        desk.BusyHour(NIGHT, "penerangan", 2),
    }
    assert none == ()


async def test_an_hour_is_counted_by_the_word_of_the_complaint_where_the_channel_had_none(
    shelf: Shelf,
) -> None:
    new_year = datetime(2025, 12, 31, 23, 30, tzinfo=UTC)
    await _many(shelf, await shelf.complaint(category="banjir"), [new_year])
    await _many(shelf, None, [new_year])
    async with shelf.database.reading() as connection:
        hours = await desk.busy_hours(
            connection, new_year, new_year + timedelta(hours=1), at_least=1
        )
    hour = datetime(2025, 12, 31, 23, tzinfo=UTC)
    assert set(hours) == {desk.BusyHour(hour, "banjir", 1), desk.BusyHour(hour, None, 1)}


async def _event(shelf: Shelf, **span: float) -> desk.Event:
    async with shelf.database.reading() as connection:
        return await desk.event(connection, NIGHT, after(**span))


async def _many(shelf: Shelf, complaint: int | None, moments: Iterable[datetime]) -> None:
    rows = []
    for number, moment in enumerate(moments):
        row = report_row(number, complaint) | {"said_at": moment}
        del row["id"]
        rows.append(row | {"external_id": f"{complaint} {number}"})
    async with shelf.database.begin() as work:
        await work.connection.execute(insert(reports), rows)
