"""A stream put into complaints without a database."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, cast

from hub.domain.matching import Match, Told, Verdict
from hub.domain.matching.gist import Gist
from hub.domain.matching.tables import Matching
from tests.bench.matching.placing import placed
from tests.bench.matching.rows import Arrived
from tests.bench.matching.stream import Placed

NOON = datetime(2026, 1, 18, 5, 0, tzinfo=UTC)


class ReadsThePerson:
    """Finds a report again by who said it."""

    def read(self, told: Told) -> Gist:
        return Gist(at=int(told.said_at.timestamp()), channel=told.channel, person=told.person)


class SaysWhatItIsTold:
    """One verdict for every pair; the chance grows with the reports of a complaint."""

    def __init__(self, verdict: Verdict) -> None:
        self.verdict = verdict

    def compare(self, report: Gist, complaint: Sequence[Gist]) -> Match:
        del report
        return Match(self.verdict, 0.1 * len(complaint))


def stream(*said: tuple[str, float], verdict: Verdict) -> list[Placed]:
    matching = Matching(cast("Any", ReadsThePerson()), cast("Any", SaysWhatItIsTold(verdict)))
    reports = [
        Arrived(
            told=Told(
                text="Rob", said_at=NOON + timedelta(days=days), channel="whatsapp", person=person
            ),
            incident=person,
            event=None,
        )
        for person, days in said
    ]
    return list(placed(matching, reports))


def test_a_report_that_is_the_same_joins_the_complaint() -> None:
    first, second = stream(("one", 0), ("one", 1), verdict=Verdict.SAME)
    assert (second.complaint, second.asked) == (first.complaint, None)


def test_a_report_that_may_be_the_same_opens_its_own_complaint_and_asks() -> None:
    first, second = stream(("one", 0), ("one", 1), verdict=Verdict.PERHAPS)
    assert second.complaint != first.complaint
    assert second.asked == first.complaint


def test_a_report_that_shares_no_key_is_compared_with_nothing() -> None:
    first, second = stream(("one", 0), ("other", 1), verdict=Verdict.SAME)
    assert second.complaint != first.complaint


def test_what_was_said_before_the_window_is_no_candidate() -> None:
    first, second = stream(("one", 0), ("one", 61), verdict=Verdict.SAME)
    assert second.complaint != first.complaint
