"""Verdicts that wait for a person, decisions that stand, and the ledger of merges."""

import asyncio
from dataclasses import replace

import pytest

from hub.domain.matching import Verdict
from hub.rows import Judged, Merge
from hub.store.database import Database
from hub.store.desk import ledger_of
from tests.integration.matching.kept import NIGHT, Shelf, after, match


@pytest.fixture
def shelf(database: Database) -> Shelf:
    return Shelf(database)


async def test_a_verdict_is_read_as_it_was_given(shelf: Shelf) -> None:
    report, complaint = await _pair(shelf)
    async with shelf.database.begin() as work:
        given = replace(match(score=0.875), returns=True)
        number = await work.matches.judged(report, complaint, given, state="open", at=NIGHT)
    assert await _get(shelf, number) == Judged(
        id=number,
        report_id=report,
        complaint_id=complaint,
        verdict="perhaps",
        score=0.875,
        evidence=[{"name": "street", "words": "jalan sama", "weight": 1.25}],
        returns=True,
        at=NIGHT,
        state="open",
        decided_by=None,
        decided_at=None,
    )


async def test_judged_again_the_newer_verdict_takes_the_place_of_the_older(shelf: Shelf) -> None:
    number, (report, complaint) = await _asked(shelf)
    later = after(hours=1)
    async with shelf.database.begin() as work:
        again = match(Verdict.DIFFERENT, 0.125, "jalan lain")
        assert number == await work.matches.judged(
            report, complaint, again, state="done", at=later
        )
    found = await _get(shelf, number)
    assert found is not None
    assert (found.verdict, found.score, found.at, found.state) == (
        "different", 0.125, later, "done",
    )  # fmt: skip
    assert [one["words"] for one in found.evidence] == ["jalan lain"]


@pytest.mark.parametrize("decision", ["same", "different"])
async def test_what_a_person_decided_stands_with_the_evidence_they_saw(
    shelf: Shelf, decision: str
) -> None:
    number, (report, complaint) = await _asked(shelf)
    assert await _decide(shelf, number, decision)
    decided = await _get(shelf, number)
    async with shelf.database.begin() as work:
        again = match(Verdict.PERHAPS, 0.25, "jalan lain")
        assert number == await work.matches.judged(
            report, complaint, again, state="open", at=after(hours=1)
        )
    assert decided is not None
    assert (decided.state, decided.decided_by, decided.decided_at) == (decision, "rini", NIGHT)
    assert await _get(shelf, number) == decided


async def test_what_was_put_off_stays_put_off_until_nobody_is_needed(shelf: Shelf) -> None:
    number, (report, complaint) = await _asked(shelf)
    assert await _decide(shelf, number, "later")
    states = []
    for state in ("open", "done"):
        async with shelf.database.begin() as work:
            await work.matches.judged(report, complaint, match(), state=state, at=NIGHT)
        states.append(await _state(shelf, number))
    assert states == ["later", "done"]


async def test_a_decision_is_made_once_and_may_be_put_off_before(shelf: Shelf) -> None:
    number, _ = await _asked(shelf)
    made = [
        await _decide(shelf, number, state) for state in ("later", "later", "same", "different")
    ]
    assert made == [True, True, True, False]


async def test_nothing_is_decided_that_nobody_was_asked(shelf: Shelf) -> None:
    number, _ = await _asked(shelf, state="done")
    assert not await _decide(shelf, number, "same")
    assert not await _decide(shelf, number + 1, "same")
    assert await _get(shelf, number + 1) is None


async def test_of_two_operators_at_once_one_decides(shelf: Shelf) -> None:
    number, _ = await _asked(shelf)
    made = await asyncio.gather(
        _decide(shelf, number, "same"), _decide(shelf, number, "different")
    )
    assert sorted(made) == [False, True]


async def test_the_verdicts_on_a_report_begin_with_the_likeliest(shelf: Shelf) -> None:
    report = await shelf.report(await shelf.complaint())
    scores = {await shelf.complaint(): score for score in (0.25, 0.75, 0.5)}
    async with shelf.database.begin() as work:
        for complaint, score in scores.items():
            given = match(score=score)
            await work.matches.judged(report, complaint, given, state="done", at=NIGHT)
        found = await work.matches.of_report(report)
        assert await work.matches.of_report(report + 1) == []
    assert [one.score for one in found] == [0.75, 0.5, 0.25]


