"""How a stream of reports put into complaints is scored."""

from tests.bench.matching.stream import Placed, StreamFigures


def placed(
    incident: str, complaint: str, *, event: str | None = None, asked: str | None = None
) -> Placed:
    return Placed(incident=incident, event=event, complaint=complaint, asked=asked)


def test_complaints_that_are_the_incidents_are_perfect() -> None:
    figures = StreamFigures.of([placed("I1", "a"), placed("I2", "b"), placed("I1", "a")])
    assert (figures.precision, figures.recall, figures.f1) == (1.0, 1.0, 1.0)


def test_pairs_of_reports_are_counted_and_not_reports() -> None:
    # Of one incident four reports: three in one complaint, one in another with a stranger.
    figures = StreamFigures.of([
        placed("I1", "a"), placed("I1", "a"), placed("I1", "a"), placed("I2", "b"), placed("I1", "b"),
    ])  # fmt: skip
    assert (figures.precision, figures.recall) == (3 / 4, 3 / 6)


def test_a_join_is_wrong_where_the_complaint_was_opened_about_another_incident() -> None:
    figures = StreamFigures.of([placed("I1", "a"), placed("I2", "a"), placed("I1", "a")])
    assert (figures.joins, figures.wrong) == (2, 1)


def test_only_joins_of_flood_nights_count_towards_their_share() -> None:
    figures = StreamFigures.of([
        placed("I1", "a", event="E01"), placed("I2", "a", event="E01"), placed("I1", "a", event="E01"),
        placed("I8", "b"), placed("I9", "b"),
    ])  # fmt: skip
    assert (figures.flood_joins, figures.flood_wrong, figures.flood_share) == (2, 1, 0.5)


def test_a_report_of_another_day_that_joins_a_flooded_spot_counts_as_well() -> None:
    figures = StreamFigures.of([placed("I1", "a", event="E01"), placed("I2", "a")])
    assert figures.flood_wrong == 1


def test_what_a_person_is_asked_is_right_where_the_other_complaint_is_of_the_same_incident() -> (
    None
):
    figures = StreamFigures.of([
        placed("I1", "a"), placed("I1", "b", asked="a"), placed("I2", "c", asked="a"),
    ])  # fmt: skip
    assert (figures.asked, figures.asked_rightly) == (2, 1)


def test_a_stream_without_joins_has_no_share_to_divide_by() -> None:
    figures = StreamFigures.of([placed("I1", "a")])
    assert (figures.f1, figures.flood_share) == (0.0, 0.0)
