"""What has been found of a place so far, and which words of the text it used up."""

import re
from dataclasses import dataclass, field

# "K.H.", "dr.": the stop of so short a word ends no name.
_ABBREVIATION = 2


@dataclass(slots=True)
class Found:
    """What has been found so far, and which tokens it used."""

    tokens: list[str] = field(default_factory=list)
    used: set[int] = field(default_factory=set)
    streets: set[str] = field(default_factory=set)
    alleys: set[str] = field(default_factory=set)
    houses: set[int] = field(default_factory=set)
    rt: set[int] = field(default_factory=set)
    rw: set[int] = field(default_factory=set)
    marks: set[str] = field(default_factory=set)
    sides: set[str] = field(default_factory=set)
    wards: set[str] = field(default_factory=set)
    point: tuple[float, float] | None = None
    outside: bool = False

    def word(self, i: int) -> str:
        """The token there, or nothing."""
        return self.tokens[i] if 0 <= i < len(self.tokens) else ""

    def skip_stop(self, i: int) -> int:
        """Past the stop of an abbreviation."""
        while self.word(i) in (".", ":", ",", "!", "\n"):
            i += 1
        return i

    def words_from(self, start: int, count: int) -> list[str]:
        """Up to `count` words of a name; its stops ("K.H.") do not end it, anything else does."""
        words: list[str] = []
        i = start
        while len(words) < count and i < len(self.tokens):
            token = self.tokens[i]
            if token.isalpha():
                words.append(token)
            elif token not in (".", "!") or not words or len(words[-1]) > _ABBREVIATION:
                break
            i += 1
        return words

    def after(self, start: int, count: int) -> int:
        """The index behind `count` words from `start`."""
        i = start
        while count and i < len(self.tokens):
            count -= self.tokens[i].isalpha()
            i += 1
        return i

    def use(self, start: int, end: int) -> None:
        """These tokens are the place's."""
        self.used.update(range(start, end))

    def take_pin(self, found: re.Match[str]) -> str:
        """Coordinates in the text."""
        self.point = float(found[1]), float(found[2])
        return " | "

    def take_unit(self, found: re.Match[str]) -> str:
        """RT, mostly with its RW."""
        self.rt.add(int(found[1]))
        if found[2]:
            self.rw.add(int(found[2]))
        return " | "

    def take_rw(self, found: re.Match[str]) -> str:
        """RW by itself."""
        self.rw.add(int(found[1]))
        return " | "

    def take_house(self, found: re.Match[str]) -> str:
        """A house number."""
        self.houses.add(int(found[1]))
        return " | "
