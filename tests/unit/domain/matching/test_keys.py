"""Which reports find each other: keys kept, and keys looked for."""

from hub.domain.matching.gist import Gist
from hub.domain.matching.keys import CELL, keys_of, looks_for
from tests.unit.domain.matching.telling import gist

LETTER = (
    "Kami warga mohon perhatian dinas karena sampah menumpuk berhari-hari, bau busuk menyengat, lalat "
    "beterbangan masuk warung dan anak sekolah terganggu"
)


def finds(new: Gist, old: Gist) -> bool:
    return bool(looks_for(new).keys() & keys_of(old))


def weight(new: Gist, old: Gist) -> float:
    found = looks_for(new)
    return sum(found[key] for key in found.keys() & keys_of(old))


def test_the_same_place_and_matter_share_a_key_whatever_the_words() -> None:
    assert finds(gist("PJU padam, jln Merdeka"), gist("Lampu jalan mati di Jl. Merdeka"))


def test_another_matter_at_the_same_place_is_not_looked_at() -> None:
    assert not finds(
        gist("Sampah menumpuk di Jl. Merdeka"), gist("Lampu jalan mati di Jl. Merdeka")
    )


def test_the_same_matter_elsewhere_is_not_looked_at() -> None:
    assert not finds(gist("Lampu jalan mati di Jl. Kartini"), gist("Lampu padam di Jl. Merdeka"))


def test_copies_of_a_letter_share_a_band_even_where_no_place_is_told() -> None:
    assert finds(gist(f"{LETTER}, terima kasih"), gist(LETTER))


def test_two_letters_of_other_words_share_none() -> None:
    other = "Ratusan murid kesulitan menyeberang, zebra cross pudar, pengendara ngebut tiap pagi"
    assert not finds(gist(other), gist(LETTER))


def test_a_pin_finds_its_neighbours_across_the_edge_of_a_cell() -> None:
    edge = -6.888 // CELL * CELL
    one = gist("Lampu mati", latitude=edge - 0.0001, longitude=109.6753)
    other = gist("Lampu mati", latitude=edge + 0.0001, longitude=109.6753)
    assert finds(one, other)
    assert finds(other, one)


def test_a_pin_a_kilometre_away_in_another_kelurahan_is_not_found() -> None:
    one = gist("Lampu mati", latitude=-6.8885, longitude=109.6753)
    assert not finds(gist("Lampu mati", latitude=-6.9085, longitude=109.6753), one)


def test_the_same_person_is_found_wherever_and_whatever() -> None:
    assert finds(gist("Sampah", person="7"), gist("Lampu mati di Jl. Merdeka", person="7"))


def test_a_quoted_number_finds_the_report_that_has_it() -> None:
    quoting = gist("Menyambung laporan WA-10023, masih sama")
    assert finds(quoting, gist("Lampu mati di Jl. Merdeka", number="WA-10023"))
    assert not finds(quoting, gist("Lampu mati di Jl. Merdeka", number="WA-10024"))


def test_whoever_quotes_a_number_is_no_bearer_of_it() -> None:
    one, other = (gist(f"Menyambung laporan WA-10023, {more}") for more in ("masih", "tolong"))
    assert not finds(one, other)


def test_a_landmark_says_more_than_a_kelurahan() -> None:
    new = gist("Lampu mati depan masjid Al Hidayah Krapyak")
    at_the_mosque = gist("Lampu padam di depan masjid Al Hidayah")
    assert weight(new, at_the_mosque) > weight(new, gist("Lampu padam di Krapyak"))


def test_keys_stay_the_same_for_ever() -> None:
    # What is in the database was hashed by an older hub: another number here finds none of it.
    assert keys_of(Gist(at=0, channel="whatsapp", person="7")) == {4083480611466028729}