async def test_a_merge_is_read_as_it_was_written_under_a_number_of_its_own(shelf: Shelf) -> None:
    written = await _merge(shelf)
    async with shelf.database.begin() as work:
        first = await work.matches.add_merge(written)
        second = await work.matches.add_merge(written)
        assert await work.matches.merge(second) == replace(written, id=second)
        assert await work.matches.merge(second + 1) is None
    assert first != second


async def test_a_complaint_knows_its_merges_whether_it_stayed_or_lost(shelf: Shelf) -> None:
    one = await _merge(shelf)
    further = replace(one, complaint_id=await shelf.complaint(), lost_id=one.complaint_id)
    elsewhere = await _merge(shelf)
    async with shelf.database.begin() as work:
        numbers = [await work.matches.add_merge(each) for each in (one, further, elsewhere)]
        found = {
            complaint: [each.id for each in await work.matches.merges_of(complaint)]
            for complaint in (one.lost_id or 0, one.complaint_id, further.complaint_id)
        }
    assert list(found.values()) == [numbers[:1], numbers[:2], numbers[1:2]]


async def test_a_merge_is_undone_once_and_keeps_who_undid_it(shelf: Shelf) -> None:
    written = await _merge(shelf)
    async with shelf.database.begin() as work:
        number = await work.matches.add_merge(written)
    assert await _undo(shelf, number, who="rini") is True
    assert await _undo(shelf, number, who="budi") is False
    assert await _undo(shelf, number + 1, who="budi") is False
    async with shelf.database.reading() as connection:
        (row,) = await ledger_of(connection, written.complaint_id)
    undone = (row.undone_at, row.undone_by, row.undone_why)
    assert undone == (after(days=1), "rini", "lain RT")


async def test_undoing_a_join_names_the_complaint_that_was_split_off(shelf: Shelf) -> None:
    written = replace(await _merge(shelf), kind="join", lost_id=None)
    split_off = await shelf.complaint()
    async with shelf.database.begin() as work:
        number = await work.matches.add_merge(written)
    assert await _undo(shelf, number, who="rini", lost_id=split_off)
    async with shelf.database.begin() as work:
        found = await work.matches.merge(number)
    assert found == replace(written, id=number, lost_id=split_off, undone_at=after(days=1))


async def test_undoing_a_merge_forgets_nothing_of_what_had_been_lost(shelf: Shelf) -> None:
    written = await _merge(shelf)
    async with shelf.database.begin() as work:
        number = await work.matches.add_merge(written)
    assert await _undo(shelf, number, who="rini")
    async with shelf.database.begin() as work:
        found = await work.matches.merge(number)
    assert found == replace(written, id=number, undone_at=after(days=1))


async def _pair(shelf: Shelf) -> tuple[int, int]:
    return await shelf.report(await shelf.complaint()), await shelf.complaint()


async def _asked(shelf: Shelf, *, state: str = "open") -> tuple[int, tuple[int, int]]:
    report, complaint = await _pair(shelf)
    async with shelf.database.begin() as work:
        number = await work.matches.judged(report, complaint, match(), state=state, at=NIGHT)
    return number, (report, complaint)


async def _asked_about(shelf: Shelf, complaint: int) -> int:
    report, _ = await _pair(shelf)
    async with shelf.database.begin() as work:
        return await work.matches.judged(report, complaint, match(), state="open", at=NIGHT)


async def _get(shelf: Shelf, number: int) -> Judged | None:
    async with shelf.database.begin() as work:
        return await work.matches.get(number)


async def _state(shelf: Shelf, number: int) -> str:
    found = await _get(shelf, number)
    assert found is not None
    return found.state


async def _decide(shelf: Shelf, number: int, state: str) -> bool:
    async with shelf.database.begin() as work:
        return await work.matches.decide(number, state=state, who="rini", at=NIGHT)


async def _merge(shelf: Shelf) -> Merge:
    stays, lost = await shelf.complaint(), await shelf.complaint()
    return Merge(
        id=0,
        kind="merge",
        complaint_id=stays,
        lost_id=lost,
        report_ids=[await shelf.report(lost)],
        source_ids=[7, 9],
        before={"status": {"stays": "received", "lost": "verified"}},
        score=0.75,
        evidence=match().as_rows(),
        who="operator:rini",
        at=NIGHT,
    )


async def _undo(shelf: Shelf, number: int, *, who: str, lost_id: int | None = None) -> bool:
    async with shelf.database.begin() as work:
        return await work.matches.undone(
            number, who=who, why="lain RT", at=after(days=1), lost_id=lost_id
        )
