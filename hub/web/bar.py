"""A bar of shares: where each part begins and how wide it is, in percent of the whole."""

from collections.abc import Sequence
from dataclasses import dataclass

# One of a thousand should still be seen.
NARROWEST = 1.5


@dataclass(frozen=True, slots=True)
class Part:
    """One share of the bar; `kind` is its colour."""

    kind: str
    what: str
    number: int
    x: float
    width: float


def parts_of(shares: Sequence[tuple[str, str, int]]) -> list[Part]:
    """Lay out (kind, what, number); what is nought takes no place, and nothing is too narrow to see."""
    some = [share for share in shares if share[2] > 0]
    total = sum(number for _, _, number in some)
    wide = {kind: max(100 * number / total, NARROWEST) for kind, _, number in some}
    # Only what is wider than that can give something away.
    over = sum(wide.values()) - 100
    spare = sum(width - NARROWEST for width in wide.values())
    parts: list[Part] = []
    x = 0.0
    for kind, what, number in some:
        width = wide[kind] - (over * (wide[kind] - NARROWEST) / spare if spare else 0)
        parts.append(Part(kind, what, number, round(x, 2), round(width, 2)))
        x += width
    return parts
