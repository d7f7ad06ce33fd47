"""The imitation starts in assisted mode; here the interface of the default profile is tried on it."""

import json
from collections.abc import AsyncIterator, Iterator
from datetime import timedelta
from typing import Any

import pytest

from connectors.laporgub import build, shapes
from connectors.laporgub.sandbox.imitation import LaporGubImitation
from connectors.laporgub.settings import Settings
from connectors.laporgub.translate_status import status_news
from hub.contract import Absent, Found, Mapping, Report, Status, StatusNews, Unreadable, parse_json
from hub.sandbox import SandboxTransport, Stage
from hub.sandbox.harness import build_harness
from tests.connectors.laporgub.conftest import OPENING, delivery, told


@pytest.fixture
def stage() -> Stage:
    return Stage(base_url="http://sandbox")


@pytest.fixture
def imitation(stage: Stage) -> LaporGubImitation:
    return LaporGubImitation(stage)


@pytest.fixture
async def api(stage: Stage, imitation: LaporGubImitation, mapping: Mapping) -> AsyncIterator[Any]:
    given: dict[str, Any] = {
        name.removeprefix("LAPORGUB_").lower(): value
        for name, value in imitation.environment().items()
    }
    settings = Settings(**(given | {"mode": "api", "page_size": 3}))
    transport = SandboxTransport(build_harness([imitation], stage))
    connector = build(settings, mapping, transport=transport)
    yield connector
    await connector.aclose()
    await imitation.aclose()


def read(connector: Any, raws: Any) -> Iterator[Any]:
    for raw in raws:
        yield from connector.read(raw)


async def test_what_is_opened_told_and_in_doubt_is_found_again(api: Any) -> None:
    opening = delivery(OPENING)
    assert isinstance(await api.find(opening), Absent)
    number = (await api.push(opening)).external_id
    assert await api.find(opening) == Found(number)
    moved = delivery(told(Status.IN_PROGRESS, note="Tim ke lokasi."), external_id=number)
    assert isinstance(await api.find(moved), Absent)
    line = (await api.push(moved)).external_id
    assert await api.find(moved) == Found(line)
    (news,) = api.read(await api.inspect(number))
    assert news.status is Status.IN_PROGRESS
    assert [answer.marker for answer in news.answers] == ["0123456789ab"]


async def test_a_whole_day_is_polled_and_read_without_a_gap(
    api: Any, imitation: LaporGubImitation, stage: Stage
) -> None:
    rng = stage.rng
    for scene in list(imitation.scenes(rng))[:12]:
        await imitation.play(scene.action, scene.facts)
    for _ in range(60):
        if not await imitation.act(rng):
            break
    raws, cursor = [], None
    for _ in range(50):
        page = await api.poll(cursor)
        raws += page.raws
        cursor = page.cursor
        if not page.has_more:
            break
    else:
        pytest.fail("the list has no end")
    news = list(read(api, raws))
    assert len({raw.key for raw in raws}) == len(raws)
    assert [each for each in news if isinstance(each, Unreadable)] == []
    assert [each for each in news if isinstance(each, Report)]
    assert all(each.status for each in news if isinstance(each, StatusNews))
    again = {raw.key for raw in (await api.poll(cursor)).raws}
    assert again <= {raw.key for raw in raws}


async def test_lines_below_an_end_do_not_end_it_anew(
    api: Any, imitation: LaporGubImitation, stage: Stage
) -> None:
    number = (await api.push(delivery(OPENING))).external_id
    desk = imitation._desk
    there = desk.complaint(number)
    desk.move(there, "Selesai")
    ended = stage.clock.now().replace(microsecond=0)
    for minutes in (20, 40):
        stage.clock.advance(timedelta(minutes=minutes))
        told_so = told(Status.IN_PROGRESS, note=f"Dibuka lagi ({minutes}).")
        await api.push(delivery(told_so, external_id=number))
        desk.answer(there, f"Kami lihat lagi ({minutes}).")
    (looked,) = api.read(await api.inspect(number))
    assert (looked.status, looked.by_then) == (Status.CLOSED, False)
    assert abs(looked.at - ended) <= timedelta(seconds=1)
    listed = [
        news
        for news in read(api, (await api.poll(None)).raws)
        if isinstance(news, StatusNews) and news.external_id == number
    ]
    assert [(news.status, news.by_then) for news in listed] == [(Status.CLOSED, True)]


