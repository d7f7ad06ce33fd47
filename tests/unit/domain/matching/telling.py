"""Invented reports, read and compared as the shipped hub does it."""

from datetime import UTC, datetime, timedelta
from typing import Any

from hub.domain.matching import Match, Told
from hub.domain.matching.gist import Gist
from tests.bench.matching.city import matching_of_the_city

MATCHING = matching_of_the_city()
KNOWN = MATCHING.matcher.known
NOON = datetime(2026, 3, 11, 5, 0, tzinfo=UTC)  # a Wednesday, 12.00 WIB
HALL = {"latitude": -6.897139, "longitude": 109.661914}


def told(text: str, *, minutes: float = 0, **given: Any) -> Told:
    """A citizen's words; `minutes` after noon."""
    said_at = NOON + timedelta(minutes=minutes)
    return Told(text=text, said_at=said_at, **({"channel": "whatsapp"} | given))


def gist(text: str, **given: Any) -> Gist:
    """What the reader makes of these words."""
    return MATCHING.reader.read(told(text, **given))


def match(report: Gist, *complaint: Gist) -> Match:
    """A report beside the reports of a complaint."""
    return MATCHING.matcher.compare(report, complaint)


def words(found: Match) -> list[str]:
    """The evidence as an operator reads it."""
    return [one.words for one in found.evidence]


def names(found: Match) -> set[str]:
    """The facts that the evidence is about."""
    return {one.name for one in found.evidence}
