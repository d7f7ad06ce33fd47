"""What a call was, in our words: from its type and its categories, by mappings/call112.toml alone."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from hub.contract import Mapping
from hub.contract.mapping import folded


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


def type_of(word: str, mapping: Mapping, *, otherwise: str | None = None) -> Kind | None:
    """The kind their type says: the exact word, or the longest it begins with; None if unknown."""
    types = mapping.tables.get("types", {})
    said = folded(word)
    while said:
        if said in types:
            return Kind(types[said])
        said = said.rpartition(" ")[0]
    return Kind(otherwise) if otherwise else None


def nuisance_in(said: str, category: str, mapping: Mapping) -> Kind | None:
    """Prank, ghost, silent or bot, whichever of the two columns says it."""
    types = mapping.tables.get("types", {})
    # The category as a whole: "drop box sampah" is not a dropped call.
    kinds = (type_of(said, mapping), types.get(folded(category)))
    return next((Kind(kind) for kind in kinds if kind in NUISANCE), None)


def decide(
    said: Kind, category: str, finer: Iterable[str], *, mapping: Mapping
) -> Decision | None:
    """A complaint, an emergency or information; None if the mapping knows no word of the categories.

    `finer`: sub categories, the finest first. They go before the category, unless the type says
    emergency: of a true emergency no sub category may make a complaint.
    """
    if said is Kind.INFORMATION:
        known = (mapping.category_in.get(folded(word)) for word in (*finer, category))
        return Decision(said, next(filter(None, known), None))
    emergencies = frozenset(map(folded, mapping.tables.get("emergency", {}).get("categories", ())))
    words = [folded(word) for word in (*finer, category)]
    if said is Kind.EMERGENCY and emergencies & set(words):
        return Decision(Kind.EMERGENCY)
    for word in words:
        if word in emergencies:
            return Decision(Kind.EMERGENCY)
        if word in mapping.category_in:
            return Decision(Kind.COMPLAINT, mapping.category_in[word])
    if type_of(category, mapping) is Kind.INFORMATION:
        return Decision(Kind.INFORMATION)
    return None
