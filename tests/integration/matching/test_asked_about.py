"""What people are asked about complaints that were merged, and merged again."""

import pytest
from sqlalchemy import select

from hub.store.database import Database
from hub.store.matching_tables import matches
from tests.integration.matching.kept import NIGHT, Shelf, match


@pytest.fixture
def shelf(database: Database) -> Shelf:
    return Shelf(database)


async def asked(shelf: Shelf, report_id: int, complaint_id: int, *, state: str = "open") -> None:
    async with shelf.database.begin() as work:
        await work.matches.judged(report_id, complaint_id, match(), state=state, at=NIGHT)


async def merged_twice(shelf: Shelf) -> tuple[int, int]:
    """One that speaks, and the first of two that were merged into it one after the other."""
    stays = await shelf.complaint()
    between = await shelf.complaint(merged_into=stays)
    return stays, await shelf.complaint(merged_into=between)


async def with_whom(shelf: Shelf, complaint_id: int) -> list[int]:
    async with shelf.database.begin() as work:
        return await work.matches.asked_with(complaint_id)


async def states(shelf: Shelf) -> list[str]:
    async with shelf.database.reading() as connection:
        return list(
            (await connection.execute(select(matches.c.state).order_by(matches.c.id))).scalars()
        )


async def test_two_complaints_that_may_be_one_are_found_from_either_side(shelf: Shelf) -> None:
    one, other = await shelf.complaint(), await shelf.complaint()
    await asked(shelf, await shelf.report(one), other)
    assert await with_whom(shelf, one) == [other]
    assert await with_whom(shelf, other) == [one]


async def test_a_question_about_a_complaint_merged_twice_is_about_the_one_that_speaks(
    shelf: Shelf,
) -> None:
    stays, lost = await merged_twice(shelf)
    other = await shelf.complaint()
    await asked(shelf, await shelf.report(other), lost)
    assert await with_whom(shelf, other) == [stays]
    assert await with_whom(shelf, stays) == [other]


async def test_what_has_been_decided_is_no_question(shelf: Shelf) -> None:
    one, other = await shelf.complaint(), await shelf.complaint()
    await asked(shelf, await shelf.report(one), other, state="done")
    assert await with_whom(shelf, one) == []


async def test_what_was_put_off_is_a_question_still(shelf: Shelf) -> None:
    one, other = await shelf.complaint(), await shelf.complaint()
    await asked(shelf, await shelf.report(one), other, state="later")
    assert await with_whom(shelf, other) == [one]


async def test_two_parts_of_one_complaint_are_no_question_however_often_they_were_merged(
    shelf: Shelf,
) -> None:
    stays, lost = await merged_twice(shelf)
    other = await shelf.complaint()
    report = await shelf.report(stays)
    await asked(shelf, report, lost)
    await asked(shelf, report, other)
    async with shelf.database.begin() as work:
        await work.matches.settle_between(stays)
    assert await states(shelf) == ["done", "open"]
    assert await with_whom(shelf, stays) == [other]
