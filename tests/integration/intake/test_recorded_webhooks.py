"""Everything Meta was ever seen to send, through the web app and out of the inbox."""

import asyncio
from collections.abc import AsyncIterator
from random import Random

import httpx
import pytest

from hub.bootstrap import Hub
from hub.settings import Settings
from hub.store import tables
from tests.integration.intake.meta import NUMBERS, other_bytes, post, recordings
from tests.integration.intake.rows import rows_of, snapshot
from tests.integration.intake.workers import all_close, all_read, workers
from tests.journey.city import City, city_of

OUTCOMES = {
    "gathered", "added", "receipt", "renamed", "ignored", "alarm", "unreadable", "known",
}  # fmt: skip


@pytest.fixture
async def city(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[City]:
    """The hub owns every number that the recordings were sent to."""
    numbers = {"phone_number_id": NUMBERS}
    async with city_of(settings, monkeypatch=monkeypatch, whatsapp=numbers) as found:
        yield found


async def test_each_is_answered_200_and_shows_as_news_ignored_with_a_reason_or_unreadable(
    city: City,
) -> None:
    database, inbox, news = city.hub.database, tables.inbox, tables.news
    for situation, body in recordings().items():
        assert await post(city.hub, body) == 200, situation
        await city.reads()
        item = (await rows_of(database, inbox))[-1]
        pieces = await rows_of(database, news, news.c.inbox_id == item.id)
        assert item.state in {"read", "unreadable"}, situation
        # Some recordings share a message id with an earlier one; then nothing in them is new.
        assert pieces or "known" in item.summary, situation
        assert {piece.outcome for piece in pieces} <= OUTCOMES, situation
        for piece in pieces:
            assert piece.reason or piece.outcome not in {"ignored", "unreadable"}, situation
        is_unreadable = any(piece.outcome == "unreadable" for piece in pieces)
        assert is_unreadable is (item.state == "unreadable"), situation
        assert item.sealed_body, situation
    kept = await rows_of(database, inbox, inbox.c.state == "unreadable")
    cards = await rows_of(database, tables.cards, tables.cards.c.kind == "unreadable")
    assert [card.inbox_id for card in cards] == [item.id for item in kept] != []
    page = await city.page("/")
    assert all(f'id="inbox-{item.id}"' in page for item in kept)


async def test_two_entries_with_three_messages_each_are_six_pieces_of_news(city: City) -> None:
    body = recordings()["batch_two_entries_three_messages"]
    assert await post(city.hub, body) == 200
    await city.hub.read.step()
    pieces = await rows_of(city.hub.database, tables.news)
    assert [piece.kind for piece in pieces] == ["Report"] * 6
    assert {piece.outcome for piece in pieces} == {"gathered"}


async def until_taken(hub: Hub, body: bytes) -> None:
    """As Meta does it: where the database is too busy to answer in time, bring it again."""
    for _ in range(20):
        if await post(hub, body) == httpx.codes.OK:
            return
        await asyncio.sleep(0.2)
    pytest.fail("it is never taken")


async def test_all_of_them_twice_shuffled_and_on_two_workers_change_nothing(
    city: City, settings: Settings
) -> None:
    bodies = list(recordings().values())
    for body in bodies:
        await post(city.hub, body)
    await city.falls_silent()
    for _ in range(6):  # made-up files are asked for again a few times before they are given up
        city.clock.pass_time(minutes=2)
        await city.work()
    before = await snapshot(city.hub.database)
    assert {row.state for row in await rows_of(city.hub.database, tables.attachments)} == {
        "failed"
    }
    assert all(before[name] for name in ("complaints", "reports", "parcels", "history"))

    rng = Random(8112)  # noqa: S311 - an order, not a secret
    async with workers(settings, city.hub.registry.upstreams, city.clock) as crew:
        for again in (bodies, [other_bytes(body) for body in bodies]):
            rng.shuffle(again)
            await asyncio.gather(*(until_taken(city.hub, body) for body in [*again, *again]))
            read = await all_read(crew)
            city.clock.pass_time(seconds=90)
            assert await all_close(crew) == 0
            if again is bodies:
                assert read == 0, "the same bytes are kept once"
            else:
                assert read == len(set(again)) > 0
    await city.work()
    assert await snapshot(city.hub.database) == before
