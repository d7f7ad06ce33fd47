import asyncio
from collections.abc import AsyncIterator, Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest

from connectors.call112 import Call112, build
from connectors.call112.sandbox.imitation import Call112Imitation
from connectors.call112.settings import Settings
from hub.contract import Counted, Mapping, News, Raw, Report, Unavailable, Unreadable
from hub.sandbox import SandboxTransport, Stage
from hub.sandbox.harness import build_harness

CALL = {
    "type": "Normal",
    "category": "PJU",
    "phone": "08110009001",
    "place": "Jl. Contoh No. 1",
    "text": "Lampu jalan padam.",
    "complaint": "112-9",
}


class Hub:
    """Polls and commits, and reads what came, each key once."""

    def __init__(self, connector: Call112) -> None:
        self.connector = connector
        self.cursor: str | None = None
        self.raws: dict[str, Raw | Counted] = {}
        self.remarks: list[str] = []

    async def poll_all(self) -> None:
        more = True
        while more:
            page = await self.connector.poll(self.cursor)
            more, self.cursor = page.has_more, page.cursor
            self.raws |= {raw.key: raw for raw in page.raws}
            self.remarks += page.remarks

    def news(self) -> list[News]:
        found: list[News] = []
        for raw in self.raws.values():
            found += [raw] if isinstance(raw, Counted) else self.connector.read(raw)
        return found

    def reports(self) -> dict[str, Report]:
        """The reports by their number there."""
        return {each.external_id: each for each in self.news() if isinstance(each, Report)}

    def words(self) -> dict[str, str]:
        """What every call counts as."""
        return {each.key: each.word for each in self.news() if isinstance(each, Counted)}


@pytest.fixture
async def new_hub(
    imitation: Call112Imitation, mapping: Mapping
) -> AsyncIterator[Callable[..., Hub]]:
    made: list[Hub] = []

    def new(transport: Any = None, **other: Any) -> Hub:
        told = {
            name.removeprefix("CALL112_").lower(): value
            for name, value in imitation.environment().items()
        }
        settings = Settings(**(told | {"settle_seconds": 0} | other))
        made.append(Hub(build(settings, mapping, transport=transport)))
        return made[-1]

    yield new
    for hub in made:
        await hub.connector.aclose()


def exists(folder: Path) -> bool:
    return folder.exists()


async def play_day(imitation: Call112Imitation, stage: Stage) -> None:
    for scene in imitation.scenes(stage.rng):
        await imitation.play(scene.action, scene.facts)


async def test_the_calls_of_a_day_that_are_complaints_arrive_and_no_others(
    imitation: Call112Imitation, stage: Stage, new_hub: Callable[..., Hub]
) -> None:
    hub = new_hub()
    await play_day(imitation, stage)
    await imitation.tick()
    await hub.poll_all()
    said = {event.facts["message"]: event.facts for event in stage.journal.of("said")}
    assert hub.reports().keys() == said.keys()
    assert len({facts["complaint"] for facts in said.values()}) == 8
    for number, report in hub.reports().items():
        assert report.text == said[number]["text"]
        assert report.category
    assert not [each for each in hub.news() if isinstance(each, Unreadable)]


async def test_everything_of_the_day_is_counted_once(
    imitation: Call112Imitation, stage: Stage, new_hub: Callable[..., Hub]
) -> None:
    hub = new_hub()
    await play_day(imitation, stage)
    await imitation.tick()
    await hub.poll_all()
    calls = stage.journal.of("said") + stage.journal.of("called")
    assert len(calls) == 16
    assert len(hub.words()) == len(calls)


async def test_a_second_call_of_the_same_person_is_told_as_the_same_matter(
    imitation: Call112Imitation, stage: Stage, new_hub: Callable[..., Hub]
) -> None:
    hub = new_hub()
    await play_day(imitation, stage)
    await imitation.tick()
    await hub.poll_all()
    first, again = (
        hub.reports()[event.facts["message"]]
        for event in stage.journal.of("said")
        if event.facts["complaint"] == "112-1"
    )
    assert first.person
    assert again.person
    assert first.person.aliases == again.person.aliases
    assert first.category == again.category
    assert first.repeat_within == timedelta(minutes=30)


