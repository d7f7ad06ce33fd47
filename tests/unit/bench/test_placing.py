"""A stream put into complaints without a database."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, cast

from hub.domain.matching import Match, Told, Verdict
from hub.domain.matching.choice import Choice
from hub.domain.matching.gist import Gist
from hub.domain.matching.tables import Matching
from tests.bench.matching.placing import placed
from tests.bench.matching.rows import Arrived
from tests.bench.matching.stream import Joined, Placed

NOON = datetime(2026, 1, 18, 5, 0, tzinfo=UTC)


class ReadsThePerson:
    """Finds a report again by who said it."""

    def read(self, told: Told) -> Gist:
        return Gist(at=int(told.said_at.timestamp()), channel=told.channel, person=told.person)


class SaysWhatItIsTold:
    """One verdict for every complaint; the chance grows with its reports."""

    def __init__(self, verdict: Verdict, *, unites: bool = False) -> None:
        self.verdict = verdict
        self.unites = unites

    def choose(self, report: Gist, complaints: Mapping[int, Sequence[Gist]]) -> Choice:
        del report
        return Choice({
            name: Match(self.verdict, 0.1 * len(gists)) for name, gists in complaints.items()
        })  # fmt: skip

    def unite(
        self, few: Sequence[Gist], complaints: Mapping[int, Sequence[Gist]]
    ) -> tuple[int, Match] | None:
        del few
        return None if not self.unites else (min(complaints), Match(Verdict.SAME, 0.9))


class AsksFirst(SaysWhatItIsTold):
    """Doubts the second report, is sure of the third, and then of the first two as well."""

    def choose(self, report: Gist, complaints: Mapping[int, Sequence[Gist]]) -> Choice:
        sure = len(complaints) > 1
        best = Match(Verdict.SAME if sure else Verdict.PERHAPS, 0.9)
        del report
        return Choice({max(complaints): best} if complaints else {})


def stream(*said: tuple[str, float], matcher: Any) -> tuple[list[Placed], list[Joined]]:
    matching = Matching(cast("Any", ReadsThePerson()), matcher)
    return placed(
        matching,
        [
            Arrived(
                told=Told(
                    text="Rob", said_at=NOON + timedelta(days=days), channel="whatsapp", person=who
                ),
                incident=who,
                event=None,
            )
            for who, days in said
        ],
    )


SURE, DOUBTFUL = SaysWhatItIsTold(Verdict.SAME), SaysWhatItIsTold(Verdict.PERHAPS)


def test_a_report_that_is_the_same_joins_the_complaint() -> None:
    (first, second), joined = stream(("one", 0), ("one", 1), matcher=SURE)
    assert (second.complaint, second.asked_rightly) == (first.complaint, None)
    assert joined == [Joined(rightly=True, in_flood=False)]


def test_a_report_that_may_be_the_same_opens_its_own_complaint_and_asks() -> None:
    (first, second), joined = stream(("one", 0), ("one", 1), matcher=DOUBTFUL)
    assert second.complaint != first.complaint
    assert second.asked_rightly
    assert joined == []


def test_a_report_that_shares_no_key_is_compared_with_nothing() -> None:
    (first, second), _ = stream(("one", 0), ("other", 1), matcher=SURE)
    assert second.complaint != first.complaint


def test_what_was_said_before_the_window_is_no_candidate() -> None:
    (first, second), _ = stream(("one", 0), ("one", 63), matcher=SURE)
    assert second.complaint != first.complaint


def test_what_somebody_was_to_be_asked_is_put_together_when_it_has_become_clear() -> None:
    matcher = AsksFirst(Verdict.PERHAPS, unites=True)
    reports, joined = stream(("one", 0), ("one", 1), ("one", 2), matcher=matcher)
    assert len({report.complaint for report in reports}) == 1
    assert len(joined) == 2
