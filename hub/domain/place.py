"""Where something is, as far as anybody told us."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Place:
    """A place in WGS 84 degrees, in words, or both; (0, 0) is a real answer of some phones, not a place."""

    latitude: float | None = None
    longitude: float | None = None
    words: str | None = None

    @property
    def has_point(self) -> bool:
        """Whether there is a usable pair of coordinates."""
        if self.latitude is None or self.longitude is None:
            return False
        return (self.latitude, self.longitude) != (0, 0)
