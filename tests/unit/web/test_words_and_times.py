"""What operators read."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from hub.contract import errors
from hub.contract.errors import UpstreamError
from hub.domain.complaint import Outcome
from hub.rows import Kind, State
from hub.store.desk import Standing
from hub.web import words
from hub.web.masking import shortened
from hub.web.times import Times

NOW = datetime(2026, 11, 21, 12, 40, tzinfo=UTC)
TIMES = Times(ZoneInfo("Asia/Jakarta"), NOW)


def codes() -> set[str]:
    known = [kind for kind in vars(errors).values() if isinstance(kind, type)]
    return {kind.code for kind in known if issubclass(kind, UpstreamError)}


def test_every_code_of_the_error_tree_has_a_sentence_of_its_own() -> None:
    assert codes() <= set(words.CODES)


def test_every_state_kind_and_standing_has_a_word() -> None:
    assert {str(state) for state in State} == set(words.PARCEL_STATES)
    assert {str(kind) for kind in Kind} == set(words.KINDS)
    assert {str(standing) for standing in Standing} == set(words.STANDINGS) == set(words.REASONS)
    assert {str(outcome) for outcome in Outcome} <= set(words.MOVES)


@pytest.mark.parametrize(
    ("code", "says"),
    [
        (None, ""),
        ("http_422", "Kanal menolak kiriman (HTTP 422)."),
        ("http_503", "Server kanal bermasalah (HTTP 503)."),
        (
            "bug_KeyError",
            "Kesalahan program di Simpul Aduan (bug_KeyError); laporkan ke pengembang.",
        ),
        ("131026", "Kode dari kanal: 131026."),
    ],
)
def test_a_code_is_explained_or_keeps_the_channels_own_word(code: str | None, says: str) -> None:
    assert words.explain(code) == says


@pytest.mark.parametrize(
    ("who", "says"),
    [("operator:rini", "petugas rini"), ("operator", "petugas"), ("sp4n", "sp4n")],
)
def test_an_operator_is_called_an_operator(who: str, says: str) -> None:
    assert words.origin(who) == says


@pytest.mark.parametrize(
    ("count", "says"),
    [
        (0, "0 byte"),
        (311, "311 byte"),
        (1024, "1 KB"),
        (200_000, "195 KB"),
        (1_500_000, "1,4 MB"),
    ],
)
def test_a_small_file_is_not_told_to_be_empty(count: int, says: str) -> None:
    assert words.size(count) == says


def test_a_time_is_written_as_indonesians_write_it() -> None:
    assert TIMES.when(NOW) == "21 Nov 2026 19.40 WIB"
    assert TIMES.day(NOW) == "Sabtu, 21 November 2026"
    assert TIMES.clock(NOW) == "19.40"


def test_another_zone_is_named_as_such() -> None:
    assert Times(ZoneInfo("Asia/Makassar"), NOW).when(NOW) == "21 Nov 2026 20.40 WITA"


@pytest.mark.parametrize(
    ("before", "ago", "age"),
    [
        (timedelta(seconds=1), "baru saja", "1 detik"),
        (timedelta(minutes=14), "14 menit yang lalu", "14 menit"),
        (timedelta(days=2), "2 hari yang lalu", "2 hari"),
        (timedelta(days=318), "11 bulan yang lalu", "11 bulan"),
        (timedelta(days=344), "11 bulan yang lalu", "11 bulan"),
        (timedelta(days=365), "1 tahun yang lalu", "1 tahun"),
        (timedelta(minutes=-5), "dalam 5 menit", "0 detik"),
    ],
)
def test_an_age_is_told_in_words(before: timedelta, ago: str, *, age: str) -> None:
    assert (TIMES.ago(NOW - before), TIMES.age(NOW - before)) == (ago, age)


@pytest.mark.parametrize(
    ("given", "shown"),
    [
        (None, None),
        ("9200001", "9200001"),
        ("wamid.HBgNNjI4MTEwMDAwMDAwMRUCABIYFA00000001", "…00000001"),
    ],
)
def test_an_id_that_may_hold_a_phone_number_is_cut(given: str | None, shown: str | None) -> None:
    assert shortened(given) == shown
