"""The doors between the pages and the use cases: errors keep their sentences, facts their names."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from hub.contract import Mapping, Mode
from hub.contract.mapping import Family
from hub.delivery.decide import Decide
from hub.domain.status import Status
from hub.intake.moves import MoveRefused, NoSuchComplaint
from hub.intake.repeats import Merged
from hub.intake.typed import Typed
from hub.store import desk
from hub.store.database import Database
from hub.web import needs
from hub.web.doors import Comparisons, Connectors, Decisions, Hands, Readings
from hub.web.needs import Channel, NotKnown, NotPossible, OddNumber
from tests.fakes.books import Books, open_database
from tests.fakes.clock import SteppedClock
from tests.fakes.shop import Shop
from tests.fakes.upstream import Carried, Holder, Silent, upstreams_of
from tests.integration.web import invented


@pytest.fixture
async def database(sqlite_url: str) -> AsyncIterator[Database]:
    database = open_database(sqlite_url)
    yield database
    await database.aclose()


@pytest.fixture
def shop(database: Database, tmp_path: Path) -> Shop:
    return Shop(Books(database, SteppedClock()), tmp_path)


async def test_a_number_is_put_right_through_the_door(shop: Shop) -> None:
    about = await shop.books.complaint(external_id="X-1")
    hands = Hands(shop.handwork(upstreams_of(Carried())))
    wish: dict[str, Any] = {"why": "salah ketik", "who": "rini"}

    with pytest.raises(OddNumber, match="4711 tidak lazim") as odd:
        await hands.correct(about.ticket, "anywhere", number="4711", **wish)
    with pytest.raises(NotKnown):
        await hands.correct("PKL-26-999999", "anywhere", number="X-2", **wish)
    await hands.correct(about.ticket, "anywhere", number="x-2", **wish)

    assert odd.value.number == "4711"
    async with shop.begin() as work:
        assert await work.complaints.source("anywhere", "X-2") is not None
        assert await work.complaints.source("anywhere", "X-1") is None


async def test_what_cannot_be_read_is_let_go_through_the_door(shop: Shop) -> None:
    doing = Decisions(Decide(begin=shop.begin, upstreams={}, clock=shop.clock))
    async with shop.books.database.engine.begin() as connection:
        item = await invented.unreadable(connection, "w1", connector="anywhere")

    await doing.let_go(item, who="rini", why="salah ketik")

    with pytest.raises(NotKnown):
        await doing.let_go(item, who="rini", why="sekali lagi")
    async with shop.books.database.engine.connect() as connection:
        left = await desk.unreadable(connection)
    assert left == ()


class OneQuestion:
    """A desk where pair 1 waits, pair 2 is decided and no other is known; notes who decides, and why."""

    def __init__(self) -> None:
        self.noted: list[tuple[str, ...]] = []

    async def same(self, match_id: int, *, who: str) -> Merged:
        self._asked(match_id, who)
        return Merged(9, "PKL-26-000001", "PKL-26-000002")

    async def different(self, match_id: int, *, who: str) -> None:
        self._asked(match_id, who)

    async def later(self, match_id: int, *, who: str) -> None:
        self._asked(match_id, who)

    async def again(self, match_id: int, *, who: str) -> None:
        self._asked(match_id, who)

    async def undo(self, merge_id: int, *, who: str, why: str) -> str:
        self._asked(merge_id, who, why)
        return "PKL-26-000002"

    async def merge_tickets(self, stays: str, lost: str, *, who: str) -> Merged:
        if stays == lost:
            raise MoveRefused("Keduanya sudah menjadi satu aduan.")
        self.noted.append((who,))
        return Merged(9, stays, lost)

    def _asked(self, number: int, *noted: str) -> None:
        self.noted.append(noted)
        if number == 2:
            raise MoveRefused("Sudah diputuskan oleh budi: sama.")
        if number != 1:
            raise NoSuchComplaint("Pasangan laporan ini tidak ada.")


async def test_two_reports_are_decided_through_the_door() -> None:
    question = OneQuestion()
    comparisons = Comparisons(question)
    merged = needs.Merged(9, "PKL-26-000001", "PKL-26-000002")

    assert await comparisons.same(1, who="rini") == merged
    assert await comparisons.merge_tickets(merged.stays, merged.lost, who="rini") == merged
    assert await comparisons.undo(1, who="rini", why="lain RT") == merged.lost
    assert question.noted == [("rini",), ("rini",), ("rini", "lain RT")]
    with pytest.raises(NotPossible, match="satu aduan"):
        await comparisons.merge_tickets(merged.stays, merged.stays, who="rini")
    for asking in (comparisons.same, comparisons.different, comparisons.later, comparisons.again):
        with pytest.raises(NotPossible, match="oleh budi"):
            await asking(2, who="rini")
        with pytest.raises(NotKnown):
            await asking(3, who="rini")


async def test_a_status_is_typed_through_the_door(shop: Shop) -> None:
    about = await shop.books.complaint(external_id="X-1")
    words = Mapping(name="anywhere", status_in={"diproses": Status.IN_PROGRESS})
    upstreams = {"anywhere": Holder(Carried(), words)}
    readings = Readings(Typed(begin=shop.begin, upstreams=upstreams, clock=shop.clock))
    wish: dict[str, Any] = {"note": None, "at": None, "who": "rini"}

    with pytest.raises(NotPossible, match="entah"):
        await readings.status(about.ticket, "anywhere", word="entah", **wish)
    with pytest.raises(NotKnown):
        await readings.status("PKL-26-999999", "anywhere", word="Diproses", **wish)
    said = await readings.status(about.ticket, "anywhere", word="Diproses", **wish)

    assert said.startswith("Dicatat. Status aduan berubah")


def test_a_channel_is_known_by_its_mode_and_its_words() -> None:
    words = Mapping(
        name="anywhere",
        status_in={"diproses": Status.IN_PROGRESS},
        families=(Family("starts", "selesai", Status.CLOSED),),
    )
    knows = Connectors(
        {
            "anywhere": Holder(Carried(mode=Mode.FILE), words),
            "chat": Holder(Silent("chat")),
        },
        {},
    )

    assert knows.channel("anywhere") == Channel(Mode.FILE, True, ("diproses", "selesai"))
    assert knows.channel("chat") == Channel()
    assert knows.channel("gone") == Channel()
