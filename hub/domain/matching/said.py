"""What matching is given of a report, and what it makes of two of them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum


class Verdict(StrEnum):
    """Whether a report speaks of a complaint. PERHAPS is for a person to decide."""

    SAME = "same"
    PERHAPS = "perhaps"
    DIFFERENT = "different"

    @property
    def label(self) -> str:
        """The word that operators read."""
        return {"same": "sama", "perhaps": "mungkin sama", "different": "lain"}[self.value]


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """A report as matching needs it; every time is aware, whatever the channel's clock said.

    `person` is an opaque key of the reporter, `number` what the channel calls the report (citizens quote it),
    `ward` the kelurahan as a form field gave it, `photos` are sha256 or `p:` and a perceptual hash.
    """

    text: str = field(repr=False)
    said_at: datetime
    channel: str
    number: str = ""
    person: str | None = None
    category: str | None = None
    ward: str | None = None
    latitude: float | None = None
    longitude: float | None = None
    photos: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Evidence:
    """One thing that speaks for or against: a name, words for an operator, and how much it weighs."""

    name: str
    words: str
    weight: float


@dataclass(frozen=True, slots=True)
class Match:
    """The verdict on a report and a complaint; `score` is the chance, 0 to 1, that they are the same.

    `returns`: the same trouble at the same place, but a later one. The evidence is in order of weight.
    """

    verdict: Verdict
    score: float
    evidence: tuple[Evidence, ...] = ()
    returns: bool = False

    def as_rows(self) -> list[Mapping[str, str | float]]:
        """The evidence as it is kept."""
        return [
            {"name": one.name, "words": one.words, "weight": round(one.weight, 2)}
            for one in self.evidence
        ]
