"""A person decides on what may be the same: once, with a clear answer, and it can be undone."""

import asyncio
from pathlib import Path

import pytest

from hub.contract import Status
from hub.domain.matching import Evidence, Match, Verdict
from hub.intake.moves import MoveRefused, NoSuchComplaint
from hub.intake.typed import Typed
from hub.store.database import Database
from hub.store.labelled import decided, labelled_pairs
from tests.fakes.books import Books
from tests.fakes.clock import SteppedClock
from tests.integration.matching.town import PORTAL, RINI, Said, Town

MAYBE = Match(Verdict.PERHAPS, 0.61, (Evidence("place", "jalan sama, tanpa nomor", 0.8),))


@pytest.fixture
def town(database: Database, tmp_path: Path) -> Town:
    return Town(Books(database, SteppedClock()), tmp_path)


async def asked(town: Town, one: Said, other: Said) -> int:
    """A person is asked whether the report speaks of the complaint."""
    async with town.books.database.begin() as work:
        return await work.matches.judged(
            other.report_id, one.complaint_id, MAYBE, state="open", at=town.books.clock()
        )


async def test_same_merges_into_the_one_opened_first_and_keeps_the_evidence(town: Town) -> None:
    first, second = await town.says(who=1), await town.says(who=2)
    merged = await town.repeats.same(await asked(town, second, first), who=RINI)
    async with town.books.database.begin() as work:
        row = await work.matches.merge(merged.merge_id)
    assert row is not None
    assert (row.complaint_id, row.lost_id) == (first.complaint_id, second.complaint_id)
    assert (row.who, row.score) == (RINI, 0.61)
    assert [one["words"] for one in row.evidence] == ["jalan sama, tanpa nomor"]


async def test_what_goes_on_speaks_for_what_has_ended(town: Town) -> None:
    first, second = await town.says(who=1), await town.says(who=2)
    await town.works()
    await town.shows(await town.source(first.complaint_id, PORTAL), Status.CLOSED)
    await town.repeats.same(await asked(town, first, second), who=RINI)
    assert (await town.complaint(first.complaint_id)).merged_into == second.complaint_id
    await town.works()
    assert (await town.complaint(second.complaint_id)).status is Status.RECEIVED


async def test_by_hand_what_goes_on_is_not_merged_into_what_has_ended(town: Town) -> None:
    first, second = await town.says(who=1), await town.says(who=2)
    await town.works()
    await town.shows(await town.source(first.complaint_id, PORTAL), Status.CLOSED)
    with pytest.raises(MoveRefused, match="gabungkan"):
        await town.merges(first.complaint_id, second.complaint_id)


async def test_a_complaint_that_was_merged_meanwhile_is_followed(town: Town) -> None:
    first, second, third = [await town.says(who=who) for who in (1, 2, 3)]
    match_id = await asked(town, second, third)
    await town.merges(first.complaint_id, second.complaint_id)
    await town.repeats.same(match_id, who=RINI)
    assert set((await town.owners()).values()) == {first.complaint_id}


async def test_two_that_are_one_already_are_not_merged_again(town: Town) -> None:
    first, second = await town.says(who=1), await town.says(who=2)
    match_id = await asked(town, first, second)
    await town.merges(first.complaint_id, second.complaint_id)
    with pytest.raises(MoveRefused, match="sudah menjadi satu aduan"):
        await town.repeats.same(match_id, who=RINI)


async def test_of_two_who_decide_at_once_one_is_told_that_it_is_decided(town: Town) -> None:
    first, second = await town.says(who=1), await town.says(who=2)
    match_id = await asked(town, first, second)
    done = await asyncio.gather(
        town.repeats.same(match_id, who="Rini"), town.repeats.same(match_id, who="Budi"),
        return_exceptions=True,
    )  # fmt: skip
    (refused,) = [each for each in done if isinstance(each, BaseException)]
    assert isinstance(refused, MoveRefused)
    assert "Sudah diputuskan oleh" in str(refused)
    assert "sama" in str(refused)


async def test_different_and_later_change_nothing_but_the_question(town: Town) -> None:
    first, second = await town.says(who=1), await town.says(who=2)
    match_id = await asked(town, first, second)
    before = await town.owners()
    await town.repeats.later(match_id, who=RINI)
    await town.repeats.different(match_id, who=RINI)
    assert await town.owners() == before
    with pytest.raises(MoveRefused, match="berbeda"):
        await town.repeats.same(match_id, who=RINI)


async def state(town: Town, match_id: int) -> tuple[str, str | None]:
    async with town.books.database.begin() as work:
        match = await work.matches.get(match_id)
    assert match is not None
    return match.state, match.decided_by


