"""Which cases of a labelled city are worth a look, and that learned weights are what is measured."""

import tomllib
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.bench.matching.boston_cases import candidates_of, cases_of
from tests.bench.matching.boston_learn import HOURS, METRES, STAFF, written
from tests.bench.matching.nearby import Around, Nearby, Spotted

NOON = datetime(2011, 7, 1, 12, 0, tzinfo=UTC)
LAMP = Spotted(
    opened_at=NOON, kind="Street Light Outages", channel="Self Service", latitude=42.3, longitude=-71.1
)  # fmt: skip
HEADER = "case_id,opened_at,type,reason,source,lat,lon,street_address,neighborhood"


def case(
    name: str, *, days: float = 0, metres: float = 0, kind: str = LAMP.kind
) -> tuple[str, Spotted]:
    at, north = NOON + timedelta(days=days), LAMP.latitude + metres / 111_195
    return name, replace(LAMP, opened_at=at, latitude=north, kind=kind)


def links(*cases: tuple[str, Spotted]) -> set[str]:
    return {"".join(sorted(one.link)) for one in candidates_of(cases)}


def test_cases_of_one_kind_are_looked_at_up_to_300_metres_and_60_days() -> None:
    near, far, late = case("b", metres=290), case("c", metres=-320), case("d", days=61)
    assert links(case("a"), near) == {"ab"}
    assert links(case("a"), far) == set()
    assert links(case("a"), late) == set()


def test_cases_of_two_kinds_are_looked_at_only_close_by() -> None:
    assert links(case("a"), case("b", metres=140, kind="Major System Failure")) == {"ab"}
    assert links(case("a"), case("b", metres=160, kind="Major System Failure")) == set()
    assert links(case("a"), case("b", days=15, kind="Major System Failure")) == set()


def test_what_is_known_around_a_case_is_what_came_before_it() -> None:
    cases = [
        case("a"),
        case("b", metres=10),
        case("c", metres=100),
        case("d", kind="Bed Bugs"),
        case("e"),
    ]
    around = {
        next(iter(one.link - {"a"})): one.around for one in candidates_of(cases) if "a" in one.link
    }
    assert around["b"] == Around(alike=1, on_the_spot=1)
    assert around["e"] == Around(alike=3, on_the_spot=2, others=1)


def test_a_case_on_a_default_coordinate_has_no_place(tmp_path: Path) -> None:
    row = "{},2011-07-01 01:32:33,Graffiti Removal,,Self Service,{},,"
    rows = [row.format(1, "42.3594,-71.0587"), row.format(2, "42.3,-71.1")]
    file = tmp_path / "cases.csv"
    file.write_text("\n".join([HEADER, *rows]), encoding="utf-8")
    assert [name for name, _ in cases_of(file)] == ["2"]


def test_learned_tables_are_written_as_the_hub_reads_them() -> None:
    names = "alike_around alike_on_the_spot others_around same_kind same_channel"
    tables = {
        "staff": sorted(STAFF), "bias": 1.5, "any_kind": -3.0, "any_two_kinds": -7.0,
        "metres": {"points": [[at, -float(at) / 100] for at in METRES], "offset": 10.0},
        "hours": {"points": [[at, 0.0] for at in HOURS], "offset": 0.003},
        "signs": dict.fromkeys(names.split(), 0.5), "kinds": {'Sign "Repair"': -1.25},
        "between": [{"kinds": ["A", "B"], "adds": -2.5}],
    }  # fmt: skip
    read = Nearby.from_tables(tomllib.loads(written(tables)))
    assert (read.bias, read.kinds, read.signs["same_kind"]) == (1.5, {'Sign "Repair"': -1.25}, 0.5)
    assert (read.between, read.staff) == ({frozenset("AB"): -2.5}, STAFF)
    assert read.metres.at(300) == pytest.approx(-3.0)
