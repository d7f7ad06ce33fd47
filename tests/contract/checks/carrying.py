"""A complaint for a connector in mode assisted waits as a card for whoever copies it there."""

from pathlib import Path
from typing import Any

from hub.contract import HandsOver, Mode
from hub.rows import Kind
from hub.store.desk import to_carry
from tests.contract.checks.handing import in_each_mode
from tests.contract.subjects import Subject
from tests.fakes.books import Books, open_database
from tests.fakes.clock import SteppedClock
from tests.fakes.shop import Shop
from tests.fakes.upstream import Holder


async def check_a_card_waits(subject: Subject, database_url: str, folder: Path) -> None:
    """The hub lays it out, lists it, shows its slip, and links the number that is typed back."""
    for mode, connector in in_each_mode(subject):
        if mode is Mode.ASSISTED and connector.traits.takes_complaints:
            await _carried(connector, subject, database_url=database_url, folder=folder)


async def _carried(connector: Any, subject: Subject, *, database_url: str, folder: Path) -> None:
    database = open_database(database_url)
    books = Books(database, SteppedClock())
    shop, upstreams = Shop(books, folder), {subject.name: Holder(connector, subject.mapping())}
    assert isinstance(connector, HandsOver)
    try:
        about = await books.complaint(connector=subject.name)
        promised = await books.promise(
            about, kind=Kind.OPENING, connector=subject.name, needed=True
        )
        await shop.hand_over(upstreams, subject.name).drain()
        async with database.reading() as connection:
            cards = await to_carry(connection, subject.name)
        assert [card.parcel_id for card in cards] == [promised], "no card waits for a person"
        laid = await shop.handwork(upstreams).lay(promised)
        assert laid.slip is not None, f"the card has no slip: {laid.why}"
        await shop.handwork(upstreams).done(promised, number="47110000", who="Rini", is_sure=True)
        async with database.begin() as work:
            (source,) = await work.complaints.sources(about.complaint_id)
        assert source.external_id == connector.number("47110000").text
    finally:
        await database.aclose()
