"""Everything that can be made to fail, at every place there is, and how often on which kind of day."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from random import Random
from typing import Any

from tests.faults.simulated.plan import Step

REFUSALS = (400, 401, 403, 404, 422, 429, 500, 503)
# Every call that the hub makes, by the imitation that answers it.
ROUTES: Mapping[str, tuple[str, ...]] = {
    "whatsapp": ("^POST .*/messages$", "^GET /v", "^GET /files/"),
    "sp4n": (
        "^POST /complaints/complaint$",
        "^POST /complaints/complaint/file$",
        "^POST /complaints/followup/add$",
        "^GET /complaints/.*/complaint$",
        "^GET /complaints/.*/followups$",
        "^GET /inbound$",
        "^GET /masters/",
    ),
    "laporgub": (
        "^POST /api/aduan$",
        "^POST /api/aduan/.*/tindak-lanjut$",
        "^GET /api/aduan$",
        "^GET /api/aduan/.",
        "^GET /api/get-city$",
    ),
    "call112": ("^GET /log.csv$",),
}
SILENCING, SELDOM = (401, 403), 0.25
BENT = ("renamed", "missing", "number_as_string", "unknown_status")
SKEWED = ("sp4n", "laporgub", "whatsapp")
ROTATED = ("whatsapp", "sp4n", "laporgub")
WAYS: tuple[Mapping[str, Any], ...] = (
    {"kind": "delay", "seconds": 4.0},
    {"kind": "delay", "seconds": 40.0},
    {"kind": "drop_before"},
    {"kind": "drop_after"},
    *({"kind": "status", "status": status} for status in REFUSALS),
    {"kind": "status", "status": 429, "retry_after": 120},
    {"kind": "status_after", "status": 500},
    {"kind": "status_after", "status": 503},
    {"kind": "html", "status": 502},
    {"kind": "html", "status": 200},
    {"kind": "truncated"},
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Mood:
    """How much of what: `share` of all calls fail by themselves; the rest are numbers of events."""

    share: float = 0.45
    bursts: int = 8
    kills: int = 3
    webhooks: float = 0.5
    more: Mapping[str, int] = field(default_factory=dict)
    flood: bool = False


# A kind of day, how many in twenty are of it, and what it is made of.
MOODS: Mapping[str, tuple[int, Mood]] = {
    "calm": (4, Mood()),
    "flood": (2, Mood(flood=True, kills=4)),
    "outage": (3, Mood(more={"outage": 1})),
    "database": (2, Mood(more={"database_away": 4, "disk_full": 3})),
    "killing": (3, Mood(kills=16)),
    "crowded": (2, Mood(kills=6, more={"second_process": 3})),
    "drifting": (2, Mood(more={"drift": 8, "page": 5, "rotate": 2})),
    "clocks": (2, Mood(more={"skew": 2}, webhooks=0.8)),
}
# On any day, sometimes, so that everything meets everything.
ANYWHERE: Mapping[str, float] = {
    "drift": 0.7, "page": 0.7, "skew": 0.2, "rotate": 0.25, "second_process": 0.3,
    "database_away": 0.4, "disk_full": 0.4, "outage": 0.15,
}  # fmt: skip


def failing(rng: Random, mood: Mood, *, until: float) -> Iterator[Step]:
    """All faults of a day; none is left when `until` has come."""
    yield from _by_themselves(rng, mood, until)
    for _ in range(mood.bursts):
        yield _burst(rng, until)
    yield from _webhooks(mood, until)
    for _ in range(mood.kills):
        at = rng.uniform(20, until - 900)
        yield Step(at, "kill", {"awaits": _awaits(rng), "down": rng.choice((1, 5, 20, 120, 600))})
    for act, draw in _DRAWS.items():
        times = mood.more.get(act, 0) + (rng.random() < ANYWHERE[act])
        for _ in range(times):
            yield draw(rng, until)


def _by_themselves(rng: Random, mood: Mood, until: float) -> Iterator[Step]:
    """A share of all calls, everywhere, in each way."""
    for connector in ROUTES:
        for way in WAYS:
            # After these nothing is called for a while, so nothing else can fail.
            is_long = way.get("status") in SILENCING or "retry_after" in way
            share = mood.share / len(WAYS) * (SELDOM if is_long else 1)
            at = rng.uniform(0, 60)
            facts = {"connector": connector, "route": "", "share": round(share, 4)}
            yield Step(at, "fault", {**way, **facts, "until": until - at})


def _burst(rng: Random, until: float) -> Step:
    connector = rng.choice(list(ROUTES))
    at = rng.uniform(0, until - 600)
    return Step(
        at,
        "fault",
        {
            **rng.choice(WAYS),
            "connector": connector,
            "route": rng.choice(ROUTES[connector]),
            "times": rng.randint(1, 4),
            "until": min(1800.0, until - at),
        },
    )


def _webhooks(mood: Mood, until: float) -> Iterator[Step]:
    for kind in ("duplicate", "reorder", "delay"):
        facts = {"kind": kind, "share": mood.webhooks / 3, "seconds": 30.0, "until": until}
        yield Step(0.0, "webhooks", facts)


def _awaits(rng: Random) -> int:
    """Mostly soon: what has just been set in motion is what can break."""
    return int(rng.triangular(1, 400, 1))


def _outage(rng: Random, until: float) -> Step:
    lasts = rng.uniform(900, 3000)
    at = rng.uniform(0, max(until - lasts, 60))
    way = rng.choice(
        (
            {"kind": "drop_before"},
            {"kind": "status", "status": 503},
            {"kind": "html", "status": 502},
        )
    )
    connector = rng.choice(("sp4n", "laporgub", "whatsapp"))
    return Step(
        at, "fault", {**way, "connector": connector, "route": "", "until": min(lasts, until - at)}
    )


def _drift(rng: Random, until: float) -> Step:
    connector = rng.choice(("sp4n", "laporgub", "call112"))
    at = rng.uniform(0, until - 900)
    kind = "renamed" if connector == "call112" else rng.choice(BENT)
    gets = [route for route in ROUTES[connector] if "GET" in route]
    return Step(
        at,
        "drift",
        {
            "connector": connector,
            "kind": kind,
            "route": rng.choice(gets),
            "times": rng.randint(1, 3),
            "until": 1800.0,
        },
    )


def _page(rng: Random, until: float) -> Step:
    connector = rng.choice(("sp4n", "laporgub"))
    kind = rng.choice(("partial", "repeated"))
    route = {"sp4n": "^GET /inbound$", "laporgub": "^GET /api/aduan$"}[connector]
    at = rng.uniform(0, until - 1800)
    return Step(
        at,
        "page",
        {"connector": connector, "kind": kind, "route": route, "times": 3, "until": 1800.0},
    )


def _lasting(
    act: str, shortest: float, longest: float, **choices: tuple[Any, ...]
) -> Callable[[Random, float], Step]:
    def draw(rng: Random, until: float) -> Step:
        seconds = round(rng.uniform(shortest, longest), 1)
        facts = {name: rng.choice(values) for name, values in choices.items()}
        return Step(rng.uniform(10, until - seconds), act, {**facts, "seconds": seconds})

    return draw


_DRAWS: Mapping[str, Callable[[Random, float], Step]] = {
    "outage": _outage,
    "drift": _drift,
    "page": _page,
    "skew": _lasting("skew", 900, 3600, connector=SKEWED, hours=(-5, -2, 1, 3)),
    "rotate": _lasting("rotate", 60, 900, connector=ROTATED),
    "second_process": _lasting("second_process", 60, 1800),
    "database_away": _lasting("database_away", 2, 240),
    "disk_full": _lasting("disk_full", 5, 300, where=("database", "files", "both")),
}
