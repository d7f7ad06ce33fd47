"""A title for words that came without one, and what counts as a place."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub.domain.complaint import title_of
from hub.domain.place import Place
from tests.fakes.complaint import lamp_complaint


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("Lampu jalan mati. Sudah tiga hari.", "Lampu jalan mati"),
        ("Di Jl. Veteran No. 7 ada lubang besar! Tolong", "Di Jl. Veteran No. 7 ada lubang besar"),
        ("\n\n  Sampah menumpuk  \nsudah lama", "Sampah menumpuk"),
        ("Kapan diperbaiki?? Terima kasih", "Kapan diperbaiki?"),
        ("Tiang di gg. 3 rw. 5 miring. Bahaya", "Tiang di gg. 3 rw. 5 miring"),
        ("", ""),
        ("  \n ", ""),
    ],
)
def test_a_title_is_the_first_sentence(text: str, title: str) -> None:
    assert title_of(text) == title


def test_a_long_sentence_is_cut_at_a_word() -> None:
    title = title_of("jalan rusak parah " * 20)
    assert title == "jalan rusak parah " * 4 + "jalan rusak parah…"


@given(st.text(), st.integers(5, 120))
def test_a_title_is_one_line_of_the_text_and_never_too_long(text: str, longest: int) -> None:
    title = title_of(text, longest=longest)
    assert len(title) <= longest + 1
    assert len(title.splitlines()) <= 1
    assert title.removesuffix("…") in text
    assert title == title.strip()


@given(st.from_regex(r"[A-Za-z]{4,20}( [a-z]{4,12}){0,20}", fullmatch=True))
def test_a_short_sentence_is_its_own_title(sentence: str) -> None:
    assert title_of(f"{sentence}. Terima kasih.", longest=400) == sentence


@pytest.mark.parametrize(
    ("place", "has_point"),
    [
        (Place(), False),
        (Place(-6.889, 109.675), True),
        (Place(-6.889, None), False),
        (Place(None, 109.675), False),
        (Place(0, 0), False),
        (Place(0.0, 109.33), True),
        (Place(words="depan masjid"), False),
    ],
)
def test_a_point_needs_both_numbers_and_is_not_the_null_island(
    place: Place, *, has_point: bool
) -> None:
    assert place.has_point is has_point


def test_what_a_citizen_wrote_is_not_in_the_representation_of_a_complaint() -> None:
    it = lamp_complaint()
    assert "Lampu" not in repr(it)
    assert it.ticket in repr(it)
