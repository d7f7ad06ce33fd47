"""Words of an emergency: one card and one line at once, long before the turn is over."""

from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import pytest

from hub.contract import News, Person, Reply, Report, Traits
from hub.domain.emergency import EmergencyWords
from hub.intake.accept import Accept
from hub.intake.gather import CloseTurns, TurnRules
from hub.intake.signpost import Signpost
from hub.rows import Kind
from hub.store import tables
from tests.fakes.books import Books, open_database
from tests.fakes.clock import SteppedClock
from tests.fakes.upstream import UNPACED, Pushing, upstreams_of
from tests.integration.intake.rows import rows_of

FIRE = "Kebakaran di gudang kain, cepat!"
NUMBER = "6281100001001"
UPSTREAMS = upstreams_of(
    Pushing("chat", traits=Traits(title="Obrolan", speaks_to_citizens=True, pace=UNPACED)),
    Pushing("office", traits=Traits(title="Kantor", pace=UNPACED)),
    Pushing("sirens", traits=Traits(title="112", pace=UNPACED)),
)
WORDS = EmergencyWords.from_tables(
    {"words": {"kebakaran": ["kebakaran"]}, "knows_already": ["sirens"]}
)
SIGNPOST = Signpost(emergency=WORDS)


@pytest.fixture
async def books(database_url: str) -> AsyncIterator[Books]:
    database = open_database(database_url)
    yield Books(database, SteppedClock())
    await database.aclose()


def somebody(number: str = NUMBER) -> Person:
    return Person(aliases=(f"phone:{number}",), address={"phone": number})


def message(books: Books, text: str = FIRE, *, key: str = "m1", **more: Any) -> Report:
    given: dict[str, Any] = {"person": somebody(), "joins": True, "said_at": books.clock()} | more
    return Report(key=key, external_id=key, text=text, **given)


async def take(books: Books, news: News, connector: str = "chat") -> str:
    accept = Accept(upstreams=UPSTREAMS, turns=TurnRules(), signpost=SIGNPOST)
    async with books.database.begin() as work:
        return (await accept.take(work, connector, news, at=books.clock())).word


async def turns_end(books: Books) -> None:
    books.clock.pass_time(minutes=2)
    turns = CloseTurns(
        begin=books.database.begin, upstreams=UPSTREAMS, clock=books.clock, signpost=SIGNPOST
    )
    while await turns.step():
        pass


async def notices(books: Books) -> list[Any]:
    parcels = tables.parcels
    return await rows_of(books.database, parcels, parcels.c.kind == Kind.NOTICE)


async def test_the_card_and_the_line_are_there_while_the_turn_is_still_open(books: Books) -> None:
    assert await take(books, message(books, route="R1")) == "gathered"
    [card] = await books.open_cards()
    assert card["kind"] == "emergency"
    assert "Obrolan" in card["text"]
    assert "kebakaran" in card["text"]
    assert "112" in card["next_step"]
    assert NUMBER not in str(card)
    [notice] = await notices(books)
    assert (notice.connector, notice.content["name"], notice.route) == ("chat", "emergency", "R1")
    assert await rows_of(books.database, tables.complaints) == []


async def test_however_often_somebody_cries_fire_they_are_told_once(books: Books) -> None:
    await take(books, message(books))
    await take(books, message(books, "kebakaran!!!", key="m2"))
    assert len(await notices(books)) == 1
    [card] = await books.open_cards()
    assert card["seen"] == 2


async def test_another_person_gets_a_card_and_a_line_of_their_own(books: Books) -> None:
    await take(books, message(books))
    await take(books, message(books, key="m2", person=somebody("6281100001002")))
    assert len(await notices(books)) == 2
    assert len(await books.open_cards()) == 2


async def test_the_same_message_again_changes_nothing_though_the_card_was_closed(
    books: Books,
) -> None:
    await take(books, message(books))
    [card] = await books.open_cards()
    async with books.database.begin() as work:
        await work.cards.close(card["key"], at=books.clock(), by="rini")
    assert await take(books, message(books)) == "known"
    assert await books.open_cards() == []
    assert len(await notices(books)) == 1


async def test_the_complaint_of_it_goes_by_its_ticket_on_the_same_card(books: Books) -> None:
    await take(books, message(books))
    await turns_end(books)
    [complaint] = await rows_of(books.database, tables.complaints)
    [card] = await books.open_cards()
    assert complaint.ticket in card["text"]
    assert len(await notices(books)) == 1


async def test_a_second_emergency_days_later_is_told_again_and_no_ticket_is_lost(
    books: Books,
) -> None:
    await take(books, message(books))
    await turns_end(books)
    books.clock.pass_time(minutes=7 * 24 * 60)
    assert await take(books, message(books, "Kebakaran lagi di pasar!", key="m2")) == "gathered"
    assert len(await notices(books)) == 2
    await turns_end(books)
    tickets = [each.ticket for each in await rows_of(books.database, tables.complaints)]
    assert len(tickets) == 2
    [card] = await books.open_cards()
    assert all(ticket in card["text"] for ticket in tickets)
    assert len(await notices(books)) == 2
    [closed] = await rows_of(books.database, tables.cards, tables.cards.c.closed_at.is_not(None))
    assert (closed.closed_by, closed.kind) == ("hub", "emergency")


async def test_another_complaint_of_the_same_hours_joins_the_card_and_each_is_named_once(
    books: Books,
) -> None:
    for number in ("1", "2"):
        text = f"Kebakaran di rumah nomor {number}!"
        taken = await take(books, message(books, text, key=f"m{number}", joins=False))
        assert taken == "opened"
    tickets = [each.ticket for each in await rows_of(books.database, tables.complaints)]
    [card] = await books.open_cards()
    assert len(tickets) == 2
    assert [card["text"].count(ticket) for ticket in tickets] == [1, 1]
    assert len(await notices(books)) == 1


async def test_an_answer_to_a_complaint_of_ours_may_be_one_too_and_names_its_ticket(
    books: Books,
) -> None:
    await take(books, message(books, "Kabel di depan rumah kami menjuntai rendah sekali."))
    await turns_end(books)
    [complaint] = await rows_of(books.database, tables.complaints)
    reply = Reply(
        key="r1", external_id="r1", said_at=books.clock(), text="Sekarang kebakaran!",
        person=somebody(), in_reply_to="m1",
    )  # fmt: skip
    assert await take(books, reply) == "added"
    [card] = await books.open_cards()
    assert complaint.ticket in card["text"]
    assert len(await notices(books)) == 1


async def test_where_nobody_can_be_told_there_is_the_card_alone(books: Books) -> None:
    assert await take(books, message(books, joins=False), "office") == "opened"
    assert await take(books, message(books, key="m2", person=None, joins=False)) == "opened"
    cards = await books.open_cards()
    assert {card["connector"] for card in cards} == {"office", "chat"}
    assert all("PKL-" in card["text"] for card in cards)
    assert await notices(books) == []


@pytest.mark.parametrize(
    ("connector", "text", "hours"),
    [("sirens", FIRE, 0), ("chat", "Lampu jalan mati sejak kemarin", 0), ("chat", FIRE, 7)],
)
async def test_no_alarm_for_what_112_passed_on_for_other_words_or_for_what_is_long_past(
    books: Books, connector: str, text: str, hours: int
) -> None:
    said_at = books.clock() - timedelta(hours=hours)
    await take(books, message(books, text, said_at=said_at), connector)
    await turns_end(books)
    assert len(await rows_of(books.database, tables.complaints)) == 1
    assert await books.open_cards() == []
    assert await notices(books) == []
