"""Words as people type them, turned into the words that the tables know."""

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from functools import lru_cache

_WORD = re.compile(r"[a-z]+|\d+")
_ENDINGS = ("nya", "lah", "kah", "pun", "ne", "ku", "e")
_SHORTEST_STEM = 3
# Below this many letters a slip of one letter is as likely another word.
_LONG_ENOUGH, _WITHOUT_ONE = 7, 6
_SHORTEST_SLIP = 5
_LONGEST_KEY = 3
_REMEMBERED = 20_000


class Words:
    """`standard` turns slang, abbreviations and slips of the pen into standard words.

    `short`: what people type, in up to three words -> what they mean; `known`: words that signs are
    made of, to which slips are mended; `right`: ordinary words that are no slip of any of them.
    """

    def __init__(
        self,
        short: Mapping[str, str],
        stop: Collection[str],
        *,
        known: Iterable[str],
        right: Iterable[str] = (),
    ) -> None:
        self.stop = frozenset(stop)
        self._short = {key: tuple(plain.split()) for key, plain in short.items() if " " not in key}
        self._groups = {
            tuple(key.split()): tuple(plain.split()) for key, plain in short.items() if " " in key
        }
        self._known = frozenset(known) | self.stop
        self._meant = {word for plain in self._short.values() for word in plain}
        self._right = self._known | self._meant | frozenset(right)
        self._slips: dict[str, str] = {}
        for word in sorted(self._known | {w for w in self._short if len(w) >= _WITHOUT_ONE}):
            if len(word) >= _SHORTEST_SLIP:
                for less in _one_less(word):
                    self._slips.setdefault(less, word)
        self._one = lru_cache(maxsize=_REMEMBERED)(self._standard_of)

    def split(self, text: str) -> list[str]:
        """The words and numbers of a legible text."""
        return _WORD.findall(text)

    def standard(self, tokens: Sequence[str]) -> list[str]:
        """The words in order; numbers stay; what stands twice in a row stands once."""
        words: list[str] = []
        i = 0
        while i < len(tokens):
            meant, taken = self._group(tokens, i)
            i += taken
            words += [word for word in meant if not words or words[-1] != word]
        return words

    def _group(self, tokens: Sequence[str], i: int) -> tuple[tuple[str, ...], int]:
        """What begins at `i`, and how many tokens it takes: "lampu lalu lintas" is one thing."""
        for count in range(_LONGEST_KEY, 1, -1):
            if (plain := self._groups.get(tuple(tokens[i : i + count]))) is not None:
                return plain, count
        one = self._one(tokens[i])
        if len(one) == 1 and i + 1 < len(tokens):
            # "lmpu merah": mended, it may be a group after all.
            after = self._one(tokens[i + 1])
            if len(after) == 1 and (plain := self._groups.get((one[0], after[0]))) is not None:
                return plain, 2
        return one, 1

    def _standard_of(self, token: str) -> tuple[str, ...]:
        if (plain := self._short.get(token)) is not None:
            return plain
        if token in self._known or not token.isalpha():
            return (token,)
        if (stem := self._stem(token)) is not None:
            return stem
        if token in self._right or len(token) < _SHORTEST_SLIP:
            return (token,)
        return self._mended(token) or (token,)

    def _stem(self, token: str) -> tuple[str, ...] | None:
        for ending in _ENDINGS:
            stem = token.removesuffix(ending)
            if stem == token or len(stem) < _SHORTEST_STEM:
                continue
            if len(stem) > _SHORTEST_STEM and stem in self._short:
                return self._short[stem]
            if stem in self._known or (len(stem) > _SHORTEST_STEM and stem in self._meant):
                return (stem,)
        return None

    def _mended(self, token: str) -> tuple[str, ...] | None:
        """The word that a doubled, a swapped or (in long words) one wrong letter turned into this."""
        doubled = [
            token[:i] + token[i + 1 :] for i in range(1, len(token)) if token[i] == token[i - 1]
        ]
        swapped = [
            token[:i] + token[i + 1] + token[i] + token[i + 2 :] for i in range(len(token) - 1)
        ]
        for word in (*doubled, *swapped):
            if len(word) > _SHORTEST_STEM and (word in self._known or word in self._short):
                return self._short.get(word, (word,))
        if len(token) < _LONG_ENOUGH:
            return None
        for less in _one_less(token):
            word = self._slips.get(less, "")
            if (
                len(word) >= _WITHOUT_ONE
                and abs(len(word) - len(token)) <= 1
                and word[0] == token[0]
            ):
                return self._short.get(word, (word,))
        return None


def _one_less(word: str) -> list[str]:
    """The word, and all that is left when one letter goes."""
    return [word, *(word[:i] + word[i + 1 :] for i in range(len(word)))]
