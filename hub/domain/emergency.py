"""Words of something that is happening now and cannot wait for an office: call 112.

A list and nothing else: no score, no guess. In doubt a word of something happening now counts: a false
alarm costs a citizen one message too many, a miss may cost a life.

    [words]     by kind: phrases (see hub/domain/phrases.py)
    [groups]    words that stand for each other; [spelling] how else people write a word
    [not]       what makes it none: `before` and `after` right beside it, `near` around it, `anywhere`
    now         what overrules `near` and `anywhere`: it was often so, and now it is so again
    knows_already   channels that are the emergency service themselves
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from hub.domain.phrases import NEVER, Compiler, Spelling, line_of, words_of

BESIDE = 3
NEAR = 12
# An alarm stands early; keeps the time it takes bounded, whatever somebody pastes.
AS_FAR_AS = 4_000
AGAINST = ("before", "after", "near", "anywhere")


@dataclass(frozen=True, slots=True)
class Contexts:
    """What makes a phrase none."""

    before: re.Pattern[str] = NEVER
    after: re.Pattern[str] = NEVER
    near: re.Pattern[str] = NEVER
    anywhere: re.Pattern[str] = NEVER
    now: re.Pattern[str] = NEVER

    def void(self, words: list[str], *, start: int, end: int, past: int) -> bool:
        """Whether what stands around words[start:end] voids it; the one before ended at `past`."""
        before = max(0, start - BESIDE)
        # "Pernah kebakaran, ini kebakaran lagi": what was said of the first does not hold for this.
        if past <= start and self.now.search(line_of(words[past : end + BESIDE])):
            before = max(before, past)
        if self.before.search(line_of(words[before:end])):
            return True
        if self.after.search(line_of(words[start : end + BESIDE])):
            return True
        around = line_of(words[max(0, start - NEAR) : end + NEAR])
        return bool(self.near.search(around)) and not self.now.search(around)


@dataclass(frozen=True, slots=True)
class EmergencyWords:
    """`find` says which phrase of an emergency stands in a text."""

    kinds: Mapping[str, re.Pattern[str]]
    contexts: Contexts = Contexts()
    spelling: Spelling = field(default_factory=Spelling)
    knows_already: frozenset[str] = frozenset()

    @classmethod
    def none(cls) -> "EmergencyWords":
        """No list: nothing is ever found."""
        return cls({})

    @classmethod
    def from_tables(cls, tables: Mapping[str, Any]) -> "EmergencyWords":
        """Read the file's tables. Raises `ValueError` with a sentence that says where to mend."""
        kinds, against = _lists(tables, "words"), _lists(tables, "not")
        groups, now = _lists(tables, "groups"), _strings(tables.get("now", []), "now")
        if not any(kinds.values()):
            raise ValueError("[words] kosong; salin dari repositori")
        if unknown := sorted(set(against) - set(AGAINST)):
            raise ValueError(f"[not] tidak mengenal {unknown[0]!r}, hanya {', '.join(AGAINST)}")
        every = [*_flat(kinds), *_flat(against), *_flat(groups), *now]
        spelling = Spelling.of(_lists(tables, "spelling"), every)
        compiler = Compiler(groups, spelling)
        patterns = {name: compiler.pattern(phrases) for name, phrases in against.items()}
        return cls(
            kinds={kind: compiler.pattern(phrases) for kind, phrases in kinds.items()},
            contexts=Contexts(**patterns, now=compiler.pattern(now)),
            spelling=spelling,
            knows_already=frozenset(_strings(tables.get("knows_already", []), "knows_already")),
        )

    def find(self, text: str) -> str | None:
        """The phrase of an emergency that stands early in the text, in the words of the list."""
        if not self.kinds:
            return None
        words = [self.spelling.right(word) for word in words_of(text[:AS_FAR_AS])]
        line = line_of(words)
        if self.contexts.anywhere.search(line) and not self.contexts.now.search(line):
            return None
        for pattern in self.kinds.values():
            past = 0
            for found in pattern.finditer(line):
                start = line.count(" ", 0, found.start(1))
                end = start + found[1].count(" ") + 1
                if not self.contexts.void(words, start=start, end=end, past=past):
                    return self.spelling.shown(words[start:end])
                past = end
        return None


def _flat(lists: Mapping[str, list[str]]) -> Iterable[str]:
    return (phrase for phrases in lists.values() for phrase in phrases)


def _lists(tables: Mapping[str, Any], name: str) -> dict[str, list[str]]:
    table = tables.get(name, {})
    if not isinstance(table, Mapping):
        # A wrong value like any other, told as a sentence.
        raise ValueError(f"[{name}] harus berupa tabel")  # noqa: TRY004
    return {key: _strings(words, f"[{name}] {key}") for key, words in table.items()}


def _strings(words: Any, where: str) -> list[str]:
    if not isinstance(words, list) or not all(isinstance(each, str) and each for each in words):
        raise ValueError(f"{where} harus berupa daftar kata dalam tanda kutip")
    return words
