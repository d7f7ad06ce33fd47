"""What an operator reads of repeats: the queue, the two sides, the reasons and the ledger."""

from datetime import datetime
from typing import Any

import pytest
from sqlalchemy import event

from hub.domain.matching import Verdict
from hub.domain.status import Status
from hub.rows import Merge
from hub.store import desk
from hub.store.database import Database
from hub.store.tables import attachments
from tests.fakes.books import open_database
from tests.integration.matching.kept import NIGHT, Shelf, after, match
from tests.integration.web import invented


@pytest.fixture
def shelf(database: Database) -> Shelf:
    return Shelf(database)


async def test_the_queue_begins_with_the_likeliest_then_the_newest_and_ends_with_what_was_put_off(
    shelf: Shelf,
) -> None:
    put_off = await _asked(shelf, hours=0, score=0.9)
    likeliest = await _asked(shelf, hours=0, score=0.7)
    younger = await _asked(shelf, hours=2)
    older = await _asked(shelf, hours=1)
    decided = await _asked(shelf, hours=3)
    await _asked(shelf, hours=4, state="done")
    async with shelf.database.begin() as work:
        for number, state in ((put_off, "later"), (decided, "same")):
            await work.matches.decide(number, state=state, who="rini", at=NIGHT)

    whole = [likeliest, younger, older, put_off]
    assert [row.id for row in await _queue(shelf)] == whole
    assert [row.id for row in await _queue(shelf, limit=1)] == [likeliest]
    async with shelf.database.reading() as connection:
        part = await desk.open_repeats(connection, 2, offset=1)
        assert [row.id for row in part] == [younger, older]
        assert list(await desk.waiting_repeats(connection)) == whole
        assert await desk.count_open_repeats(connection) == 4


async def test_while_it_waits_a_question_is_about_the_complaint_that_speaks_now(
    shelf: Shelf,
) -> None:
    stays = await shelf.complaint(ticket="PKL-2026-000901")
    lost = await shelf.complaint(merged_into=stays)
    deeper = await shelf.complaint(ticket="PKL-2026-000903", merged_into=lost)
    told, report = await shelf.report(stays), await shelf.report(await shelf.complaint())
    number = await _judge(shelf, report, deeper)
    (waiting,) = await _queue(shelf)
    async with shelf.database.begin() as work:
        await work.matches.decide(number, state="different", who="rini", at=NIGHT)
    async with shelf.database.reading() as connection:
        decided = await desk.one_repeat(connection, number)
    assert waiting.complaint.ticket == "PKL-2026-000901"
    assert waiting.complaint.report is not None
    assert waiting.complaint.report.id == told
    assert decided is not None
    assert decided.complaint.ticket == "PKL-2026-000903"


async def test_of_a_complaint_all_is_shown_that_waits_about_it_and_those_it_speaks_for(
    shelf: Shelf,
) -> None:
    mine, other, third = [await shelf.complaint() for _ in range(3)]
    lost = await shelf.complaint(merged_into=mine)
    deeper = await shelf.complaint(merged_into=lost)
    report, theirs = await shelf.report(mine), await shelf.report(other)
    own = await _judge(shelf, report, other, score=0.9)
    judged = await _judge(shelf, theirs, mine, score=0.8)
    merged = await _judge(shelf, theirs, lost, score=0.7)
    far = await _judge(shelf, theirs, deeper, score=0.6)
    await _judge(shelf, theirs, third)
    await _judge(shelf, report, third, state="done")
    async with shelf.database.reading() as connection:
        found = await desk.repeats_of(connection, mine)
    assert [row.id for row in found] == [own, judged, merged, far]


