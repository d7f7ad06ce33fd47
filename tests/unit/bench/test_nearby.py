"""Cases without words: place, time and kind."""

import tomllib
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.bench.matching.nearby import Around, Curve, Nearby, Spotted

SHIPPED = Path(__file__).parents[3] / "tests" / "bench" / "matching" / "nearby.toml"
ALONE = Around()
FIRST = Spotted(
    opened_at=datetime(2011, 8, 28, 9, 0, tzinfo=UTC), kind="Tree Emergencies", channel="Constituent Call",
    latitude=42.3, longitude=-71.1, address="36 Gove St",
)  # fmt: skip


@pytest.fixture(scope="module")
def nearby() -> Nearby:
    return Nearby.from_tables(tomllib.loads(SHIPPED.read_text(encoding="utf-8")))


def later(*, hours: float = 1.0, metres_north: float = 0.0, **changes: str) -> Spotted:
    return replace(
        FIRST,
        opened_at=FIRST.opened_at + timedelta(hours=hours),
        latitude=FIRST.latitude + metres_north / 111_195,
        **changes,  # type: ignore[arg-type]
    )


def test_a_curve_goes_through_its_points_and_stays_level_beyond_them() -> None:
    curve = Curve(((0, 0.0), (10, -1.0), (100, -3.0)), offset=10)
    assert [round(curve.at(value), 6) for value in (0, 10, 100, 5000)] == [0.0, -1.0, -3.0, -3.0]


def test_a_curve_is_straight_on_a_logarithmic_scale_between_its_points() -> None:
    # With the offset, 20 lies halfway between 10 and 40.
    assert Curve(((0, 0.0), (30, -2.0)), offset=10).at(10) == pytest.approx(-1.0)


def test_metres_are_those_on_the_ground_north_and_east() -> None:
    east = replace(FIRST, longitude=FIRST.longitude + 0.001)
    assert FIRST.metres_to(later(metres_north=50)) == pytest.approx(50)
    assert FIRST.metres_to(east) == pytest.approx(82.2, abs=0.2)


def test_farther_away_and_longer_ago_speak_less_for_a_repeat(nearby: Nearby) -> None:
    here = nearby.chance(FIRST, later(), around=ALONE)
    assert here > nearby.chance(FIRST, later(metres_north=120), around=ALONE)
    assert here > nearby.chance(FIRST, later(hours=24 * 30), around=ALONE)


def test_a_kind_that_is_hardly_ever_a_repeat_speaks_against_one(nearby: Nearby) -> None:
    holes = {"kind": "Pothole Repair (Internal)"}
    trees = nearby.chance(FIRST, later(), around=ALONE)
    assert nearby.chance(replace(FIRST, **holes), later(**holes), around=ALONE) < trees / 100  # type: ignore[arg-type]


def test_where_many_of_the_kind_stand_on_the_spot_another_proves_less(nearby: Nearby) -> None:
    busy = nearby.chance(FIRST, later(), around=Around(alike=20, on_the_spot=20, others=9))
    assert busy < nearby.chance(FIRST, later(), around=ALONE)


def test_two_cases_that_staff_wrote_themselves_are_rarely_one(nearby: Nearby) -> None:
    by_staff = replace(FIRST, channel="Employee Generated")
    assert nearby.chance(
        by_staff, later(channel="Employee Generated"), around=ALONE
    ) < nearby.chance(FIRST, later(), around=ALONE)


def test_two_kinds_that_staff_have_joined_before_are_likelier_one_than_any_two(
    nearby: Nearby,
) -> None:
    light = replace(FIRST, kind="Street Light Outages")
    known = nearby.chance(light, later(kind="General Lighting Request"), around=ALONE)
    assert known > nearby.chance(light, later(kind="Bed Bugs"), around=ALONE)


def test_a_kind_nobody_has_met_is_weighed_as_an_ordinary_one(nearby: Nearby) -> None:
    lamp = replace(FIRST, kind="Lampu jalan")
    assert nearby.kind_of(lamp, later(kind="Lampu jalan")) == nearby.any_kind


def test_the_chance_is_the_bias_and_the_evidence_and_nothing_else(nearby: Nearby) -> None:
    only_metres = replace(nearby, signs=dict.fromkeys(nearby.signs, 0.0), kinds={FIRST.kind: 0.0})
    flat = replace(only_metres, bias=0.0, hours=Curve(((0, 0.0), (1, 0.0)), 1))
    assert flat.chance(FIRST, later(), around=ALONE) == pytest.approx(0.5)


def test_two_cases_of_one_second_weigh_as_two_within_seconds(nearby: Nearby) -> None:
    at_once = nearby.chance(FIRST, later(hours=0), around=ALONE)
    assert at_once == nearby.chance(FIRST, later(hours=0.002), around=ALONE)
