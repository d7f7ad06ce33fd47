"""Dates, numbers and pins in the handwriting of call centres."""

from collections.abc import Callable
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from connectors.call112.moments import moment, unserial
from connectors.call112.phones import digits_of
from connectors.call112.places import pin_of
from connectors.call112.settings import Point, Settings

WIB = ZoneInfo("Asia/Jakarta")


@pytest.mark.parametrize(
    ("text", "local"),
    [
        ("18/01/2026 21:14", "2026-01-18T21:14:00"),
        ("18/01/2026 21:14:05", "2026-01-18T21:14:05"),
        ("18/01/2026 21.14", "2026-01-18T21:14:00"),
        ("18-01-2026 21.14.05", "2026-01-18T21:14:05"),
        ("18.01.2026 21:14", "2026-01-18T21:14:00"),
        ("18/01/26 21:14", "2026-01-18T21:14:00"),
        ("03/04/2026 07:00", "2026-04-03T07:00:00"),
        ("2026-01-18 21:14:05", "2026-01-18T21:14:05"),
        ("2026-01-18T21:14:05", "2026-01-18T21:14:05"),
        ("2026-01-18T14:14:05Z", "2026-01-18T21:14:05"),
        ("2026-01-18T21:14:05+07:00", "2026-01-18T21:14:05"),
        ("2026-01-18 21:14:05.250000", "2026-01-18T21:14:05"),
        ("18 Januari 2026 21:14", "2026-01-18T21:14:00"),
        ("5 pebruari 2026 06.42", "2026-02-05T06:42:00"),
        ("9 NOPEMBER 2026 17:18", "2026-11-09T17:18:00"),
        ("Minggu, 18 Januari 2026 pukul 21.14 WIB", "2026-01-18T21:14:00"),
        ("18 Jan 2026 23:14 WITA", "2026-01-18T22:14:00"),
        ("18-Agu-2026 09:00", "2026-08-18T09:00:00"),
        ("19/01/2026 24:17", "2026-01-20T00:17:00"),
        ("31 Desember 2026 24.00", "2027-01-01T00:00:00"),
        ("11/10/2026", "2026-10-11T00:00:00"),
        ("20260118", "2026-01-18T00:00:00"),
        ("46040.884780092594", "2026-01-18T21:14:05"),
        ("46040", "2026-01-18T00:00:00"),
        ("1768745645", "2026-01-18T21:14:05"),
        ("1768745645000", "2026-01-18T21:14:05"),
    ],
)
def test_a_date_is_understood_however_it_is_written(text: str, local: str) -> None:
    seen = moment(text, WIB, order="dmy")
    assert seen is not None
    assert seen.at.utcoffset() is not None
    assert seen.at == datetime.fromisoformat(local).replace(tzinfo=WIB)


@pytest.mark.parametrize(
    "text",
    [
        "", "-", "kemarin", "31/02/2026", "18/13/2026", "18/01/2026 25:00", "18/01/2026 21:60",
        "21.14", "18 Smarch 2026", "18 Januari", "0", "2026118", "²", "1/1/1", "9" * 400, "18/01/2026 -1:00",
        "18/01/2026 21:14 besok pagi", "00/00/0000", "0000-00-00 00:00:00",
    ],
)  # fmt: skip
def test_what_is_no_date_is_none(text: str) -> None:
    assert moment(text, WIB, order="dmy") is None


def test_a_month_that_might_be_a_day_is_refused_unless_the_profile_says_which() -> None:
    assert moment("03/04/2026 07:00", WIB) is None
    for text in ("18/04/2026", "04/18/2026", "04/04/2026", "2026-04-03"):
        assert moment(text, WIB) is not None
    american = moment("03/04/2026 07:00", WIB, order="mdy")
    assert american is not None
    assert american.at.astimezone(WIB).month == 3


def test_a_moment_says_whether_its_hour_was_told() -> None:
    texts = ("11/10/2026", "11/10/2026 00:00", "2026-01-18", "2026-01-18 00:00:00")
    told = [moment(text, WIB, order="dmy") for text in texts]
    assert [seen.has_clock for seen in told if seen] == [False, True, False, True]


def test_a_date_that_lost_its_format_is_the_same_date() -> None:
    assert unserial("46040.884780092594") == "2026-01-18 21:14:05"
    assert unserial("46040") == "2026-01-18"
    for text in ("18/01/2026", "21.14", "", "-", "112", "1768745645"):
        assert unserial(text) == text


@pytest.mark.parametrize(
    ("text", "digits"),
    [
        ("081100001234", "6281100001234"),
        ("81100001234", "6281100001234"),
        ("0811-0000-1234", "6281100001234"),
        ("+6281100001234", "6281100001234"),
        ("6281100001234 ", "6281100001234"),
        ("+62 811 0000 1234", "6281100001234"),
        ("0285-0002-91", "62285000291"),
        ("285000202", "62285000202"),
        ("anonymous", None),
        ("private number", None),
        ("-", None),
        ("", None),
        ("112", None),
        ("9" * 40, None),
    ],
)
def test_a_number_is_known_however_it_is_written(text: str, digits: str | None) -> None:
    assert digits_of(text) == digits


@pytest.mark.parametrize(
    ("text", "point"),
    [
        ("LatLng(-6.88, 109.67)", (-6.88, 109.67)),
        ("-6.928960, 109.678224", (-6.92896, 109.678224)),
        ("109.678224,-6.928960", (-6.92896, 109.678224)),
        ("-6,928960; 109,678224", (-6.92896, 109.678224)),
        ("\u22126.88 109.67", (-6.88, 109.67)),
        ("LatLng(0, 0)", None),
        ("-6.897139, 109.661914", None),
        ("109.661914, -6.897139", None),
        ("-7.25, 112.75", None),
        ("di depan pasar", None),
        ("", None),
    ],
)
def test_a_pin_is_put_right_by_the_city(
    new_settings: Callable[..., Settings], text: str, point: tuple[float, float] | None
) -> None:
    assert pin_of(text, new_settings()).point == (Point(*point) if point else None)


def test_only_a_pin_outside_the_city_has_words(new_settings: Callable[..., Settings]) -> None:
    outside = [
        pin_of(text, new_settings()).outside
        for text in ("-7.25, 112.75", "0, 0", "-6.897139, 109.661914", "-6.88, 109.67", "")
    ]
    assert outside == ["-7.25, 112.75", None, None, None, None]
