"""What two gists say, put into words side by side; an operator reads them in the brackets of the evidence."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from hub.domain.matching.facts import Facts
from hub.domain.matching.gist import Gist
from hub.domain.matching.known import Knowledge
from hub.domain.matching.spelling import (
    beside,
    distance_in_words,
    gap_in_words,
    listed,
    within_a_sentence,
)
from hub.domain.matching.what import details_by_aspect
from hub.domain.matching.where import wards_of
from hub.domain.wards import distance_m

# Where the kelurahan was not told: by what it is known.
_WAYS = {"pin": "titik", "street": "jalannya"}


@dataclass(frozen=True, slots=True)
class Sides:
    """The report, the one of a complaint it is most like, and the facts about the two."""

    one: Gist
    two: Gist
    facts: Facts
    known: Knowledge

    def shared(self, part: str) -> str:
        """What both name; spelled as the first does where they spell it differently."""
        mine, theirs = self._parts(part)
        return listed(mine & theirs or mine)

    def each(self, part: str) -> str:
        """What the one names and what the other names."""
        return beside(*self._parts(part))

    def same_side(self) -> str:
        """Which side of a landmark both name."""
        return listed(self.one.spot.sides & self.two.spot.sides, is_name=False)

    def each_side(self) -> str:
        """Which side of a landmark each names."""
        return beside(self.one.spot.sides, self.two.spot.sides, is_name=False)

    def shared_wards(self) -> str:
        """The kelurahan that both lie in, told or found by a pin or a street."""
        mine, theirs = self._wards()
        return listed(mine & theirs)

    def each_wards(self) -> str:
        """The kelurahan of the one and of the other."""
        return beside(*self._wards())

    def how(self) -> str:
        """By what we know the kelurahan where it was not told."""
        ways = {wards_of(gist.spot, self.known)[1] for gist in (self.one, self.two)}
        return " dan ".join(word for way, word in _WAYS.items() if way in ways)

    def metres(self) -> str:
        """How far the pins are apart."""
        mine, theirs = self.one.spot.pin, self.two.spot.pin
        if mine is None or theirs is None:
            return ""
        return distance_in_words(distance_m(mine.point, theirs.point))

    def matter(self) -> str:
        """The words that name the matter, if they are others; else what it is called."""
        mine, theirs = (self._shown(gist) for gist in (self.one, self.two))
        if mine and theirs and mine != theirs:
            return f"«{mine}» ~ «{theirs}»"
        label = self._label(self.one) or self._label(self.two)
        return f"sama-sama {label}" if label else "pokok masalah sama"

    def each_topic(self) -> str:
        """What the matter of each is called."""
        mine, theirs = (self._label(gist) or "tidak jelas" for gist in (self.one, self.two))
        return f"{mine} / {theirs}" if mine != theirs else mine

    def details_shared(self) -> str:
        """The small things both tell."""
        return listed(self.one.details & self.two.details, is_name=False)

    def details_at_odds(self) -> str:
        """The small things of which only one can be true."""
        mine, theirs = (details_by_aspect(gist, self.known) for gist in (self.one, self.two))
        clashing = [a for a in mine.keys() & theirs.keys() if not mine[a] & theirs[a]]
        sides = ([d for a in clashing for d in side[a]] for side in (mine, theirs))
        return beside(*sides, is_name=False)

    def amounts_shared(self) -> str:
        """The numbers both tell, each with its unit."""
        return listed(set(_amounts(self.one)) & set(_amounts(self.two)), is_name=False)

    def amounts_at_odds(self) -> str:
        """The numbers of units of which the two tell different ones."""
        units = {
            unit
            for unit in self.one.amounts.keys() & self.two.amounts.keys()
            if not self.one.amounts[unit] & self.two.amounts[unit]
        }
        return beside(_amounts(self.one, units), _amounts(self.two, units), is_name=False)

    def gap(self) -> str:
        """How long between the two."""
        return gap_in_words(abs(self.one.at - self.two.at))

    def _parts(self, part: str) -> tuple[frozenset[str], frozenset[str]]:
        mine, theirs = (getattr(gist.spot, part) for gist in (self.one, self.two))
        return mine, theirs

    def _wards(self) -> tuple[frozenset[str], frozenset[str]]:
        mine, theirs = (wards_of(gist.spot, self.known)[0] for gist in (self.one, self.two))
        return mine, theirs

    def _label(self, gist: Gist) -> str:
        topic = self.known.topic_of(gist)
        return within_a_sentence(topic.label) if topic else ""

    def _shown(self, gist: Gist) -> str:
        """The words that name the first one's matter, or its own if it leans to another."""
        return gist.shown.get(self.one.topic or "") or gist.shown.get(gist.topic or "", "")


def _amounts(gist: Gist, units: Iterable[str] | None = None) -> Iterator[str]:
    wanted = gist.amounts.keys() if units is None else units
    return (f"{number} {unit}" for unit in wanted for number in gist.amounts[unit])