async def test_the_queue_is_searched_and_not_every_verdict_there_ever_was(sqlite_url: str) -> None:
    database = open_database(sqlite_url)
    asked: list[tuple[str, Any]] = []

    def note(_: Any, __: Any, statement: str, given: Any, *___: Any) -> None:
        if "FROM matches" in statement:
            asked.append((statement, given))

    event.listen(database.engine.sync_engine, "before_cursor_execute", note)
    async with database.reading() as connection:
        await desk.open_repeats(connection)
        await desk.count_open_repeats(connection)
        await desk.waiting_repeats(connection)
        queries = tuple(asked)
        plans = [
            [
                str(row[-1])
                for row in await connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {query}", given)
            ]
            for query, given in queries
        ]
    await database.aclose()
    assert len(plans) == 3
    assert all("SEARCH matches USING INDEX ix_matches_open (state=?)" in plan for plan in plans)
    assert not [line for plan in plans for line in plan if line.startswith("SCAN")]


async def test_what_has_come_together_already_is_no_question(shelf: Shelf) -> None:
    complaint = await shelf.complaint()
    await _judge(shelf, await shelf.report(complaint), complaint)
    assert await _queue(shelf) == ()
    async with shelf.database.reading() as connection:
        assert await desk.count_open_repeats(connection) == 0


async def test_both_sides_stand_there_with_their_complaint(shelf: Shelf) -> None:
    mine = await shelf.complaint(ticket="PKL-2026-000901", title="Air naik", status="received")
    theirs = await shelf.complaint(ticket="PKL-2026-000902", title="Rob", status="in_progress")
    report = await shelf.report(
        mine, connector="sp4n", text="Air masuk rumah", category="banjir", latitude=-6.87,
        longitude=109.67, place="Kel. Krapyak", said_at=after(minutes=40),
    )  # fmt: skip
    await shelf.report(theirs)
    number = await _judge(shelf, report, theirs, score=0.625, at=after(hours=1))

    (row,) = await _queue(shelf)
    assert (row.id, row.verdict, row.score, row.state) == (number, "perhaps", 0.625, "open")
    assert row.at == after(hours=1)
    assert [one["words"] for one in row.evidence] == ["jalan sama"]
    one, other = row.report, row.complaint
    assert (one.ticket, one.title, one.status) == (
        "PKL-2026-000901", "Air naik", Status.RECEIVED,
    )  # fmt: skip
    assert (other.ticket, other.title, other.status) == (
        "PKL-2026-000902", "Rob", Status.IN_PROGRESS,
    )  # fmt: skip
    assert one.report == desk.SaidRow(
        id=report, complaint_id=mine, connector="sp4n", said_at=after(minutes=40),
        text="Air masuk rumah", category="banjir", latitude=-6.87, longitude=109.67,
        place="Kel. Krapyak", secret=False, file_count=0,
    )  # fmt: skip


async def test_of_a_complaint_with_many_reports_the_one_nearest_in_time_is_shown(
    shelf: Shelf,
) -> None:
    theirs = await shelf.complaint()
    told = [
        await shelf.report(theirs, said_at=after(minutes=minutes)) for minutes in (0, 50, 90, 300)
    ]
    report = await shelf.report(await shelf.complaint(), said_at=after(minutes=60))
    await _judge(shelf, report, theirs)
    await _file(shelf, told[1])
    await _file(shelf, told[1])
    await _file(shelf, told[2])

    (row,) = await _queue(shelf)
    assert row.complaint.report is not None
    assert (row.complaint.report.id, row.complaint.report.file_count) == (told[1], 2)
    assert (row.complaint.report_count, row.report.report_count) == (4, 1)


async def test_a_complaint_whose_reports_have_gone_elsewhere_still_shows_its_head(
    shelf: Shelf,
) -> None:
    empty = await shelf.complaint(ticket="PKL-2026-000903")
    await _judge(shelf, await shelf.report(await shelf.complaint()), empty)
    (row,) = await _queue(shelf)
    assert (row.complaint.ticket, row.complaint.report_count) == ("PKL-2026-000903", 0)
    assert row.complaint.report is None


