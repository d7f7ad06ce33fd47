"""Which topics the words of a report name, and how clearly: people name it first, then causes and effects."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from hub.domain.matching.topics import Signs

# The first words count whole, then each less than the one before, down to the last share.
_AT_FIRST, _FADING, _LAST = 10, 0.04, 0.4
# "gara-gara ketimpa pohon tumbang", "gotnya juga mampet": said beside the matter, five words long.
_BESIDES = frozenset({
    "akibat", "gara", "karena", "bekas", "habis", "setelah", "kena", "juga", "katanya", "situ", "padahal",
})  # fmt: skip
_ALSO = "juga"  # stands behind what it is said of
_BESIDE, _BEFORE, _BEHIND = 0.25, 2, 5
_NAMED_FIRST = 2.5
# The channel's own category, where it points to one topic.
_FILED = 4.0
# A topic is kept if it is this share of the strongest, and among the first three.
_CLEAR, _KEPT = 0.4, 3


@dataclass(frozen=True, slots=True)
class Matters:
    """`categories`: what channels file it under, lower case -> topic."""

    signs: Signs
    categories: Mapping[str, str] = field(default_factory=dict)

    def read(
        self, said: Sequence[str], category: str | None
    ) -> tuple[dict[str, float], dict[str, str]]:
        """Topic -> strength, the strongest first, and topic -> the words that said so."""
        hits = self.signs.find(said, _worth(said))
        strength = {code: hit.strength for code, hit in hits.items()}
        first = min((hit.first for hit in hits.values()), default=0)
        for code, hit in hits.items():
            if hit.first == first < len(said):
                strength[code] += _NAMED_FIRST
        if category and (meant := self.categories.get(category.strip().lower())):
            strength[meant] = strength.get(meant, 0.0) + _FILED
        kept = _clearest(strength)
        return kept, {code: hits[code].shown for code in kept if code in hits}


def _clearest(strength: Mapping[str, float]) -> dict[str, float]:
    best = max(strength.values(), default=0.0)
    clear = [(code, found) for code, found in strength.items() if found >= _CLEAR * best]
    return dict(sorted(clear, key=lambda one: -one[1])[:_KEPT])


def _worth(said: Sequence[str]) -> list[float]:
    """How much each word says of the trouble itself."""
    worth = [max(_LAST, 1.0 - max(0, i - _AT_FIRST) * _FADING) for i in range(len(said))]
    for i, word in enumerate(said):
        if word not in _BESIDES:
            continue
        start = max(0, i - _BEFORE) if word == _ALSO else i
        for j in range(start, min(len(said), i + _BEHIND)):
            worth[j] = min(worth[j], _BESIDE)
    return worth
