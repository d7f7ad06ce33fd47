"""What shows late is not sent twice; what shows too late is, and then it is seen and said."""

import asyncio
import shutil
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from hub.contract import Found, OutcomeUnknown, Unclear
from hub.delivery.consequence import Consequences
from hub.delivery.patience import Patience
from hub.delivery.settling import Settling
from hub.rows import Kind, State
from hub.store.database import Database
from tests.fakes.books import Books, open_database
from tests.fakes.clock import SteppedClock
from tests.fakes.late import Fate, Late
from tests.fakes.shop import Shop
from tests.fakes.upstream import Searchable, upstreams_of

LASTS = Settling().lasts.total_seconds()


async def until_settled(shop: Shop, upstream: Late | Searchable, parcel_id: str) -> None:
    """Push and look whenever it is due, and never before."""
    books, upstreams = shop.books, upstreams_of(upstream)
    relay, doubts = shop.relay(upstreams), shop.doubts(upstreams)
    for _ in range(40):
        await relay.drain()
        while await doubts.step():
            pass
        row = await books.row(parcel_id)
        if row["state"] == State.SETTLED:
            return
        books.clock.pass_time(max(row["due_at"] - books.clock(), timedelta(seconds=1)))
    raise AssertionError("it never settles")


async def promised(books: Books, kind: Kind = Kind.STATUS) -> str:
    about = await books.complaint(external_id=None if kind is Kind.OPENING else "c-1")
    return await books.promise(about, kind=kind, needed=kind is Kind.OPENING)


async def test_an_upstream_that_shows_a_push_after_90_seconds_gets_it_once(
    shop: Shop, books: Books
) -> None:
    upstream = Late(books.clock, Fate.ANSWER_LOST, delays=(90,))
    parcel_id, began = await promised(books), books.clock()
    await until_settled(shop, upstream, parcel_id)
    assert [marker for marker, _ in upstream.taken] == [parcel_id]
    assert [at - began for at in upstream.looked_at] == [
        timedelta(seconds=30), timedelta(seconds=90),
    ]  # fmt: skip
    assert (await books.row(parcel_id))["external_id"] == "n-1"


async def test_what_was_never_there_goes_again_after_three_looks_spread_over_the_settling_time(
    shop: Shop, books: Books
) -> None:
    upstream = Late(books.clock, Fate.LOST)
    parcel_id, began = await promised(books), books.clock()
    await until_settled(shop, upstream, parcel_id)
    assert [at - began for at in upstream.looked_at] == [
        timedelta(seconds=30), timedelta(seconds=90), timedelta(seconds=210),
    ]  # fmt: skip
    assert len(upstream.taken) == 1
    assert (await books.row(parcel_id))["looks"] == 0, "counted anew after every push"


async def test_every_attempt_carries_the_same_marker_so_a_late_first_push_settles_the_second_doubt(
    shop: Shop, books: Books
) -> None:
    upstream = Late(books.clock, Fate.ANSWER_LOST, Fate.LOST, delays=(LASTS + 20,))
    parcel_id = await promised(books, Kind.OPENING)
    await until_settled(shop, upstream, parcel_id)
    assert [marker for marker, _ in upstream.taken] == [parcel_id]
    assert (await books.row(parcel_id))["external_id"] == "n-1"
    assert await books.open_cards() == []


async def test_two_that_arrived_are_said_with_both_numbers_and_the_first_one_counts(
    shop: Shop, books: Books
) -> None:
    upstream = Late(books.clock, Fate.ANSWER_LOST, Fate.ANSWER_LOST, delays=(LASTS + 20, 0))
    parcel_id = await promised(books)
    await until_settled(shop, upstream, parcel_id)
    assert [marker for marker, _ in upstream.taken] == [parcel_id, parcel_id]
    assert (await books.row(parcel_id))["external_id"] == "n-1"
    (card,) = await books.open_cards()
    assert (card["kind"], card["parcel_id"]) == ("doubled", parcel_id)
    assert "terkirim dua kali" in card["text"]
    assert "n-1, n-2" in card["text"]
    assert ("readback", "doubled") in await books.attempts(parcel_id)


