"""Where a report speaks of, in all the ways that people write it."""

import pytest

from tests.unit.domain.matching.telling import HALL, gist


@pytest.mark.parametrize(
    "written",
    [
        "RT 3 RW 7",
        "RT 03/RW 07",
        "rt.03/rw.07",
        "RT03/07",
        "Rt 3, Rw 7",
        "rt 003 rw 007",
        "RT:3/RW:7",
    ],
)
def test_rt_and_rw_are_the_same_numbers_however_they_are_written(written: str) -> None:
    spot = gist(f"Lampu mati di {written}").spot
    assert spot.rt == {3}
    assert spot.rw == {7}


def test_an_rw_may_stand_alone() -> None:
    spot = gist("Banjir di RW 5").spot
    assert spot.rt == set()
    assert spot.rw == {5}


@pytest.mark.parametrize("written", ["gang III", "gg. 3", "Gang 3", "gng 03"])
def test_an_alley_has_one_number_in_roman_and_in_other_figures(written: str) -> None:
    assert gist(f"Lampu mati di {written}").spot.alleys == {"3"}


def test_an_alley_may_have_a_name() -> None:
    assert gist("Lampu mati di gang Mawar").spot.alleys == {"mawar"}


def test_a_house_has_a_number() -> None:
    assert gist("Got mampet Jl. Merdeka no. 12").spot.houses == {12}


@pytest.mark.parametrize(
    "other", ["nomor tiang 12", "no tiket 12345678", "no 12 tiang", "no hp 12"]
)
def test_the_number_of_a_lamp_post_a_ticket_or_a_telephone_is_no_house(other: str) -> None:
    assert gist(f"Lampu mati, {other}").spot.houses == frozenset()


def test_a_street_is_known_by_its_short_name_and_with_a_slip_of_the_pen() -> None:
    full = gist("Jalan rusak di Jl. Kartini").spot.streets
    assert gist("Jalan rusak di jln kartinii").spot.streets == full
    assert len(full) == 1


def test_a_landmark_is_a_place_with_its_side() -> None:
    spot = gist("Lampu mati di depan masjid Al Hidayah").spot
    assert spot.marks == {"masjid al hidayah"}
    assert spot.sides == {"depan"}


def test_a_pin_lies_in_its_kelurahan() -> None:
    pin = gist("Lampu mati", latitude=-6.8885, longitude=109.6753).spot.pin
    assert pin is not None
    assert pin.ward == "kauman"


def test_a_pin_from_a_citizens_phone_is_nearer_than_one_from_an_operator() -> None:
    where = {"latitude": -6.8885, "longitude": 109.6753}
    phone = gist("Lampu mati", **where).spot.pin
    operator = gist("Lampu mati", channel="call112", **where).spot.pin
    assert phone is not None
    assert operator is not None
    assert phone.error < operator.error


@pytest.mark.parametrize(
    "nowhere",
    [
        HALL,
        {"latitude": 0.0, "longitude": 0.0},
        {"latitude": float("nan"), "longitude": 109.6},
        {"latitude": -6.9, "longitude": float("inf")},
        {"latitude": 400.0, "longitude": 109.6},
    ],
)
def test_the_city_hall_and_what_is_no_place_on_earth_are_no_pins(
    nowhere: dict[str, float],
) -> None:
    assert gist("Lampu mati", **nowhere).spot.pin is None


def test_coordinates_in_the_words_are_a_pin_before_that_of_the_channel() -> None:
    pin = gist("Banjir di -6.8885, 109.6753", **HALL).spot.pin
    assert pin is not None
    assert pin.point == (-6.8885, 109.6753)


def test_a_village_of_the_neighbour_regency_lies_outside() -> None:
    assert gist("Banjir di Buaran Kabupaten Pekalongan").spot.outside
    assert gist("Banjir di Desa Tirto kab. Pekalongan").spot.outside


def test_the_kelurahan_of_that_name_lies_in_the_city() -> None:
    assert not gist("Banjir di Kelurahan Tirto").spot.outside


def test_the_kelurahan_of_a_form_counts_as_told() -> None:
    assert gist("Lampu mati", ward="Kel. Krapyak").spot.wards == {"krapyak"}
