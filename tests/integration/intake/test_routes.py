"""Where a new complaint is opened: the first rule that fits decides, whoever brought the complaint."""

from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from hub.contract import Place, Report, Traits
from hub.domain.emergency import EmergencyWords
from hub.domain.routing_tables import routes_of
from hub.intake.accept import Accept
from hub.intake.gather import CloseTurns, TurnRules
from hub.intake.moves import Operator
from hub.intake.signpost import Signpost
from hub.ports import Upstream
from hub.rows import KeptReport, Kind
from hub.store import tables
from tests.fakes.books import Books, open_database
from tests.fakes.clock import SteppedClock
from tests.fakes.upstream import UNPACED, Pushing, Silent, upstreams_of
from tests.integration.intake.rows import rows_of

TAKES = Traits(title="Ada", takes_complaints=True, pace=UNPACED)
UPSTREAMS = upstreams_of(
    Silent("counter"), Pushing("nation", traits=TAKES), Pushing("province", traits=TAKES)
)
ROUTES = routes_of(
    {
        "route": [
            {"name": "darurat", "when": {"emergency": True}, "to": [], "why": "112"},
            {"name": "jalan provinsi", "when": {"authority": ["provinsi"]}, "to": ["province"], "why": "x"},
            {"name": "taman", "when": {"place": ["taman kota"]}, "to": ["*"], "why": "x"},
            {"name": "biasa", "to": ["nation"], "why": "x"},
        ],
        "authority": [{"name": "provinsi", "words": ["jalan provinsi"]}],
    }
)  # fmt: skip
WORDS = EmergencyWords.from_tables({"words": {"kebakaran": ["kebakaran"]}})
SIGNPOST = Signpost(ROUTES, WORDS)


@dataclass(frozen=True, slots=True)
class Searched(EmergencyWords):
    """Finds nothing, and notes what it was asked."""

    texts: list[str] = field(default_factory=list)

    def find(self, text: str) -> str | None:
        self.texts.append(text)
        return None


@pytest.fixture
async def books(database_url: str) -> AsyncIterator[Books]:
    database = open_database(database_url)
    yield Books(database, SteppedClock())
    await database.aclose()


async def brings(
    books: Books,
    text: str,
    *,
    connector: str = "counter",
    upstreams: dict[str, Upstream] | None = None,
    **more: Any,
) -> tuple[str, set[str]]:
    """A channel brings a complaint: which rule fired, and where it is opened."""
    key = f"report:{text}"
    report = Report(
        key=key, external_id=key, said_at=more.pop("said_at", books.clock()), text=text, **more
    )
    given = upstreams or dict[str, Upstream](UPSTREAMS)
    accept = Accept(upstreams=given, turns=TurnRules(), signpost=SIGNPOST)
    async with books.database.begin() as work:
        outcome = await accept.take(work, connector, report, at=books.clock())
    assert outcome.complaint_id is not None
    return await routed(books, outcome.complaint_id)


async def routed(books: Books, complaint_id: int) -> tuple[str, set[str]]:
    complaints, parcels = tables.complaints, tables.parcels
    [complaint] = await rows_of(books.database, complaints, complaints.c.id == complaint_id)
    opened = await rows_of(
        books.database, parcels,
        parcels.c.complaint_id == complaint_id, parcels.c.kind == Kind.OPENING,
    )  # fmt: skip
    return complaint.routed_by, {parcel.connector for parcel in opened}


async def test_the_first_rule_that_fits_decides_and_its_name_is_kept(books: Books) -> None:
    assert await brings(books, "Jalan provinsi di taman kota rusak") == (
        "jalan provinsi",
        {"province"},
    )
    assert await brings(books, "Lampu taman kota mati") == ("taman", {"nation", "province"})
    assert await brings(books, "Sampah tidak diangkut") == ("biasa", {"nation"})


async def test_a_place_counts_that_stands_only_in_the_words_of_the_place(books: Books) -> None:
    place = Place(words="Seberang Taman Kota")
    assert (await brings(books, "Lampu mati", place=place))[0] == "taman"


async def test_an_emergency_is_opened_nowhere_and_one_of_yesterday_as_usual(books: Books) -> None:
    assert await brings(books, "Kebakaran di jalan provinsi!") == ("darurat", set())
    yesterday = books.clock() - timedelta(days=1)
    assert await brings(books, "Kebakaran semalam", said_at=yesterday) == ("biasa", {"nation"})


def test_the_same_words_are_searched_once_however_often_they_were_sent() -> None:
    now = datetime(2026, 11, 22, tzinfo=UTC)

    def searched(*texts: str) -> list[str]:
        words = Searched({})
        reports = [
            KeptReport(
                id=1, connector="chat", external_id="m", complaint_id=None, person_id=1, route=None,
                said_at=now, title=None, text=text, category=None, latitude=None, longitude=None,
                place=None, anonymous=False, secret=False, file_count=0,
            )
            for text in texts
        ]  # fmt: skip
        Signpost(emergency=words).urgent(reports, at=now)
        return words.texts

    assert searched("Lampu mati") == ["\nLampu mati"]
    assert searched("a", "a", "b") == ["\na", "\nb", "a\na\nb"]


async def test_nobody_gets_back_what_they_brought_and_that_is_no_dead_end(books: Books) -> None:
    assert await brings(books, "Sampah", connector="nation") == ("biasa", set())
    assert await brings(books, "Taman kota gelap", connector="nation") == ("taman", {"province"})
    assert await books.open_cards() == []


async def test_a_rule_that_points_to_who_is_off_makes_one_card_for_all_complaints(
    books: Books,
) -> None:
    left = {name: UPSTREAMS[name] for name in ("counter", "nation")}
    upstreams: dict[str, Upstream] = dict(left)
    for street in ("Jawa", "Bali"):
        text = f"Jalan provinsi {street} rusak"
        assert await brings(books, text, upstreams=upstreams) == ("jalan provinsi", set())
    [card] = await books.open_cards()
    assert (card["key"], card["seen"]) == ("route_off:province", 2)
    assert "jalan provinsi" in card["text"]
    assert await brings(books, "Taman kota gelap", upstreams=upstreams) == ("taman", {"nation"})
    assert len(await books.open_cards()) == 1


async def test_a_turn_that_closes_goes_by_the_rules(books: Books) -> None:
    person = await books.person(connector="counter")
    async with books.database.begin() as work:
        turn = await work.turns.extend(
            "counter", person_id=person, route="", now=books.clock(), due=lambda opened: opened
        )
        report = Report(
            key="k", external_id="k", said_at=books.clock(), text="Jalan provinsi ambles parah"
        )
        await work.reports.add("counter", report, at=books.clock(), person_id=person, turn_id=turn)
    turns = CloseTurns(
        begin=books.database.begin, upstreams=UPSTREAMS, clock=books.clock, signpost=SIGNPOST
    )
    assert await turns.step()
    [complaint] = await rows_of(books.database, tables.complaints)
    assert await routed(books, complaint.id) == ("jalan provinsi", {"province"})


async def test_what_an_operator_types_in_goes_by_the_rules(books: Books) -> None:
    operator = Operator(
        begin=books.database.begin, upstreams=UPSTREAMS, clock=books.clock, signpost=SIGNPOST
    )
    await operator.open(
        text="Jalan provinsi ambles", title=None, category=None, place=None, latitude=None,
        longitude=None, who="rini", request_key=None,
    )  # fmt: skip
    [complaint] = await rows_of(books.database, tables.complaints)
    assert await routed(books, complaint.id) == ("jalan provinsi", {"province"})
