"""Finding the same photo again by its likeness, a perceptual hash of 64 bits in hexadecimal."""

from collections.abc import Collection

LIKENESS_PREFIX = "p:"
_BANDS = 4
_SAME_PICTURE = 6  # bits apart, of 64: resized or compressed anew
# A band of sky or of wall alone: thousands of pictures share it, so it finds nothing.
_PLAIN = frozenset({"0000", "ffff"})


def bands(likeness: str) -> list[str]:
    """Keys to look a picture up by. Of two likenesses 3 bits apart one band at least is the same."""
    width = len(likeness) // _BANDS
    parts = [likeness[i * width : (i + 1) * width] for i in range(_BANDS)]
    return [f"{i}:{part}" for i, part in enumerate(parts) if part not in _PLAIN]


def likeness_distance(a: str, b: str) -> int:
    """How many of 64 bits differ: up to 6 it is the same photo, made smaller or sent on."""
    return (int(a, 16) ^ int(b, 16)).bit_count()


def same_photo(mine: Collection[str], theirs: Collection[str]) -> bool:
    """Whether two reports bring one picture: the same bytes, or the same picture sent again."""
    if set(mine) & set(theirs):
        return True
    return any(
        likeness_distance(a.removeprefix(LIKENESS_PREFIX), b.removeprefix(LIKENESS_PREFIX))
        <= _SAME_PICTURE
        for a in mine
        if a.startswith(LIKENESS_PREFIX)
        for b in theirs
        if b.startswith(LIKENESS_PREFIX)
    )
