"""Small days, each aimed at one mistake: the fault falls where the mistake would show."""

from collections.abc import Callable, Mapping
from random import Random

from tests.faults.simulated.plan import Plan, Step

WHO = "6281100001001"
CITY = "Sampah di TPS Klego belum diangkut sejak Senin"
ROAD = "Jalan provinsi di Kuripan bergelombang, mohon ditambal"


def _day(*steps: Step) -> Plan:
    return Plan(steps=tuple(sorted(steps, key=lambda step: step.at)), lists=False, mood="aimed")


def _said(text: str = CITY) -> Step:
    return Step(5.0, "say", {"who": WHO, "text": text, "complaint": "keluhan"})


def _move(at: float, status: str) -> Step:
    facts = {"action": "move", "of": 0, "status": status, "note": f"catatan op-{at:.0f}"}
    return Step(at, "operator", facts)


def push_cut_off(rng: Random) -> Plan:
    """The answer to a new report is long in coming, and the hub is killed while it waits."""
    route = "^POST /complaints/complaint$"
    slow = {"connector": "sp4n", "kind": "delay", "route": route, "seconds": 30.0, "times": 1}
    return _day(
        _said(),
        Step(0, "fault", slow),
        Step(12 + rng.uniform(0, 20), "kill", {"awaits": rng.randint(1, 2), "down": 60}),
    )


def own_follow_up_comes_back(rng: Random) -> Plan:
    """A follow-up of ours arrives late and makes SP4N show another status; then somebody looks there."""
    away = {"connector": "sp4n", "kind": "drop_before", "route": "^POST ", "until": 240.0}
    at = rng.uniform(300, 600)
    return _day(_said(), Step(at - 1, "fault", away), _move(at, "in_progress"))


def page_cut_off(rng: Random) -> Plan:
    """Citizens complain to the province, and the hub dies about when that is fetched."""
    said = [
        Step(
            60.0 + number,
            "say",
            {
                "connector": "laporgub",
                "isi": f"{CITY} ({number})",
                "complaint": f"sampah-{number}",
            },
        )
        for number in range(8)
    ]
    # Of a page that is not the last one nothing is read again.
    route = {"connector": "laporgub", "kind": "partial", "route": "^GET /api/aduan$"}
    small = Step(100, "page", {**route, "until": 900.0})
    # Pages come every three minutes.
    return _day(*said, small, Step(179.9, "kill", {"awaits": rng.randint(36, 64), "down": 5}))


def late_news(rng: Random) -> Plan:
    """An officer moves while LaporGub is away; an operator decides otherwise before we hear of it."""
    at = rng.uniform(400, 700)
    away = {"connector": "laporgub", "kind": "drop_before", "route": "", "until": 900.0}
    given = {"connector": "laporgub", "of": 0, "action": "move", "status": "PROGRES"}
    return _day(
        _said(ROAD),
        Step(at - 60, "fault", away),
        Step(at, "officer", {**given, "text": "catatan lg-1"}),
        _move(at + 400, "answered"),
    )


AIMED: Mapping[str, Callable[[Random], Plan]] = {
    "attempt after the answer": push_cut_off,
    "echo not recognised": own_follow_up_comes_back,
    "cursor saved first": page_cut_off,
    "lease without expiry": push_cut_off,
    "order of arrival": late_news,
}


def aimed_day(name: str, seed: int) -> Plan:
    """The day of this seed that is aimed at this mistake."""
    return AIMED[name](Random(f"{seed}/{name}"))  # noqa: S311 - play, not secrets
