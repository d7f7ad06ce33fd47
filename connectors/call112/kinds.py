"""What a call was, in our words: from its type and its categories, by mappings/call112.toml alone."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

from connectors.call112 import payloads
from connectors.call112.fields import Fields
from hub.contract import Mapping
from hub.contract.mapping import folded

# PRANK/GHOST and LAKA-LANTAS are two words; P R A N K is one, see `_nuisance_by_letters`.
_BETWEEN = re.compile(r"[\W\d_]+")
_NOT = frozenset({"bukan", "non", "tidak"})


class Kind(StrEnum):
    """What is made of a call; also the word it is counted under."""

    COMPLAINT = "complaint"
    EMERGENCY = "emergency"
    NORMAL = "normal"
    INFORMATION = "information"
    REJECTED = "rejected"
    PRANK = "prank"
    GHOST = "ghost"
    SILENT = "silent"
    BOT = "bot"


# Of these nothing may be kept but a count.
NUISANCE = frozenset({Kind.PRANK, Kind.GHOST, Kind.SILENT, Kind.BOT})


@dataclass(frozen=True, slots=True)
class Decision:
    """What a call was, and our category of a complaint."""

    kind: Kind
    category: str | None = None


class UnknownWord(Exception):
    """The mapping does not know the word of a column (ours); `table` is where it belongs."""

    def __init__(self, ours: str, table: str) -> None:
        super().__init__(ours, table)
        self.ours = ours
        self.table = table


def decision_of(fields: Fields, mapping: Mapping) -> Decision:
    """What the row was. Raises `UnknownWord`."""
    if nuisance := nuisance_in(fields, mapping):
        return Decision(nuisance)
    theirs = fields.profile.approve.get(fields[payloads.APPROVE])
    if theirs is not None and theirs in mapping.tables.get("rejected", {}).get("words", ()):
        return Decision(Kind.REJECTED)
    word = fields[payloads.TYPE]
    kind = type_of(word, mapping, otherwise=fields.profile.type_else if word else None)
    if kind is None:
        raise UnknownWord(payloads.TYPE, "[types]")
    finer = (fields[payloads.SUB_CATEGORY_2], fields[payloads.SUB_CATEGORY])
    decision = decide(kind, fields[payloads.CATEGORY], finer, mapping=mapping)
    if decision is None:
        raise UnknownWord(payloads.CATEGORY, "[category_in] atau [emergency]")
    return decision


def type_of(word: str, mapping: Mapping, *, otherwise: str | None = None) -> Kind | None:
    """The kind their type says: the exact word, or the longest it begins with; None if unknown."""
    types = mapping.tables.get("types", {})
    for spelled in (folded(word), _plain(word)):
        said = spelled
        while said:
            if said in types:
                return Kind(types[said])
            said = said.rpartition(" ")[0]
    return Kind(otherwise) if otherwise else None


def nuisance_in(fields: Fields, mapping: Mapping) -> Kind | None:
    """Prank, ghost, silent or bot, whichever of the columns says it in whatever spelling."""
    types = mapping.tables.get("types", {})
    words = {word: Kind(kind) for word, kind in types.items() if kind in NUISANCE}
    said = fields[payloads.TYPE]
    columns = (payloads.CATEGORY, payloads.SUB_CATEGORY, payloads.SUB_CATEGORY_2)
    categories = [fields[ours] for ours in columns if not _is_known(fields[ours], mapping=mapping)]
    if not _is_known(said, mapping=mapping) and (kind := _nuisance(said, words)):
        return kind
    # "drop off penumpang" is not a dropped call: such words must be the whole category.
    whole = frozenset(mapping.tables.get("nuisance", {}).get("whole_category", ()))
    inside = {word: kind for word, kind in words.items() if word not in whole}
    found = (words.get(_plain(category)) or _nuisance(category, inside) for category in categories)
    return next(filter(None, found), None)


def decide(
    said: Kind, category: str, finer: Iterable[str], *, mapping: Mapping
) -> Decision | None:
    """A complaint, an emergency or information; None if the mapping does not know the categories.

    `finer`: sub categories, the finest first; they go before the category. An emergency in any of
    them is one, but for the sub categories of `not_if`; where the type says emergency these count
    for nothing, and every word must be known before it becomes a complaint.
    """
    finer = [word for word in finer if word]
    words = [*finer, category] if category else finer
    ours = [_category(word, mapping) for word in words]
    is_excused = said is not Kind.EMERGENCY and any(_is_listed(finer, "not_if", mapping))
    # What excuses a category excuses no other emergency beside it.
    serious = finer if is_excused else words
    if any(_is_emergency(word, mapping) for word in serious):
        return Decision(Kind.EMERGENCY)
    first = next(filter(None, ours), None)
    if said is Kind.INFORMATION:
        return Decision(said, first)
    minor = _is_listed(words, "minor", mapping)
    is_clear = all(our or is_minor for our, is_minor in zip(ours, minor, strict=True))
    if first and (is_clear or said is not Kind.EMERGENCY):
        return Decision(Kind.COMPLAINT, first)
    if not first and type_of(category, mapping) is Kind.INFORMATION:
        return Decision(Kind.INFORMATION)
    return None


@lru_cache(maxsize=4096)
def _plain(word: str) -> str:
    return _BETWEEN.sub(" ", word.lower()).strip()


def _category(word: str, mapping: Mapping) -> str | None:
    return mapping.category_in.get(folded(word)) or mapping.category_in.get(_plain(word))


def _is_known(word: str, *, mapping: Mapping) -> bool:
    return _category(word, mapping) is not None


def _is_emergency(word: str, mapping: Mapping) -> bool:
    if _category(word, mapping):
        return False
    said = f" {_plain(word)} "
    emergencies = mapping.tables.get("emergency", {}).get("categories", ())
    return any(f" {_plain(emergency)} " in said for emergency in emergencies)


def _is_listed(words: Iterable[str], name: str, mapping: Mapping) -> list[bool]:
    listed = set(map(_plain, mapping.tables.get("emergency", {}).get(name, ())))
    return [_plain(word) in listed for word in words]


def _nuisance(cell: str, words: dict[str, Kind]) -> Kind | None:
    """The kind of the first of these words that stands in the cell, and is not denied there."""
    plain = _plain(cell)
    said = f" {plain} "
    for word, kind in words.items():
        before, found, _ = said.partition(f" {word} ")
        if found and not _NOT & set(before.split()[-1:]):
            return kind
    return next(_nuisance_by_letters(plain.replace(" ", ""), words), None)


def _nuisance_by_letters(letters: str, words: dict[str, Kind]) -> Iterator[Kind]:
    """P R A N K, and GHOSTCALL."""
    for word, kind in words.items():
        if letters in {word.replace(" ", ""), f"{word.replace(' ', '')}call"}:
            yield kind
