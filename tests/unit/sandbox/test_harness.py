"""The harness as scripts and people meet it, without a socket."""

import asyncio
from datetime import timedelta

import httpx
import pytest

from hub.sandbox import SandboxTransport, Stage
from hub.sandbox.harness import build_harness
from hub.sandbox.troupe import Troupe
from tests.unit.sandbox.letterbox import Letterbox


async def test_an_imitation_is_served_below_its_name(sandbox: httpx.AsyncClient) -> None:
    answer = await sandbox.post("/upstream/letterbox/letters", content="halo")
    assert answer.json()["letters"] == 1


async def test_a_dropped_call_loses_the_connection_through_the_harness_too(
    sandbox: httpx.AsyncClient, letterbox: Letterbox
) -> None:
    wish = {"imitation": "letterbox", "kind": "drop_after", "route": "^POST /letters$"}
    assert (await sandbox.post("/control/faults", json=wish)).json() == {"added": 1}
    with pytest.raises(httpx.ReadError):
        await sandbox.post("/upstream/letterbox/letters", content="halo")
    assert letterbox.letters == ["halo"]


async def test_faults_can_be_seen_and_taken_off_again(sandbox: httpx.AsyncClient) -> None:
    wish = {"imitation": "letterbox", "kind": "status", "status": 429, "times": 3, "share": 0.5}
    await sandbox.post("/control/faults", json=wish)
    shown = (await sandbox.get("/control/faults")).json()
    assert shown == [wish | {"route": "", "retry_after": None, "seconds": 0.5}]
    assert (await sandbox.delete("/control/faults")).json() == {"removed": 1}
    assert (await sandbox.get("/control/faults")).json() == []


async def test_each_imitation_counts_the_times_of_a_fault_for_itself() -> None:
    stage = Stage()
    boxes = [Letterbox(stage), Letterbox(stage, name="other")]
    transport = SandboxTransport(build_harness(boxes, stage))
    async with httpx.AsyncClient(transport=transport, base_url=stage.base_url) as client:
        await client.post("/control/faults", json={"kind": "status", "status": 500, "times": 1})
        paths = ["/upstream/letterbox/letters", "/upstream/other/letters"]
        codes = [(await client.get(path)).status_code for path in paths + paths]
    assert codes == [500, 500, 200, 200]


async def test_everything_is_one_wish(sandbox: httpx.AsyncClient) -> None:
    wish = {"imitation": "*", "share": 0.1, "preset": "everything"}
    await sandbox.post("/control/faults", json=wish)
    shown = (await sandbox.get("/control/faults")).json()
    assert {"drop_before", "drop_after", "truncated", "html"} <= {each["kind"] for each in shown}


@pytest.mark.parametrize(
    ("wish", "sentence"),
    [
        ({"kind": "explode"}, "Saklar gangguan tidak sah: kind"),
        ({}, "Saklar gangguan tidak sah: kind"),
        ({"kind": "html", "share": 2}, "share harus bilangan antara 0 dan 1"),
        ({"kind": "html", "share": "semua"}, "share harus bilangan antara 0 dan 1"),
        ({"kind": "html", "route": "("}, "route bukan pola yang sah"),
        ({"kind": "html", "statuss": 500}, "Tidak dikenal pada saklar gangguan: statuss"),
        ({"preset": "nothing", "share": 0.1}, "preset hanya"),
        ([], "harus berupa objek JSON"),
    ],
)
async def test_a_wish_that_makes_no_sense_is_answered_with_a_sentence(
    sandbox: httpx.AsyncClient, wish: object, sentence: str
) -> None:
    answer = await sandbox.post("/control/faults", json=wish)
    assert answer.status_code == 400
    assert sentence in answer.json()["message"]


async def test_an_unknown_imitation_is_named_together_with_the_known_ones(
    sandbox: httpx.AsyncClient,
) -> None:
    answer = await sandbox.post("/control/act", json={"imitation": "nobody"})
    assert answer.status_code == 404
    assert answer.json()["message"] == "Tidak ada tiruan bernama 'nobody'; yang ada: letterbox."


async def test_officers_act_until_nothing_is_left(sandbox: httpx.AsyncClient) -> None:
    acted = [(await sandbox.post("/control/act")).json()["acted"] for _ in range(2)]
    assert acted == [True, False]


