"""Two gists side by side: are they about one matter, of one kind, with the same small details."""

import math
from collections.abc import Mapping

from hub.domain.matching.facts import Facts, capped, has_any
from hub.domain.matching.gist import Gist
from hub.domain.matching.known import Knowledge

# Cosine of the topics from which on two tellings are of one matter.
_ONE_MATTER = 0.7
# A kind counts if it is nearly as strong as the strongest.
_NEARLY = 0.7
_DETAILS, _AMOUNTS = 3, 2


def compare_matter(a: Gist, b: Gist, known: Knowledge) -> Facts:
    """Topic, kind, details and amounts."""
    facts = {_topic(a, b, known): 1.0}
    if a.kinds and b.kinds and has_any(facts, "topic_same", "topic_shared"):
        facts["kind_same" if _best(a.kinds) & _best(b.kinds) else "kind_other"] = 1.0
    facts |= compare_details(
        details_by_aspect(a, known), details_by_aspect(b, known), most=_DETAILS
    )
    for unit in sorted(a.amounts.keys() & b.amounts.keys()):
        name = "amount_same" if a.amounts[unit] & b.amounts[unit] else "amount_other"
        facts[name] = capped(facts.get(name, 0.0) + 1.0, _AMOUNTS)
    return facts


def details_by_aspect(gist: Gist, known: Knowledge) -> dict[str, set[str]]:
    """What a gist tells of each aspect; a detail without one is its own."""
    found: dict[str, set[str]] = {}
    for detail in gist.details:
        found.setdefault(known.aspects.get(detail, detail), set()).add(detail)
    return found


def compare_details(
    mine: Mapping[str, set[str]], theirs: Mapping[str, set[str]], *, most: int
) -> Facts:
    """The depth of the water, who fell: of one aspect only one can be true."""
    both = mine.keys() & theirs.keys()
    same = sum(1 for aspect in both if mine[aspect] & theirs[aspect])
    counts = {"details_same": same, "details_other": len(both) - same}
    return {name: capped(count, most) for name, count in counts.items() if count}


def _topic(a: Gist, b: Gist, known: Knowledge) -> str:
    if not a.topics or not b.topics:
        return "topic_unknown"
    if a.topic == b.topic or _leaning(a, b) >= _ONE_MATTER:
        return "topic_same"
    if a.topics.keys() & b.topics.keys():
        return "topic_shared"
    return "topic_near" if _are_near(a, b, known) else "topic_other"


def _leaning(a: Gist, b: Gist) -> float:
    """The cosine of two gists' topics: a flood that broke a dike is told as either."""
    both = math.fsum(a.topics[code] * b.topics[code] for code in a.topics.keys() & b.topics.keys())
    return both / (math.hypot(*a.topics.values()) * math.hypot(*b.topics.values()))


def _are_near(a: Gist, b: Gist, known: Knowledge) -> bool:
    """Whether people say the one and mean the other: "lampu mati" may be the street's or the house's."""
    mine, theirs = (
        {code: known.topics[code] for code in one.topics if code in known.topics} for one in (a, b)
    )
    return any(
        other in topic.near or code in theirs[other].near
        for code, topic in mine.items()
        for other in theirs
    )


def _best(kinds: Mapping[str, float]) -> set[str]:
    most = max(kinds.values())
    return {kind for kind, strength in kinds.items() if strength >= _NEARLY * most}