@pytest.mark.parametrize("decision", ["different", "later"])
async def test_what_was_decided_by_mistake_waits_again(town: Town, decision: str) -> None:
    first, second = await town.says(who=1), await town.says(who=2)
    match_id = await asked(town, first, second)
    await getattr(town.repeats, decision)(match_id, who=RINI)
    await town.repeats.again(match_id, who=RINI)
    assert await state(town, match_id) == ("open", None)
    await town.repeats.same(match_id, who="Budi")
    assert await state(town, match_id) == ("same", "Budi")


async def test_what_is_still_one_complaint_is_no_question(town: Town) -> None:
    first, second = await town.says(who=1), await town.says(who=2)
    match_id = await asked(town, first, second)
    merged = await town.repeats.same(match_id, who=RINI)
    with pytest.raises(MoveRefused, match=f"masih satu aduan: {merged.stays}"):
        await town.repeats.again(match_id, who=RINI)
    assert await state(town, match_id) == ("same", RINI)


@pytest.mark.parametrize("is_turned", [False, True])
async def test_parting_what_was_called_the_same_asks_again(town: Town, is_turned: bool) -> None:
    first, second, third = [await town.says(who=who) for who in (1, 2, 3)]
    sides = (second, first) if is_turned else (first, second)
    match_id, other_id = await asked(town, *sides), await asked(town, first, third)
    merged = await town.repeats.same(match_id, who=RINI)
    await town.repeats.same(other_id, who=RINI)
    await town.parts(merged.merge_id)
    assert await state(town, match_id) == ("open", None)
    assert await state(town, other_id) == ("same", RINI)
    await town.repeats.again(match_id, who=RINI)
    assert await state(town, match_id) == ("open", None)


async def test_after_a_merge_nobody_is_asked_again_about_the_two_but_about_a_third(
    town: Town,
) -> None:
    first, second, third = [await town.says(who=who) for who in (1, 2, 3)]
    one, other = await asked(town, first, second), await asked(town, second, first)
    beside = await asked(town, second, third)
    await town.repeats.same(one, who=RINI)
    assert await state(town, other) == ("done", None)
    assert await state(town, beside) == ("open", None)


async def test_a_same_that_was_taken_back_is_no_labelled_pair(town: Town) -> None:
    first, second = await town.says(who=1), await town.says(who=2)
    match_id = await asked(town, first, second)
    merged = await town.repeats.same(match_id, who=RINI)
    before = await labels(town)
    await town.parts(merged.merge_id)
    after = await labels(town)
    assert (before, after) == (["same"], [])


async def test_a_same_about_what_was_merged_before_is_labelled_by_what_stands(town: Town) -> None:
    first, second, third = [await town.says(who=who) for who in (1, 2, 3)]
    match_id = await asked(town, second, third)
    await town.merges(first.complaint_id, second.complaint_id)
    merged = await town.repeats.same(match_id, who=RINI)
    before = await labels(town)
    await town.parts(merged.merge_id)
    assert (before, await labels(town)) == (["same"], [])


async def labels(town: Town) -> list[str]:
    async with town.books.database.reading() as connection:
        pairs = await labelled_pairs(connection, await decided(connection))
    return [pair.label for pair in pairs]


async def test_what_nobody_was_asked_about_cannot_be_decided(town: Town) -> None:
    with pytest.raises(NoSuchComplaint):
        await town.repeats.different(404, who=RINI)
    with pytest.raises(NoSuchComplaint):
        await town.repeats.again(404, who=RINI)
    with pytest.raises(NoSuchComplaint):
        await town.repeats.undo(404, who=RINI, why="salah")
    with pytest.raises(NoSuchComplaint):
        await town.repeats.merge_tickets("PKL-2026-000404", "PKL-2026-000405", who=RINI)


async def test_of_several_numbers_of_one_channel_an_operator_names_the_one_they_read(
    town: Town,
) -> None:
    first, second = await town.says(who=1), await town.says(who=2)
    await town.works()
    await town.merges(first.complaint_id, second.complaint_id)
    typed = Typed(
        begin=town.books.database.begin, upstreams=town.upstreams, clock=town.books.clock
    )
    town.upstreams[PORTAL].mapping.status_in["selesai"] = Status.CLOSED  # type: ignore[index]
    ticket = (await town.complaint(first.complaint_id)).ticket
    (one, other) = await town.sources(first.complaint_id, PORTAL)
    with pytest.raises(MoveRefused, match=str(other.external_id)):
        await typed.status(ticket, PORTAL, word="Selesai", note=None, at=None, who=RINI)
    await typed.status(
        ticket, PORTAL, word="Selesai", note=None, at=None, who=RINI, number=one.external_id
    )
    assert (await town.complaint(first.complaint_id)).status is Status.CLOSED