async def test_what_may_yet_show_is_looked_for_a_few_times_before_a_person_is_asked(
    shop: Shop, books: Books
) -> None:
    upstream = Searchable("anywhere", OutcomeUnknown("timeout"))
    upstream.looks.extend([Unclear("belum terlihat", may_show=True)] * 3)
    parcel_id = await promised(books)
    await shop.relay(upstreams_of(upstream)).drain()
    doubts = shop.doubts(upstreams_of(upstream))
    asked = []
    for rest in (30, 60, 120):
        books.clock.pass_time(seconds=rest)
        await doubts.step()
        asked.append((await books.row(parcel_id))["asks_person"])
    assert asked == [False, False, True]
    assert [card["kind"] for card in await books.open_cards()] == ["doubt"]
    assert len(upstream.deliveries) == 1


async def test_what_may_yet_show_and_shows_asks_nobody(shop: Shop, books: Books) -> None:
    upstream = Searchable("anywhere", OutcomeUnknown("timeout"))
    upstream.looks.extend([Unclear("belum terlihat", may_show=True), Found("f-1")])
    parcel_id = await promised(books)
    await until_settled(shop, upstream, parcel_id)
    assert await books.open_cards() == []


async def test_looks_in_vain_outlive_the_process(
    shop: Shop, books: Books, another: Callable[[], Database], tmp_path: Path
) -> None:
    upstream = Late(books.clock, Fate.LOST)
    parcel_id = await promised(books)
    await shop.relay(upstreams_of(upstream)).drain()
    for rest in (30, 60, 120):
        books.clock.pass_time(seconds=rest)
        restarted = Shop(Books(another(), books.clock), tmp_path)
        await restarted.doubts(upstreams_of(upstream)).step()
    assert await books.state(parcel_id) == State.WAITING


DELAY = st.integers(0, int(LASTS) * 2)
EXAMPLES = settings(
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


async def whatever_the_delays(
    database: Database, folder: Path, *, first: int, looks: int, delays: list[tuple[Fate, int]]
) -> None:
    """Within the settling time never two; beyond it as many as came too late, and all are said."""
    clock = SteppedClock()
    books = Books(database, clock)
    shop = Shop(books, folder)
    settling = Settling(timedelta(seconds=first), looks)
    rules = Consequences(Patience(chance=lambda: 0.0), settling)
    shop.rules = type(shop.rules)(owner="a worker", consequences=rules, packing=shop.packing)
    upstream = Late(
        clock, *(fate for fate, _ in delays), delays=tuple(float(each) for _, each in delays)
    )
    try:
        parcel_id = await promised(books)
        await until_settled(shop, upstream, parcel_id)
        assert {marker for marker, _ in upstream.taken} == {parcel_id}
        too_late = [
            each for fate, each in delays
            if fate is Fate.ANSWER_LOST and each > settling.lasts.total_seconds()
        ]  # fmt: skip
        assert len(upstream.taken) <= 1 + len(too_late)
        said = [card["kind"] for card in await books.open_cards()]
        shown = [since for _, since in upstream.taken if since <= clock()]
        found = (await books.attempts(parcel_id))[-1][0] == "readback"
        assert said == (["doubled"] if found and len(shown) > 1 else [])
    finally:
        await database.aclose()


FATES = st.lists(st.tuples(st.sampled_from([Fate.ANSWER_LOST, Fate.LOST]), DELAY), max_size=4)


@given(first=st.integers(1, 60), looks=st.integers(1, 4), delays=FATES)
@example(first=30, looks=3, delays=[(Fate.ANSWER_LOST, 210)])
@example(first=30, looks=3, delays=[(Fate.ANSWER_LOST, 211)])
@settings(EXAMPLES, max_examples=40)
async def test_no_delay_shorter_than_the_settling_time_doubles_anything(
    tmp_path_factory: pytest.TempPathFactory,
    migrated_sqlite: Path,
    first: int,
    looks: int,
    delays: list[tuple[Fate, int]],
) -> None:
    folder = tmp_path_factory.mktemp("lambat")
    file = shutil.copy(migrated_sqlite, folder / "hub.db")
    database = open_database(f"sqlite+aiosqlite:///{file}")
    await whatever_the_delays(database, folder, first=first, looks=looks, delays=delays)


@given(first=st.integers(1, 60), looks=st.integers(1, 4), delays=FATES)
@settings(EXAMPLES, max_examples=8)
async def test_nor_on_postgresql(
    tmp_path_factory: pytest.TempPathFactory,
    new_postgres_url: Callable[[], str],
    first: int,
    looks: int,
    delays: list[tuple[Fate, int]],
) -> None:
    folder = tmp_path_factory.mktemp("lambat")
    database = open_database(await asyncio.to_thread(new_postgres_url))
    await whatever_the_delays(database, folder, first=first, looks=looks, delays=delays)
