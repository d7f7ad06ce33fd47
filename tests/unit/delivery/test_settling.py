"""How long a doubt rests between looks, as a table."""

from datetime import timedelta
from itertools import accumulate

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub.delivery.settling import Settling


@pytest.mark.parametrize(("looked", "seconds"), [(0, 30), (1, 60), (2, 120), (3, None), (4, None)])
def test_every_rest_is_twice_the_one_before_until_it_is_surely_absent(
    looked: int, seconds: int | None
) -> None:
    rest = Settling().rest(looked)
    assert rest == (None if seconds is None else timedelta(seconds=seconds))


@given(first=st.floats(0.1, 600), looks=st.integers(1, 10))
def test_the_settling_time_is_all_its_rests(first: float, looks: int) -> None:
    settling = Settling(timedelta(seconds=first), looks)
    rests = [settling.rest(looked) for looked in range(looks)]
    assert None not in rests
    *_, total = accumulate(rest for rest in rests if rest)
    assert settling.lasts == total
    assert settling.rest(looks) is None
