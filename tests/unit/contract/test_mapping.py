"""The dictionary: folded words, families in order, and no silent default."""

import tomllib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub.contract import Mapping, Status, Unmapped
from hub.contract.mapping import folded

WORDS = """
[status_in]
"Menunggu" = "received"
"Selesai  Ditinjau" = "archived"

[[status_family]]
starts = "Belum Terverifikasi"
status = "received"
[[status_family]]
contains = "selesai"
status = "closed"
[[status_family]]
equals = "proses"
status = "in_progress"
[[status_family]]
starts = "selesai"
status = "answered"

[status_out.received]
text = "Diterima"
[status_out.closed]
do = "follow_up"
expect = ["in_progress", "answered"]

[category_in]
"Jalan dan Jembatan" = "jalan"
[category_out]
jalan = 131
"-" = 999

[notices.greeting]
text = "Halo"

[agency]
"Dinas PU" = 990101
"""


@pytest.fixture
def words() -> Mapping:
    return Mapping.from_tables("example", tomllib.loads(WORDS))


@pytest.mark.parametrize(
    ("theirs", "status"),
    [
        ("menunggu", Status.RECEIVED),
        ("  MENUNGGU\n", Status.RECEIVED),
        ("Menunggu lagi", None),
        ("Belum\N{NO-BREAK SPACE}terverifikasi admin", Status.RECEIVED),
        ("sudah, belum terverifikasi", None),
        ("Laporan Selesai", Status.CLOSED),
        ("selesai saja", Status.CLOSED),
        ("Selesai Ditinjau", Status.ARCHIVED),
        ("Proses", Status.IN_PROGRESS),
        ("diproses", None),
        ("", None),
    ],
)
def test_an_exact_word_goes_before_families_and_these_go_in_order(
    words: Mapping, theirs: str, status: Status | None
) -> None:
    assert words.to_status(theirs) is status


def test_a_category_is_known_unknown_or_not_given(words: Mapping) -> None:
    assert words.to_category("jalan  dan jembatan") == "jalan"
    assert words.to_category(None) is None
    assert words.to_category(" \n") is None
    with pytest.raises(Unmapped, match="category 'Naga'"):
        words.to_category("Naga")


def test_what_has_no_category_has_a_word_of_its_own(words: Mapping) -> None:
    assert words.from_category("jalan") == "131"
    assert words.from_category(None) == "999"
    with pytest.raises(Unmapped, match="category 'pohon'"):
        words.from_category("pohon")


def test_a_status_or_notice_without_a_word_is_unmapped(words: Mapping) -> None:
    assert words.from_status(Status.RECEIVED) == {"text": "Diterima"}
    assert words.notice("greeting") == {"text": "Halo"}
    with pytest.raises(Unmapped, match="status 'archived'"):
        words.from_status(Status.ARCHIVED)
    with pytest.raises(Unmapped, match="notice 'farewell'"):
        words.notice("farewell")


def test_where_an_upstream_cannot_be_moved_it_may_show_what_is_expected(words: Mapping) -> None:
    shown = words.shown_after(Status.CLOSED)
    assert shown == {Status.CLOSED, Status.IN_PROGRESS, Status.ANSWERED}
    assert words.shown_after(Status.RECEIVED) == {Status.RECEIVED}
    assert words.shown_after(Status.ARCHIVED) == {Status.ARCHIVED}


def test_what_only_the_connector_reads_is_kept(words: Mapping) -> None:
    assert words.tables["agency"] == {"Dinas PU": 990101}


def test_all_that_is_missing_is_named_at_once(words: Mapping) -> None:
    problems = words.problems(categories=["jalan", "pohon"], pushes=True)
    assert len([each for each in problems if "[status_out] belum punya" in each]) == 7
    assert any(
        "belum punya 'referred'; tambahkan [status_out.referred]" in each for each in problems
    )
    assert any("kata untuk kategori 'pohon'" in each for each in problems)
    assert all(each.startswith("mappings/example.toml: ") for each in problems)


def test_a_category_nobody_knows_is_named_with_the_word_that_leads_to_it(words: Mapping) -> None:
    problems = words.problems(categories=["pohon"], pushes=False)
    assert any("'jalan dan jembatan' menunjuk ke 'jalan'" in each for each in problems)


def test_a_connector_that_does_not_push_needs_no_words_for_it() -> None:
    assert Mapping.from_tables("deaf", {}).problems(categories=["jalan"], pushes=False) == ()


@pytest.mark.parametrize(
    ("tables", "sentence"),
    [
        (
            {"status_in": {"baru": "new"}},
            r"mappings/x\.toml: \[status_in\] 'new' bukan salah satu dari",
        ),
        (
            {"status_out": {"done": {}}},
            r"\[status_out\] 'done' bukan salah satu dari received, needs_info",
        ),
        (
            {"status_family": [{"starts": "a", "status": "b"}]},
            r"\[status_family\] 'b' bukan salah satu dari",
        ),
        ({"status_family": [{"status": "closed"}]}, "memerlukan starts, contains atau equals"),
        ({"status_family": [{"starts": "a"}]}, "status"),
    ],
)
def test_a_wrong_file_is_answered_with_a_sentence(
    tables: dict[str, object], sentence: str
) -> None:
    with pytest.raises(ValueError, match=sentence):
        Mapping.from_tables("x", tables)


@given(st.text())
def test_folding_twice_is_folding_once(word: str) -> None:
    assert folded(folded(word)) == folded(word)
    assert folded(f" {word}\t") == folded(word)


@given(st.text())
def test_any_word_at_all_is_a_status_or_unknown(word: str) -> None:
    words = Mapping.from_tables("example", tomllib.loads(WORDS))
    assert words.to_status(word) in {*Status, None}
