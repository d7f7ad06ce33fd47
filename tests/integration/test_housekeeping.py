"""Chores: leases of the dead, channels that have gone quiet, bytes past their time."""

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest

from hub.contract import Found, Raw, Traits
from hub.rows import How, Kind, State
from hub.store import tables
from hub.store.database import Database
from hub.watch.housekeeping import ChoreRules, Housekeeping
from tests.fakes.books import LEASE, Books, open_database
from tests.fakes.clock import SteppedClock
from tests.fakes.shop import Shop
from tests.fakes.upstream import UNPACED, Searchable, upstreams_of
from tests.integration.intake.rows import rows_of

SECOND = timedelta(seconds=1)
RULES = ChoreRules(
    raw_kept=timedelta(days=30), settling=timedelta(seconds=30), silence=timedelta(hours=24)
)


class House:
    """Two channels; receipts of the first may come ten minutes late."""

    def __init__(self, database: Database) -> None:
        self.database, self.clock = database, SteppedClock()
        self.books = Books(database, self.clock)
        within = timedelta(minutes=10)
        self.slow = Searchable(
            "slow", traits=Traits(title="Lambat", pace=UNPACED, receipt_within=within)
        )
        self.quick = Searchable("quick", traits=Traits(title="Cepat", pace=UNPACED))
        self.upstreams = upstreams_of(self.slow, self.quick)
        self.chores = Housekeeping(
            begin=database.begin, upstreams=self.upstreams, clock=self.clock, rules=RULES
        )

    async def leased(self, connector: str, *, begun: bool) -> str:
        """A parcel whose worker dies, before or after the first byte left."""
        about = await self.books.complaint(connector=connector)
        parcel_id = await self.books.promise(about, kind=Kind.OPENING, connector=connector)
        parcel = await self.books.lease_one(connector)
        if begun:
            await self.books.begin(parcel)
        return parcel_id

    async def hears(self, connector: str) -> None:
        async with self.database.begin() as work:
            await work.upstreams.heard(connector, at=self.clock())

    async def silent(self) -> list[str]:
        """Whose silence is on a card after somebody listened."""
        await self.chores.listen()
        cards = await self.books.open_cards()
        return [card["connector"] for card in cards if card["kind"] == "silence"]


@pytest.fixture
async def house(database_url: str) -> AsyncIterator[House]:
    database = open_database(database_url)
    yield House(database)
    await database.aclose()


@pytest.mark.parametrize(
    ("connector", "rest"),
    [("quick", timedelta(seconds=30)), ("slow", timedelta(minutes=10))],
)
@pytest.mark.parametrize("all_leases", [True, False], ids=["at_start", "now_and_then"])
async def test_what_had_begun_rests_as_long_as_its_channel_may_still_tell(
    house: House, connector: str, rest: timedelta, all_leases: bool
) -> None:
    parcel_id = await house.leased(connector, begun=True)
    house.clock.pass_time(timedelta() if all_leases else LEASE)
    await house.chores.reclaim(all_leases=all_leases)
    row = await house.books.row(parcel_id)
    assert (row["state"], row["code"]) == (State.DOUBT, "interrupted")
    assert row["due_at"] == house.clock() + rest


async def test_nobody_looks_for_it_before_it_has_rested(house: House, tmp_path: Path) -> None:
    parcel_id = await house.leased("slow", begun=True)
    await house.chores.take_over()
    doubts = Shop(house.books, tmp_path).doubts(house.upstreams, "slow")
    house.clock.pass_time(timedelta(minutes=10) - SECOND)
    assert not await doubts.step()
    assert house.slow.sought == []
    house.clock.pass_time(SECOND)
    house.slow.looks.append(Found("9200001"))
    assert await doubts.step()
    assert await house.books.state(parcel_id) == State.SETTLED


@pytest.mark.parametrize("connector", ["quick", "slow"])
async def test_what_had_not_begun_is_due_at_once(house: House, connector: str) -> None:
    parcel_id = await house.leased(connector, begun=False)
    house.clock.pass_time(LEASE)
    await house.chores.reclaim()
    row = await house.books.row(parcel_id)
    assert (row["state"], row["due_at"]) == (State.WAITING, house.clock())


async def test_leases_of_the_living_are_left_alone(house: House) -> None:
    parcel_id = await house.leased("quick", begun=True)
    house.clock.pass_time(LEASE - SECOND)
    await house.chores.reclaim()
    assert await house.books.state(parcel_id) == State.LEASED


async def test_a_channel_that_has_gone_quiet_gets_one_card_until_it_speaks_again(
    house: House,
) -> None:
    await house.hears("quick")
    house.clock.pass_time(RULES.silence - SECOND)
    assert await house.silent() == []
    house.clock.pass_time(SECOND)
    assert await house.silent() == ["quick"]
    house.clock.pass_time(hours=1)
    assert await house.silent() == ["quick"]
    (card,) = await house.books.open_cards()
    assert "Cepat" in card["text"]
    assert "24 jam" in card["text"]
    await house.hears("quick")
    assert await house.silent() == []
    house.clock.pass_time(RULES.silence)
    assert await house.silent() == ["quick"], "it may go quiet again"


async def test_a_channel_that_never_spoke_is_not_missed(house: House) -> None:
    house.clock.pass_time(days=30)
    assert await house.silent() == []


async def test_one_channel_that_speaks_does_not_speak_for_another(house: House) -> None:
    await house.hears("quick")
    await house.hears("slow")
    house.clock.pass_time(RULES.silence)
    await house.hears("slow")
    assert await house.silent() == ["quick"]


async def test_bytes_are_forgotten_a_month_after_they_were_read_and_unread_ones_never(
    house: House,
) -> None:
    async with house.database.begin() as work:
        for key in ("read", "unreadable", "unread"):
            raw = Raw(key=key, body=b"{}")
            await work.inbox.keep("quick", raw, how=How.WEBHOOK, at=house.clock())
    for item in await rows_of(house.database, tables.inbox):
        if item.key != "unread":
            async with house.database.begin() as work:
                await work.inbox.conclude(
                    item.id, state=item.key, at=house.clock(), summary="1 report"
                )
    house.clock.pass_time(RULES.raw_kept)
    await house.chores.prune()
    assert await with_bytes(house) == {"read", "unreadable", "unread"}
    house.clock.pass_time(SECOND)
    await house.chores.prune()
    assert await with_bytes(house) == {"unreadable", "unread"}


async def with_bytes(house: House) -> set[str]:
    rows = await rows_of(house.database, tables.inbox)
    return {row.key for row in rows if row.sealed_body is not None}
