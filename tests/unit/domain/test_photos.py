"""Finding the same photo again by the bands of its likeness."""

from hypothesis import given
from hypothesis import strategies as st

from hub.domain.matching.photos import bands, likeness_distance

LIKENESS = st.integers(1, (1 << 64) - 2).map(lambda bits: f"{bits:016x}")


def flipped(likeness: str, bits: set[int]) -> str:
    value = int(likeness, 16)
    for bit in bits:
        value ^= 1 << bit
    return f"{value:016x}"


@given(LIKENESS, st.sets(st.integers(0, 63), max_size=64))
def test_the_distance_is_the_number_of_bits_that_differ(likeness: str, bits: set[int]) -> None:
    assert likeness_distance(likeness, flipped(likeness, bits)) == len(bits)
    assert likeness_distance(likeness, likeness) == 0


@given(LIKENESS, st.sets(st.integers(0, 63), max_size=3))
def test_photos_three_bits_apart_share_a_band_unless_what_they_share_is_plain(
    likeness: str, bits: set[int]
) -> None:
    other = flipped(likeness, bits)
    same = [
        likeness[i : i + 4] for i in range(0, 16, 4) if likeness[i : i + 4] == other[i : i + 4]
    ]
    assert same
    shared = set(bands(likeness)) & set(bands(other))
    assert bool(shared) == any(part not in ("0000", "ffff") for part in same)


def test_a_band_says_where_it_stands_and_a_plain_one_is_left_out() -> None:
    assert bands("00ff0000ffffabcd") == ["0:00ff", "3:abcd"]
    assert bands("0000000000000000") == []
