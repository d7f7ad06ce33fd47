"""Verdicts: conflicting numbers beat similar words, and what is doubtful is for a person."""

import math

import pytest

from hub.domain.matching import Verdict
from hub.domain.matching.gist import Gist
from hub.domain.matching.rules import is_tied
from tests.unit.domain.matching.telling import MATCHING, gist, match, names

LAMP = "Lampu jalan mati di Jl. Merdeka gang 2 no. 12 RT 3 RW 7 Bendan Kergon"
DAY = 24 * 60


def verdict(report: Gist, *complaint: Gist) -> Verdict:
    return match(report, *complaint).verdict


def test_the_same_words_about_the_same_spot_are_the_same() -> None:
    assert verdict(gist(LAMP, minutes=40), gist(LAMP)) is Verdict.SAME


def test_other_words_about_the_same_spot_are_the_same() -> None:
    told = gist("PJU padam, gelap. Jln Merdeka gg II, rt 03/07", channel="sp4n", minutes=40)
    assert verdict(told, gist(LAMP)) is Verdict.SAME


@pytest.mark.parametrize(
    ("here", "there"),
    [
        ("RT 3", "RT 4"), ("RW 7", "RW 8"), ("no. 12", "no. 14"), ("gang 2", "gang 4"),
        ("Bendan Kergon", "Krapyak"), ("Jl. Merdeka", "Jl. Kartini"),
    ],
)  # fmt: skip
@pytest.mark.parametrize("minutes", [1, 40, 3000])
def test_another_number_or_name_is_never_the_same_however_alike_the_words(
    here: str, there: str, minutes: int
) -> None:
    assert (
        verdict(gist(LAMP.replace(here, there), minutes=minutes), gist(LAMP)) is not Verdict.SAME
    )


def test_the_same_person_again_about_the_same_thing_is_no_new_complaint() -> None:
    again = gist("Lampu Jalan Merdeka belum nyala juga", person="7", minutes=2 * DAY)
    assert verdict(again, gist(LAMP, person="7")) is Verdict.SAME


def test_the_same_person_about_another_matter_is_another_complaint() -> None:
    other = gist("Sampah menumpuk di Jl. Kartini", person="7", minutes=60)
    assert verdict(other, gist(LAMP, person="7")) is not Verdict.SAME


def test_whoever_quotes_the_number_means_that_report() -> None:
    old = gist(LAMP, number="WA-10023")
    quoting = gist("Menyambung laporan WA-10023, lampu masih mati", minutes=4 * DAY)
    assert verdict(quoting, old) is Verdict.SAME
    assert "quoted" in names(match(quoting, old))


def test_whoever_quotes_the_ticket_that_we_told_means_that_complaint() -> None:
    old = Gist.from_json(
        gist(LAMP).to_json().replace('{"at"', '{"tickets":["pkl-2026-000123"],"at"')
    )
    quoting = gist("Soal PKL-2026-000123, lampu masih mati", minutes=DAY)
    assert "quoted" in names(match(quoting, old))


def test_one_persons_case_is_perhaps_the_same_at_most() -> None:
    card = "KTP saya belum jadi di kantor kelurahan Krapyak, sudah 2 bulan"
    assert verdict(gist(card, minutes=60), gist(card)) is Verdict.PERHAPS
    other = gist(card, minutes=60, person="8")
    assert verdict(other, gist(card, person="7")) is not Verdict.SAME


def test_what_was_mended_and_broke_again_is_a_new_complaint_that_returns() -> None:
    back = gist(f"Bulan lalu sudah diperbaiki, sekarang mati lagi. {LAMP}", minutes=30 * DAY)
    found = match(back, gist(LAMP))
    assert found.verdict is not Verdict.SAME
    assert found.returns


def test_a_report_that_contradicts_what_all_of_a_complaint_say_is_less_like_it() -> None:
    street = gist("Lampu jalan mati di Jl. Merdeka")
    many = [gist(f"Lampu jalan mati di Jl. Merdeka RT {n} RW 7", minutes=n) for n in (3, 3, 3, 3)]
    other = gist("Lampu jalan mati di Jl. Merdeka RT 9 RW 7", minutes=30)
    assert match(other, street, *many).score < match(other, street).score
    assert verdict(other, street, *many) is not Verdict.SAME


def test_in_a_flood_a_street_is_less_of_a_spot_than_on_other_days() -> None:
    street = gist("Banjir di Jl. Merdeka, air selutut")
    elsewhere = gist("Banjir di Jl. Kartini, air sepinggang", minutes=5)
    new = gist("Rob masuk rumah, Jl. Merdeka", minutes=60)
    alone = MATCHING.matcher.choose(new, {1: [street]}).matches[1]
    in_the_night = MATCHING.matcher.choose(new, {1: [street], 2: [elsewhere]}).matches[1]
    assert in_the_night.score < alone.score


NIGHT = {"hours_fine": 0.0, "hours_other": 0.0, "crowd": 1.0, "many": 0.0}


def test_in_a_flood_a_street_alone_ties_nothing() -> None:
    assert not is_tied({"street_same": 1.0}, NIGHT)


def test_a_flooded_street_of_which_many_have_told_is_a_spot_if_nothing_speaks_against_it() -> None:
    told_by_many = NIGHT | {"many": math.log(7)}
    assert is_tied({"street_same": 1.0}, told_by_many)
    assert not is_tied({"street_same": 1.0}, told_by_many | {"hours_other": 1.0})


def test_in_a_flood_an_rt_that_agrees_ties_two_as_on_any_day() -> None:
    assert is_tied({"spot_fine": 1.0}, NIGHT | {"hours_fine": 1.0})


def test_two_complaints_at_peace_that_would_each_do_are_twins_or_one_of_them_is_chosen() -> None:
    one, two = gist(LAMP), gist("PJU mati Jl. Merdeka gang 2 RT 3 RW 7", minutes=10)
    choice = MATCHING.matcher.choose(gist(LAMP, minutes=40), {1: [one], 2: [two]})
    assert choice.same in (1, 2)


def test_of_two_complaints_that_contradict_each_other_neither_is_a_twin() -> None:
    one, two = gist(LAMP), gist(LAMP.replace("RT 3", "RT 4"))
    choice = MATCHING.matcher.choose(
        gist("Lampu mati di Jl. Merdeka", minutes=9), {1: [one], 2: [two]}
    )
    assert choice.twins == ()


def test_the_likeliest_complaint_comes_first() -> None:
    far, near = gist("Lampu mati di Krapyak"), gist(LAMP)
    choice = MATCHING.matcher.choose(gist(LAMP, minutes=9), {1: [far], 2: [near]})
    assert list(choice.matches) == [2, 1]
    scores = [one.score for one in choice.matches.values()]
    assert scores == sorted(scores, reverse=True)


def test_a_report_with_nothing_beside_it_speaks_of_nothing_we_have() -> None:
    choice = MATCHING.matcher.choose(gist(LAMP), {})
    assert (choice.same, choice.perhaps, choice.twins) == (None, [], ())


def test_a_small_complaint_goes_to_the_one_that_its_reports_clearly_belong_to() -> None:
    whole = {1: [gist(LAMP), gist(LAMP, minutes=5)]}
    assert (united := MATCHING.matcher.unite([gist(LAMP, minutes=9)], whole)) is not None
    assert united[0] == 1
    other = [gist(LAMP.replace("RT 3", "RT 4"), minutes=9)]
    assert MATCHING.matcher.unite(other, whole) is None
