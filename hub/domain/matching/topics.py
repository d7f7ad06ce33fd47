"""What kind of trouble a text speaks of, by the signs in mappings/matching/topics.toml."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

# The words of a sign stand within as many words of one another.
_WINDOW = 4
# A sign this strong names the matter.
_CLEAR = 2.0
# Behind all words: where no clear sign stands.
_NOWHERE = 1_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Topic:
    """One kind of trouble as operators tell it from others.

    `near`: what people may mean by the same words; `lasts`: "hours", "days" or "weeks" that it
    usually stays the same one; `person`: it is about one person's case, not about a spot.
    """

    code: str
    label: str
    near: frozenset[str] = frozenset()
    lasts: str = "weeks"
    person: bool = False


@dataclass(frozen=True, slots=True)
class Sign:
    """Words that stand for something, and how strongly; several words stand near each other."""

    words: tuple[str, ...]
    code: str
    strength: float


@dataclass(frozen=True, slots=True)
class Hit:
    """What the signs of one code came to: strength, strongest words, where the first clear one stands."""

    strength: float
    shown: str
    first: int


@dataclass(slots=True)
class Signs:
    """Finds signs in standard words."""

    signs: Sequence[Sign]
    _by_first: dict[str, list[Sign]] = field(init=False)

    def __post_init__(self) -> None:
        self._by_first = {}
        for sign in self.signs:
            self._by_first.setdefault(sign.words[0], []).append(sign)

    def find(self, words: Sequence[str], worth: Sequence[float] = ()) -> dict[str, Hit]:
        """Code -> what its signs came to. A word counts once for a code, with the strongest sign it is in.

        `worth`: how much each word counts, all the same if left out.
        """
        found: dict[str, list[tuple[float, Sign, tuple[int, ...]]]] = {}
        for sign, at in self._standing(words):
            strength = sign.strength * (min(worth[i] for i in at) if worth else 1.0)
            found.setdefault(sign.code, []).append((strength, sign, at))
        return {code: _sum(hits) for code, hits in found.items()}

    def _standing(self, words: Sequence[str]) -> Iterator[tuple[Sign, tuple[int, ...]]]:
        places: dict[str, list[int]] = {}
        for i, word in enumerate(words):
            places.setdefault(word, []).append(i)
        for word in places:
            for sign in self._by_first.get(word, ()):
                if (at := _stands(sign.words, places)) is not None:
                    yield sign, at


def _stands(words: tuple[str, ...], places: Mapping[str, Sequence[int]]) -> tuple[int, ...] | None:
    """Where the words of a sign stand near each other first; None if they do not."""
    for start in places[words[0]]:
        at = [start]
        for word in words[1:]:
            near = [j for j in places.get(word, ()) if abs(j - start) < _WINDOW and j not in at]
            if not near:
                break
            at.append(min(near, key=lambda j: abs(j - start)))
        else:
            if max(at) - min(at) < _WINDOW:
                return tuple(at)
    return None


def _sum(hits: Sequence[tuple[float, Sign, tuple[int, ...]]]) -> Hit:
    seen: set[int] = set()
    total = 0.0
    ranked = sorted(hits, key=lambda one: (-one[0], -len(one[1].words), one[1].words))
    for strength, _, at in ranked:
        new = [i for i in at if i not in seen]
        seen.update(at)
        total += strength * len(new) / len(at)
    clear = [min(at) for _, sign, at in hits if sign.strength >= _CLEAR]
    return Hit(total, " ".join(ranked[0][1].words), min(clear, default=len(seen) + _NOWHERE))
