"""Telling two texts apart: nothing is lost, and numbers of places weigh most."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jinja2 import Environment

from hub.web.differences import Compared, compare

WORDS = st.sampled_from(
    [
        "RT 03/05",
        "rt 4",
        "RW.02",
        "Gg. IV",
        "gang Melati",
        "No 12a",
        "lampu",
        "<b>",
        "&",
        "\n",
        "é",
    ]
)
TEXTS = st.one_of(st.text(max_size=60), st.lists(WORDS, max_size=12).map(" ".join))


def marked(compared: Compared, mark: str) -> tuple[list[str], list[str]]:
    sides = (compared.left, compared.right)
    left, right = ([piece.text for piece in side if piece.mark == mark] for side in sides)
    return left, right


@given(TEXTS, TEXTS)
def test_the_pieces_of_a_text_are_the_text(left: str, right: str) -> None:
    compared = compare(left, right)

    assert "".join(piece.text for piece in compared.left) == left
    assert "".join(piece.text for piece in compared.right) == right


@given(TEXTS, TEXTS)
def test_what_is_said_of_one_side_is_said_of_the_other(left: str, right: str) -> None:
    there, back = compare(left, right), compare(right, left)

    assert [(label, b, a) for label, a, b in there.clashes] == list(back.clashes)


@given(TEXTS)
def test_a_text_never_clashes_with_itself(text: str) -> None:
    compared = compare(text, text)

    assert compared.clashes == ()
    assert not {piece.mark for piece in compared.left} & {"differs", "clash"}


@given(TEXTS, TEXTS)
def test_nothing_written_becomes_markup(left: str, right: str) -> None:
    template = Environment(autoescape=True).from_string(
        "{% for p in pieces %}<i>{{ p.text }}</i>{% endfor %}"
    )

    html = template.render(pieces=compare(left, right).left)

    assert html.replace("<i>", "").replace("</i>", "").count("<") == 0


@pytest.mark.parametrize(
    ("left", "right", "clash"),
    [
        ("lampu mati di RT 03 RW 05", "lampu padam RT 4/5", ("RT", "3", "4")),
        ("rt03/rw02", "RT 3 RW 7", ("RW", "2", "7")),
        ("Gang IV gelap", "gg. 5 gelap", ("gang", "4", "5")),
        ("Gang Melati gelap", "Gg Mawar gelap", ("gang", "melati", "mawar")),
        ("rumah no. 12", "rumah nomor 14", ("nomor", "12", "14")),
    ],
)
def test_numbers_of_a_place_that_contradict_each_other_clash(
    left: str, right: str, clash: tuple[str, str, str]
) -> None:
    assert compare(left, right).clashes == (clash,)


@pytest.mark.parametrize(
    ("left", "right"),
    [
        ("RT 03/RW 05", "rt 3 rw 5"),
        ("RT.3/5", "Rt 03, Rw 05"),
        ("Gg. II", "gang 2"),
        ("RT 3", "No 4"),
        ("Jalan rusak, no comment", "jalan rusak"),
        ("3 lampu mati", "5 lampu mati"),
    ],
)
def test_one_place_in_two_spellings_does_not_clash(left: str, right: str) -> None:
    assert compare(left, right).clashes == ()


def test_the_number_and_its_word_are_marked_together() -> None:
    compared = compare("lampu mati di RT 03 gang 2", "di RT 4 gg II lampu padam")

    assert marked(compared, "clash") == (["RT 03"], ["RT 4"])
    assert marked(compared, "same-number") == (["gang 2"], ["gg II"])


def test_words_of_everybody_are_neither_shared_nor_different() -> None:
    compared = compare("Mohon tolong lampu", "Mohon pak jembatan")

    assert marked(compared, "agrees") == ([], [])
    assert marked(compared, "differs") == (["lampu"], ["jembatan"])


def test_a_word_that_stands_elsewhere_agrees() -> None:
    compared = compare("pasar Banjarsari, sampah menumpuk", "sampah di depan pasar banjarsari")

    assert "".join(marked(compared, "agrees")[0]) == "pasarBanjarsarisampah"
    assert marked(compared, "differs") == (["menumpuk"], ["depan"])


def test_a_letter_that_circulates_is_one_wording() -> None:
    letter = "Kami warga memohon perbaikan saluran air di lingkungan kami gang {} karena mampet"

    assert compare(letter.format(3), letter.format(7)).is_one_wording
    assert not compare(letter.format(3), "selokan buntu sejak kemarin pak").is_one_wording
