"""Reading places out of words: streets, alleys, RT/RW, houses, landmarks, kelurahan, pins in the text."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from rapidfuzz import fuzz, process

_TOKEN = re.compile(r"[a-z]+|\d+|[^\sa-z\d]|\n")
_UNIT = re.compile(
    r"\brt\s*[.:]?\s*(\d{1,3})\s*[,./-]{0,2}\s*(?:(?:rw|rukun warga)\s*[.:]?\s*)?(\d{1,3})?(?!\d|\s*(?:meter|kk|orang|hari|rumah))"
)
_RW = re.compile(r"\brw\s*[.:]?\s*(\d{1,3})\b")
_HOUSE = re.compile(r"\b(?:no|nmr|nomor|nomer)\s*[.:]?\s*(\d{1,3})\b(?!\s*(?:tiang|hp|wa))")
_MAPS = re.compile(r"(-?\d{1,2}\.\d{3,})\s*,\s*(\d{2,3}\.\d{3,})")
_ROMAN = {"i": 1, "ii": 2, "iii": 3, "iv": 4, "v": 5, "vi": 6, "vii": 7, "viii": 8, "ix": 9, "x": 10, "xi": 11, "xii": 12, "xiii": 13}  # fmt: skip
_STREET_WORD = re.compile(r"j+l+n*|j[a-z]?l+a?n+|jala[a-z]|ja?la?a?n+|ln|d[a]?la?n|dalna")
_ALLEY_WORDS = frozenset({"gg", "gang", "gng"})
_WARD_WORDS = frozenset({"kel", "kelurahan", "kelrahan", "desa", "ds", "lurah"})
_PREPOSITIONS = frozenset({"di", "ning", "nang", "neng", "lewat", "alamat", "lokasi", "warga", "dari", "sekitar", "d", "ring", "teng", "sepanjang", "di jl"})  # fmt: skip
# What has a name of its own is a place without "depan" before it.
_INSTITUTIONS = frozenset({"sd", "smp", "sma", "smk", "mi", "mts", "tk", "paud", "tpq", "puskesmas", "rumah sakit", "klinik", "posyandu", "masjid", "musholla", "pondok pesantren"})  # fmt: skip
_SPELT_ALIKE = 80  # rapidfuzz ratio: one slip in a name of five letters, two in one of ten
_LONGEST_NAME = 4


@dataclass(frozen=True, slots=True)
class Names:
    """Spellings of names as tuples of words, each with the name it means."""

    spellings: Mapping[str, str]
    longest: int = _LONGEST_NAME

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
            if len(said) < 4:
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
    """What a city calls its places: mappings/matching/places.toml and the regions file.

    `marks` maps the first words of a landmark ("masjid", "warung") to how many words of a name may follow.
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