async def test_one_of_them_is_shown_even_when_it_is_decided(shelf: Shelf) -> None:
    number = await _asked(shelf)
    async with shelf.database.begin() as work:
        await work.matches.decide(number, state="different", who="rini", at=after(hours=1))
    async with shelf.database.reading() as connection:
        row = await desk.one_repeat(connection, number)
        assert await desk.one_repeat(connection, number + 1) is None
    assert row is not None
    assert (row.state, row.decided_by, row.decided_at) == ("different", "rini", after(hours=1))


async def test_every_verdict_on_a_report_can_be_asked_for(shelf: Shelf) -> None:
    report = await shelf.report(await shelf.complaint())
    near = await shelf.complaint(ticket="PKL-2026-000904")
    far = await shelf.complaint(ticket="PKL-2026-000905")
    await _judge(shelf, report, far, verdict=Verdict.DIFFERENT, score=0.125, state="done")
    number = await _judge(shelf, report, near, score=0.75)
    async with shelf.database.begin() as work:
        await work.matches.decide(number, state="same", who="rini", at=after(hours=1))
    async with shelf.database.reading() as connection:
        rows = await desk.explained(connection, report)
    assert [(row.ticket, row.verdict, row.score, row.state, row.decided_by) for row in rows] == [
        ("PKL-2026-000904", "perhaps", 0.75, "same", "rini"),
        ("PKL-2026-000905", "different", 0.125, "done", None),
    ]
    assert [one["words"] for one in rows[0].evidence] == ["jalan sama"]


async def test_the_ledger_of_a_complaint_is_found_by_id_and_by_ticket(shelf: Shelf) -> None:
    stays = await shelf.complaint(ticket="PKL-2026-000906")
    lost = await shelf.complaint(ticket="PKL-2026-000907")
    report = await shelf.report(stays)
    async with shelf.database.begin() as work:
        for kind, lost_id in (("join", None), ("merge", lost)):
            row = Merge(
                id=0, kind=kind, complaint_id=stays, lost_id=lost_id, report_ids=[report],
                source_ids=[], before={}, score=None, evidence=[], who="hub", at=NIGHT,
            )  # fmt: skip
            await work.matches.add_merge(row)
    async with shelf.database.reading() as connection:
        of_stays = await desk.ledger_of(connection, "PKL-2026-000906")
        of_lost = await desk.ledger_of(connection, lost)
        assert await desk.ledger_of(connection, "PKL-2026-000999") == ()
        assert await desk.ledger_of(connection, stays) == of_stays
    assert [(row.kind, row.ticket, row.lost_ticket) for row in of_stays] == [
        ("merge", "PKL-2026-000906", "PKL-2026-000907"),
        ("join", "PKL-2026-000906", None),
    ]
    assert of_lost == of_stays[:1]


async def _asked(shelf: Shelf, *, hours: int = 0, state: str = "open", score: float = 0.5) -> int:
    report = await shelf.report(await shelf.complaint())
    theirs = await shelf.complaint()
    return await _judge(shelf, report, theirs, at=after(hours=hours), state=state, score=score)


async def _judge(
    shelf: Shelf,
    report: int,
    complaint: int,
    *,
    verdict: Verdict = Verdict.PERHAPS,
    score: float = 0.5,
    state: str = "open",
    at: datetime = NIGHT,
) -> int:
    async with shelf.database.begin() as work:
        return await work.matches.judged(
            report, complaint, match(verdict, score), state=state, at=at
        )


async def _queue(shelf: Shelf, limit: int = 50) -> tuple[desk.RepeatRow, ...]:
    async with shelf.database.reading() as connection:
        return await desk.open_repeats(connection, limit)


async def _file(shelf: Shelf, report_id: int) -> None:
    async with shelf.database.begin() as work:
        await invented.put(
            work.connection, attachments, report_id=report_id, connector="whatsapp", ref="x",
            kind="image", state="stored", due_at=NIGHT, asked_at=NIGHT,
        )  # fmt: skip
