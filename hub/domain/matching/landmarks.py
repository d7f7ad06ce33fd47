"""Reading landmarks: "depan masjid al hidayah", "deket gudang kain", "SD Medono 03"."""

from dataclasses import dataclass

from hub.domain.matching import place_words
from hub.domain.matching.found import Found
from hub.domain.matching.gazetteer import Gazetteer

# "sebelah utara dari masjid", "ngarepe": these stand between the side and the landmark.
_BETWEEN = ("dari", "e", "nya")
_LONGEST_KIND = 2


@dataclass(frozen=True, slots=True)
class Landmarks:
    """Finds what people name a place by where it has no address."""

    gazetteer: Gazetteer

    def read(self, found: Found) -> None:
        """Those that a side leads to, then schools and mosques that have a name of their own."""
        self._by_their_side(found)
        self._by_their_name(found)

    def _by_their_side(self, found: Found) -> None:
        sides = self.gazetteer.sides
        for i, token in enumerate(found.tokens):
            if (side := sides.get(token)) is None:
                continue
            start = i + 1
            while found.word(start) in sides or found.word(start) in _BETWEEN:
                start += 1
            if (mark := self._mark(found, start)) is not None:
                found.sides.add(side)
                found.marks.add(mark[0])
                found.use(i, mark[1])

    def _by_their_name(self, found: Found) -> None:
        for i, token in enumerate(found.tokens):
            kind = self.gazetteer.mark_spellings.get(token)
            if i in found.used or kind not in place_words.INSTITUTIONS:
                continue
            mark = self._mark(found, i)
            if mark is not None and " " in mark[0]:
                found.marks.add(mark[0])
                found.use(i, mark[1])

    def _mark(self, found: Found, start: int) -> tuple[str, int] | None:
        """The landmark that begins at `start`, and where it ends."""
        for count in range(_LONGEST_KIND, 0, -1):
            kind = " ".join(found.word(start + k) for k in range(count))
            if kind not in self.gazetteer.marks:
                continue
            end = start + count
            last = end + self.gazetteer.marks[kind]
            while end < last and self._is_name(found.word(end)):
                end += 1
            name = self.gazetteer.mark_spellings.get(kind, kind)
            return " ".join([name, *found.tokens[start + count : end]]), end
        return None

    def _is_name(self, word: str) -> bool:
        names = self.gazetteer
        leads = place_words.ALLEY | place_words.WARD | place_words.PREPOSITIONS
        return (
            word.isalpha()
            and word not in leads | place_words.NO_NAME
            and not place_words.STREET.fullmatch(word)
            and word not in names.sides
            and word not in names.wards.spellings
        )
