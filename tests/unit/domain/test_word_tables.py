"""The word tables that matching reads say what they mean: each word once, in its final form."""

import re
import tomllib
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

MATCHING = Path(__file__).parents[3] / "mappings" / "matching"
MOST_WORDS = 4
PLAIN = re.compile(r"[a-z0-9]+(?: [a-z0-9]+)*")


def table(name: str) -> dict[str, Any]:
    return tomllib.loads((MATCHING / f"{name}.toml").read_text(encoding="utf-8"))


WORDS, TOPICS, DETAILS = table("words"), table("topics"), table("facts")["details"]
SHORT: dict[str, str] = WORDS["short"]
STOP = [word for group in WORDS["stop"].values() for word in group]
CODES = list(TOPICS["topics"])


def signs_of(part: dict[str, Any]) -> list[str]:
    return [sign for signs in part["signs"].values() for sign in signs]


def parts() -> dict[str, dict[str, Any]]:
    """Every topic and every kind, by code."""
    topics: dict[str, dict[str, Any]] = TOPICS["topics"]
    kinds = {
        f"{code}.{kind}": part
        for code, topic in topics.items()
        for kind, part in topic.get("kinds", {}).items()
    }
    return topics | kinds


def spelt_otherwise(phrase: str) -> list[str]:
    """What of a phrase `[short]` would rewrite: no text that has been read holds it."""
    words = phrase.split()
    runs = [*words, *(" ".join(words[i : i + n]) for i in range(len(words)) for n in (2, 3))]
    return [run for run in runs if run in SHORT]


def twice(words: list[str]) -> list[str]:
    return [word for word, times in Counter(words).items() if times > 1]


def test_no_word_is_short_for_itself() -> None:
    assert [word for word, meant in SHORT.items() if word == meant] == []


def test_what_a_word_means_needs_no_second_look() -> None:
    assert {word: meant for word, meant in SHORT.items() if spelt_otherwise(meant)} == {}


def test_short_words_are_written_as_texts_are_read() -> None:
    assert [key for key in [*SHORT, *SHORT.values()] if not PLAIN.fullmatch(key)] == []


def test_words_that_say_nothing_are_in_their_final_form_and_named_once() -> None:
    assert [word for word in STOP if word in SHORT] == []
    assert twice(STOP) == []


def test_an_ordinary_word_has_no_other_meaning() -> None:
    assert [word for word in WORDS["known"]["words"] if word in SHORT or word in STOP] == []


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("yg", "yang"), ("gak", "tidak"), ("ora", "tidak"), ("jln", "jalan"), ("bolong", "lubang"),
        ("murub", "nyala"), ("peteng", "gelap"), ("banyu", "air"), ("wingi", "kemarin"),
        ("lor", "utara"), ("wetan", "timur"), ("loro", "2"), ("rolas", "12"), ("dua belas", "12"),
        ("mburi", "belakang"), ("cedak", "dekat"), ("bangjo", "apill"), ("traffic light", "apill"),
    ],
)  # fmt: skip
def test_everyday_and_javanese_words_mean_what_people_mean(written: str, meant: str) -> None:
    assert SHORT[written] == meant


@pytest.mark.parametrize("part", list(parts().values()), ids=list(parts()))
def test_signs_are_in_the_form_in_which_texts_are_read(part: dict[str, Any]) -> None:
    signs = signs_of(part)
    assert [sign for sign in signs if spelt_otherwise(sign) or not PLAIN.fullmatch(sign)] == []
    assert [sign for sign in signs if len(sign.split()) > MOST_WORDS] == []


@pytest.mark.parametrize("part", list(parts().values()), ids=list(parts()))
def test_a_sign_has_one_strength(part: dict[str, Any]) -> None:
    assert signs_of(part)
    assert set(part["signs"]) <= {"1", "2", "3"}
    assert twice([" ".join(sorted(sign.split())) for sign in signs_of(part)]) == []


@pytest.mark.parametrize("code", CODES)
def test_a_topic_is_near_topics_that_exist(code: str) -> None:
    near = TOPICS["topics"][code]["near"]
    assert set(near) <= set(CODES) - {code}


@pytest.mark.parametrize("code", CODES)
def test_a_topic_says_how_long_it_lasts_and_what_channels_call_it(code: str) -> None:
    topic = TOPICS["topics"][code]
    assert topic["lasts"] in {"hours", "days", "weeks"}
    assert topic["categories"] == [name.strip().casefold() for name in topic["categories"]]


def test_no_two_topics_and_no_two_kinds_of_one_have_the_same_label() -> None:
    assert twice([topic["label"] for topic in TOPICS["topics"].values()]) == []
    for topic in TOPICS["topics"].values():
        assert twice([kind["label"] for kind in topic.get("kinds", {}).values()]) == []


def test_a_strong_sign_speaks_for_one_topic() -> None:
    strong = [
        " ".join(sorted(sign.split()))
        for topic in TOPICS["topics"].values()
        for sign in topic["signs"].get("3", ())
    ]
    assert twice(strong) == []


def test_a_detail_belongs_to_a_topic() -> None:
    assert {detail["topic"] for detail in DETAILS} <= set(CODES)


@pytest.mark.parametrize("detail", DETAILS, ids=lambda detail: detail["name"])
def test_the_words_of_a_detail_are_in_the_form_in_which_texts_are_read(
    detail: dict[str, Any],
) -> None:
    assert detail["words"]
    assert [words for words in detail["words"] if spelt_otherwise(words)] == []
    assert [words for words in detail["words"] if not PLAIN.fullmatch(words)] == []


def test_a_detail_has_a_name_of_its_own() -> None:
    assert twice([detail["name"] for detail in DETAILS]) == []


def test_an_aspect_tells_details_of_one_topic_apart_by_different_words() -> None:
    aspects: dict[str, list[dict[str, Any]]] = {}
    for detail in DETAILS:
        if "aspect" in detail:
            aspects.setdefault(detail["aspect"], []).append(detail)
    for details in aspects.values():
        assert len(details) > 1
        assert len({detail["topic"] for detail in details}) == 1
        assert twice([words for detail in details for words in detail["words"]]) == []
