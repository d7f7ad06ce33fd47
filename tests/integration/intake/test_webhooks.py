"""A webhook is answered only after its bytes are kept, and what cannot be read is kept as well."""

import asyncio
import threading
from collections.abc import Iterable
from datetime import timedelta
from pathlib import Path

import pytest

from hub.contract import News, Raw, Report, Unreadable
from hub.settings import Settings
from hub.store import tables
from tests.integration.intake.meta import post, said, webhook
from tests.integration.intake.readers import Reading, ReadingAnew
from tests.integration.intake.rows import LASTING, rows_of, snapshot
from tests.journey.city import City, city_of, with_reader

HOLE = "Ada lubang besar di Jalan Merdeka depan pasar, sudah banyak yang jatuh."


def reads_with(city: City, reading: Reading) -> None:
    old = city.hub.registry.upstreams["whatsapp"].connector
    with_reader(city, "whatsapp", ReadingAnew(old, reading))


async def test_it_is_answered_after_its_bytes_are_committed_and_before_anybody_reads_them(
    city: City,
) -> None:
    assert await post(city.hub, webhook(said(HOLE, at=city.clock()))) == 200
    [item] = await rows_of(city.hub.database, tables.inbox)
    assert item.state == "unread"
    assert await rows_of(city.hub.database, tables.news) == []


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
async def test_with_the_database_away_the_upstream_is_asked_to_come_again(
    kind: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    away = {
        "sqlite": f"sqlite+aiosqlite:///{tmp_path / 'no' / 'such' / 'folder' / 'hub.db'}",
        "postgresql": "postgresql+asyncpg://hub:hub@127.0.0.1:1/hub",
    }
    settings = Settings(secret_key="0" * 32, database_url=away[kind])
    async with city_of(settings, monkeypatch=monkeypatch) as city:
        assert await post(city.hub, webhook(said(HOLE, at=city.clock()))) == 503
    await sqlite_threads_ended()


async def sqlite_threads_ended() -> None:
    """What aiosqlite failed to open it lets go of in a thread of its own, and tells the loop so."""
    for thread in threading.enumerate():
        if "_connection_worker_thread" in thread.name:
            await asyncio.to_thread(thread.join, 10)


async def test_a_wrong_signature_leaves_nothing_behind(city: City) -> None:
    assert await post(city.hub, webhook(said(HOLE, at=city.clock())), secret="lain") == 401
    assert await rows_of(city.hub.database, tables.inbox) == []


async def test_the_same_bytes_seven_days_later_change_nothing(city: City) -> None:
    body = webhook(said(HOLE, at=city.clock()))
    await post(city.hub, body)
    await city.falls_silent()
    everything = (*LASTING, tables.inbox, tables.cards)
    before = await snapshot(city.hub.database, everything)
    city.clock.pass_time(days=7)
    assert await post(city.hub, body) == 200
    await city.work()
    assert await snapshot(city.hub.database, everything) == before


async def test_an_unreadable_body_is_kept_shown_and_taken_in_after_the_reader_is_mended(
    city: City,
) -> None:
    assert await post(city.hub, b"Ada lubang di Jalan Merdeka") == 200
    await city.work()
    [item] = await rows_of(city.hub.database, tables.inbox)
    assert item.state == "unreadable"
    assert f'id="inbox-{item.id}"' in await city.page("/")
    [card] = await city.get("/cards")
    assert card["kind"] == "unreadable"

    def plainly(raw: Raw) -> Iterable[News]:
        text = raw.body.decode()
        yield Report(key=f"plain:{text}", external_id=text, said_at=city.clock(), text=text)

    reads_with(city, plainly)
    assert await city.post(f"/inbox/{item.id}/read-again") == 204
    [complaint] = await city.complaints()
    assert complaint["text"] == "Ada lubang di Jalan Merdeka"
    assert "unreadable" not in {card["kind"] for card in await city.get("/cards")}
    [item] = await rows_of(city.hub.database, tables.inbox)
    assert item.state == "read"


async def test_one_bad_piece_does_not_cost_its_neighbour_and_is_taken_in_later_alone(
    city: City,
) -> None:
    good = Report(key="good", external_id="good", said_at=city.clock(), text="Ada lubang.")
    bad = Unreadable(key="bad", reason="bagian kedua tidak terbaca")
    reads_with(city, lambda _: [good, bad])
    await post(city.hub, b"dua bagian")
    await city.work()
    assert [each["text"] for each in await city.complaints()] == ["Ada lubang."]
    [item] = await rows_of(city.hub.database, tables.inbox)
    assert (item.state, item.summary) == ("unreadable", "bagian kedua tidak terbaca")

    cured = Report(key="bad", external_id="bad", said_at=city.clock(), text="Lampu mati.")
    reads_with(city, lambda _: [good, cured])
    assert await city.post(f"/inbox/{item.id}/read-again") == 204
    assert [each["text"] for each in await city.complaints()] == ["Ada lubang.", "Lampu mati."]
    assert len(await rows_of(city.hub.database, tables.reports)) == 2


async def test_a_mistake_in_a_program_is_tried_again_then_shown_without_the_citizens_words(
    city: City,
) -> None:
    def stumbling(raw: Raw) -> Iterable[News]:
        raise RuntimeError(raw.body.decode())

    reads_with(city, stumbling)
    await post(city.hub, b"rahasia warga")
    for _ in range(5):
        await city.work()
        city.clock.pass_time(seconds=6)
    [item] = await rows_of(city.hub.database, tables.inbox)
    assert (item.state, item.tries) == ("unreadable", 4)
    assert "RuntimeError" in item.summary
    assert "rahasia" not in item.summary
    assert "rahasia" not in str(await city.get("/cards"))


async def test_what_was_read_is_forgotten_after_30_days_and_what_was_not_is_kept(
    city: City,
) -> None:
    await post(city.hub, webhook(said(HOLE, at=city.clock())))
    await post(city.hub, b"tidak terbaca")
    await city.falls_silent()
    city.clock.pass_time(timedelta(days=29))
    await city.hub.housekeeping.prune()
    assert all(item.sealed_body for item in await rows_of(city.hub.database, tables.inbox))
    city.clock.pass_time(timedelta(days=2))
    await city.hub.housekeeping.prune()
    items = await rows_of(city.hub.database, tables.inbox)
    kept = {item.state: item.sealed_body is not None for item in items}
    assert kept == {"read": False, "unreadable": True}
    read = next(item for item in items if item.state == "read")
    assert await city.post(f"/inbox/{read.id}/read-again") == 404


async def test_news_of_a_connector_that_was_switched_off_waits_to_be_read_again(
    city: City,
) -> None:
    await post(city.hub, webhook(said(HOLE, at=city.clock())))
    upstreams = city.hub.registry.upstreams
    assert isinstance(upstreams, dict)
    away = upstreams.pop("whatsapp")
    await city.hub.read.step()
    [item] = await rows_of(city.hub.database, tables.inbox)
    assert item.state == "unreadable"
    upstreams["whatsapp"] = away
    await city.post(f"/inbox/{item.id}/read-again")
    await city.falls_silent()
    assert len(await city.complaints()) == 1
