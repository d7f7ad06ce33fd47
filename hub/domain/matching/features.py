"""Two gists side by side: every fact that speaks for or against their being about one trouble.

A fact is a name and a number, mostly 1; what was told by one side only is no fact at all.
"""

import math
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

from rapidfuzz import fuzz

from hub.domain.matching.gist import Gist
from hub.domain.matching.photos import same_photo
from hub.domain.matching.spot import Pin, Spot
from hub.domain.matching.topics import Topic
from hub.domain.wards import distance_m

Facts = dict[str, float]
HOUR = 3600
DAY = 24 * HOUR
_SPELT_ALIKE = 84
_PIN_STEPS = ((1.5, "within"), (2.5, "near"), (3.5, "apart"))
_ONE_MATTER = 0.6
_HOURS = (1, 3, 8, 24, 72)
_DAYS = (1, 3, 6, 12, 25, 45)


# Different numbers and names: two places, whatever else is alike.
CONTRADICTIONS = frozenset({
    "rt_other", "house_other", "alley_other", "street_other", "ward_other_told", "pin_far", "mark_other",
})  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Knowledge:
    """What comparing needs to know of topics, details, and how common words are."""

    topics: Mapping[str, Topic]
    aspects: Mapping[str, str]
    common: Mapping[str, float]
    rare: float = 7.0
    street_wards: Mapping[str, frozenset[str]] = field(default_factory=dict)

    def weight(self, word: str) -> float:
        """How much it says that two reports share this word."""
        return self.common.get(word, self.rare)


def facts_of(one: Gist, two: Gist, known: Knowledge) -> Facts:
    """All facts about a pair; the order of the two does not matter."""
    early, late = (one, two) if one.at <= two.at else (two, one)
    facts: Facts = {}
    compare_places(facts, early.spot, late.spot, known)
    _matter(facts, early, late, known)
    _wording(facts, early, late, known)
    _time(facts, early, late, known)
    _people(facts, early, late, known)
    _together(facts)
    return facts


# ---------------------------------------------------------------- where


def compare_places(facts: Facts, a: Spot, b: Spot, known: Knowledge) -> None:
    """Every part of a place that both tell."""
    for name, mine, theirs in (
        ("street", a.streets, b.streets),
        ("alley", a.alleys, b.alleys),
        ("house", a.houses, b.houses),
        ("rt", a.rt, b.rt),
        ("rw", a.rw, b.rw),
    ):
        if mine and theirs:
            same = mine & theirs or (name == "alley" and _alike(mine, theirs))
            facts[f"{name}_same" if same else f"{name}_other"] = 1.0
    if a.marks and b.marks:
        facts["mark_same" if _alike(a.marks, b.marks) else "mark_other"] = 1.0
        if "mark_same" in facts and a.sides and b.sides:
            facts["side_same" if a.sides & b.sides else "side_other"] = 1.0
    _wards(facts, a, b, known)
    if a.outside != b.outside:
        facts["outside_other"] = 1.0
    if a.pin and b.pin:
        facts[pin_step(spread_of(a.pin, b.pin))] = 1.0


def spread_of(one: Pin, two: Pin) -> float:
    """The distance of two pins, as a multiple of how far off they may be together."""
    metres = distance_m((one.latitude, one.longitude), (two.latitude, two.longitude))
    return metres / math.hypot(one.error, two.error)


def pin_step(spread: float) -> str:
    """The name of the fact that a distance is."""
    near = next((name for limit, name in _PIN_STEPS if spread < limit), "far")
    return f"pin_{near}"


def _wards(facts: Facts, a: Spot, b: Spot, known: Knowledge) -> None:
    mine, how = wards_of(a, known)
    theirs, how_else = wards_of(b, known)
    if not mine or not theirs:
        return
    told = "told" if how == how_else == "told" else "meant"
    facts[f"ward_same_{told}" if mine & theirs else f"ward_other_{told}"] = 1.0