async def test_scenes_come_in_order_and_a_seed_repeats_its_day(sandbox: httpx.AsyncClient) -> None:
    first = (await sandbox.get("/control/scenes", params={"seed": 7})).json()
    again = (await sandbox.get("/control/scenes", params={"seed": 7})).json()
    other = (await sandbox.get("/control/scenes", params={"seed": 8})).json()
    assert [scene["at"] for scene in first] == [3.0, 9.0]
    assert first[0] == {
        "imitation": "letterbox",
        "at": 3.0,
        "action": "write",
        "facts": {"text": "surat pagi"},
    }
    assert first == again != other


async def test_a_play_by_json_is_answered_with_json(sandbox: httpx.AsyncClient) -> None:
    answer = await sandbox.post("/play/letterbox/write", json={"text": "halo"})
    assert answer.json()["letters"] == 1


async def test_a_play_by_form_leads_back_to_the_page(sandbox: httpx.AsyncClient) -> None:
    answer = await sandbox.post("/play/letterbox/write", data={"text": "halo"})
    assert (answer.status_code, answer.headers["location"]) == (303, "/play/letterbox")
    assert "1 surat" in (await sandbox.get("/play/letterbox")).text


async def test_a_play_that_is_impossible_is_answered_with_its_sentence(
    sandbox: httpx.AsyncClient,
) -> None:
    by_json = await sandbox.post("/play/letterbox/burn", json={})
    by_form = await sandbox.post("/play/letterbox/burn", data={"text": "halo"})
    assert (by_json.status_code, by_form.status_code) == (400, 400)
    assert by_json.json()["message"] == by_form.text == "Kotak surat tidak bisa 'burn'."


async def test_moving_the_clock_lets_happen_what_time_brings(
    sandbox: httpx.AsyncClient, stage: Stage, letterbox: Letterbox
) -> None:
    await sandbox.post("/control/clock", json={"advance_seconds": 864_000})
    assert stage.clock.offset == timedelta(days=10)
    assert letterbox.ticks == 1


async def test_the_clock_does_not_go_back(sandbox: httpx.AsyncClient, stage: Stage) -> None:
    answer = await sandbox.post("/control/clock", json={"advance_seconds": -1})
    assert answer.status_code == 400
    assert stage.clock.offset == timedelta()


async def test_the_journal_can_be_read_on_from_a_number_and_by_kind(
    sandbox: httpx.AsyncClient, stage: Stage
) -> None:
    stage.journal.write("letterbox", "said", message="a")
    stage.journal.write("letterbox", "moved", since=stage.clock.now())
    stage.journal.write("letterbox", "said", message="b")
    later = (await sandbox.get("/control/journal", params={"since": 1})).json()
    said = (await sandbox.get("/control/journal", params={"since": 1, "kind": "said"})).json()
    assert [event["number"] for event in later] == [1, 2]
    assert [event["facts"] for event in said] == [{"message": "b"}]


async def test_the_environment_is_that_of_all_imitations(sandbox: httpx.AsyncClient) -> None:
    environment = (await sandbox.get("/control/environment")).json()
    assert environment == {"LETTERBOX_BASE_URL": "http://sandbox/upstream/letterbox"}


async def test_the_page_says_that_all_this_is_an_imitation_and_escapes_what_citizens_wrote(
    sandbox: httpx.AsyncClient,
) -> None:
    await sandbox.post("/play/letterbox/write", json={"text": "<script>alert(1)</script>"})
    await sandbox.post("/control/faults", json={"kind": "truncated", "route": "^POST"})
    page = (await sandbox.get("/")).text
    assert "Ini tiruan." in page
    assert 'src="/play/letterbox"' in page
    assert "&lt;script&gt;alert(1)" in page
    assert "<script>alert(1)" not in page
    assert "truncated" in page


async def test_one_rusty_imitation_does_not_stop_the_others_from_ticking(stage: Stage) -> None:
    rusty, sound = Letterbox(stage, name="rusty"), Letterbox(stage, name="sound")
    rusty.is_broken = True
    await Troupe([rusty, sound], stage).tick()
    assert sound.ticks == 1


async def test_the_imitations_tick_while_the_harness_serves_and_are_closed_with_it(
    stage: Stage, letterbox: Letterbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("hub.sandbox.troupe.TICK_SECONDS", 0.001)
    harness = build_harness([letterbox], stage)
    async with harness.router.lifespan_context(harness):
        await asyncio.sleep(0.05)
    assert letterbox.ticks > 1
    assert letterbox.is_closed
