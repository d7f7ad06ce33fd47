"""Since when, for the second time, with which ticket: what the words say beside what and where."""

from datetime import timedelta

import pytest

from tests.unit.domain.matching.telling import NOON, gist

HOUR = 3600
DAY = 24 * HOUR


@pytest.mark.parametrize(
    ("said", "days_ago"),
    [
        ("sejak kemarin", 1), ("sudah 3 hari", 3), ("sdh tiga hari", 3), ("sudah dua minggu", 14),
        ("sejak hari Senin", 2), ("dari tanggal 8", 3), ("sejak semalam", 0.7), ("hampir sebulan", 25),
    ],
)  # fmt: skip
def test_a_span_holds_the_moment_it_means(said: str, days_ago: float) -> None:
    began = gist(f"Lampu mati {said}").began
    assert began is not None
    assert began[0] <= NOON.timestamp() - days_ago * DAY <= began[1]


def test_an_hour_is_that_of_the_citys_clock() -> None:
    began = gist("Lampu mati sejak jam 07.30").began
    assert began is not None
    half_past_seven = (NOON - timedelta(hours=4, minutes=30)).timestamp()
    assert began[0] <= half_past_seven <= began[1]


@pytest.mark.parametrize(
    "said", ["diambil setiap 3 hari", "menumpuk", "menumpuk, 3 hari lalu bersih"]
)
def test_what_is_no_beginning_is_read_as_none(said: str) -> None:
    assert gist(f"Sampah {said}").began is None


def test_a_ticket_that_is_quoted_is_not_the_reports_own() -> None:
    own = gist("Laporan WA-10023 soal lampu", number="WA-10023")
    other = gist("Laporan WA-10023 soal lampu", number="WA-10044")
    assert own.quoted == frozenset()
    assert other.quoted == {"wa-10023"}


@pytest.mark.parametrize("number", ["wa-10023", "112-260118-004", "12345678", "pkl-2026-000123"])
def test_tickets_of_all_channels_are_known_when_they_are_quoted(number: str) -> None:
    assert number in gist(f"Menindaklanjuti laporan {number.upper()}, belum ada tindakan").quoted


@pytest.mark.parametrize(
    "said",
    ["Sudah pernah lapor, belum ada yang datang", "Ini laporan kedua saya", "bola-bali lapor"],
)
def test_whoever_says_it_again_says_so(said: str) -> None:
    assert gist(f"{said}. Lampu mati").again


def test_what_was_told_to_the_rt_was_not_told_to_us() -> None:
    assert not gist("Lampu mati, sudah lapor kelurahan").again


def test_what_was_mended_and_is_broken_again_has_returned() -> None:
    assert gist("Bulan lalu sudah diperbaiki, sekarang lampu mati lagi").returned
    assert not gist("Lampu mati, mohon diperbaiki").returned
