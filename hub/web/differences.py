"""What two texts share and where they part, word by word; numbers of places before all else."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Literal

Mark = Literal["plain", "agrees", "differs", "number", "same-number", "clash"]

# Two texts that share this much are one wording: what differs in it is what to look at.
ONE_WORDING = 0.6
SHORTEST = 3
# Longer ones are compared as bags of words: aligning them takes too long for a page.
LONGEST_ALIGNED = 600

TOKEN = re.compile(r"\w+|\W+")
ROMAN = {
    "i": 1,
    "ii": 2,
    "iii": 3,
    "iv": 4,
    "v": 5,
    "vi": 6,
    "vii": 7,
    "viii": 8,
    "ix": 9,
    "x": 10,
}
VALUE = r"(?:\d+[a-z]?|viii|vii|vi|iv|ix|iii|ii|i|v|x|[a-h])\b"
NAME = r"(?-i:[A-Z])\w{2,}"
NUMBERED = re.compile(
    rf"\b(?:rt[\s.:]*(?P<rt>\d+)\s*[/-]\s*(?P<rw>\d+)\b"
    rf"|(?P<label>rt|rw|nomor|nomer|no|gang|gg|blok|km)[\s.:]*(?P<value>{VALUE})"
    rf"|(?P<alley>gang|gg)[\s.]*(?P<name>{NAME}))",
    re.IGNORECASE,
)
SPELLINGS = {"gg": "gang", "nomor": "no", "nomer": "no"}
LABELS = {"rt": "RT", "rw": "RW", "no": "nomor", "gang": "gang", "blok": "blok", "km": "km"}

# Words that every complaint has; that two texts share them says nothing.
EMPTY = frozenset({
    "yang", "dan", "di", "ke", "dari", "ada", "ini", "itu", "untuk", "dengan", "pada", "saya", "kami",
    "kita", "mohon", "tolong", "min", "pak", "sudah", "juga", "agar", "supaya", "karena", "akan",
    "atau", "oleh", "lagi", "nya", "dgn", "utk", "sdh", "tlg", "mhn", "selamat", "pagi", "siang",
    "sore", "malam", "terima", "kasih", "terimakasih", "admin", "bapak", "ibu",
})  # fmt: skip


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of a text, exactly as it was written, and how it stands to the other text."""

    text: str
    mark: Mark = "plain"


@dataclass(frozen=True, slots=True)
class Compared:
    """Two texts in pieces. `is_one_wording`: so alike that only what differs is worth a look.

    `clashes`: what both number, and differently: ("RT", "3", "5").
    """

    left: tuple[Piece, ...]
    right: tuple[Piece, ...]
    is_one_wording: bool
    clashes: tuple[tuple[str, str, str], ...]


@dataclass(frozen=True, slots=True)
class _Numbered:
    """A place with a number, from `start` to `end` of its text: RT 3."""

    label: str
    value: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class _Text:
    """A text taken apart into tokens, and what it numbers."""

    tokens: tuple[str, ...]
    numbered: tuple[_Numbered, ...]

    @property
    def words(self) -> list[str]:
        return [_plain(token) for token in self.tokens if _is_word(token)]

    @property
    def numbers(self) -> Mapping[str, set[str]]:
        found: dict[str, set[str]] = {}
        for each in self.numbered:
            found.setdefault(each.label, set()).add(each.value)
        return found


def compare(left: str, right: str) -> Compared:
    """Compare two texts; the pieces of each make up the text again."""
    ours, theirs = _read(left), _read(right)
    shared_ours, shared_theirs = _shared(ours.words, theirs.words)
    words = len(shared_ours) + len(shared_theirs)
    share = (sum(shared_ours) + sum(shared_theirs)) / words if words else 0
    return Compared(
        tuple(_pieces(ours, theirs, shared_ours)),
        tuple(_pieces(theirs, ours, shared_theirs)),
        share >= ONE_WORDING,
        tuple(_clashes(ours.numbers, theirs.numbers)),
    )


def _read(text: str) -> _Text:
    return _Text(tuple(TOKEN.findall(text)), tuple(_numbered(text)))


def _numbered(text: str) -> Iterator[_Numbered]:
    for found in NUMBERED.finditer(text):
        if found["rt"]:
            yield _Numbered("rt", _value(found["rt"]), found.start(), found.end("rt"))
            yield _Numbered("rw", _value(found["rw"]), found.start("rw"), found.end())
        else:
            label = (found["label"] or found["alley"]).casefold()
            value = _value(found["value"] or found["name"])
            yield _Numbered(SPELLINGS.get(label, label), value, found.start(), found.end())


def _shared(left: list[str], right: list[str]) -> tuple[list[bool], list[bool]]:
    """Tell of every word whether the other text has it: in the same order if that can be found."""
    ours, theirs = [False] * len(left), [False] * len(right)
    if max(len(left), len(right)) <= LONGEST_ALIGNED:
        for block in SequenceMatcher(a=left, b=right, autojunk=False).get_matching_blocks():
            ours[block.a : block.a + block.size] = [True] * block.size
            theirs[block.b : block.b + block.size] = [True] * block.size
    # What stands elsewhere in the other text is shared too, unless it is one of everybody's words.
    in_left, in_right = set(left) - EMPTY, set(right) - EMPTY
    return (
        [is_here or word in in_right for is_here, word in zip(ours, left, strict=True)],
        [is_here or word in in_left for is_here, word in zip(theirs, right, strict=True)],
    )


def _pieces(text: _Text, other: _Text, shared: list[bool]) -> Iterator[Piece]:
    written: list[str] = []
    mark: Mark = "plain"
    for token, now in zip(text.tokens, _marks(text, other, shared), strict=True):
        if now != mark and written:
            yield Piece("".join(written), mark)
            written = []
        written.append(token)
        mark = now
    if written:
        yield Piece("".join(written), mark)


def _marks(text: _Text, other: _Text, shared: list[bool]) -> Iterator[Mark]:
    numbers, words = set(other.words), iter(shared)
    at = 0
    for token in text.tokens:
        is_shared = _is_word(token) and next(words)
        of = next((each for each in text.numbered if each.start <= at < each.end), None)
        at += len(token)
        if of is not None:
            yield _number_mark(of, other.numbers.get(of.label))
        elif not _is_word(token):
            yield "plain"
        elif any(character.isdigit() for character in token):
            yield "same-number" if _plain(token) in numbers else "number"
        elif len(token) < SHORTEST or token.casefold() in EMPTY:
            yield "plain"
        else:
            yield "agrees" if is_shared else "differs"


def _number_mark(numbered: _Numbered, theirs: set[str] | None) -> Mark:
    if theirs is None:
        return "number"
    return "same-number" if numbered.value in theirs else "clash"


def _clashes(
    ours: Mapping[str, set[str]], theirs: Mapping[str, set[str]]
) -> Iterator[tuple[str, str, str]]:
    for label, name in LABELS.items():
        left, right = ours.get(label), theirs.get(label)
        if left and right and not left & right:
            yield name, ", ".join(sorted(left)), ", ".join(sorted(right))


def _value(written: str) -> str:
    plain = written.casefold()
    return str(ROMAN[plain]) if plain in ROMAN else plain.lstrip("0") or "0"


def _plain(token: str) -> str:
    return _value(token) if token.isdigit() else token.casefold()


def _is_word(token: str) -> bool:
    return token[0].isalnum() or token[0] == "_"
