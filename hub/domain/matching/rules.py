"""What no weight may outvote: when the hub may join two reports by itself, and when only a person may.

Conflicting numbers beat similar words. `Facts` are those about the report and the likest one of a complaint,
`whole` those about the complaint as a whole.
"""

from hub.domain.matching.facts import Facts, has_any
from hub.domain.matching.together import is_one_of_many

# Without one of these nothing ties two reports to one spot, one person or one thing.
_TIES = frozenset({
    "spot_fine", "street_same", "pin_within", "person_same", "quoted", "photo_same", "copied_here",
})  # fmt: skip
# With one of these only a person may say that it is the same.
NEVER_ALONE = frozenset({
    "house_other", "rt_other", "rw_other", "alley_other", "outside_other", "topic_other",
    "kind_other", "began_after", "case_of_whom", "name_other", "ward_other_told", "pin_far",
    "named_alike_elsewhere", "returned_late",
})  # fmt: skip
_SAID_BEFORE = frozenset({"person_same", "quoted", "photo_same", "copied_here"})
# Who says it again may say it in other words, or that it has only begun.
_SAID_ANEW = frozenset({"began_after", "kind_other"})
# As many small details that agree tie two reports of one kelurahan.
_TELLING = 2.0


def may_join(facts: Facts) -> bool:
    """Whether nothing forbids to join them unasked."""
    against = NEVER_ALONE & facts.keys()
    if _SAID_BEFORE & facts.keys():
        against -= _SAID_ANEW
    return not against


def is_tied(facts: Facts, whole: Facts) -> bool:
    """Whether something ties the two to one spot, one person or one thing."""
    if _SAID_BEFORE & facts.keys():
        return True
    if is_one_of_many(whole):
        return False
    by_details = facts.get("details_same", 0.0) >= _TELLING and "spot_ward" in facts
    return by_details or bool(_TIES & facts.keys())


def is_placed(facts: Facts) -> bool:
    """Whether the two agree on a place at least, or on who says it."""
    return has_any(facts, "mark_same", "spot_ward") or bool(_TIES & facts.keys())


def may_be_a_part(facts: Facts) -> bool:
    """Whether a complaint may be one of several parts of what a report speaks of."""
    return bool(_TIES & facts.keys()) or ("spot_ward" in facts and "details_same" in facts)


def comes_back(facts: Facts) -> bool:
    """The same trouble at the same place, but one that came back: a new complaint, linked to the old."""
    return (
        has_any(facts, "began_after", "returned_late")
        and has_any(facts, "same_there", "spot_street")
        and "topic_same" in facts
    )
