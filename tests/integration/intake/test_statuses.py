"""News of a status: applied, recognised as our own, or kept as a conflict."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

import pytest

from hub.contract import Answer, News, Status, StatusNews
from hub.intake.accept import Accept
from hub.intake.gather import TurnRules
from hub.store import tables
from tests.integration.intake.rows import rows_of
from tests.journey.city import City

HOLE = "Ada lubang besar di Jalan Merdeka depan pasar, sudah banyak yang jatuh."
WORDS = {
    Status.RECEIVED: "Belum Terverifikasi",
    Status.VERIFIED: "Terverifikasi",
    Status.FORWARDED: "Terdisposisi",
    Status.IN_PROGRESS: "Dalam Proses",
    Status.ANSWERED: "Ditindaklanjuti oleh Instansi",
    Status.CLOSED: "Ditutup oleh Admin",
}


class Channel:
    """SP4N as it tells of one complaint."""

    def __init__(self, city: City, external_id: str) -> None:
        self.city = city
        self.external_id = external_id
        self.count = 0

    async def shows(
        self,
        status: Status | None,
        *,
        at: datetime | None = None,
        answers: Sequence[Answer] = (),
        theirs: str | None = None,
        note: str | None = None,
    ) -> str:
        """What came of it, in a word; everybody is told afterwards."""
        self.count += 1
        word = theirs or WORDS[status or Status.RECEIVED]
        news = StatusNews(
            key=f"status:{self.count}",
            external_id=self.external_id,
            theirs=word,
            status=status,
            at=at or self.city.clock(),
            answers=tuple(answers),
            note=note,
        )
        taken = await take(self.city, news)
        await self.city.work()
        return taken


async def take(city: City, news: News) -> str:
    accept = Accept(upstreams=city.hub.registry.upstreams, turns=TurnRules())
    async with city.hub.database.begin() as work:
        outcome = await accept.take(work, "sp4n", news, at=city.clock())
    return outcome.word


@pytest.fixture
async def there(city: City) -> Channel:
    """A complaint that SP4N knows."""
    await city.says(HOLE)
    await city.falls_silent()
    city.clock.pass_time(minutes=10)
    return Channel(city, city.happened("filed")[0]["external_id"])


async def conflicts(city: City) -> list[Any]:
    cards = tables.cards
    return await rows_of(
        city.hub.database, cards, cards.c.kind == "conflict", cards.c.closed_at.is_(None)
    )


async def agreement(city: City) -> tuple[int, int]:
    found = await city.get("/agreement")
    return found["agreeing"], found["total"]


async def test_a_move_is_taken_and_told_and_all_agree(city: City, there: Channel) -> None:
    assert await there.shows(Status.VERIFIED) == "moved"
    assert await agreement(city) == (2, 2)
    assert len(city.heard()) == 2
    assert city.happened("followed_up") == [], "nobody is told their own news"


async def test_the_same_again_moves_nothing_and_tells_nobody(city: City, there: Channel) -> None:
    await there.shows(Status.VERIFIED)
    city.clock.pass_time(minutes=1)
    assert await there.shows(Status.VERIFIED) == "same"
    assert len(city.heard()) == 2
    assert await agreement(city) == (2, 2)


async def test_older_news_of_the_channel_itself_is_no_contradiction(
    city: City, there: Channel
) -> None:
    earlier = city.clock()
    city.clock.pass_time(minutes=5)
    await there.shows(Status.IN_PROGRESS)
    assert await there.shows(Status.VERIFIED, at=earlier) == "known"
    [complaint] = await city.complaints()
    assert complaint["status"] == "in_progress"
    [source] = [each for each in complaint["sources"] if each["connector"] == "sp4n"]
    assert source["their_status"] == WORDS[Status.IN_PROGRESS]
    assert await conflicts(city) == []
    assert await agreement(city) == (2, 2)


async def test_an_answer_in_older_news_is_told_all_the_same(city: City, there: Channel) -> None:
    earlier = city.clock()
    city.clock.pass_time(minutes=5)
    await there.shows(Status.IN_PROGRESS)
    answer = Answer(id="a1", text="Alat berat sudah dipesan.", at=earlier)
    assert await there.shows(Status.VERIFIED, at=earlier, answers=[answer]) == "answered"
    assert "Alat berat sudah dipesan." in city.heard()[-1]


async def test_news_later_than_ours_but_older_in_time_is_a_conflict_that_changes_nothing(
    city: City, there: Channel
) -> None:
    moved_there_at = city.clock()
    city.clock.pass_time(minutes=5)
    [complaint] = await city.complaints()
    path = f"/complaints/{complaint['ticket']}/moves"
    await city.post(path, status="closed", note="Sudah ditambal.")
    told = len(city.heard())
    assert await there.shows(Status.IN_PROGRESS, at=moved_there_at) == "conflict"
    [complaint] = await city.complaints()
    assert complaint["status"] == "closed"
    assert len(city.heard()) == told
    [card] = await conflicts(city)
    assert "lebih lama" in card.text
    assert await agreement(city) == (1, 2)
    assert complaint["history"][-1]["outcome"] == "late"


async def test_a_move_that_is_not_allowed_makes_one_card_and_ends_when_they_agree_again(
    city: City, there: Channel
) -> None:
    await there.shows(Status.CLOSED)
    city.clock.pass_time(minutes=5)
    assert await there.shows(Status.VERIFIED) == "conflict"
    city.clock.pass_time(minutes=5)
    assert await there.shows(Status.FORWARDED) == "conflict"
    [complaint] = await city.complaints()
    assert complaint["status"] == "closed"
    assert not complaint["in_step"]
    [card] = await conflicts(city)
    assert card.seen == 2
    city.clock.pass_time(minutes=5)
    assert await there.shows(Status.CLOSED) == "same"
    assert await conflicts(city) == []
    assert await agreement(city) == (2, 2)


async def test_what_they_still_show_before_our_news_has_reached_them_is_no_conflict(
    city: City, there: Channel
) -> None:
    since = city.clock()
    await there.shows(Status.FORWARDED, at=since)
    await city.post("/connectors/sp4n/pause")
    [complaint] = await city.complaints()
    city.clock.pass_time(minutes=5)
    path = f"/complaints/{complaint['ticket']}/moves"
    await city.post(path, status="in_progress")
    answer = Answer(id="a1", text="Petugas sudah dijadwalkan.", at=city.clock())
    assert await there.shows(Status.FORWARDED, at=since, answers=[answer]) == "answered"
    assert await conflicts(city) == []
    await city.post("/connectors/sp4n/resume")
    assert await conflicts(city) == []
    assert await there.shows(Status.ANSWERED) == "echo"
    assert await agreement(city) == (2, 2)


async def test_an_unknown_word_changes_nothing_and_asks_for_the_mapping_once(
    city: City, there: Channel
) -> None:
    for _ in range(2):
        city.clock.pass_time(minutes=1)
        assert await there.shows(None, theirs="Sedang Direnungkan") == "unknown_word"
    [complaint] = await city.complaints()
    assert complaint["status"] == "received"
    [card] = [card for card in await city.get("/cards") if card["kind"] == "unknown_word"]
    assert "Sedang Direnungkan" in card["text"]
    assert "mappings/sp4n.toml" in card["next_step"]
    assert card["seen"] == 2
    [source] = [each for each in complaint["sources"] if each["connector"] == "sp4n"]
    assert source["their_status"] == "Sedang Direnungkan"


async def test_an_answer_under_an_unknown_word_reaches_the_citizen(
    city: City, there: Channel
) -> None:
    answer = Answer(id="a1", text="Mohon ditunggu sampai Jumat.", at=city.clock())
    await there.shows(None, theirs="Sedang Direnungkan", answers=[answer])
    assert "Mohon ditunggu sampai Jumat." in city.heard()[-1]


async def test_an_answer_is_told_once_however_often_it_is_read(city: City, there: Channel) -> None:
    answer = Answer(id="a1", text="Sudah kami jadwalkan.", at=city.clock())
    assert await there.shows(Status.VERIFIED, answers=[answer]) == "moved"
    assert await there.shows(Status.VERIFIED, answers=[answer]) == "same"
    assert sum("Sudah kami jadwalkan." in text for text in city.heard()) == 1


@pytest.mark.parametrize("first", ["log", "follow-up"])
async def test_one_act_that_they_show_in_two_places_is_told_once(
    city: City, there: Channel, first: str
) -> None:
    words, at = "Didisposisikan ke Polres", city.clock()
    answer = Answer("89", words, at)
    if first == "log":
        await there.shows(Status.FORWARDED, at=at, note=words)
        await there.shows(Status.FORWARDED, at=at, note=words, answers=[answer])
    else:
        await there.shows(Status.RECEIVED, answers=[answer])
        await there.shows(Status.FORWARDED, at=at, note=words, answers=[answer])
    assert sum(words in heard for heard in city.heard()) == 1


async def test_the_same_words_on_another_day_are_said_again(city: City, there: Channel) -> None:
    words = "Masih kami kerjakan."
    await there.shows(Status.IN_PROGRESS, answers=[Answer("1", words, city.clock())])
    city.clock.pass_time(hours=26)
    again = [
        Answer("1", words, city.clock() - timedelta(hours=26)),
        Answer("2", words, city.clock()),
    ]
    await there.shows(Status.IN_PROGRESS, answers=again)
    assert sum(words in heard for heard in city.heard()) == 2


async def test_our_own_words_coming_back_are_no_answer(city: City, there: Channel) -> None:
    [complaint] = await city.complaints()
    path = f"/complaints/{complaint['ticket']}/moves"
    await city.post(path, status="in_progress", note="Petugas berangkat.")
    [followed] = city.happened("followed_up")
    told = len(city.heard())
    back = Answer(id="77", text="Petugas berangkat.", at=city.clock(), marker=followed["marker"])
    assert await there.shows(Status.IN_PROGRESS, answers=[back]) == "same"
    assert len(city.heard()) == told


async def test_what_our_follow_up_makes_them_show_is_an_echo(city: City, there: Channel) -> None:
    [complaint] = await city.complaints()
    path = f"/complaints/{complaint['ticket']}/moves"
    await city.post(path, status="in_progress", note="Petugas berangkat.")
    told = len(city.heard())
    city.clock.pass_time(minutes=1)
    assert await there.shows(Status.ANSWERED) == "echo"
    [complaint] = await city.complaints()
    assert complaint["status"] == "in_progress"
    assert await agreement(city) == (2, 2)
    assert len(city.heard()) == told


async def test_news_about_a_complaint_nobody_knows_is_noted_and_nothing_more(city: City) -> None:
    news = StatusNews(
        key="s", external_id="404", theirs="Terverifikasi", status=Status.VERIFIED, at=city.clock()
    )
    assert await take(city, news) == "unknown_source"
    assert await city.complaints() == []


@pytest.mark.parametrize("minutes", [(0, 1, 2, 3), (3, 2, 1, 0), (2, 0, 3, 1)])
async def test_in_whatever_order_their_moves_are_heard_the_last_one_stands(
    city: City, there: Channel, minutes: tuple[int, ...]
) -> None:
    steps = (Status.VERIFIED, Status.FORWARDED, Status.IN_PROGRESS, Status.ANSWERED)
    began = city.clock()
    for minute in minutes:
        await there.shows(steps[minute], at=began + timedelta(minutes=minute))
    [complaint] = await city.complaints()
    assert complaint["status"] == "answered"
    assert await conflicts(city) == []
    assert await agreement(city) == (2, 2)
