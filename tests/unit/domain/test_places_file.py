"""The gazetteer that the hub ships: every name means one place, in the city whose outlines lie beside it."""

import json
import re
import tomllib
from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest

from hub.domain.wards import Wards

MAPPINGS = Path(__file__).parents[3] / "mappings"
PLACES: dict[str, Any] = tomllib.loads(
    (MAPPINGS / "matching" / "places.toml").read_text(encoding="utf-8")
)
WARDS = Wards.from_geojson(
    json.loads((MAPPINGS / "regions" / "33.75.geojson").read_text(encoding="utf-8"))
)


def plain(name: str) -> str:
    return " ".join(re.findall(r"[a-z]+|\d+", name.lower()))


def twice(spellings: Iterable[str]) -> list[str]:
    return [spelling for spelling, times in Counter(spellings).items() if times > 1]


@pytest.mark.parametrize("table", ["streets", "wards", "relations"])
def test_no_spelling_means_two_things(table: str) -> None:
    spellings = (
        spelling
        for name, others in PLACES[table].items()
        for spelling in {plain(one) for one in (name, *others)}
    )
    assert twice(spellings) == []


def test_no_spelling_means_two_kinds_of_landmark_and_none_has_more_than_two_words() -> None:
    spellings = [
        plain(spelling)
        for name, mark in PLACES["landmarks"].items()
        for spelling in (name, *mark.get("also", ()))
    ]
    assert twice(spellings) == []
    assert [spelling for spelling in spellings if len(spelling.split()) > 2] == []


def test_the_kelurahan_are_those_of_the_outlines() -> None:
    assert set(PLACES["wards"]) == {ward.name for ward in WARDS.wards}


def test_no_place_outside_the_city_has_the_name_of_a_kelurahan() -> None:
    inside = {plain(one) for name, others in PLACES["wards"].items() for one in (name, *others)}
    streets = {plain(one) for name, others in PLACES["streets"].items() for one in (name, *others)}
    outside = {plain(one) for one in (*PLACES["outside"]["words"], *PLACES["outside"]["villages"])}
    assert not outside & (inside | streets)


def test_a_pin_that_is_no_place_lies_in_the_city_all_the_same() -> None:
    for latitude, longitude in PLACES["default_pins"]:
        assert WARDS.at(latitude, longitude) is not None


def test_a_name_that_needs_its_word_is_a_name() -> None:
    known = {
        plain(one)
        for table in ("streets", "wards")
        for name, others in PLACES[table].items()
        for one in (name, *others)
    }
    assert set(PLACES["only_behind_their_word"]) <= known


@pytest.mark.parametrize(
    ("said", "street"),
    [
        ("otista", "Otto Iskandardinata"),
        ("gatsu", "Gatot Subroto"),
        ("A. Yani", "Ahmad Yani"),
        ("Jend. Sudirman", "Jenderal Sudirman"),
        ("kha dahlan", "KH. Ahmad Dahlan"),
        ("dr soetomo", "Dr. Sutomo"),
        ("H.O.S. Tjokroaminoto", "HOS Cokroaminoto"),
    ],
)
def test_a_street_is_known_by_how_people_shorten_it(said: str, street: str) -> None:
    assert plain(said) in {plain(one) for one in PLACES["streets"][street]}
