"""The facts about a pair: a name and a number, mostly 1. What only one side told is no fact at all.

What the facts weigh stands in mappings/matching/weights.toml; here stand the names that rules speak of.
"""

Facts = dict[str, float]

# Different numbers and names: two places, whatever else is alike.
CONTRADICTIONS = frozenset({
    "rt_other", "house_other", "alley_other", "street_other", "ward_other_told", "pin_far", "mark_other",
})  # fmt: skip


def has_any(facts: Facts, *names: str) -> bool:
    """Whether at least one of these is a fact."""
    return any(name in facts for name in names)


def capped(count: float, most: int) -> float:
    """A count as a fact: what comes after the first few adds nothing."""
    return float(min(count, most))
