"""A channel dates its words in the future: who spoke last is worked out, or a person is asked."""

from datetime import timedelta

from hub.contract import Status
from tests.integration.agreeing.quarrel import Quarrel
from tests.integration.matching.town import PROVINCE

AT_WORK, CLOSED, NEEDS_INFO = Status.IN_PROGRESS, Status.CLOSED, Status.NEEDS_INFO
HOUR = 3600


async def officer_closes_then_the_operator_asks(quarrel: Quarrel) -> None:
    """The officer closes, minutes later the operator decides otherwise, then the hub hears of it."""
    quarrel.books.clock.pass_time(minutes=3)
    await quarrel.moves(NEEDS_INFO)
    quarrel.books.clock.pass_time(minutes=5)


async def test_one_push_of_ours_says_by_how_much_and_the_word_is_put_where_it_belongs(
    quarrel: Quarrel,
) -> None:
    await quarrel.moves(AT_WORK)
    await quarrel.delivers()
    now = quarrel.books.clock()
    ours = quarrel.written(PROVINCE, at=now + timedelta(seconds=HOUR))
    await quarrel.hears(PROVINCE, AT_WORK, ago=-HOUR, answers=[ours], is_look=True)
    await officer_closes_then_the_operator_asks(quarrel)
    assert (await quarrel.hears(PROVINCE, CLOSED, ago=8 * 60 - HOUR)).word == "late"
    assert (await quarrel.it()).status is NEEDS_INFO


async def test_where_nothing_says_by_how_much_a_person_is_asked(quarrel: Quarrel) -> None:
    await officer_closes_then_the_operator_asks(quarrel)
    assert (await quarrel.hears(PROVINCE, CLOSED, ago=8 * 60 - HOUR)).word == "conflict"
    assert (await quarrel.it()).status is NEEDS_INFO
    (row,) = await quarrel.conflicts()
    assert (row.rule, row.outcome) == ("clock", "person")
    assert "conflict" in await quarrel.cards()


async def test_that_time_goes_by_dates_nothing(quarrel: Quarrel) -> None:
    await officer_closes_then_the_operator_asks(quarrel)
    await quarrel.hears(PROVINCE, CLOSED, ago=8 * 60 - HOUR)
    for _ in range(3):
        quarrel.books.clock.pass_time(minutes=50)
        since = await quarrel.since(PROVINCE)
        assert (await quarrel.hears(PROVINCE, CLOSED, ago=since, is_look=True)).word == "same"
    assert (await quarrel.it()).status is NEEDS_INFO
    assert "conflict" in await quarrel.cards()

    await quarrel.moves(CLOSED)
    assert "conflict" not in await quarrel.cards()


async def test_a_wrong_clock_is_nothing_to_ask_about_where_nobody_else_has_spoken_lately(
    quarrel: Quarrel,
) -> None:
    await quarrel.moves(AT_WORK)
    quarrel.books.clock.pass_time(hours=2)
    assert (await quarrel.hears(PROVINCE, CLOSED, ago=-HOUR)).word == "moved"
    assert (await quarrel.it()).status is CLOSED


async def test_what_shows_in_place_of_our_own_word_was_said_after_it(quarrel: Quarrel) -> None:
    quarrel.books.clock.pass_time(minutes=3)
    await quarrel.moves(AT_WORK)
    await quarrel.delivers()
    quarrel.books.clock.pass_time(minutes=5)
    assert (await quarrel.hears(PROVINCE, CLOSED, ago=60 - HOUR)).word == "moved"
    assert (await quarrel.it()).status is CLOSED
