"""Reading places out of words: pins, RT/RW, houses, landmarks, streets, alleys, kelurahan."""

import re
from dataclasses import dataclass

from hub.domain.matching import place_words
from hub.domain.matching.found import Found
from hub.domain.matching.gazetteer import LONGEST_NAME, Gazetteer, Names
from hub.domain.matching.landmarks import Landmarks

# A word, a number, a stop; the end of a line ends a name.
_TOKEN = re.compile(r"[a-z]+|\d+|[^\sa-z\d]|\n")
_MAPS = re.compile(r"(-?\d{1,2}\.\d{3,})\s*,\s*(\d{2,3}\.\d{3,})")
# "RT 3 RW 7", "rt.03/rw.07", "rt03/07"; but not "rt 3, 20 meter".
_UNIT = re.compile(
    r"\brt\s*[.:]?\s*(\d{1,3})\s*[,./-]{0,2}\s*(?:(?:rw|rukun warga)\s*[.:]?\s*)?(\d{1,3})?"
    r"(?!\d|\s*(?:meter|kk|orang|hari|rumah))"
)
_RW = re.compile(r"\brw\s*[.:]?\s*(\d{1,3})\b")
# The number of a lamp post or of a telephone is no house; longer ones are tickets.
_HOUSE = re.compile(r"\b(?:no|nmr|nomor|nomer)\s*[.:]?\s*(\d{1,3})\b(?!\s*(?:tiang|hp|wa))")
_LONGEST_OUTSIDE = 3


@dataclass(frozen=True, slots=True)
class PlaceReader:
    """Finds the parts of a place in a legible text; what it used up says nothing about the trouble."""

    gazetteer: Gazetteer

    def read(self, text: str) -> Found:
        """Everything the words say about where."""
        found = Found()
        for pattern, take in (
            (_MAPS, found.take_pin),
            (_UNIT, found.take_unit),
            (_RW, found.take_rw),
            (_HOUSE, found.take_house),
        ):
            text = pattern.sub(take, text)
        found.tokens = _TOKEN.findall(text)
        Landmarks(self.gazetteer).read(found)
        self._named(found)
        self._bare(found)
        found.outside = self._is_outside([token for token in found.tokens if token.isalpha()])
        return found

    def _is_outside(self, words: list[str]) -> bool:
        """Whether the words put it into the neighbour regency."""
        for i, word in enumerate(words):
            for count in range(_LONGEST_OUTSIDE, 0, -1):
                if " ".join(words[i : i + count]) in self.gazetteer.outside:
                    return True
            behind = words[i + 1 : i + 2]
            if word in place_words.VILLAGE and self.gazetteer.outside_led.intersection(behind):
                return True
        return False

    def _named(self, found: Found) -> None:
        """What stands behind jl, gg and kel."""
        for i, token in enumerate(found.tokens):
            if i in found.used:
                continue
            if place_words.STREET.fullmatch(token):
                self._take(found, i, self.gazetteer.streets, into=found.streets)
            elif token in place_words.WARD:
                self._take(found, i, self.gazetteer.wards, into=found.wards)
            elif token in place_words.ALLEY:
                _take_alley(found, i)

    def _take(self, found: Found, at: int, names: Names, *, into: set[str]) -> None:
        start = found.skip_stop(at + 1)
        hit = names.close(found.words_from(start, names.longest))
        if hit is not None:
            into.add(hit[0])
            found.use(at, found.after(start, hit[1]))

    def _bare(self, found: Found) -> None:
        """Names without their word: "di majapahit rt 4", "Dukuh utaranya", "Krapyak"."""
        i = 0
        while i < len(found.tokens):
            is_free = i not in found.used and found.tokens[i].isalpha()
            count = self._take_bare(found, i) if is_free else 0
            end = found.after(i, count)
            found.use(i, end)
            i = max(end, i + 1)

    def _take_bare(self, found: Found, at: int) -> int:
        """The kelurahan or street that begins there; how many words its name takes, 0 if there is none."""
        words = found.words_from(at, LONGEST_NAME)
        street = self._unled(self.gazetteer.streets.exact(words), words)
        ward = self._unled(self.gazetteer.wards.exact(words), words)
        is_led = found.word(at - 1) in place_words.PREPOSITIONS if at else False
        # One word alone may be anything, and is no street unless "di" says that it is a place.
        is_street = street is not None and (is_led or street[1] > 1)
        if ward and (street is None or ward[1] >= street[1]):
            found.wards.add(ward[0])
            return ward[1]
        if street and (is_street or ward):
            found.streets.add(street[0])
            return street[1]
        return 0

    def _unled(self, hit: tuple[str, int] | None, words: list[str]) -> tuple[str, int] | None:
        """What is a name only behind its own word is none here."""
        if hit is None or " ".join(words[: hit[1]]) in self.gazetteer.only_led:
            return None
        return hit


def _take_alley(found: Found, at: int) -> None:
    start = found.skip_stop(at + 1)
    if (name := found.word(start)) and name != "|":
        found.alleys.add(place_words.alley_name(name))
        found.use(at, start + 1)