@dataclass(slots=True)
class PlaceReader:
    """Finds the parts of a place in a legible text; what it used up says nothing about the trouble."""

    gazetteer: Gazetteer

    def read(self, text: str) -> "Found":
        """Everything the words say about where."""
        found = Found()
        text = _MAPS.sub(lambda m: found.take_pin(m), text)
        text = _UNIT.sub(lambda m: found.take_unit(m), text)
        text = _RW.sub(lambda m: found.take_rw(m), text)
        text = _HOUSE.sub(lambda m: found.take_house(m), text)
        found.tokens = _TOKEN.findall(text)
        self._marks(found)
        self._named(found)
        self._bare(found)
        found.outside = self._is_outside(found)
        return found

    def _is_outside(self, found: "Found") -> bool:
        """Whether the words put it into the neighbour regency."""
        words = [token for token in found.tokens if token.isalpha()]
        for i in range(len(words)):
            for count in (3, 2, 1):
                said = " ".join(words[i : i + count])
                if said in self.gazetteer.outside:
                    return True
            if (
                words[i] in ("desa", "ds")
                and words[i + 1 : i + 2]
                and words[i + 1] in self.gazetteer.outside_led
            ):
                return True
        return False

    def _marks(self, found: "Found") -> None:
        """Landmarks: "depan masjid al hidayah", "deket gudang kain"."""
        sides = self.gazetteer.sides
        for i, token in enumerate(found.tokens):
            if (side := sides.get(token)) is None:
                continue
            start = i + 1
            while found.word(start) in sides or found.word(start) in ("dari", "e", "nya"):
                start += 1
            if (mark := self._mark(found, start)) is not None:
                found.sides.add(side)
                found.marks.add(mark[0])
                found.use(i, mark[1])
        for i, token in enumerate(found.tokens):
            if i in found.used or self.gazetteer.mark_spellings.get(token) not in _INSTITUTIONS:
                continue
            if (mark := self._mark(found, i)) and len(mark[0].split()) > 1:
                found.marks.add(mark[0])
                found.use(i, mark[1])

    def _mark(self, found: "Found", start: int) -> tuple[str, int] | None:
        """The landmark that begins at `start`, and where it ends."""
        for count in (2, 1):
            kind = " ".join(found.word(start + k) for k in range(count))
            if kind not in self.gazetteer.marks:
                continue
            end = start + count
            last = end + self.gazetteer.marks[kind]
            while end < last and self._is_name(found.word(end)):
                end += 1
            name = self.gazetteer.mark_spellings.get(kind, kind)
            words = [name, *found.tokens[start + count : end]]
            return " ".join(words), end
        return None

    def _is_name(self, word: str) -> bool:
        return (
            word.isalpha()
            and word not in _ALLEY_WORDS | _WARD_WORDS | _PREPOSITIONS
            and not _STREET_WORD.fullmatch(word)
            and word not in self.gazetteer.sides
            and word not in self.gazetteer.wards.spellings
            and word not in ("rt", "rw", "no", "kec", "yang", "dan", "ada", "sudah", "sejak", "tolong", "mohon", "pak", "min")
        )  # fmt: skip

    def _named(self, found: "Found") -> None:
        """What stands behind jl, gg and kel."""
        for i, token in enumerate(found.tokens):
            if i in found.used:
                continue
            if _STREET_WORD.fullmatch(token):
                self._take(found, i, self.gazetteer.streets, into=found.streets)
            elif token in _WARD_WORDS:
                self._take(found, i, self.gazetteer.wards, into=found.wards)
            elif token in _ALLEY_WORDS:
                start = found.skip_stop(i + 1)
                name = found.word(start)
                if name and name != "|":
                    number = int(name) if name.isdigit() else _ROMAN.get(name)
                    found.alleys.add(str(number) if number is not None else name)
                    found.use(i, start + 1)

    def _take(self, found: "Found", at: int, names: Names, *, into: set[str]) -> None:
        start = found.skip_stop(at + 1)
        hit = names.close(found.words_from(start, names.longest))
        if hit is not None:
            into.add(hit[0])
            found.use(at, found.after(start, hit[1]))

    def _bare(self, found: "Found") -> None:
        """Names without their word: "di majapahit rt 4", "Dukuh utaranya", "Krapyak"."""
        i = 0
        while i < len(found.tokens):
            if i in found.used or not found.tokens[i].isalpha():
                i += 1
                continue
            words = found.words_from(i, _LONGEST_NAME)
            street, ward = self.gazetteer.streets.exact(words), self.gazetteer.wards.exact(words)
            street, ward = self._unled(street, words), self._unled(ward, words)
            led = found.word(i - 1) in _PREPOSITIONS if i else False
            hit = ward or (street if led or (street and street[1] > 1) else None)
            if hit is None:
                i += 1
                continue
            if ward and (street is None or ward[1] >= street[1]):
                found.wards.add(ward[0])
                if street and led:
                    found.maybe_streets.add(street[0])
            elif street:
                found.streets.add(street[0])
                hit = street
            end = found.after(i, hit[1])
            found.use(i, end)
            i = end

    def _unled(self, hit: tuple[str, int] | None, words: Sequence[str]) -> tuple[str, int] | None:
        """What is a name only behind its own word is none here."""
        if hit is None or " ".join(words[: hit[1]]) in self.gazetteer.only_led:
            return None
        return hit


@dataclass(slots=True)
class Found:
    """What has been found so far, and which tokens it used."""

    tokens: list[str] = field(default_factory=list)
    used: set[int] = field(default_factory=set)
    streets: set[str] = field(default_factory=set)
    maybe_streets: set[str] = field(default_factory=set)
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
            elif token not in (".", "!") or not words or len(words[-1]) > 2:
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