def wards_of(spot: Spot, known: Knowledge) -> tuple[frozenset[str], str]:
    """The kelurahan that a spot lies in, and how we know: told, by its pin, or by its street."""
    if spot.wards:
        return spot.wards, "told"
    if spot.pin and spot.pin.ward:
        return frozenset({spot.pin.ward}), "pin"
    by_street = [
        known.street_wards[street] for street in spot.streets if street in known.street_wards
    ]
    return frozenset().union(*by_street), "street"


def _alike(mine: Collection[str], theirs: Collection[str]) -> bool:
    return any(
        a == b
        or a.startswith(f"{b} ")
        or b.startswith(f"{a} ")
        or fuzz.ratio(a, b) >= _SPELT_ALIKE
        for a in mine
        for b in theirs
    )


# ---------------------------------------------------------------- what


def _matter(facts: Facts, a: Gist, b: Gist, known: Knowledge) -> None:
    if not a.topics or not b.topics:
        facts["topic_unknown"] = 1.0
    elif a.topic == b.topic or _leaning(a, b) >= _ONE_MATTER:
        facts["topic_same"] = 1.0
    elif a.topics.keys() & b.topics.keys():
        facts["topic_shared"] = 1.0
    elif _near(a, b, known):
        facts["topic_near"] = 1.0
    else:
        facts["topic_other"] = 1.0
    if a.kinds and b.kinds and ("topic_same" in facts or "topic_shared" in facts):
        facts["kind_same" if _best(a.kinds) & _best(b.kinds) else "kind_other"] = 1.0
    _details(facts, a, b, known)
    for unit in a.amounts.keys() & b.amounts.keys():
        name = "amount_same" if a.amounts[unit] & b.amounts[unit] else "amount_other"
        facts[name] = min(facts.get(name, 0.0) + 1.0, 2.0)


def _leaning(a: Gist, b: Gist) -> float:
    """The cosine of two gists' topics: a flood that broke a dike is told as either."""
    both = sum(a.topics[code] * b.topics[code] for code in a.topics.keys() & b.topics.keys())
    lengths = (math.sqrt(sum(s * s for s in one.topics.values())) for one in (a, b))
    return both / math.prod(lengths)


def _details(facts: Facts, a: Gist, b: Gist, known: Knowledge) -> None:
    """Small things both tell: the depth of the water, who fell. Of one aspect only one can be true."""
    mine, theirs = details_by_aspect(a, known), details_by_aspect(b, known)
    both = mine.keys() & theirs.keys()
    if same := sum(1 for aspect in both if mine[aspect] & theirs[aspect]):
        facts["details_same"] = float(min(same, 3))
    if other := sum(1 for aspect in both if not mine[aspect] & theirs[aspect]):
        facts["details_other"] = float(min(other, 3))


def details_by_aspect(gist: Gist, known: Knowledge) -> dict[str, set[str]]:
    """What a gist tells of each aspect; a detail without one is its own."""
    found: dict[str, set[str]] = {}
    for detail in gist.details:
        found.setdefault(known.aspects.get(detail, detail), set()).add(detail)
    return found


def _near(a: Gist, b: Gist, known: Knowledge) -> bool:
    return any(
        other in known.topics[code].near or code in known.topics[other].near
        for code in a.topics
        for other in b.topics
        if code in known.topics and other in known.topics
    )


def _best(kinds: Mapping[str, float]) -> set[str]:
    most = max(kinds.values())
    return {kind for kind, strength in kinds.items() if strength >= 0.7 * most}


# ---------------------------------------------------------------- in which words


def _wording(facts: Facts, a: Gist, b: Gist, known: Knowledge) -> None:
    if not a.words or not b.words:
        return
    shared = sum(known.weight(word) for word in a.words & b.words)
    mine = sum(known.weight(word) for word in a.words)
    theirs = sum(known.weight(word) for word in b.words)
    facts["wording"] = shared / math.sqrt(mine * theirs)
    held = shared / min(mine, theirs)
    if min(len(a.words), len(b.words)) >= 4:
        if held > 0.9 and facts["wording"] > 0.8:
            facts["wording_copied"] = 1.0
        elif facts["wording"] > 0.6:
            facts["wording_close"] = 1.0


# ---------------------------------------------------------------- when