async def test_what_a_late_push_of_ours_has_moved_on_is_told_all_the_same(
    api: Any, imitation: LaporGubImitation, stage: Stage
) -> None:
    number = (await api.push(delivery(OPENING))).external_id
    there = imitation._desk.complaint(number)
    imitation._desk.move(there, "Selesai")
    stage.clock.advance(timedelta(minutes=5))
    imitation._desk.move(there, "PROGRES", text="Dibuka lagi.")
    opened = stage.clock.now()
    stage.clock.advance(timedelta(minutes=5))
    await api.push(delivery(told(Status.CLOSED, note="Sudah rapi."), external_id=number))
    imitation._desk.answer(there, "Baik.")
    was, now = api.read(await api.inspect(number))
    assert (was.status, was.overwritten) == (Status.IN_PROGRESS, True)
    assert [answer.text for answer in was.answers] == ["Dibuka lagi."], "its words go with it"
    assert abs(was.at - opened) <= timedelta(seconds=1)
    assert (now.status, now.overwritten) == (Status.CLOSED, False)
    imitation._desk.move(there, "PROGRES")
    assert len(list(api.read(await api.inspect(number)))) == 1, "they have moved it since"


async def test_what_was_overwritten_is_an_officers_word_and_never_one_of_ours(
    api: Any, imitation: LaporGubImitation
) -> None:
    number = (await api.push(delivery(OPENING))).external_id
    there = imitation._desk.complaint(number)

    async def is_told(status: Status) -> None:
        await api.push(delivery(told(status), external_id=number))

    await is_told(Status.VERIFIED)
    await is_told(Status.IN_PROGRESS)
    assert len(list(api.read(await api.inspect(number)))) == 1, "nobody but us has said anything"
    imitation._desk.move(there, "Verifikasi")
    await is_told(Status.IN_PROGRESS)
    await is_told(Status.CLOSED)
    was, _ = api.read(await api.inspect(number))
    assert was.status is Status.VERIFIED
    imitation._desk.answer(there, "Terima kasih.")
    again, _ = api.read(await api.inspect(number))
    assert again.key == was.key, "what came of it once is not asked again"


async def test_a_word_that_nobody_knows_may_have_led_away_and_back(
    api: Any, imitation: LaporGubImitation, stage: Stage
) -> None:
    number = (await api.push(delivery(OPENING))).external_id
    there = imitation._desk.complaint(number)
    for status in ("Selesai", "Dibuka kembali atas permintaan", "Selesai"):
        imitation._desk.move(there, status)
        stage.clock.advance(timedelta(hours=1))
    (news,) = api.read(await api.inspect(number))
    assert (news.status, news.by_then) == (Status.CLOSED, True)


@pytest.mark.parametrize("answer", ["", "Sudah kami tambal."])
def test_a_row_of_a_file_dates_the_last_change_and_not_its_status(
    mapping: Mapping, answer: str
) -> None:
    row = {"ticket": "LGWP10000001", "status": "Selesai", "answer": answer}
    cells = json.dumps(row | {"updated": "2026-01-19T09:00:00+07:00"}).encode()
    aduan = shapes.row_of(parse_json(cells))
    news = status_news(aduan, seen=None, settings=Settings(mode="file"), mapping=mapping)
    assert news is not None
    assert (news.status, news.by_then) == (Status.CLOSED, True)
    assert [each.text for each in news.answers] == list(filter(None, [answer]))


async def test_of_lines_the_numbers_tell_the_order_where_a_clock_does_not(
    api: Any, imitation: LaporGubImitation, stage: Stage
) -> None:
    stage.clock.advance(timedelta(hours=3))
    number = (await api.push(delivery(OPENING))).external_id
    stage.clock.advance(-timedelta(hours=3))
    there = imitation._desk.complaint(number)
    for text in ("Sudah dicek.", "Sudah ditambal."):
        imitation._desk.move(there, "Selesai", text=text)
    (news,) = api.read(await api.inspect(number))
    assert [answer.text for answer in news.answers] == ["Sudah dicek.", "Sudah ditambal."]
