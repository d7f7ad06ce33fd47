"""A status word nobody knew: once the mapping is mended, `hub replay` takes in what was kept."""

from collections.abc import Iterable
from datetime import timedelta

from hub.contract import Answer, News, Raw, Status, StatusNews
from hub.rows import How
from tests.integration.intake.readers import ReadingAnew
from tests.integration.intake.replays import replayed, words
from tests.journey.city import City, with_reader

HOLE = "Ada lubang besar di Jalan Merdeka depan pasar, sudah banyak yang jatuh."
WORD = "Sedang Direnungkan"


class Dictionary:
    """What SP4N's raw things are read as; `word` is what the mapping makes of the strange word."""

    def __init__(self, city: City, external_id: str) -> None:
        self.word: Status | None = None
        self._at = city.clock()
        self._external_id = external_id

    def read(self, raw: Raw) -> Iterable[News]:
        yield StatusNews(
            key=f"status:{raw.key}", external_id=self._external_id, theirs=WORD,
            status=self.word, at=self._at,
            answers=(Answer(id="a1", text="Mohon ditunggu.", at=self._at),),
        )  # fmt: skip


async def strange_news(city: City) -> Dictionary:
    """A complaint about which SP4N uses a word that no mapping has; the hub has read it."""
    await city.says(HOLE)
    await city.falls_silent()
    city.clock.pass_time(minutes=10)
    number = city.happened("filed")[0]["external_id"]
    dictionary = Dictionary(city, number)
    built = city.hub.registry.upstreams["sp4n"]
    with_reader(city, "sp4n", ReadingAnew(built.connector, dictionary.read))
    raw = Raw(key=f"inspect:{number}:aa", body=b"{}", external_id=number)
    async with city.hub.database.begin() as work:
        await work.inbox.keep("sp4n", raw, how=How.INSPECT, at=city.clock())
    await city.work()
    return dictionary


async def replay(city: City) -> set[str]:
    found = words(await replayed(city, connector="sp4n"))
    await city.work()
    return found


async def test_a_mended_mapping_and_a_replay_move_the_complaint_and_tell_the_citizen_once(
    city: City,
) -> None:
    dictionary = await strange_news(city)
    dictionary.word = Status.IN_PROGRESS
    told = city.heard()
    city.clock.pass_time(days=1)
    assert "moved" in await replay(city)
    [complaint] = await city.complaints()
    assert (complaint["status"], complaint["in_step"]) == ("in_progress", True)
    assert len(city.heard()) == len(told) + 1
    assert "moved" not in await replay(city)
    assert len(city.heard()) == len(told) + 1


async def test_what_an_officer_wrote_under_the_strange_word_is_not_told_again(
    city: City,
) -> None:
    dictionary = await strange_news(city)
    assert sum("Mohon ditunggu." in text for text in city.heard()) == 1
    dictionary.word = Status.IN_PROGRESS
    await replay(city)
    assert sum("Mohon ditunggu." in text for text in city.heard()) == 1


async def test_a_replay_before_the_mapping_is_mended_changes_nothing_and_says_so(
    city: City,
) -> None:
    await strange_news(city)
    told = city.heard()
    for _ in range(2):
        assert "unknown_word" in await replay(city)
    [complaint] = await city.complaints()
    assert complaint["status"] == "received"
    assert city.heard() == told


async def test_what_has_gone_on_since_is_not_set_back_by_a_word_that_is_known_now(
    city: City,
) -> None:
    dictionary = await strange_news(city)
    [complaint] = await city.complaints()
    city.clock.pass_time(minutes=10)
    moves = f"/complaints/{complaint['ticket']}/moves"
    assert await city.post(moves, status="in_progress", note="Petugas berangkat.") == 200
    told = city.heard()
    dictionary.word = Status.VERIFIED
    await replay(city)
    [complaint] = await city.complaints()
    assert complaint["status"] == "in_progress"
    assert city.heard() == told


async def test_bytes_that_are_pruned_are_not_replayed(city: City) -> None:
    await strange_news(city)
    async with city.hub.database.begin() as work:
        await work.inbox.prune(before=city.clock() + timedelta(days=1))
    assert await replay(city) == set()
