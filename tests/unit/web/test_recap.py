"""Months, bars and means of what was counted."""

from datetime import date
from typing import Any

import pytest

from hub.store.desk import CountRow
from hub.web import counted
from hub.web.picture import HEIGHT, WIDTH, picture
from hub.web.recap import Month, seconds_by_word

FEBRUARY = Month(date(2028, 2, 1))


def a_count(day: int, word: str, number: int, **given: Any) -> CountRow:
    row: dict[str, Any] = {"waited": None, "talked": None}
    return CountRow(day=date(2028, 2, day), word=word, number=number, **row | given)


def test_a_month_knows_its_days_and_its_neighbours() -> None:
    assert (str(FEBRUARY), FEBRUARY.last, len(FEBRUARY.days)) == ("2028-02", date(2028, 2, 29), 29)
    assert [str(each) for each in (FEBRUARY.before, FEBRUARY.after)] == ["2028-01", "2028-03"]
    assert str(Month(date(2026, 12, 1)).after) == "2027-01"


@pytest.mark.parametrize("written", ["", "kemarin", "2026-13", "2026-1", "0001-01", "9999-12"])
def test_what_is_no_month_is_the_month_of_a_day_that_is_known(written: str) -> None:
    assert str(Month.of(written, date(2026, 11, 21))) == "2026-11"


def test_words_stand_upon_each_other_in_the_order_of_the_legend() -> None:
    drawn = picture(
        [a_count(3, "lain", 2), a_count(3, "prank", 6), a_count(3, "complaint", 2)], FEBRUARY
    )

    assert drawn.sums == (("complaint", 2), ("prank", 6), ("lain", 2))
    assert drawn.total == 10
    assert [bar.says for bar in drawn.bars] == ["3: Aduan 2", "3: Iseng (prank) 6", "3: lain 2"]
    edges = [(bar.y, bar.y + bar.height) for bar in drawn.bars]
    assert edges == [(128.0, 160.0), (32.0, 128.0), (0.0, 32.0)]
    assert len({bar.x for bar in drawn.bars}) == 1
    assert 2 * WIDTH / 29 < drawn.bars[0].x < 3 * WIDTH / 29
    assert drawn.table == ((date(2028, 2, 3), (2, 6, 2)),)


@pytest.mark.parametrize("highest", [1, 4, 7, 99, 101, 12_345, 700_000])
def test_bars_stay_in_the_picture_and_lines_stay_few(highest: int) -> None:
    drawn = picture([a_count(1, "prank", highest)], FEBRUARY)

    (bar,) = drawn.bars
    assert bar.y >= 0
    assert bar.y + bar.height == pytest.approx(HEIGHT, abs=0.02)
    assert 2 <= len(drawn.lines) <= 9
    assert drawn.lines[-1][0] == 0
    assert drawn.lines[-1][1] >= highest


def test_a_month_without_counts_is_an_empty_picture() -> None:
    drawn = picture([], FEBRUARY)

    assert (drawn.total, drawn.bars, drawn.table) == (0, (), ())


def test_means_weigh_days_by_their_calls() -> None:
    rows = [
        a_count(1, "pbx_answered", 1, waited=10.0, talked=60.0),
        a_count(2, "pbx_answered", 3, waited=30.0),
        a_count(2, "pbx_abandoned", 2),
    ]

    assert seconds_by_word(rows) == {
        "pbx_answered": (25.0, 60.0),
        "pbx_abandoned": (None, None),
    }


@pytest.mark.parametrize(
    ("seconds", "says"),
    [(None, "-"), (0, "0 detik"), (59.4, "59 detik"), (125, "2 menit 5 detik")],
)
def test_spans_are_said_in_minutes_and_seconds(seconds: float | None, says: str) -> None:
    assert counted.span(seconds) == says
