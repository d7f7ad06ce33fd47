"""Everything that is kept can be read again: what was taken changes nothing, what was not is taken once."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

from hub.contract import Ignored, News, Raw, Report, Status, StatusNews, UnreadableError
from hub.intake.replaying import Becomes
from hub.rows import How, Topic
from hub.store.tables import metadata
from tests.integration.intake.readers import ReadingAnew
from tests.integration.intake.replays import counts, replayed, words
from tests.integration.intake.rows import rows_of, snapshot
from tests.journey.city import City, with_reader

HOLE = "Ada lubang besar di Jalan Merdeka depan pasar, sudah banyak yang jatuh."
EVERY_TABLE = [table for table in metadata.sorted_tables if "id" in table.c]


@dataclass
class Desk:
    """What SP4N's raw things are read as, by their key; what is not here cannot be read."""

    city: City
    pieces: dict[str, list[News]] = field(default_factory=dict)

    def read(self, raw: Raw) -> Iterable[News]:
        if raw.key not in self.pieces:
            raise UnreadableError("bukan JSON")
        return self.pieces[raw.key]

    async def sends(self, *keys: str) -> None:
        """Raw things come from there, and the hub reads them as well as it can."""
        for key in keys:
            async with self.city.hub.database.begin() as work:
                raw = Raw(key=key, body=b"{}")
                await work.inbox.keep("sp4n", raw, how=How.POLL, at=self.city.clock())
        await self.city.work()


def desk_of(city: City) -> Desk:
    desk = Desk(city)
    connector = city.hub.registry.upstreams["sp4n"].connector
    with_reader(city, "sp4n", ReadingAnew(connector, desk.read))
    return desk


def said(number: str, *, at: datetime) -> Report:
    return Report(key=f"report:{number}", external_id=number, said_at=at, text=HOLE)


def now_is(number: str, status: Status, *, at: datetime) -> StatusNews:
    return StatusNews(
        key=f"status:{number}:{status}", external_id=number, theirs=status.label, status=status,
        at=at,
    )  # fmt: skip


async def complained(city: City) -> Desk:
    """A citizen has complained; from now on SP4N is read as the desk says."""
    await city.says(HOLE)
    await city.falls_silent()
    city.clock.pass_time(minutes=10)
    return desk_of(city)


async def known_there_as(city: City, number: str) -> None:
    """Somebody finds out that SP4N has the complaint under this number, too."""
    ticket = (await city.complaints())[0]["ticket"]
    async with city.hub.database.begin() as work:
        complaint = await work.complaints.by_ticket(ticket)
        assert complaint is not None
        await work.complaints.add_source(
            complaint.id, connector="sp4n", external_id=number, at=city.clock(), by="Rini"
        )


async def a_day(city: City) -> None:
    """A citizen complains, officers do their work, the operator has a word in it; all is told."""
    await city.says(HOLE, how="photo")
    await city.falls_silent()
    number = city.happened("filed")[0]["external_id"]
    for action in ("verify", "dispose"):
        await city.officer(action, number)
    [complaint] = await city.complaints()
    moves = f"/complaints/{complaint['ticket']}/moves"
    await city.post(moves, status="in_progress", note="Petugas berangkat.")
    await city.says("Di dekat pos ronda.")
    await city.falls_silent()
    await city.officer("answer", number, text="Sudah kami tambal.")
    await city.officer("close", number)
    await city.says("Terima kasih")
    await city.falls_silent()


async def test_a_day_that_was_taken_in_can_be_replayed_twice_and_nobody_is_told_anything(
    city: City,
) -> None:
    await a_day(city)
    told, kept = city.heard(), await snapshot(city.hub.database)
    assert len(told) >= 5
    for _ in range(2):
        city.clock.pass_time(days=1)
        found = await replayed(city)
        assert set(counts(found)) == {Becomes.SKIPPED}
        await city.work()
        assert city.heard() == told
        assert await snapshot(city.hub.database) == kept


