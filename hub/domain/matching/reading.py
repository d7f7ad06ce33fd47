"""`Reader` makes a gist of what was told."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, tzinfo

from hub.domain.matching.found import Found
from hub.domain.matching.gazetteer import Gazetteer
from hub.domain.matching.gist import Gist
from hub.domain.matching.letters import legible
from hub.domain.matching.matter import Matters
from hub.domain.matching.phrasing import (
    QUOTED,
    amounts_in,
    has_returned,
    is_said_again,
    names_in,
    quoted_in,
)
from hub.domain.matching.places import PlaceReader
from hub.domain.matching.said import Told
from hub.domain.matching.since import since
from hub.domain.matching.spot import Pin, Spot
from hub.domain.matching.topics import Signs
from hub.domain.matching.words import Words
from hub.domain.wards import Point, Wards

# Metres: who copies coordinates out of a map has put the finger on it.
_ERROR_OF_A_MAP, _ERROR = 15.0, 60.0
# Degrees, about 10 cm: the very point that operators leave where it stood.
_SAME_POINT = 1e-6
_NOWHERE: Point = (0, 0)
_POLE = 90


@dataclass(frozen=True, slots=True, kw_only=True)
class Reader:
    """Everything that is known about words and places of a city.

    `detail_topics`: detail -> the topic it is a detail of; `pin_error`: channel -> metres that its
    pins are off.
    """

    words: Words
    matters: Matters
    kind_signs: Signs
    detail_signs: Signs
    detail_topics: Mapping[str, str]
    gazetteer: Gazetteer
    wards: Wards
    zone: tzinfo
    pin_error: Mapping[str, float] = field(default_factory=dict)

    def read(self, told: Told) -> Gist:
        """The gist of a report. Anything may stand in the text; nothing is refused."""
        text = legible(told.text)
        number = told.number.lower()
        found = PlaceReader(self.gazetteer).read(text)
        free = [token for i, token in enumerate(found.tokens) if i not in found.used]
        said = self.words.standard([token for token in free if token.isalnum()])
        # As it was typed, and in standard words: either may be what a pattern knows.
        tellings = " ".join(t for t in free if t.isalnum() or t in ".:"), " ".join(said)
        topics, shown = self.matters.read(said, told.category)
        return Gist(
            at=int(told.said_at.timestamp()),
            channel=told.channel,
            number=number if QUOTED.fullmatch(number) else "",
            person=told.person,
            category=told.category or None,
            spot=self._spot(told, found),
            topics=topics,
            kinds=self._kinds(said, topic=next(iter(topics), "")),
            shown=shown,
            details=self._details(said, topics=topics),
            amounts=amounts_in(tellings[1]),
            words=frozenset(w for w in said if w not in self.words.stop and not w.isdigit()),
            names=names_in(text),
            began=_began(tellings, told.said_at.astimezone(self.zone)),
            again=any(map(is_said_again, tellings)),
            returned=any(map(has_returned, tellings)),
            quoted=quoted_in(text) - {number},
            photos=told.photos,
        )

    def _kinds(self, said: Sequence[str], *, topic: str) -> dict[str, float]:
        """Of the strongest topic only; a code is "topic.kind"."""
        return {
            code: hit.strength
            for code, hit in self.kind_signs.find(said).items()
            if code.partition(".")[0] == topic
        }

    def _details(self, said: Sequence[str], *, topics: Mapping[str, float]) -> frozenset[str]:
        """Of all its topics: who drowned in a flood is no detail of a lamp."""
        found = self.detail_signs.find(said)
        return frozenset(name for name in found if self.detail_topics[name] in topics)

    def _spot(self, told: Told, found: Found) -> Spot:
        filed = self.wards.named(told.ward) if told.ward else None
        wards = {self._ward(name) for name in found.wards}
        return Spot(
            streets=frozenset(found.streets),
            alleys=frozenset(found.alleys),
            houses=frozenset(found.houses),
            rt=frozenset(found.rt),
            rw=frozenset(found.rw),
            marks=frozenset(found.marks),
            sides=frozenset(found.sides),
            wards=frozenset(wards | ({filed.name.lower()} if filed else set())),
            pin=self._pin(told, found),
            outside=found.outside,
        )

    def _ward(self, name: str) -> str:
        """As the city calls it; a ward of the neighbour regency keeps its name."""
        ward = self.wards.named(name)
        return ward.name.lower() if ward else name

    def _pin(self, told: Told, found: Found) -> Pin | None:
        point, error = found.point, _ERROR_OF_A_MAP
        if point is None and told.latitude is not None and told.longitude is not None:
            point = told.latitude, told.longitude
            error = self.pin_error.get(told.channel, self.pin_error.get("default", _ERROR))
        if point is None or not _is_on_earth(point) or self._is_default(point):
            return None
        ward = self.wards.at(*point)
        return Pin(*point, error, ward.name.lower() if ward else None)

    def _is_default(self, point: Point) -> bool:
        return any(
            abs(point[0] - latitude) < _SAME_POINT and abs(point[1] - longitude) < _SAME_POINT
            for latitude, longitude in self.gazetteer.default_pins
        )


def _is_on_earth(point: Point) -> bool:
    """No number at all and degrees beyond the poles are as little a place as 0, 0."""
    latitude, longitude = point
    return point != _NOWHERE and abs(latitude) <= _POLE and abs(longitude) <= 2 * _POLE


def _began(tellings: Sequence[str], local: datetime) -> tuple[int, int] | None:
    for text in tellings:
        if (span := since(text, local)) is not None:
            earliest, latest = span
            return int(earliest.timestamp()), int(latest.timestamp())
    return None
