"""Which kelurahan a pin lies in and which one a name means, on the outlines that the hub ships."""

import json
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub.domain.wards import Ward, Wards, distance_m

FILE = Path(__file__).parents[3] / "mappings" / "regions" / "33.75.geojson"
PEKALONGAN: dict[str, Any] = json.loads(FILE.read_text(encoding="utf-8"))
WARDS = Wards.from_geojson(PEKALONGAN)
LATITUDE_FIRST = [[-6.9, 109.6], [-6.8, 109.6], [-6.8, 109.7], [-6.9, 109.6]]
SQUARE = [[0, 0], [4, 0], [4, 4], [0, 4], [0, 0]]


def feature(code: str, name: str, ring: Any, *, kind: str = "Polygon") -> dict[str, Any]:
    coordinates = [[ring]] if kind == "MultiPolygon" else [ring]
    return {
        "properties": {"code": code, "kelurahan": name, "kecamatan": "Utara"},
        "geometry": {"type": kind, "coordinates": coordinates},
    }


def wards(*features: Any) -> Wards:
    return Wards.from_geojson({"features": list(features)})


def code_at(latitude: float, longitude: float) -> str | None:
    found = WARDS.at(latitude, longitude)
    return found.code if found else None


def holding(latitude: float, longitude: float) -> list[Ward]:
    return [ward for ward in WARDS.wards if ward.holds(latitude, longitude)]


def centre(ward: Ward) -> tuple[float, float]:
    """The centroid of the area, as maps give it."""
    area = up = right = 0.0
    (base_y, base_x) = ward.ring[0]
    moved = [(y - base_y, x - base_x) for y, x in ward.ring]
    for (y1, x1), (y2, x2) in pairwise(moved):
        cross = x1 * y2 - x2 * y1
        area, up, right = area + cross, up + (y1 + y2) * cross, right + (x1 + x2) * cross
    return base_y + up / (3 * area), base_x + right / (3 * area)


def test_the_city_has_its_twenty_seven_kelurahan() -> None:
    assert len(WARDS.wards) == 27
    assert {ward.district for ward in WARDS.wards} == {
        "Pekalongan Barat", "Pekalongan Timur", "Pekalongan Utara", "Pekalongan Selatan",
    }  # fmt: skip
    assert all(ward.code.startswith("33.75.") for ward in WARDS.wards)


@pytest.mark.parametrize(
    "ward", [ward for ward in WARDS.wards if ward.name != "Buaran Kradenan"], ids=lambda w: w.name
)
def test_the_centre_of_a_kelurahan_lies_in_it(ward: Ward) -> None:
    assert WARDS.at(*centre(ward)) == ward


def test_the_centre_of_a_bent_kelurahan_may_lie_outside_of_it() -> None:
    buaran = WARDS.named("Buaran Kradenan")
    assert buaran is not None
    assert not buaran.holds(-6.91265, 109.656664), "what the file of the outlines calls its centre"
    assert WARDS.at(-6.91265, 109.656664) != buaran


def test_the_city_hall_lies_in_one_kelurahan_and_the_neighbour_regency_in_none() -> None:
    assert WARDS.at(-6.897139, 109.661914) == WARDS.named("Podosugih")
    assert WARDS.at(-7.02, 109.60) is None
    assert WARDS.at(0.0, 0.0) is None
    assert WARDS.at(float("nan"), 109.66) is None


LATITUDES = st.floats(-6.94, -6.84)
LONGITUDES = st.floats(109.63, 109.73)


@given(LATITUDES, LONGITUDES)
def test_a_point_lies_in_the_kelurahan_whose_ring_runs_round_it(
    latitude: float, longitude: float
) -> None:
    # Between the six decimals of the corners: hardly ever on an edge, where both readings are right.
    latitude, longitude = round(latitude, 6) + 3e-7, round(longitude, 6) + 4e-7
    round_it = [ward for ward in WARDS.wards if winding(ward, latitude, longitude)]
    assert holding(latitude, longitude) == round_it
    found = WARDS.at(latitude, longitude)
    assert found in round_it if round_it else found is None


@given(LATITUDES, LONGITUDES)
def test_a_point_lies_in_one_kelurahan_at_most_unless_it_is_on_their_edge(
    latitude: float, longitude: float
) -> None:
    found = holding(latitude, longitude)
    # The outlines are simplified: along a border two of them overlap by a few metres.
    assert len(found) <= 1 or (
        len(found) == 2 and all(metres_to_edge(w, latitude, longitude) < 10 for w in found)
    )


@given(st.sampled_from(WARDS.wards), st.data())
def test_a_point_on_an_edge_belongs_to_that_kelurahan_and_at_most_to_its_neighbour(
    ward: Ward, data: st.DataObject
) -> None:
    corner = data.draw(st.integers(0, len(ward.ring) - 2))
    (y1, x1), (y2, x2) = ward.ring[corner], ward.ring[corner + 1]
    middle = (y1 + y2) / 2, (x1 + x2) / 2
    assert ward in holding(y1, x1)
    assert ward in holding(*middle)
    assert len(holding(*middle)) <= 2
    assert WARDS.at(*middle) in holding(*middle)