async def test_the_day_is_one_emergency_eight_complaints_a_repeat_and_the_rest(
    imitation: Call112Imitation, stage: Stage
) -> None:
    scenes = list(imitation.scenes(stage.rng))
    kinds = [str(scene.facts["type"]) for scene in scenes]
    assert {kind: kinds.count(kind) for kind in kinds} == {
        "Normal": 9,
        "Emergency": 1,
        "Prank": 2,
        "Ghost": 1,
        "Silent Call": 1,
        "Information": 2,
    }
    assert [scene.at for scene in scenes] == sorted(scene.at for scene in scenes)


@pytest.mark.parametrize("how", ["csv", "xlsx", "slow", "twice"])
async def test_however_the_log_is_dropped_it_arrives_once(
    imitation: Call112Imitation, new_hub: Callable[..., Hub], how: str
) -> None:
    hub = new_hub()
    await imitation.play("call", CALL)
    await imitation.play("call", CALL | {"type": "Prank", "category": "PRANK", "text": "kafé"})
    await imitation.play("drop", {"how": how})
    await imitation.writing_ends()
    await hub.poll_all()
    await hub.poll_all()
    assert len(hub.reports()) == 1
    assert len([raw for raw in hub.raws.values() if isinstance(raw, Raw)]) == 1
    assert sorted(hub.words().values()) == ["complaint", "prank"]


async def test_csv_and_workbook_of_one_log_hold_the_same_rows(
    imitation: Call112Imitation, new_hub: Callable[..., Hub]
) -> None:
    hub = new_hub()
    await imitation.play("call", CALL)
    for how in ("csv", "xlsx"):
        await imitation.play("drop", {"how": how})
        await hub.poll_all()
    assert len(hub.raws) == 1


async def test_a_slowly_written_file_is_not_taken_up_half(
    imitation: Call112Imitation, new_hub: Callable[..., Hub]
) -> None:
    hub = new_hub(settle_seconds=60)
    await imitation.play("call", CALL)
    await imitation.play("drop", {"how": "slow"})
    await asyncio.sleep(0)
    await hub.poll_all()
    assert hub.raws == {}
    assert hub.remarks == []


async def test_a_broken_workbook_is_refused_and_the_next_one_brings_its_calls(
    imitation: Call112Imitation, new_hub: Callable[..., Hub]
) -> None:
    hub = new_hub()
    await imitation.play("call", CALL)
    await imitation.play("drop", {"how": "broken"})
    await hub.poll_all()
    assert "ditolak/" in hub.remarks[-1]
    assert hub.reports() == {}
    await imitation.tick()
    await hub.poll_all()
    assert len(hub.reports()) == 1


async def test_the_number_of_a_prank_caller_is_in_nothing_that_the_hub_keeps(
    imitation: Call112Imitation, stage: Stage, new_hub: Callable[..., Hub]
) -> None:
    hub = new_hub()
    await play_day(imitation, stage)
    await imitation.tick()
    await hub.poll_all()
    kept = repr([(raw, getattr(raw, "body", b"")) for raw in hub.raws.values()])
    assert "08110003001" in kept
    assert "08110003010" not in kept
    assert "rekaman" not in kept


async def test_nothing_is_dropped_while_nobody_calls(
    imitation: Call112Imitation, stage: Stage
) -> None:
    await imitation.play("call", CALL)
    assert await imitation.act(stage.rng)
    assert not await imitation.act(stage.rng)


async def test_the_log_is_served_with_a_name_for_its_state(
    imitation: Call112Imitation, stage: Stage, new_hub: Callable[..., Hub]
) -> None:
    transport = SandboxTransport(build_harness([imitation], stage))
    url = "http://sandbox/upstream/call112/log.csv"
    hub = new_hub(transport, folder="", file_url=url)
    await imitation.play("call", CALL)
    await hub.poll_all()
    assert len(hub.reports()) == 1
    async with httpx.AsyncClient(transport=transport) as client:
        etag = (await client.get(url)).headers["etag"]
        assert (await client.get(url, headers={"If-None-Match": etag})).status_code == 304
        await imitation.play("call", CALL)
        assert (await client.get(url, headers={"If-None-Match": etag})).status_code == 200


