"""`hub replay` may take hours: what is parked is judged when its turn has come, not when it was listed."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from rich.console import Console

from hub.commands.parked import Parked, Sent
from hub.commands.refusals import Refused
from hub.commands.replaying import Replay, replay
from hub.contract import Rejected
from hub.delivery.decide import Decide
from hub.domain.status import Status
from hub.intake.replaying import Again
from hub.ports import DatabaseAway
from hub.rows import State
from hub.settings import Settings
from hub.store.database import Database
from tests.fakes.books import Books, Known
from tests.fakes.shop import Shop
from tests.fakes.upstream import Pushing, upstreams_of
from tests.journey.city import settings_of

AWAY = "Basis data tidak dapat dihubungi."
Meanwhile = Callable[[], Awaitable[object]]


@dataclass
class AsReplayed:
    """What a replay needs of a hub; `meanwhile` is what happens while kept things are read again."""

    database: Database
    decide: Decide
    meanwhile: Meanwhile

    @property
    def read(self) -> "AsReplayed":
        return self

    @property
    def replaying(self) -> "AsReplayed":
        return self

    async def step(self) -> bool:
        return False

    async def run(self, items: Any, **_: Any) -> AsyncIterator[tuple[int, list[Again]]]:
        del items
        yield 7, []
        await self.meanwhile()


async def refused(shop: Shop, books: Books, number: str = "c-1") -> tuple[Known, str]:
    """A status that they were told of and refused."""
    about = await books.complaint(external_id=number)
    parked = await books.promise(about)
    await shop.relay(upstreams_of(Pushing("anywhere", Rejected("no")))).drain()
    assert await books.state(parked) == State.ABANDONED
    return about, parked


async def replayed(hub: AsReplayed, monkeypatch: pytest.MonkeyPatch, **asked: Any) -> str:
    """Run the command; what it says."""

    @asynccontextmanager
    async def open_hub(settings: Settings) -> AsyncIterator[AsReplayed]:
        del settings
        yield hub

    monkeypatch.setattr("hub.commands.replaying.open_hub", open_hub)
    said = StringIO()
    settings = settings_of("sqlite+aiosqlite:///unused.db", Path("files"))
    say = Console(file=said, width=200)
    try:
        await replay(settings, Replay(per_second=1000, **asked), say=say)
    except Refused as refusal:
        say.print(refusal)
    return said.getvalue()


async def test_what_reading_again_has_promised_makes_a_parked_status_needless(
    shop: Shop, books: Books, monkeypatch: pytest.MonkeyPatch
) -> None:
    about, parked = await refused(shop, books)
    upstream = Pushing()
    decide = shop.decide(upstreams_of(upstream))

    async def promise_newer() -> None:
        await books.promise(about, status=Status.CLOSED)

    said = await replayed(AsReplayed(books.database, decide, promise_newer), monkeypatch)
    assert await books.state(parked) == State.DROPPED
    assert "dikirim ulang: 0" in said
    await shop.relay(upstreams_of(upstream)).drain()
    [told] = upstream.deliveries
    assert told.content.status is Status.CLOSED  # type: ignore[union-attr]


async def test_what_is_overtaken_while_others_are_sent_again_is_let_go(
    shop: Shop, books: Books
) -> None:
    about, parked = await refused(shop, books)

    async def promise_newer() -> None:
        await books.promise(about, status=Status.CLOSED)

    sent = Sent()
    await parked_of(shop, books).send_again(sent, wait=promise_newer)
    assert await books.state(parked) == State.DROPPED
    assert [row.parcel_id for row in sent.overtaken] == [parked]


async def test_what_a_person_settles_meanwhile_is_passed_over_and_ends_no_replay(
    shop: Shop, books: Books
) -> None:
    _, first = await refused(shop, books)
    _, second = await refused(shop, books, "c-2")
    decide = shop.decide(upstreams_of(Pushing()))

    async def drop_first() -> None:
        if await books.state(first) == State.ABANDONED:
            await decide.drop(first, who="Sari", why="sudah tidak perlu")

    sent = Sent()
    await parked_of(shop, books).send_again(sent, wait=drop_first)
    assert await books.state(first) == State.DROPPED
    assert await books.state(second) == State.WAITING
    assert [row.parcel_id for row in sent.skipped] == [first]
    assert [row.parcel_id for row in sent.again] == [second]


async def test_a_database_that_goes_ends_it_with_where_to_go_on(
    shop: Shop, books: Books, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def goes() -> None:
        raise DatabaseAway(AWAY)

    hub = AsReplayed(books.database, shop.decide(upstreams_of(Pushing())), goes)
    said = await replayed(hub, monkeypatch)
    assert "dibaca ulang: 1" in said
    assert "Terhenti. Lanjutkan dengan --after 7." in said
    assert AWAY in said


async def test_a_dry_run_names_what_is_parked_and_leaves_it(
    shop: Shop, books: Books, monkeypatch: pytest.MonkeyPatch
) -> None:
    _, parked = await refused(shop, books)

    async def nothing() -> None:
        """Nobody else is there."""

    hub = AsReplayed(books.database, shop.decide(upstreams_of(Pushing())), nothing)
    said = await replayed(hub, monkeypatch, dry_run=True)
    assert "akan dikirim ulang: 1" in said
    assert await books.state(parked) == State.ABANDONED


def parked_of(shop: Shop, books: Books) -> Parked:
    decide = shop.decide(upstreams_of(Pushing()))
    return Parked(database=books.database, decide=decide, connector=None, since=None)
