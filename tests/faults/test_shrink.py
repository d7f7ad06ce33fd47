"""A long day that goes wrong is made short, and told in sentences."""

from collections.abc import Sequence

from tests.faults.simulated.plan import Plan, Step
from tests.faults.simulated.shrink import shortest
from tests.faults.simulated.story import story


def test_of_a_hundred_steps_the_two_that_matter_are_left() -> None:
    kept = shortest(range(100), lambda parts: 17 in parts and 71 in parts, tries=1000)
    assert kept == (17, 71)


def test_what_fails_without_any_step_has_an_empty_story() -> None:
    assert shortest(range(10), lambda _: True, tries=1000) == ()


def test_what_needs_every_step_stays_as_it_is() -> None:
    assert shortest(range(6), lambda parts: len(parts) == 6, tries=1000) == tuple(range(6))


def test_whoever_runs_out_of_tries_keeps_what_still_fails() -> None:
    asked: list[Sequence[int]] = []

    def fails(parts: Sequence[int]) -> bool:
        asked.append(parts)
        return 3 in parts

    kept = shortest(range(64), fails, tries=4)
    assert len(asked) == 4
    assert 3 in kept
    assert len(kept) < 64


def test_the_story_of_a_day_names_who_did_what_and_when() -> None:
    plan = Plan(
        steps=(
            Step(733, "kill", {"awaits": 12, "down": 5}),
            Step(720, "say", {"who": "6281100001001", "how": "say", "text": "Lampu mati"}),
            Step(
                730,
                "fault",
                {
                    "connector": "sp4n",
                    "kind": "drop_after",
                    "route": "^POST /complaints/complaint$",
                    "times": 1,
                },
            ),
            Step(
                900,
                "officer",
                {"connector": "laporgub", "action": "move", "of": 0, "status": "PROGRES"},
            ),
        ),
        lists=False,
    )
    assert story(plan) == [
        "SP4N has no list of reports; matching is off",
        "at 00:12:00 a citizen (6281100001001) says 'Lampu mati'",
        "at 00:12:10 1 times POST /complaints/complaint at SP4N is done, and its answer dropped",
        "at 00:12:13 the hub is killed at its 12th await from here, and comes back 5 s later",
        "at 00:15:00 somebody at LaporGub does «move» with report 0 (status 'PROGRES')",
    ]


def test_every_act_of_a_plan_has_a_sentence_of_its_own() -> None:
    acts: dict[str, dict[str, object]] = {
        "second_process": {"seconds": 60},
        "database_away": {"seconds": 30},
        "disk_full": {"seconds": 30, "where": "files"},
        "skew": {"connector": "laporgub", "hours": -3, "seconds": 600},
        "rotate": {"connector": "sp4n", "seconds": 300},
        "drift": {"connector": "sp4n", "kind": "missing", "route": "^GET", "share": 0.5},
        "page": {"connector": "laporgub", "kind": "repeated", "times": 2},
        "webhooks": {"kind": "reorder", "share": 0.2},
        "operator": {"action": "move", "of": 3, "status": "closed"},
    }
    steps = tuple(Step(0, act, facts) for act, facts in acts.items())
    told = [line.removeprefix("at 00:00:00 ") for line in story(Plan(steps=steps))[1:]]
    assert len(set(told)) == len(acts)
    assert not any(line.startswith(tuple(acts)) for line in told), told