async def test_the_same_calls_can_be_read_as_rows_of_a_database(
    imitation: Call112Imitation, new_hub: Callable[..., Hub]
) -> None:
    await imitation.play("call", CALL)
    told = await imitation.play("database", {})
    given = {name.removeprefix("CALL112_").lower(): value for name, value in told.items()}
    hub = new_hub(folder="", **given)
    await hub.poll_all()
    await imitation.play("call", CALL | {"type": "Ghost", "category": "GHOST"})
    await hub.poll_all()
    assert len(hub.reports()) == 1
    assert sorted(hub.words().values()) == ["complaint", "ghost"]


async def test_a_source_that_fails_holds_up_no_other_and_says_so(
    imitation: Call112Imitation, new_hub: Callable[..., Hub]
) -> None:
    hub = new_hub(
        database_url="sqlite:///tiada.db", table="log", cursor_column="no", profile="surabaya"
    )
    await imitation.play("call", CALL)
    await imitation.tick()
    await hub.poll_all()
    assert len(hub.reports()) == 1
    assert [remark for remark in hub.remarks if "CALL112_DATABASE_URL" in remark]


async def test_where_no_source_answers_the_first_one_says_why(
    imitation: Call112Imitation, new_hub: Callable[..., Hub]
) -> None:
    hub = new_hub(
        folder=str(imitation.folder / "tak-terpasang"),
        database_url="sqlite:///tiada.db",
        table="log",
        cursor_column="no",
        profile="surabaya",
    )
    with pytest.raises(Unavailable, match="CALL112_FOLDER"):
        await hub.poll_all()


async def test_a_call_can_be_made_on_the_page(
    imitation: Call112Imitation, stage: Stage, new_hub: Callable[..., Hub]
) -> None:
    hub = new_hub()
    typed = {name: text for name, text in CALL.items() if name != "complaint"}
    transport = SandboxTransport(build_harness([imitation], stage))
    async with httpx.AsyncClient(transport=transport, base_url="http://sandbox") as client:
        answer = await client.post("/play/call112/call", data=typed, follow_redirects=True)
    assert typed["text"] in answer.text
    await imitation.tick()
    await hub.poll_all()
    assert [report.text for report in hub.reports().values()] == [typed["text"]]


async def test_a_profile_that_is_not_there_is_named_before_the_start(
    mapping: Mapping, new_settings: Callable[..., Settings]
) -> None:
    settings = new_settings(
        database_url="sqlite:///x.db", table="log", cursor_column="no", profile="semarang"
    )
    with pytest.raises(ValueError, match=r"CALL112_PROFILE.*semarang"):
        build(settings, mapping)


@pytest.mark.parametrize(
    ("action", "facts"),
    [
        ("menari", {}),
        ("call", {"type": "Bercanda", "category": "PJU", "text": "x"}),
        ("call", {"type": "Normal", "category": "", "text": "x"}),
        ("drop", {"how": "merpati"}),
    ],
)
async def test_what_cannot_be_played_is_told_in_a_sentence(
    imitation: Call112Imitation, action: str, facts: dict[str, str]
) -> None:
    with pytest.raises(ValueError, match=r"\.$"):
        await imitation.play(action, facts)


async def test_the_page_says_that_it_is_an_imitation_and_shows_the_log(
    imitation: Call112Imitation,
) -> None:
    await imitation.play("call", CALL | {"text": "<b>padam</b>"})
    page = imitation.page()
    assert "Tiruan" in page
    assert "&lt;b&gt;padam" in page


async def test_what_was_dropped_goes_with_the_imitation(stage: Stage) -> None:
    imitation = Call112Imitation(stage)
    folder = imitation.folder
    await imitation.play("call", CALL)
    await imitation.play("drop", {"how": "slow"})
    await imitation.aclose()
    assert not exists(folder)
