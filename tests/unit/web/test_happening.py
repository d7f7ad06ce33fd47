"""What the pages of repeats and events work out before they draw: stretches, chances, times, undoing."""

from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from hub.domain.status import Status
from hub.domain.wards import Ward, Wards
from hub.store.desk import BusyHour, EventRow
from hub.web.happening import MOST_TIMES, busy_times, lay_out
from hub.web.pair import chance
from hub.web.times import Times
from hub.web.undoing import MOST, Undo, forget, last, remember

DUSK = datetime(2026, 1, 18, 12, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)


def busy(hours: float, number: int, category: str | None = "banjir") -> BusyHour:
    return BusyHour(DUSK + hours * HOUR, category, number)


def row(number: int, complaint: int = 1, **given: Any) -> EventRow:
    facts: dict[str, Any] = {
        "id": number, "complaint_id": complaint, "ticket": f"PKL-26-{complaint:06d}",
        "status": Status.RECEIVED, "connector": "whatsapp", "said_at": DUSK + number * HOUR,
        "latitude": None, "longitude": None, "place": None, "category": None, "report_count": 1,
    }  # fmt: skip
    return EventRow(**facts | given)


def test_hours_with_a_lull_between_them_are_one_night() -> None:
    (night,) = busy_times([busy(3, 9), busy(0, 6), busy(1, 5, "jalan")])

    assert (night.since, night.until) == (DUSK - HOUR, DUSK + 5 * HOUR)
    assert (night.reports, night.category) == (20, "banjir")


def test_two_nights_are_two_and_the_later_is_offered_first() -> None:
    found = busy_times([busy(0, 30), busy(24, 6)])

    assert [each.reports for each in found] == [6, 30]


def test_of_many_nights_the_busiest_are_offered() -> None:
    found = busy_times([busy(24 * day, 5 + day) for day in range(MOST_TIMES + 3)])

    assert [each.reports for each in found] == [5 + day for day in range(MOST_TIMES + 2, 2, -1)]


def test_a_report_without_a_place_counts_where_its_complaint_is() -> None:
    ring = ((-6.90, 109.66), (-6.90, 109.68), (-6.88, 109.68), (-6.88, 109.66), (-6.90, 109.66))
    town = Wards((Ward("1", "Krapyak", "Utara", ring),))
    rows = [
        row(1, latitude=-6.89, longitude=109.67),
        row(2),
        row(3, 2),
        row(4, 2, latitude=0, longitude=0),
    ]

    found = lay_out(rows, town)

    assert found.wards == (("Krapyak", 2),)
    assert found.unplaced == 2
    assert [(each.ticket, each.reports) for each in found.complaints] == [
        ("PKL-26-000001", 2),
        ("PKL-26-000002", 2),
    ]


def test_the_area_of_a_circle_grows_with_its_reports() -> None:
    point = {"latitude": -6.89, "longitude": 109.67}
    crowd = [row(number, 1, **point) for number in range(40)] + [row(99, 2, **point)]

    found = lay_out(crowd, Wards.none())

    assert found.map is not None
    many, one = (placed.spot for placed in found.map.spots)
    assert (many.letter, one.letter) == ("40", "")
    assert many.radius > 2 * one.radius


@pytest.mark.parametrize(
    ("score", "says"),
    [
        (1.0, "Hampir pasti sama (100 %)"),
        (0.62, "Mungkin sama (62 %)"),
        (0.2, "Kemungkinan kecil sama (20 %)"),
        (0.0, "Hampir pasti lain (0 %)"),
    ],
)
def test_a_score_is_said_in_words(score: float, says: str) -> None:
    assert chance(score) == says


def test_a_day_begins_at_midnight_here() -> None:
    times = Times(ZoneInfo("Asia/Jakarta"), DUSK)

    assert times.floor(DUSK, timedelta(days=1)) == datetime(2026, 1, 17, 17, tzinfo=UTC)
    assert times.floor(DUSK + timedelta(minutes=44), HOUR / 4) == DUSK + timedelta(minutes=30)


@pytest.mark.parametrize("written", ["", "kemarin", "9999-12-31T23:59", "0001-01-01T00:00"])
def test_what_is_no_time_of_ours_is_no_time(written: str) -> None:
    assert Times(ZoneInfo("Asia/Jakarta"), DUSK).read(written) is None


def test_a_session_remembers_a_few_decisions_and_each_pair_once() -> None:
    session: dict[str, Any] = {}
    for number in range(MOST + 3):
        remember(session, Undo(number, None, f"{number}"))
    remember(session, Undo(MOST, 7, "lagi"))

    taken = []
    while (done := last(session)) is not None:
        taken.append((done.match_id, done.merge_id))
        forget(session)

    assert taken[:2] == [(MOST, 7), (MOST + 2, None)]
    assert len(taken) == MOST
    assert len({match for match, _ in taken}) == MOST
