"""What a city calls its places, and how people spell them: mappings/matching/places.toml."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from rapidfuzz import fuzz, process

# rapidfuzz ratio: one slip in a name of five letters, two in one of ten.
_SPELT_ALIKE = 80
# Shorter names are too like one another to forgive a slip.
_SHORTEST_SLIP = 4
LONGEST_NAME = 4


@dataclass(frozen=True, slots=True)
class Names:
    """Spellings of names as tuples of words, each with the name it means."""

    spellings: Mapping[str, str]
    longest: int = LONGEST_NAME

    @classmethod
    def of(cls, names: Mapping[str, Iterable[str]]) -> "Names":
        """Every name is a spelling of itself."""
        found: dict[str, str] = {}
        for name, others in names.items():
            for one in (name, *others):
                found.setdefault(plain(one), plain(name))
        return cls(found)

    def exact(self, words: Sequence[str]) -> tuple[str, int] | None:
        """The longest name that begins these words, and how many of them it takes."""
        for count in range(min(self.longest, len(words)), 0, -1):
            if name := self.spellings.get(" ".join(words[:count])):
                return name, count
        return None

    def close(self, words: Sequence[str]) -> tuple[str, int] | None:
        """The same, but a slip of the pen is forgiven."""
        if found := self.exact(words):
            return found
        best: tuple[float, str, int] | None = None
        for count in range(1, min(self.longest, len(words)) + 1):
            said = " ".join(words[:count])
            if len(said) < _SHORTEST_SLIP:
                continue
            hit = process.extractOne(
                said, self.spellings.keys(), scorer=fuzz.ratio, score_cutoff=_SPELT_ALIKE
            )
            if hit and (best is None or hit[1] >= best[0]):
                best = (hit[1], hit[0], count)
        return None if best is None else (self.spellings[best[1]], best[2])


def plain(name: str) -> str:
    """A name as its words: lower case, no stops."""
    return " ".join(re.findall(r"[a-z]+|\d+", name.lower()))


@dataclass(frozen=True, slots=True, kw_only=True)
class Gazetteer:
    """The names of a city's places.

    `only_led`: names that are ordinary words too, and are a place only behind "jl" or "kel".
    `outside`: words that put a place into the neighbour regency; `outside_led`: its villages that
    are one only behind "desa". `marks`: first words of a landmark ("masjid", "warung") -> how many
    words of a name may follow; `mark_spellings`: the same words -> their standard spelling.
    `sides`: "depan", "ngarep" -> which side. `default_pins`: where operators put the pin when they
    do not know.
    """

    streets: Names = field(default_factory=lambda: Names({}))
    wards: Names = field(default_factory=lambda: Names({}))
    only_led: frozenset[str] = frozenset()
    outside: frozenset[str] = frozenset()
    outside_led: frozenset[str] = frozenset()
    marks: Mapping[str, int] = field(default_factory=dict)
    mark_spellings: Mapping[str, str] = field(default_factory=dict)
    sides: Mapping[str, str] = field(default_factory=dict)
    default_pins: tuple[tuple[float, float], ...] = ()
