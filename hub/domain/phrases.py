"""Finding phrases in what people type: however they spell, space and shout it.

".."    up to four words between ("..." ten)      "<name>"  one of the words of a group      "#"  a number
"""

import html
import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

NEVER = re.compile(r"(?!)")
# A shorter word has too many neighbours that mean something else.
LONG = 8
# Longer than anybody writes who is in danger; keeps the time it takes bounded.
MOST_WORDS = 5_000
ELLIPSIS = "…"

_GAPS = {"..": 4, "...": 10}
_NUMBER = r" (?:\d+|satu|dua|tiga|empat|lima|enam|tujuh|delapan|sembilan|sepuluh|beberapa|banyak)"
_WORD = re.compile(r"[^\W\d_]+|\d+")
_HELD_DOWN = re.compile(r"([^\W\d_])\1+")
_ENDINGS = ("nya", "lah", "kah", "ne", "e")


def words_of(text: str) -> list[str]:
    """Words without what people vary: case, marks, blanks, letters held down ("tolooong")."""
    return [_HELD_DOWN.sub(r"\1", word) for word in _plain(text)[:MOST_WORDS]]


def line_of(words: Iterable[str]) -> str:
    """What the patterns look at."""
    return f"{' '.join(words)} "


def _plain(text: str) -> list[str]:
    return _WORD.findall(unicodedata.normalize("NFKC", html.unescape(text)).casefold())


def _shortened(word: str) -> set[str]:
    """The word with any one letter left out: two that share one differ by a single slip."""
    return {word, *(word[:at] + word[at + 1 :] for at in range(len(word)))}


@dataclass(frozen=True, slots=True)
class Spelling:
    """How a list of phrases writes its words, and how else people write them."""

    written: Mapping[str, str] = field(default_factory=dict)
    known: Mapping[str, str] = field(default_factory=dict)
    slips: Mapping[str, str] = field(default_factory=dict)
    longest: int = 0

    @classmethod
    def of(cls, variants: Mapping[str, Iterable[str]], phrases: Iterable[str]) -> "Spelling":
        """`variants` by right word; every long word also with one slip. Raises `ValueError`."""
        plain = [word for phrase in [*phrases, *variants] for word in _plain(phrase)]
        written = {word: spelt for spelt in plain for word in words_of(spelt)}
        known = {word: word for word in written}
        for right, ways in variants.items():
            known |= {_one(way): _one(right) for way in ways}
        slips: dict[str, str] = {}
        for way, word in known.items():
            if len(way) >= LONG:
                slips |= dict.fromkeys(_shortened(way), word)
        return cls(written, known, slips, max(map(len, known), default=0))

    def right(self, word: str) -> str:
        """The word as the list means it; any other word stays as it is."""
        if word in self.known:
            return self.known[word]
        for ending in _ENDINGS:
            if (stem := word.removesuffix(ending)) != word and stem in self.known:
                return self.known[stem]
        # Nothing longer is one slip away; trying it would cost the square of its length.
        if word.isdigit() or not LONG - 1 <= len(word) <= self.longest + 1:
            return word
        return next(
            (self.slips[way] for way in sorted(_shortened(word)) if way in self.slips), word
        )

    def shown(self, words: Iterable[str]) -> str:
        """The words of the list among these; names and numbers that stand between are left out."""
        line: list[str] = []
        for word in words:
            spelt = self.written.get(word, ELLIPSIS)
            if spelt != ELLIPSIS or line[-1:] != [ELLIPSIS]:
                line.append(spelt)
        return " ".join(line)


def _one(word: str) -> str:
    match words_of(word):
        case [only]:
            return only
        case _:
            raise ValueError(f"[spelling] {word!r} harus satu kata saja")


@dataclass(frozen=True, slots=True)
class Compiler:
    """Makes patterns of phrases."""

    groups: Mapping[str, Iterable[str]]
    spelling: Spelling

    def pattern(self, phrases: Iterable[str]) -> re.Pattern[str]:
        """One pattern for all; in a lookahead, so that one phrase hides none that overlaps it."""
        found = "|".join(self._phrase(phrase) for phrase in phrases)
        return re.compile(rf"(?<!\S)(?=({found}) )") if found else NEVER

    def _phrase(self, phrase: str) -> str:
        return "".join(self._part(part, phrase) for part in phrase.split()).removeprefix(" ")

    def _part(self, part: str, phrase: str) -> str:
        if part in _GAPS:
            return rf"(?: \S+){{0,{_GAPS[part]}}}?"
        if part == "#":
            return _NUMBER
        if not part.startswith("<"):
            return "".join(f" {re.escape(self.spelling.right(word))}" for word in words_of(part))
        name = part.strip("<>")
        if name not in self.groups:
            raise ValueError(f"{phrase!r} menyebut {part}, yang tak ada di [groups]")
        ways = [" ".join(map(self.spelling.right, words_of(way))) for way in self.groups[name]]
        return f" (?:{'|'.join(map(re.escape, ways))})"
