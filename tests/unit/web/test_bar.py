"""The bar of shares on the page of the agreement."""

from hub.web.bar import NARROWEST, parts_of


def test_the_parts_follow_each_other_and_fill_the_bar() -> None:
    parts = parts_of([("a", "selaras", 30), ("b", "menunggu", 0), ("c", "bertentangan", 10)])
    assert [(part.kind, part.x, part.width) for part in parts] == [("a", 0, 75), ("c", 75, 25)]


def test_one_of_a_hundred_thousand_can_be_seen() -> None:
    most, one, other = parts_of([("a", "", 99_998), ("b", "", 1), ("c", "", 1)])
    assert one.width == other.width == NARROWEST
    assert round(most.width + one.width + other.width, 1) == 100
    assert one.x == most.width


def test_a_bar_of_nothing_has_no_parts() -> None:
    assert parts_of([("a", "selaras", 0)]) == []
