"""Words of an emergency: what is happening now, and what only sounds like it."""

import re
import tomllib
import tracemalloc
from pathlib import Path
from string import punctuation
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub.domain.emergency import EmergencyWords

ROOT = Path(__file__).parents[3]
CASES = tomllib.loads(Path(__file__).with_name("emergency_cases.toml").read_text(encoding="utf-8"))
TABLES = tomllib.loads((ROOT / "mappings" / "emergency.toml").read_text(encoding="utf-8"))
WORDS = EmergencyWords.from_tables(TABLES)

# Marks that stand inside a word in no spelling; "<" and "&" would begin what web forms send.
MARKS = [mark for mark in punctuation if mark not in "&#;<>"]
between = st.lists(
    st.sampled_from([" ", "  ", "\n", "\t", "\r\n", "\u00a0", *MARKS]), min_size=1, max_size=4
).map(lambda marks: "".join([*marks, " "]))
cases = st.sampled_from([str.upper, str.lower, str.title, str.swapcase])


@pytest.mark.parametrize("text", CASES["fires"])
def test_something_that_is_happening_now_is_found(text: str) -> None:
    assert WORDS.find(text)


@pytest.mark.parametrize("text", CASES["is_none"])
def test_what_only_sounds_like_it_is_none(text: str) -> None:
    assert WORDS.find(text) is None


@given(st.data(), st.sampled_from(CASES["fires"] + CASES["is_none"]))
def test_case_blanks_line_breaks_and_punctuation_change_nothing(data: Any, text: str) -> None:
    written = "".join(
        data.draw(cases)(word) + data.draw(between) for word in text.replace("-", " ").split()
    )
    assert WORDS.find(written) == WORDS.find(text)


@given(st.text())
def test_no_text_is_too_strange(text: str) -> None:
    WORDS.find(text)


def test_letters_held_down_and_slips_of_a_finger_are_read_as_meant() -> None:
    for text in ("KEBAKARAAAAN", "kbakaran", "kebakarna", "tolooong damkaaar", "kecelakann"):
        assert WORDS.find(text), text
    assert WORDS.find("mohon dievaluasi warga") is None, "one letter from being evacuated"


def test_what_is_shown_holds_neither_names_nor_numbers() -> None:
    found = WORDS.find("tolong pak Sumarno 081100001234 ambulans, ibu pingsan")
    assert found == "tolong … ambulans"


def test_a_void_phrase_hides_no_real_one() -> None:
    assert WORDS.find(
        "Jalan ini rawan kecelakaan dan gelap. Sekarang gudang kain di situ terbakar"
    )
    assert WORDS.find("kebakaran kemarin sudah padam, tetapi sekarang ada api lagi di gudang")


def test_a_very_long_text_is_read_as_far_as_anybody_in_danger_would_write() -> None:
    assert WORDS.find("kebakaran " + "kata " * 200_000)
    assert WORDS.find("kata " * 200_000) is None


@pytest.mark.parametrize("text", ["x" * 30_000, "kebakaranx" * 3_000, "12" * 10_000])
def test_one_word_without_end_costs_no_more_memory_than_it_takes(text: str) -> None:
    tracemalloc.start()
    try:
        assert WORDS.spelling.right(text) == text
        assert WORDS.find(text) is None
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak < 5_000_000


def test_an_alarm_stands_early_and_what_comes_far_behind_is_not_searched() -> None:
    filler = "Lampu jalan mati. "
    assert WORDS.find(filler * 200 + "Rumah terbakar!")
    assert WORDS.find(filler * 300 + "Rumah terbakar!") is None


def test_without_a_list_nothing_is_found() -> None:
    assert EmergencyWords.none().find("kebakaran") is None


@pytest.mark.parametrize(
    ("tables", "told"),
    [
        ({}, "[words] kosong"),
        ({"words": {"api": "kebakaran"}}, "[words] api harus berupa daftar kata"),
        ({"words": {"api": ["<naga> terbakar"]}}, "<naga>, yang tak ada di [groups]"),
        ({"words": {"api": ["x"]}, "not": {"beside": ["y"]}}, "[not] tidak mengenal 'beside'"),
        ({"words": {"api": ["x"]}, "spelling": {"x": ["a b"]}}, "'a b' harus satu kata"),
        ({"words": ["kebakaran"]}, "[words] harus berupa tabel"),
        ({"words": {"api": ["x"]}, "now": [1]}, "now harus berupa daftar kata"),
    ],
)
def test_a_spoiled_list_is_refused_with_where_to_mend_it(
    tables: dict[str, Any], told: str
) -> None:
    with pytest.raises(ValueError, match=re.escape(told)):
        EmergencyWords.from_tables(tables)
