"""Facts that mean more, or less, beside others: RT 3 of RW 7 is a spot only together with a name."""

from hub.domain.matching.facts import Facts, capped, has_any

_CLASH = ("alley_other", "house_other", "rt_other", "rw_other", "pin_far")
_CLASHES = 3
_FINE = ("unit_same", "alley_same", "house_same", "mark_same")


def combined(facts: Facts) -> Facts:
    """The same facts, and what they say together."""
    facts = dict(facts)
    ward_same = has_any(facts, "ward_same_told", "ward_same_meant")
    ward_other = has_any(facts, "ward_other_told", "ward_other_meant")
    if "rt_same" in facts and "rw_same" in facts:
        facts["unit_same"] = 1.0
        if "street_same" in facts or ward_same:
            facts["unit_here"] = 1.0
    clashes = sum(name in facts for name in _CLASH)
    if clashes:
        facts["clashes"] = capped(clashes, _CLASHES)
    at_odds = bool(clashes) or ward_other or "street_other" in facts
    facts[_spot(facts, ward_same=ward_same, at_odds=at_odds)] = 1.0
    if "spot_street" in facts and ward_same:
        facts["spot_street_ward"] = 1.0
    if ward_other and has_any(facts, "street_same", "mark_same"):
        facts["named_alike_elsewhere"] = 1.0
    return facts | _matter_there(facts, at_odds=at_odds)


def _spot(facts: Facts, *, ward_same: bool, at_odds: bool) -> str:
    """How closely the places agree: to the spot, the street, the kelurahan, or not to be told."""
    if at_odds:
        return "spot_other"
    # Alfa, Pos Kamling and RT 3/7 are everywhere: they are a spot only together with a name.
    named = ward_same or has_any(facts, "street_same", "pin_near")
    if (named and has_any(facts, *_FINE)) or "pin_within" in facts:
        return "spot_fine"
    if "street_same" in facts:
        return "spot_street"
    return "spot_ward" if ward_same else "spot_open"


def _matter_there(facts: Facts, *, at_odds: bool) -> Facts:
    """The same matter, or the same words, at this spot or elsewhere; a person's case, and whose."""
    found: Facts = {}
    if "spot_fine" in facts and has_any(facts, "topic_same", "topic_shared"):
        found["same_there"] = 1.0
    if "wording_copied" in facts:
        # Where the places are at odds there is no spot they agree on.
        found["copied_elsewhere" if at_odds else "copied_here"] = 1.0
    is_ones = has_any(facts, "person_same", "quoted", "name_same") or "copied_here" in found
    if "one_persons_case" in facts and not is_ones:
        found["case_of_whom"] = 1.0
    return found
