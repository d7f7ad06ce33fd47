"""How a stream of reports put into complaints is scored."""

from tests.bench.matching.stream import Joined, Placed, StreamFigures

RIGHT, WRONG = Joined(rightly=True, in_flood=False), Joined(rightly=False, in_flood=False)


def placed(*where: tuple[str, str], asked_rightly: bool | None = None) -> list[Placed]:
    return [
        Placed(incident=incident, complaint=complaint, asked_rightly=asked_rightly)
        for incident, complaint in where
    ]


def test_complaints_that_are_the_incidents_are_perfect() -> None:
    figures = StreamFigures.of(placed(("I1", "a"), ("I2", "b"), ("I1", "a")), [])
    assert (figures.precision, figures.recall, figures.f1) == (1.0, 1.0, 1.0)


def test_pairs_of_reports_are_counted_and_not_reports() -> None:
    # Of one incident four reports: three in one complaint, one in another with a stranger.
    where = placed(("I1", "a"), ("I1", "a"), ("I1", "a"), ("I2", "b"), ("I1", "b"))
    figures = StreamFigures.of(where, [])
    assert (figures.precision, figures.recall) == (3 / 4, 3 / 6)


def test_what_was_put_together_wrongly_is_counted_among_all_that_was() -> None:
    figures = StreamFigures.of(placed(("I1", "a")), [RIGHT, WRONG, RIGHT])
    assert (figures.joins, figures.wrong) == (3, 1)


def test_only_joins_of_flood_nights_count_towards_their_share() -> None:
    night = [Joined(rightly=True, in_flood=True), Joined(rightly=False, in_flood=True)]
    figures = StreamFigures.of(placed(("I1", "a")), [*night, WRONG])
    assert (figures.flood_joins, figures.flood_wrong, figures.flood_share) == (2, 1, 0.5)


def test_what_a_person_is_asked_is_right_or_wrong_and_who_is_not_asked_does_not_count() -> None:
    where = [
        *placed(("I1", "a")),
        *placed(("I1", "b"), asked_rightly=True),
        *placed(("I2", "c"), asked_rightly=False),
    ]
    figures = StreamFigures.of(where, [])
    assert (figures.asked, figures.asked_rightly) == (2, 1)


def test_a_stream_without_joins_has_no_share_to_divide_by() -> None:
    figures = StreamFigures.of(placed(("I1", "a")), [])
    assert (figures.f1, figures.flood_share) == (0.0, 0.0)
