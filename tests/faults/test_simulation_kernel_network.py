"""What lies between hub and imitations: each way to fail really fires, and the day still ends in step."""

from collections.abc import Iterator, Mapping
from typing import Any

import httpx
import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

from hub.sandbox import Journal, SandboxClock, Stage
from tests.faults.simulated.plan import Plan, Step
from tests.faults.simulated.play import Played, play
from tests.faults.simulated.twists import UNKNOWN_WORD, Bend, Twist

LAMP = "Lampu jalan di Jalan Merdeka mati sejak tiga hari, mohon diperbaiki."
PROVINCE = "Jalan provinsi berlubang besar di depan pasar, mohon diperbaiki."
ROWS = [{"id": number, "status": "Verifikasi"} for number in range(1, 6)]


async def listed(request: Request) -> Response:
    return JSONResponse({"data": ROWS[: int(request.query_params.get("batas", "5"))]})


async def log(request: Request) -> Response:
    del request
    return PlainTextResponse("NO,KATEGORI,URAIAN LAPORAN\n1,PJU,padam\n")


@pytest.fixture
def bend() -> Bend:
    app = Starlette(routes=[Route("/api/aduan", listed), Route("/log.csv", log)])
    journal = Journal(SandboxClock())
    return Bend(app=app, name="laporgub", rng=Stage().rng, journal=journal)


async def called(bend: Bend, path: str = "/api/aduan") -> httpx.Response:
    way = httpx.ASGITransport(bend)
    async with httpx.AsyncClient(transport=way, base_url="http://there") as client:
        return await client.get(path)


async def asked(bend: Bend, path: str = "/api/aduan") -> Any:
    answer = await called(bend, path)
    return answer.json() if "json" in answer.headers["content-type"] else answer.text


def fired(bend: Bend) -> list[str]:
    return [event.facts["fault"] for event in bend.journal.of("fault")]


def keys_of(answer: Mapping[str, Any]) -> Iterator[str]:
    yield from answer
    for row in answer.get("data", answer.get("data_v2", ())):
        yield from row


async def test_a_renamed_field_has_another_name_once(bend: Bend) -> None:
    bend.twists.append(Twist(kind="renamed", times=1))
    assert [key for key in keys_of(await asked(bend)) if key.endswith("_v2")]
    assert await asked(bend) == {"data": ROWS}
    assert fired(bend) == ["drift_renamed"]


async def test_a_missing_field_is_gone(bend: Bend) -> None:
    bend.twists.append(Twist(kind="missing"))
    assert len(list(keys_of(await asked(bend)))) < len(list(keys_of({"data": ROWS})))


async def test_a_number_comes_as_a_string(bend: Bend) -> None:
    bend.twists.append(Twist(kind="number_as_string"))
    assert sum(isinstance(row["id"], str) for row in (await asked(bend))["data"]) == 1


async def test_a_status_is_a_word_nobody_knows(bend: Bend) -> None:
    bend.twists.append(Twist(kind="unknown_status"))
    assert [row["status"] for row in (await asked(bend))["data"]].count(UNKNOWN_WORD) == 1


async def test_a_column_of_a_file_has_another_head(bend: Bend) -> None:
    bend.twists.append(Twist(kind="renamed"))
    assert "URAIAN KEJADIAN" in await asked(bend, "/log.csv")


async def test_a_page_is_cut_short_by_asking_for_one_row(bend: Bend) -> None:
    bend.twists.append(Twist(kind="partial"))
    assert (await asked(bend))["data"] == ROWS[:1]
    assert fired(bend) == ["page_partial"]


async def test_an_old_page_comes_once_more(bend: Bend) -> None:
    await asked(bend, "/api/aduan?batas=2")
    bend.twists.append(Twist(kind="repeated", times=1))
    assert (await asked(bend))["data"] == ROWS[:2]
    assert fired(bend) == ["page_repeated"]


async def test_what_changes_nothing_has_not_fired(bend: Bend) -> None:
    bend.twists.append(Twist(kind="repeated"))
    bend.twists.append(Twist(kind="unknown_status", route="log"))
    await asked(bend)
    await asked(bend, "/log.csv")
    assert fired(bend) == []


async def test_another_route_is_left_alone(bend: Bend) -> None:
    bend.twists.append(Twist(kind="missing", route="log"))
    assert await asked(bend) == {"data": ROWS}


async def test_a_changed_key_is_refused(bend: Bend) -> None:
    bend.locked_out = True
    assert (await called(bend)).status_code == 401
    assert fired(bend) == ["rotated"]


def said(at: float, who: int, text: str) -> Step:
    facts = {"who": f"62811000{who:04d}", "text": text, "how": "photo"}
    return Step(at, "say", facts)


HARD: tuple[Step, ...] = (
    *(said(20 + 60 * who, who, PROVINCE if who % 2 else LAMP) for who in range(4)),
    *(
        Step(900 + 200 * turn, "officer", {"connector": "sp4n", "action": action, "of": 0})
        for turn, action in enumerate(("verify", "dispose", "answer", "close"))
    ),
    *(
        Step(0, "webhooks", {"kind": kind, "share": 0.3, "seconds": 25})
        for kind in ("duplicate", "reorder", "delay")
    ),
    Step(1, "page", {"connector": "sp4n", "kind": "partial", "times": 3}),
    Step(1, "page", {"connector": "laporgub", "kind": "repeated", "times": 3}),
    Step(1, "fault", {"connector": "whatsapp", "kind": "delay", "seconds": 45, "times": 2}),
    Step(15, "disk_full", {"seconds": 200, "where": "files"}),
    Step(80, "disk_full", {"seconds": 40, "where": "database"}),
    Step(150, "database_away", {"seconds": 45}),
    Step(260, "rotate", {"connector": "whatsapp", "seconds": 240}),
    Step(300, "skew", {"connector": "sp4n", "hours": 3, "seconds": 100}),
    Step(520, "second_process", {"seconds": 300}),
    Step(600, "rotate", {"connector": "laporgub", "seconds": 200}),
    Step(1300, "kill", {"awaits": 40, "down": 30}),
)


@pytest.fixture(scope="module")
def hard(tmp_path_factory: pytest.TempPathFactory) -> Played:
    """A day with everything that is not a switch of the sandbox."""
    folder = tmp_path_factory.mktemp("hard") / "day"
    return play(Plan(steps=HARD), seed=3, folder=folder)


@pytest.mark.parametrize(
    "what",
    [
        ("whatsapp", "webhook_duplicate"), ("whatsapp", "webhook_reorder"), ("whatsapp", "webhook_delay"),
        ("whatsapp", "delay"), ("whatsapp", "rotated"), ("laporgub", "rotated"), ("sp4n", "skew"),
        ("sp4n", "page_partial"), ("database", "disk_full"), ("database", "database_away"),
        ("files", "disk_full"), ("hub", "second_process"), ("hub", "kill"),
    ],
)  # fmt: skip
def test_it_really_fired(hard: Played, what: tuple[str, str]) -> None:
    assert hard.fired[what] > 0, hard.fired


def test_all_the_same_the_day_ends_in_step(hard: Played) -> None:
    assert hard.trouble == ()
    assert hard.is_quiet
    assert len(hard.complaints) == 4
    assert [complaint["in_step"] for complaint in hard.complaints] == [True] * 4
    told = [
        (event.facts["conversation"], event.facts["text"])
        for event in hard.events
        if event.kind == "told"
    ]
    assert len(told) == len(set(told))
