"""A simulated day as a whole: replayable by its seed, quiet at its end, its faults counted."""

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from tests.faults.simulated.plan import Plan, Step
from tests.faults.simulated.play import Played, play

ROOT = Path(__file__).parents[2]
LAMP = "Lampu jalan di Jalan Merdeka mati sejak tiga hari, mohon diperbaiki."
PROVINCE = "Jalan provinsi berlubang besar di depan pasar, mohon diperbaiki."
LAMP_CALL = {
    "connector": "call112", "type": "Normal", "category": "PJU", "sub_category": "PJU PADAM",
    "phone": "081100030001", "text": "Tiga lampu jalan di Jl. Truntum padam.",
}  # fmt: skip
TO_THE_PROVINCE = {
    "connector": "laporgub", "judul": "Jalan provinsi bergelombang", "nama": "Warsito",
    "isi": "Jalan provinsi ruas Kuripan bergelombang.", "kategori": "infrastruktur",
}  # fmt: skip


def said(at: float, text: str, *, who: int = 1, how: str = "say") -> Step:
    return Step(at, "say", {"who": f"62811000{who:04d}", "text": text, "how": how})


def officers(begin: float, *actions: str, of: int = 0) -> list[Step]:
    return [
        Step(begin + 300 * turn, "officer", {"connector": "sp4n", "action": action, "of": of})
        for turn, action in enumerate(actions)
    ]


def fault(kind: str, connector: str = "sp4n", **more: Any) -> Step:
    return Step(0, "fault", {"connector": connector, "kind": kind, **more})


def day(folder: Path, *steps: Step, seed: int = 1, **more: Any) -> Played:
    played = play(Plan(steps=steps), seed=seed, folder=folder, **more)
    assert played.trouble == ()
    return played


def journal(played: Played) -> str:
    return json.dumps([event.as_json() for event in played.events], default=str)


def happened(played: Played, kind: str) -> list[Mapping[str, Any]]:
    return [event.facts for event in played.events if event.kind == kind]


BUSY: tuple[Step, ...] = (
    said(10, LAMP, how="photo"),
    said(40, PROVINCE, who=2),
    Step(60, "say", LAMP_CALL),
    Step(70, "say", TO_THE_PROVINCE),
    *officers(500, "verify", "dispose", "answer", "close"),
    *(fault(kind, share=0.2) for kind in ("drop_before", "drop_after", "status", "html")),
    *(fault(kind, "whatsapp", share=0.2) for kind in ("drop_after", "status_after", "truncated")),
    Step(5, "webhooks", {"kind": "duplicate", "share": 0.5}),
    Step(45, "kill", {"awaits": 20, "down": 7}),
    Step(600, "kill", {"awaits": 200, "down": 20}),
)


@pytest.fixture(scope="module")
def busy(tmp_path_factory: pytest.TempPathFactory) -> Played:
    """One busy day that several tests look at."""
    return day(tmp_path_factory.mktemp("busy") / "day", *BUSY)


def test_on_a_day_without_faults_everybody_is_in_step(tmp_path: Path) -> None:
    played = day(tmp_path, said(10, LAMP), *officers(200, "verify", "dispose", "answer", "close"))
    [complaint] = played.complaints
    assert (complaint["status"], complaint["in_step"]) == ("closed", True)
    assert len(happened(played, "filed")) == 1
    assert len(happened(played, "told")) == 5
    assert played.is_quiet
    assert not played.fired
    assert played.kills == ()


def test_all_four_channels_bring_complaints(busy: Played) -> None:
    brought = {report["connector"] for each in busy.complaints for report in each["reports"]}
    assert brought == {"whatsapp", "laporgub", "call112"}
    assert {event.imitation for event in busy.events if event.kind == "filed"} == {
        "sp4n", "laporgub",
    }  # fmt: skip
    assert len(busy.complaints) == 4
    assert all(complaint["in_step"] for complaint in busy.complaints)


def test_the_same_seed_gives_the_same_day_to_the_byte(busy: Played, tmp_path: Path) -> None:
    again = day(tmp_path, *BUSY)
    assert journal(again) == journal(busy)
    assert (again.kills, again.fired, again.awaits) == (busy.kills, busy.fired, busy.awaits)
    assert again.complaints == busy.complaints


def test_another_seed_gives_another_day(tmp_path: Path) -> None:
    one, other = (
        day(tmp_path / str(seed), said(10, LAMP, how="photo"), seed=seed) for seed in (1, 2)
    )
    assert journal(one) != journal(other)


def test_the_day_does_not_depend_on_how_python_hashes(busy: Played, tmp_path: Path) -> None:
    story = (
        "import sys; from pathlib import Path; from tests.faults import test_simulation_kernel_day as t; "
        "print(t.journal(t.day(Path(sys.argv[1]), *t.BUSY)))"
    )
    shown = subprocess.run(
        [sys.executable, "-c", story, str(tmp_path)],
        env={**os.environ, "PYTHONHASHSEED": "4242"},
        cwd=ROOT,
        capture_output=True,
        check=True,
    ).stdout
    assert shown.decode().strip() == journal(busy)


def test_every_fault_that_fired_stands_in_the_journal(busy: Played) -> None:
    written = [(e.imitation, e.facts["fault"]) for e in busy.events if e.kind == "fault"]
    assert busy.fired.total() == len(written) > 10
    assert busy.fired["hub", "kill"] == len(busy.kills) == 2
    assert busy.fired["whatsapp", "webhook_duplicate"] > 0


def test_a_kill_tells_where_in_the_hub_it_fell(busy: Played) -> None:
    for kill in busy.kills:
        module, function, line = kill.place[-1].split(":")
        assert module.startswith("hub.")
        assert function
        assert int(line) > 0


def test_every_await_that_was_passed_can_be_known(tmp_path: Path) -> None:
    passed: set[str] = set()
    day(tmp_path, said(10, LAMP), passed=passed)
    functions = {place.rpartition(":")[0] for place in passed}
    assert {
        "hub.delivery.relay:Relay._deliver",
        "hub.delivery.relay:Relay._arrived",
        "hub.delivery.send_off:SendOff.prepare",
        "hub.intake.receive:Receive.receive",
        "hub.intake.read:ReadInbox.step",
        "hub.intake.gather:gather",
    } <= functions


def test_more_can_be_asked_before_the_hub_is_gone(tmp_path: Path) -> None:
    async def ask(clerk: Any) -> Any:
        return await clerk.get("/complaints", limit=10)

    played = day(tmp_path, said(10, LAMP), ask=ask)
    assert [line["ticket"] for line in played.asked["complaints"]] == [
        complaint["ticket"] for complaint in played.complaints
    ]