def winding(ward: Ward, latitude: float, longitude: float) -> int:
    """How often the ring runs round the point, in degrees: another reading than the hub's own."""
    turns = 0
    for (y1, x1), (y2, x2) in pairwise(ward.ring):
        left = (x2 - x1) * (latitude - y1) - (longitude - x1) * (y2 - y1)
        if y1 <= latitude < y2 and left > 0:
            turns += 1
        elif y2 <= latitude < y1 and left < 0:
            turns -= 1
    return turns


def metres_to_edge(ward: Ward, latitude: float, longitude: float) -> float:
    def flat(point: tuple[float, float]) -> complex:
        return complex((point[1] - longitude) * 110_518, (point[0] - latitude) * 110_574)

    def to_line(a: complex, b: complex) -> float:
        along = b - a
        share = -(a * along.conjugate()).real / abs(along) ** 2
        return abs(a + min(1.0, max(0.0, share)) * along)

    return min(to_line(flat(a), flat(b)) for a, b in pairwise(ward.ring))


@pytest.mark.parametrize(
    ("written", "name"),
    [
        ("Medono", "Medono"),
        ("  medono ", "Medono"),
        ("MEDONO", "Medono"),
        ("Kel. Medono", "Medono"),
        ("Kel.Medono", "Medono"),
        ("kelurahan Medono", "Medono"),
        ("Desa Medono, Kec. Pekalongan Barat", "Medono"),
        ("Medono Kecamatan Pekalongan Barat", "Medono"),
        ("kalibaros", "Kali Baros"),
        ("Kali  Baros", "Kali Baros"),
        ("Pasir Kraton Kramat", "Pasirkratonkramat"),
        ("33.75.01.1002", "Medono"),
        ("3375011002", "Medono"),
    ],
)
def test_a_kelurahan_is_known_however_it_is_written(written: str, name: str) -> None:
    found = WARDS.named(written)
    assert found is not None
    assert found.name == name


@pytest.mark.parametrize(
    "written", ["", "Kel.", "-", "Medo", "Pekalongan Barat", "33.75", "Bligo"]
)
def test_what_is_no_kelurahan_of_the_city_is_none(written: str) -> None:
    assert WARDS.named(written) is None


def test_a_name_that_two_kelurahan_share_means_neither_and_the_code_still_one() -> None:
    both = wards(feature("1.1", "Karang", SQUARE), feature("1.2", "Karang", SQUARE))
    assert both.named("Karang") is None
    assert both.named("1.2") == both.wards[1]


def test_a_kelurahan_of_two_islands_is_found_on_both_and_by_its_name() -> None:
    far = [[longitude + 10, latitude] for longitude, latitude in SQUARE]
    shape = feature("1.1", "Pulau", SQUARE, kind="MultiPolygon")
    shape["geometry"]["coordinates"].append([far])
    islands = wards(shape)
    for longitude in (2, 12):
        found = islands.at(2, longitude)
        assert found is not None
        assert found.name == "Pulau"
    assert islands.at(2, 7) is None
    assert islands.named("pulau") is not None


def test_an_enclave_is_found_inside_the_kelurahan_around_it() -> None:
    inner = [[1, 1], [2, 1], [2, 2], [1, 2], [1, 1]]
    city = wards(feature("1.1", "Luar", SQUARE), feature("1.2", "Dalam", inner))
    assert city.at(1.5, 1.5) == city.wards[1]
    assert city.at(3, 3) == city.wards[0]


def test_without_outlines_nothing_is_found() -> None:
    assert Wards.none().at(-6.897139, 109.661914) is None
    assert Wards.none().named("Medono") is None


@pytest.mark.parametrize(
    ("spoiled", "sentence"),
    [
        ([], "features"),
        ({"features": []}, "features"),
        ({"features": ["Medono"]}, "tidak lengkap"),
        ({"features": [feature("1", "Medono", SQUARE) | {"properties": {}}]}, "tidak lengkap"),
        ({"features": [feature("1", "Medono", SQUARE, kind="Point")]}, "berupa Point"),
        ({"features": [feature("1", "Medono", [["a", "b"]] * 4)]}, "could not convert"),
        ({"features": [feature("1", "Medono", SQUARE[:-1])]}, "garis batas Medono tidak tertutup"),
        (
            {"features": [feature("1", "Medono", LATITUDE_FIRST)]},
            "bujur harus ditulis sebelum lintang",
        ),
    ],
)  # fmt: skip
def test_a_file_of_outlines_that_cannot_be_used_says_why(spoiled: Any, sentence: str) -> None:
    with pytest.raises(ValueError, match=sentence):
        Wards.from_geojson(spoiled)


def test_a_distance_is_in_metres() -> None:
    city_hall, alun_alun = (-6.897139, 109.661914), (-6.888687, 109.67601)
    assert distance_m(city_hall, alun_alun) == pytest.approx(1818, rel=0.01)
    assert distance_m(city_hall, alun_alun) == pytest.approx(distance_m(alun_alun, city_hall))
    assert distance_m(city_hall, city_hall) == 0
    assert distance_m((0, 0), (0, 1)) == pytest.approx(111_195, rel=0.001)