def _time(facts: Facts, early: Gist, late: Gist, known: Knowledge) -> None:
    gap = late.at - early.at
    lasts = _lasts(early, late, known)
    steps, unit = (_HOURS, HOUR) if lasts == "hours" else (_DAYS, DAY)
    step = next((limit for limit in steps if gap <= limit * unit), None)
    facts[f"gap_{lasts}_{step or 'more'}"] = 1.0
    if late.began and late.began[0] > early.at:
        facts["began_after"] = 1.0
    elif early.began and late.began:
        overlap = min(early.began[1], late.began[1]) - max(early.began[0], late.began[0])
        facts["began_same" if overlap >= 0 else "began_other"] = 1.0
    if late.again:
        facts["again_soon" if gap <= 5 * DAY else "again_late"] = 1.0
    if late.returned:
        facts["returned_soon" if gap <= 10 * DAY else "returned_late"] = 1.0


def _lasts(early: Gist, late: Gist, known: Knowledge) -> str:
    topics = (known.topics.get(one.topic or "") for one in (early, late))
    return "hours" if any(topic and topic.lasts == "hours" for topic in topics) else "days"


# ---------------------------------------------------------------- who


def _people(facts: Facts, early: Gist, late: Gist, known: Knowledge) -> None:
    if early.person and late.person:
        facts["person_same" if early.person == late.person else "person_other"] = 1.0
    if late.quoted & {early.number, *early.tickets}:
        facts["quoted"] = 1.0
    if early.names and late.names:
        facts["name_same" if _alike(early.names, late.names) else "name_other"] = 1.0
    if same_photo(early.photos, late.photos):
        facts["photo_same"] = 1.0
    if early.channel != late.channel:
        facts["channel_other"] = 1.0
    topics = [known.topics[one.topic] for one in (early, late) if one.topic in known.topics]
    if topics and all(topic.person for topic in topics):
        facts["one_persons_case"] = 1.0


# ---------------------------------------------------------------- what only counts together

_CLASH = ("alley_other", "house_other", "rt_other", "rw_other", "pin_far")
_WHO = frozenset({"person_same", "quoted", "copied_here", "name_same"})


def _together(facts: Facts) -> None:
    """Facts that mean more, or less, beside others."""
    ward_same = "ward_same_told" in facts or "ward_same_meant" in facts
    ward_other = "ward_other_told" in facts or "ward_other_meant" in facts
    if "rt_same" in facts and "rw_same" in facts:
        facts["unit_same"] = 1.0
        if "street_same" in facts or ward_same:
            facts["unit_here"] = 1.0
    clashes = sum(name in facts for name in _CLASH)
    if clashes:
        facts["clashes"] = float(min(clashes, 3))
    at_odds = bool(clashes) or ward_other or "street_other" in facts
    facts[_spot(facts, ward_same=ward_same, at_odds=at_odds)] = 1.0
    if "spot_street" in facts and ward_same:
        facts["spot_street_ward"] = 1.0
    if ward_other and ("street_same" in facts or "mark_same" in facts):
        facts["named_alike_elsewhere"] = 1.0
    if "spot_fine" in facts and ("topic_same" in facts or "topic_shared" in facts):
        facts["same_there"] = 1.0
        if "wording_copied" in facts:
            facts["copied_here"] = 1.0
    elif "wording_copied" in facts:
        facts["copied_elsewhere" if at_odds else "copied_here"] = 1.0
    if "one_persons_case" in facts and not _WHO & facts.keys():
        facts["case_of_whom"] = 1.0


def _spot(facts: Facts, *, ward_same: bool, at_odds: bool) -> str:
    """How closely the places agree: to the spot, the street, the kelurahan, or not to be told."""
    if at_odds:
        return "spot_other"
    named = ward_same or "street_same" in facts or "pin_near" in facts
    # Alfa, Pos Kamling and RT 3/7 are everywhere: they are a spot only together with a name.
    fine = {"unit_same", "alley_same", "house_same", "mark_same"} & facts.keys() if named else set()
    if fine or "pin_within" in facts:
        return "spot_fine"
    if "street_same" in facts:
        return "spot_street"
    return "spot_ward" if ward_same else "spot_open"
