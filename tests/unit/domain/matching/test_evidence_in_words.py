"""What operators read for a verdict, in Bahasa Indonesia."""

import tomllib

import pytest

from hub.domain.matching.evidence import UNSAID
from hub.domain.matching.gist import Gist
from hub.domain.matching.phrases import PHRASES
from hub.domain.matching.sides import Sides
from hub.domain.matching.spot import Pin, Spot
from tests.bench.matching.rows import ROOT
from tests.unit.domain.matching.telling import KNOWN, gist, match, words

LAMP = "Lampu mati di Jl. Merdeka RT 3 RW 7 Bendan Kergon"


def between(one: Gist, two: Gist) -> str:
    """All the evidence in one line."""
    return "; ".join(words(match(two, one)))


def test_one_lamp_through_two_channels_reads_as_an_operator_would_say_it() -> None:
    read = between(
        gist(LAMP),
        gist(
            "PJU padam, Jalan Merdeka rt 03/07", channel="sp4n", ward="Bendan Kergon", minutes=40
        ),
    )
    for part in ("jalan sama (Merdeka)", "RT/RW sama (3/7)", "berselang 40 menit", "kanal lain"):
        assert part in read
    assert "«pju" in read
    assert "~ «lampu mati»" in read


def test_numbers_that_differ_stand_side_by_side() -> None:
    read = between(gist(LAMP), gist(LAMP.replace("RT 3", "RT 11"), minutes=5))
    assert "RT lain (11 / 3)" in read
    assert "RW sama (7)" in read


def test_a_kelurahan_that_only_the_street_tells_is_named_and_said_to_be_so() -> None:
    read = between(
        gist("Lampu mati di Jl. Merdeka"), gist("Lampu padam di Jl. Merdeka", minutes=5)
    )
    assert "kelurahan sama menurut jalannya (Bendan Kergon)" in read


def test_a_kelurahan_that_only_the_pins_tell_is_named_and_said_to_be_so() -> None:
    here = {"latitude": -6.8885, "longitude": 109.6753}
    there = {"latitude": -6.8887, "longitude": 109.6755}
    read = between(gist("Lampu mati", **here), gist("Lampu padam", minutes=5, **there))
    assert "kelurahan sama menurut titik (Kauman)" in read
    assert "titik berjarak 31 m" in read


def test_the_same_words_are_called_by_the_name_of_the_matter() -> None:
    assert "sama-sama lampu jalan mati" in between(gist(LAMP), gist(LAMP, minutes=3000))


def test_a_matter_that_nobody_named_is_called_no_name() -> None:
    sides = Sides(Gist(at=0, channel="sp4n"), Gist(at=0, channel="sp4n"), facts={}, known=KNOWN)
    assert sides.matter() == "pokok masalah sama"
    assert sides.each_topic() == "tidak jelas"


@pytest.mark.parametrize(
    ("seconds", "said"),
    [
        (20, "pada menit yang sama"), (40 * 60, "berselang 40 menit"), (31 * 3600, "berselang 31 jam"),
        (9 * 86_400, "berselang 9 hari"),
    ],
)  # fmt: skip
def test_a_gap_is_told_as_people_tell_it(seconds: int, said: str) -> None:
    one, two = Gist(at=0, channel="sp4n"), Gist(at=seconds, channel="sp4n")
    assert Sides(one, two, facts={}, known=KNOWN).gap() == said


def test_pins_far_apart_are_told_in_kilometres() -> None:
    one, two = (
        Gist(at=0, channel="sp4n", spot=Spot(pin=Pin(-6.88, longitude, 20)))
        for longitude in (109.66, 109.68)
    )
    assert Sides(one, two, facts={}, known=KNOWN).metres() == "2,2 km"


def test_every_fact_that_weighs_has_words_or_is_said_by_its_parts() -> None:
    weights = tomllib.loads((ROOT / "mappings/matching/weights.toml").read_text(encoding="utf-8"))
    names = {name for name in weights["pair"]["facts"] if not name.startswith("gap_")}
    assert names <= PHRASES.keys() | UNSAID


@pytest.mark.parametrize("name", sorted(PHRASES))
def test_no_phrase_has_brackets_with_nothing_in_them(name: str) -> None:
    silent = Gist(at=0, channel="sp4n")
    read = PHRASES[name](Sides(silent, silent, facts={"wording": 0.19}, known=KNOWN))
    assert "()" not in read
    assert read
