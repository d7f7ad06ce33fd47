"""The drawing of the city: north is up, nothing is stretched, and everything asked for is in it."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub.domain.wards import Point, Ward, Wards, distance_m
from hub.web.city_map import Spot, close_up, draw
from hub.web.map_frame import HEIGHT, LOWEST, NARROWEST, WIDTH, frame, metres

# A city of about ten kilometres, anywhere but at the poles.
LATITUDES = st.floats(-6.95, -6.85)
LONGITUDES = st.floats(109.62, 109.72)
POINTS = st.tuples(LATITUDES, LONGITUDES)


def square(code: str, south: float, west: float, *, side: float = 0.02) -> Ward:
    north, east = south + side, west + side
    ring = ((south, west), (south, east), (north, east), (north, west), (south, west))
    return Ward(code, f"Kelurahan {code}", "Kecamatan", ring)


CITY = Wards((square("a", -6.92, 109.64), square("b", -6.92, 109.66), square("c", -6.90, 109.64)))


@given(st.lists(POINTS, min_size=1, max_size=9))
def test_every_point_of_a_frame_is_shown(points: list[Point]) -> None:
    seen = frame(points)

    assert all(seen.shows(point) for point in points)
    # A hundredth of a point is lost to rounding.
    assert NARROWEST <= seen.width <= WIDTH + 0.01
    assert LOWEST <= seen.height <= HEIGHT + 0.01


@given(POINTS, POINTS)
def test_north_is_up_and_east_is_right(one: Point, other: Point) -> None:
    seen = frame([one, other])

    (x1, y1), (x2, y2) = seen.xy(one), seen.xy(other)

    assert (one[0] >= other[0]) <= (y1 <= y2)
    assert (one[1] >= other[1]) <= (x1 >= x2)


@given(POINTS, POINTS)
def test_a_metre_is_as_long_in_every_direction(one: Point, other: Point) -> None:
    seen = frame([one, other])

    (x1, y1), (x2, y2) = seen.xy(one), seen.xy(other)
    drawn = ((x1 - x2) ** 2 + (y1 - y2) ** 2) ** 0.5

    # Two hundredths of a point are lost to rounding.
    assert drawn == pytest.approx(distance_m(one, other) * seen.per_metre, rel=2e-3, abs=0.03)


def test_the_city_is_drawn_with_its_names_where_something_is_marked() -> None:
    drawn = draw(CITY, marks={"b": "left"})

    assert drawn is not None
    assert [(each.name, each.mark) for each in drawn.outlines] == [
        ("Kelurahan a", ""),
        ("Kelurahan c", ""),
        ("Kelurahan b", "left"),
    ]
    assert [each.text for each in drawn.labels] == ["Kelurahan b"]
    assert all(each.path.startswith("M") and each.path.endswith("Z") for each in drawn.outlines)


def test_a_name_stands_inside_its_outline_however_crooked_that_is() -> None:
    hook = ((0.0, 0.0), (0.0, 1.0), (0.1, 1.0), (0.1, 0.1), (1.0, 0.1), (1.0, 0.0), (0.0, 0.0))
    ward = Ward("h", "Kait", "Kecamatan", hook)

    drawn = draw(Wards((ward,)))

    assert drawn is not None
    seen = frame(hook)
    corners = [seen.xy(point) for point in hook]
    outline = drawn.outlines[0]
    crossings = sum(
        (y1 > outline.y) != (y2 > outline.y)
        and outline.x < x1 + (outline.y - y1) * (x2 - x1) / (y2 - y1)
        for (x1, y1), (x2, y2) in pairwise(corners)
    )
    assert crossings % 2 == 1


def test_two_pieces_of_one_kelurahan_are_one_outline_with_one_name() -> None:
    pieces = (square("a", -6.92, 109.64), square("a", -6.88, 109.70, side=0.01))

    drawn = draw(Wards(pieces), marks={"a": "heat-5"}, numbers={"a": 7})

    assert drawn is not None
    (outline,) = drawn.outlines
    assert outline.path.count("M") == 2
    assert outline.number == 7
    assert [each.text for each in drawn.labels] == ["Kelurahan a 7"]


def test_a_name_never_hides_a_pin_or_another_name() -> None:
    crowd = Wards(tuple(square(f"{n}", -6.92, 109.64 + n / 1000, side=0.001) for n in range(40)))
    pin = Spot(point=(-6.9195, 109.6405), letter="A", says="A", mark="left")

    drawn = draw(crowd, spots=[pin], numbers={str(n): n for n in range(40)}, marks={"8": "heat-5"})
    everywhere = draw(crowd, spots=[pin], marks={str(n): "heat-1" for n in range(40)})

    assert drawn is not None
    assert everywhere is not None
    assert [each.text for each in drawn.labels] == ["Kelurahan 8 8"]
    assert 1 <= len(everywhere.labels) < 40
    places = [(each.x, each.y) for each in everywhere.labels]
    places += [(each.x, each.y) for each in everywhere.spots]
    assert all(
        abs(x1 - x2) >= 20 or abs(y1 - y2) >= 20
        for place, (x1, y1) in enumerate(places)
        for x2, y2 in places[:place]
    )


def test_pins_at_one_point_stand_beside_each_other() -> None:
    point = (-6.8886, 109.6753)
    pins = [Spot(point=point, letter=each, says="", mark="", is_pin=True) for each in "AB"]

    drawn = draw(CITY, spots=pins)

    assert drawn is not None
    left, right = drawn.spots
    assert right.x - left.x == left.spot.radius + right.spot.radius
    assert left.y == right.y


def test_the_scale_bar_is_as_long_as_it_says() -> None:
    drawn = draw(CITY)

    assert drawn is not None
    assert drawn.scale.says == "1 km"
    south, west = -6.92, 109.64
    seen = frame([point for ward in CITY.wards for point in ward.ring])
    along = (south, west + 0.01)
    share = distance_m((south, west), along) / 1_000
    length = seen.xy(along)[0] - seen.xy((south, west))[0]
    assert length == pytest.approx(drawn.scale.length * share, rel=2e-3)


def test_pins_near_each_other_get_a_view_of_their_own() -> None:
    home = Spot(point=(-6.8886, 109.6753), letter="A", says="A", mark="left")
    near = Spot(point=(-6.8890, 109.6755), letter="B", says="B", mark="right")
    far = Spot(point=(-6.9300, 109.7100), letter="B", says="B", mark="right")

    seen = close_up([home, near])

    assert seen is not None
    assert 250 <= (seen.width - 32) / seen.per_metre <= 300
    drawn = draw(CITY, spots=[home, near, far], within=seen)
    assert drawn is not None
    assert [each.spot.letter for each in drawn.spots] == ["A", "B"]
    assert close_up([home, far]) is None
    assert close_up([home]) is None


def test_a_city_without_outlines_and_pins_has_no_map() -> None:
    assert draw(Wards.none()) is None


def test_a_city_without_outlines_still_shows_its_pins() -> None:
    pin = Spot(point=(-6.8886, 109.6753), letter="A", says="A", mark="left")

    drawn = draw(Wards.none(), spots=[pin])

    assert drawn is not None
    assert (drawn.spots[0].x, drawn.spots[0].y) == (WIDTH / 2, LOWEST / 2)


@pytest.mark.parametrize(
    ("length", "says"), [(12.4, "12 m"), (350, "350 m"), (1_240, "1,2 km"), (12_000, "12 km")]
)
def test_lengths_are_told_as_people_tell_them(length: float, says: str) -> None:
    assert metres(length) == says
