"""What channels, censors and keyboards do to a text says nothing of the trouble."""

import pytest

from tests.unit.domain.matching.telling import gist

LAMP = "Lampu jalan mati"


def test_the_censors_markers_are_no_words_of_the_citizen() -> None:
    marked = gist(f"[NOMOR TELEPON DISENSOR] {LAMP} [NOMOR KTP DISENSOR] [EMAIL DISENSOR]")
    assert marked.words == gist(LAMP).words


def test_letters_that_were_read_in_the_wrong_code_are_mended_or_dropped() -> None:
    broken = "Jalan berlubang di Jl. Kartini \u2013 \u201csegera\u201d".encode().decode(
        "cp1252", "ignore"
    )
    assert gist(broken).words == gist("Jalan berlubang di Jl. Kartini segera").words
    assert gist(broken).spot.streets == {"ra kartini"}


def test_sentences_that_a_desk_has_glued_together_are_read_apart() -> None:
    glued = gist("Sampah menumpuk dari kemarin.Alamat Jl. DiponegoroKelurahan BandenganSudah bau")
    assert glued.spot.streets == {"diponegoro"}
    assert glued.spot.wards == {"bandengan"}
    assert glued.topic == "sampah"


@pytest.mark.parametrize("end", ["\n", "\\n", "<br>"])
def test_the_end_of_a_line_is_the_end_of_a_name(end: str) -> None:
    read = gist(f"{LAMP}{end}Jl. Merdeka gang 3")
    assert read.spot.streets == {"merdeka"}
    assert read.spot.alleys == {"3"}


@pytest.mark.parametrize(
    "typed",
    [
        "lmpu jln mati",
        "lampuu jalaan mati",
        "LAMPU JALAN MATI!!!",
        "Lampune dalan mati",
        "lampu jalan mati 😭😭",
    ],
)
def test_slang_slips_and_javanese_are_the_same_words(typed: str) -> None:
    assert {"lampu", "jalan", "mati"} <= gist(typed).words
    assert gist(typed).topic == gist(LAMP).topic


def test_javanese_tells_a_span_too() -> None:
    said = gist("Lampune mati wis telung dina").began
    assert said == gist("Lampu mati sudah 3 hari").began
    assert said is not None


def test_an_empty_text_is_read_and_says_nothing() -> None:
    read = gist(" \n ")
    assert (read.topics, read.words, read.topic) == ({}, frozenset(), None)