async def test_a_dry_run_says_what_would_come_of_it_and_leaves_nothing_behind(city: City) -> None:
    desk = desk_of(city)
    await desk.sends("page 1", "page 2")
    desk.pieces["page 1"] = [said("777", at=city.clock())]
    desk.pieces["page 2"] = [
        said("777", at=city.clock()),
        now_is("777", Status.VERIFIED, at=city.clock()),
    ]
    nudged: list[Topic] = []
    city.hub.database.nudge = lambda topic, _: nudged.append(topic)
    before = await snapshot(city.hub.database, EVERY_TABLE)
    found = await replayed(city, dry_run=True)
    assert await snapshot(city.hub.database, EVERY_TABLE) == before
    assert nudged == []
    foreseen = counts(found)
    assert foreseen == {Becomes.CREATED: 1, Becomes.SKIPPED: 1, Becomes.CHANGED: 1}
    assert HOLE not in repr(found)
    assert counts(await replayed(city)) == foreseen


async def test_what_could_not_be_read_is_taken_once_after_the_fix(city: City) -> None:
    desk = desk_of(city)
    await desk.sends("page 1")
    assert counts(await replayed(city)) == {Becomes.UNREADABLE: 1}
    desk.pieces["page 1"] = [said("777", at=city.clock())]
    assert words(await replayed(city)) == {"opened"}
    assert words(await replayed(city)) == {"known"}
    [complaint] = await city.complaints()
    assert [source["external_id"] for source in complaint["sources"]] == ["777"]
    assert await city.get("/cards") == [], "the card about what could not be read is put away"


async def test_what_was_passed_over_and_is_read_as_a_report_now_is_taken(city: City) -> None:
    desk = desk_of(city)
    desk.pieces["page 1"] = [Ignored(key="report:777", reason="a kind nobody knew")]
    await desk.sends("page 1")
    assert words(await replayed(city)) == {"known"}
    desk.pieces["page 1"] = [said("777", at=city.clock())]
    assert words(await replayed(city)) == {"opened"}


async def test_news_of_what_we_did_not_know_yet_is_taken_when_we_do(city: City) -> None:
    desk, told = await complained(city), city.heard()
    desk.pieces["page 1"] = [now_is("777", Status.VERIFIED, at=city.clock())]
    await desk.sends("page 1")
    assert "unknown_source" in words(await replayed(city, connector="sp4n"))
    await known_there_as(city, "777")
    assert "moved" in words(await replayed(city, connector="sp4n"))
    await city.work()
    assert (await city.complaints())[0]["status"] == "verified"
    assert len(city.heard()) == len(told) + 1


async def test_of_what_a_channel_said_one_after_the_other_only_the_last_is_told(
    city: City,
) -> None:
    desk, told = await complained(city), city.heard()
    for minute, status in enumerate((Status.VERIFIED, Status.FORWARDED, Status.IN_PROGRESS)):
        at = city.clock.pass_time(minutes=minute)
        desk.pieces[f"page {minute}"] = [now_is("777", status, at=at)]
        await desk.sends(f"page {minute}")
    await known_there_as(city, "777")
    assert {"moved", "overtaken"} <= words(await replayed(city, connector="sp4n"))
    await city.work()
    assert (await city.complaints())[0]["status"] == "in_progress"
    assert len(city.heard()) == len(told) + 1


async def test_what_nobody_has_read_yet_is_left_to_whoever_reads(city: City) -> None:
    async with city.hub.database.begin() as work:
        raw = Raw(key="page 1", body=b"{}")
        await work.inbox.keep("sp4n", raw, how=How.POLL, at=city.clock())
    assert await replayed(city) == []


async def test_one_thing_that_breaks_the_reader_does_not_stop_the_others(city: City) -> None:
    desk = desk_of(city)
    await desk.sends("page 1", "page 2")
    desk.pieces["page 1"] = [None]  # type: ignore[list-item]  # a bug
    desk.pieces["page 2"] = [said("777", at=city.clock())]
    assert words(await replayed(city)) == {"bug", "opened"}


async def test_others_go_first_before_each_item(city: City) -> None:
    desk = desk_of(city)
    desk.pieces |= {key: [said(key, at=city.clock())] for key in ("1", "2", "3")}
    await desk.sends("1", "2", "3")
    items = [row.id for row in await rows_of(city.hub.database, metadata.tables["inbox"])]
    turns: list[str] = []

    async def wait() -> None:
        turns.append("others")

    async for item_id, _ in city.hub.replaying.run(items, dry_run=True, wait=wait):
        turns.append(str(item_id))
    assert turns == [turn for item_id in items for turn in ("others", str(item_id))]
