"""The place that a report speaks of, taken apart: conflicting numbers beat similar words."""

from dataclasses import dataclass, field

from hub.domain.wards import Point


@dataclass(frozen=True, slots=True)
class Pin:
    """A pair of coordinates in degrees, how far off it may be in metres, and the kelurahan it lies in."""

    latitude: float
    longitude: float
    error: float
    ward: str | None = None

    @property
    def point(self) -> Point:
        """Latitude and longitude."""
        return self.latitude, self.longitude


@dataclass(frozen=True, slots=True, kw_only=True)
class Spot:
    """Every part that the words or the form gave; an empty part was not told.

    `outside`: the words put it into the neighbour regency.
    """

    streets: frozenset[str] = field(default_factory=frozenset)
    alleys: frozenset[str] = field(default_factory=frozenset)
    houses: frozenset[int] = field(default_factory=frozenset)
    rt: frozenset[int] = field(default_factory=frozenset)
    rw: frozenset[int] = field(default_factory=frozenset)
    marks: frozenset[str] = field(default_factory=frozenset)
    sides: frozenset[str] = field(default_factory=frozenset)
    wards: frozenset[str] = field(default_factory=frozenset)
    pin: Pin | None = None
    outside: bool = False
