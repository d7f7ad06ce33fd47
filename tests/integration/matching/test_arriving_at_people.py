"""What the hub leaves to people when a report arrives, and what it must not miss."""

import asyncio
import tomllib
from pathlib import Path

from hub.domain.emergency import EmergencyWords
from hub.domain.matching import Match, Verdict
from hub.domain.routing import Routes
from hub.intake.accept import Accept
from hub.intake.catching_up import CatchUp
from hub.intake.gather import TurnRules
from hub.intake.recognise import WINDOW
from hub.intake.signpost import Signpost
from tests.conftest import ROOT
from tests.fakes.books import Books
from tests.integration.matching.arrivals import MATCHING, Arrivals

FLOOD = "Banjir di Jl. Merdeka RT 3 RW 7 Bendan Kergon, air selutut"
DROWNING = "Banjir di Jl. Merdeka RT 3 RW 7 Bendan Kergon, ada anak tenggelam"
LAMP = "Lampu jalan mati di Jl. Merdeka RT 3 RW 7 Bendan Kergon"
PADAM = "PJU padam, gelap. Jalan Merdeka rt 03/07 kel Bendan Kergon"


async def test_an_emergency_joins_nothing_and_raises_its_alarm(arrivals: Arrivals) -> None:
    words = tomllib.loads((ROOT / "mappings" / "emergency.toml").read_text(encoding="utf-8"))
    signpost = Signpost(Routes.everywhere(), EmergencyWords.from_tables(words))
    arrivals.accept = Accept(
        upstreams=arrivals.upstreams, turns=TurnRules(), signpost=signpost, matching=MATCHING
    )
    first = await arrivals.arrives(FLOOD, who=1)
    second = await arrivals.arrives(DROWNING, who=2)
    assert second.complaint_id != first.complaint_id
    ticket = (await arrivals.complaint(second.complaint_id)).ticket
    [card] = [row for row in await arrivals.all_cards() if row["kind"] == "emergency"]
    assert ticket in card["text"]


async def test_two_reports_of_one_trouble_at_the_same_moment_become_one_complaint(
    arrivals: Arrivals,
) -> None:
    first, second = await asyncio.gather(
        arrivals.arrives(LAMP, who=1), arrivals.arrives(PADAM, who=2), return_exceptions=False
    )
    assert {first.complaint_id, second.complaint_id} == set(await arrivals.speaking())
    assert len(await arrivals.speaking()) == 1


async def test_what_a_person_called_different_is_kept_apart(arrivals: Arrivals) -> None:
    one, other = await arrivals.arrives(LAMP, who=1), await arrivals.arrives(FLOOD, who=2)
    async with arrivals.books.database.begin() as work:
        assert not await work.matches.kept_apart(one.complaint_id, other.complaint_id)
        match = Match(Verdict.PERHAPS, 0.5)
        asked = await work.matches.judged(
            other.report_id, one.complaint_id, match, state="open", at=arrivals.books.clock()
        )
        await work.matches.decide(asked, state="different", who="rini", at=arrivals.books.clock())
        assert await work.matches.kept_apart(one.complaint_id, other.complaint_id)
        assert await work.matches.kept_apart(other.complaint_id, one.complaint_id)


async def test_what_a_person_parted_is_kept_apart(arrivals: Arrivals) -> None:
    one, other = await arrivals.arrives(LAMP, who=1), await arrivals.arrives(FLOOD, who=2)
    merge_id = await arrivals.merges(one.complaint_id, other.complaint_id)
    await arrivals.parts(merge_id)
    async with arrivals.books.database.begin() as work:
        assert await work.matches.kept_apart(one.complaint_id, other.complaint_id)


async def test_what_came_while_nothing_was_matched_is_found_after_catching_up(
    books: Books, tmp_path: Path
) -> None:
    before = Arrivals(books, tmp_path, matching=None)
    first = await before.arrives(LAMP, who=1)
    catching = CatchUp(begin=books.database.begin, clock=books.clock, matching=MATCHING)
    assert not await catching.step()
    after = Arrivals(books, tmp_path)
    after._count = before._count
    second = await after.arrives(PADAM, who=2)
    assert second.complaint_id == first.complaint_id


async def test_catching_up_reads_nothing_twice(arrivals: Arrivals) -> None:
    await arrivals.arrives(LAMP, who=1)
    async with arrivals.books.database.begin() as work:
        unread = await work.matches.unread(since=arrivals.books.clock() - WINDOW, limit=5)
    assert unread == []
