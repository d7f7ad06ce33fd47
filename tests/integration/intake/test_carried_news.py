"""What comes back by hand: answer files, statuses somebody typed, repeats of a call, and mere counts."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from hub.contract import Counted, Linked, Mapping, News, Person, Report, Status
from hub.intake.accept import Accept
from hub.intake.gather import TurnRules
from hub.intake.moves import MoveRefused
from hub.intake.outcome import Outcome
from hub.intake.typed import Typed
from hub.rows import Kind, State
from hub.store import tables
from tests.fakes.books import Books, Known, open_database
from tests.fakes.clock import SteppedClock
from tests.fakes.shop import Shop
from tests.fakes.upstream import Carried, Holder, Pushing

WORDS = Mapping(
    name="anywhere", status_in={"selesai": Status.CLOSED, "proses": Status.IN_PROGRESS}
)
UPSTREAMS = {"anywhere": Holder(Carried(), WORDS), "elsewhere": Holder(Pushing("elsewhere"))}
DAY = date(2026, 1, 18)


@pytest.fixture
async def books(database_url: str) -> AsyncIterator[Books]:
    database = open_database(database_url)
    yield Books(database, SteppedClock())
    await database.aclose()


async def take(books: Books, news: News) -> Outcome:
    accept = Accept(upstreams=UPSTREAMS, turns=TurnRules())
    async with books.database.begin() as work:
        return await accept.take(work, "anywhere", news, at=books.clock())


async def carried(books: Books, folder: Path, kind: Kind = Kind.OPENING) -> tuple[Known, str]:
    about = await books.complaint(external_id=None if kind is Kind.OPENING else "X-1")
    parcel = await books.promise(about, kind=kind)
    await Shop(books, folder).hand_over(UPSTREAMS).drain()
    return about, parcel


def answer(marker: str, number: str | None = "X-17", **more: Any) -> Linked:
    return Linked(
        key=marker, marker=marker, external_id=number, where="balasan.csv, baris 3", **more
    )


async def test_an_answer_file_links_what_was_opened_by_our_ticket(
    books: Books, tmp_path: Path
) -> None:
    about, parcel = await carried(books, tmp_path)
    assert (await take(books, answer(about.ticket))).word == "linked"
    assert (await books.row(parcel))["external_id"] == "X-17"
    assert (await take(books, answer(about.ticket))).word == "known"


async def test_an_answer_file_settles_other_news_by_the_marker_of_its_row(
    books: Books, tmp_path: Path
) -> None:
    _, parcel = await carried(books, tmp_path, Kind.STATUS)
    assert (await take(books, answer(parcel[:12], None))).word == "linked"
    assert await books.state(parcel) == State.SETTLED


@pytest.mark.parametrize(
    ("marker", "number", "why"),
    [
        ("PKL-2026-999999", "X-1", "tidak dikenal"),
        ("0123456789ab", "X-1", "tidak dikenal"),
        ("ours", None, "kosong"),
        ("ours", "X-TAKEN", "sudah tertaut pada aduan"),
    ],
)
async def test_an_answer_that_does_not_fit_says_where_and_why_and_links_nothing(
    books: Books, tmp_path: Path, marker: str, number: str | None, why: str
) -> None:
    await books.complaint(external_id="X-TAKEN")
    about, parcel = await carried(books, tmp_path)
    outcome = await take(books, answer(about.ticket if marker == "ours" else marker, number))
    assert outcome.word == "unreadable"
    assert outcome.reason is not None
    assert why in outcome.reason
    assert "balasan.csv, baris 3" in outcome.reason
    assert await books.state(parcel) == State.HANDED


async def test_a_second_number_for_the_same_complaint_is_shown_and_not_taken(
    books: Books, tmp_path: Path
) -> None:
    about, _ = await carried(books, tmp_path)
    await take(books, answer(about.ticket, "X-17"))
    outcome = await take(books, answer(about.ticket, "X-18"))
    assert outcome.word == "unreadable"
    assert "sudah tertaut sebagai X-17" in str(outcome.reason)


async def test_what_never_left_cannot_be_answered(books: Books) -> None:
    about = await books.complaint()
    parcel = await books.promise(about, kind=Kind.OPENING)
    assert (await take(books, answer(about.ticket))).word == "unreadable"
    assert await books.state(parcel) == State.WAITING


async def test_a_row_they_refused_is_parked_with_their_reason(
    books: Books, tmp_path: Path
) -> None:
    about, parcel = await carried(books, tmp_path)
    refused = answer(about.ticket, None, refused="Bukan jalan provinsi.")
    assert (await take(books, refused)).word == "refused"
    assert (await books.row(parcel))["detail"] == "Bukan jalan provinsi."


async def test_a_status_typed_by_an_operator_tells_the_others_and_keeps_who_typed_it(
    books: Books,
) -> None:
    about = await books.complaint(external_id="X-1")
    async with books.database.begin() as work:
        await work.complaints.add_source(
            about.complaint_id, connector="elsewhere", external_id="E-1", at=books.clock(), by="t"
        )
    books.clock.pass_time(minutes=1)
    typed = Typed(begin=books.database.begin, upstreams=UPSTREAMS, clock=books.clock)
    said = await typed.status(
        about.ticket, "anywhere", word=" Selesai", note="Sudah ditambal.", at=None, who="Rini"
    )
    assert "berubah" in said
    async with books.database.reading() as connection:
        moved = (await connection.execute(select(tables.history))).one()
        told = (await connection.execute(select(tables.parcels))).one()
    assert (moved.status, moved.typed_by, moved.note) == ("closed", "Rini", "Sudah ditambal.")
    assert (told.connector, told.content["status"]) == ("elsewhere", "closed")


async def test_a_typed_word_nobody_knows_and_a_time_to_come_are_refused(books: Books) -> None:
    about = await books.complaint(external_id="X-1")
    typed = Typed(begin=books.database.begin, upstreams=UPSTREAMS, clock=books.clock)
    with pytest.raises(MoveRefused, match="belum dikenal"):
        await typed.status(about.ticket, "anywhere", word="entah", note=None, at=None, who="Rini")
    later = books.clock() + timedelta(hours=1)
    with pytest.raises(MoveRefused, match="masa depan"):
        await typed.status(
            about.ticket, "anywhere", word="selesai", note=None, at=later, who="Rini"
        )


async def test_their_export_that_shows_our_status_proves_that_it_was_carried(
    books: Books, tmp_path: Path
) -> None:
    about, parcel = await carried(books, tmp_path, Kind.STATUS)
    async with books.database.begin() as work:
        complaint = await work.complaints.get(about.complaint_id)
        complaint.status = Status.VERIFIED
        await work.complaints.save(complaint, at=books.clock())
    books.clock.pass_time(minutes=1)
    words = Mapping(name="anywhere", status_in={"verifikasi": Status.VERIFIED})
    typed = Typed(
        begin=books.database.begin, upstreams={"anywhere": Holder(Carried(), words)},
        clock=books.clock,
    )  # fmt: skip
    await typed.status(about.ticket, "anywhere", word="verifikasi", note=None, at=None, who="Rini")
    assert await books.state(parcel) == State.SETTLED


def call(number: int, minutes: int, *, category: str = "lampu", **more: Any) -> Report:
    return Report(
        key=f"call:{number}", external_id=f"112-{number}", text="Lampu mati.", category=category,
        said_at=SteppedClock()() + timedelta(minutes=minutes),
        person=Person(("phone:628110000001",), {"phone": "628110000001"}),
        repeat_within=timedelta(minutes=30), **more,
    )  # fmt: skip


async def test_the_same_caller_about_the_same_thing_within_the_window_is_one_complaint(
    books: Books,
) -> None:
    words = [
        (await take(books, each)).word
        for each in (call(1, 0), call(2, 20), call(3, 20, category="jalan"), call(4, 70))
    ]
    assert words == ["opened", "repeat", "opened", "opened"]


async def test_a_channel_that_wants_no_news_is_told_nothing_and_has_nothing_to_agree_on(
    books: Books,
) -> None:
    await take(books, call(1, 0, wants_news=False))
    async with books.database.reading() as connection:
        source = (await connection.execute(select(tables.sources))).one()
        promised = (await connection.execute(select(tables.parcels))).all()
    assert not source.listens
    assert promised == []


async def test_what_is_counted_counts_once_and_leaves_nothing_but_a_day_and_a_word(
    books: Books,
) -> None:
    prank = Counted(key="112-7", word="unknown", day=DAY)
    better = Counted(key="112-7", word="prank", day=DAY, rank=1, talked=12)
    for news in (prank, prank, better, prank):
        await take(books, news)
    async with books.database.reading() as connection:
        (row,) = (await connection.execute(select(tables.tallies))).all()
    assert (row.word, row.day, row.talked) == ("prank", "2026-01-18", 12)
    assert "112-7" not in repr(row)


async def test_what_came_in_two_pieces_at_midnight_stays_as_it_is_when_both_come_again(
    books: Books,
) -> None:
    begun = Counted(key="exchange:7", word="pbx_abandoned", day=DAY, rank=20, waited=5)
    ended = replace(begun, day=DAY + timedelta(days=1), waited=9)
    async with books.database.begin() as work:
        once = [await work.tallies.count("call112", [piece]) for piece in (begun, ended)]
        again = [await work.tallies.count("call112", [piece]) for piece in (begun, ended)]
    assert [(each.new, each.changed, each.same) for each in once] == [(1, 0, 0), (0, 1, 0)]
    assert [(each.new, each.changed, each.same) for each in again] == [(0, 0, 1), (0, 0, 1)]
