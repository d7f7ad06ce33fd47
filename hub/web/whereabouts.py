"""In which kelurahan something is: by its pin, or else by the words for the place."""

import re
from collections.abc import Iterable

from hub.domain.place import Place
from hub.domain.wards import Point, Ward, Wards


def point_of(latitude: float | None, longitude: float | None, wards: Wards) -> Point | None:
    """A usable pin; the one that operators leave when nobody can say where is none."""
    if latitude is None or longitude is None or not Place(latitude, longitude).has_point:
        return None
    if (latitude, longitude) in wards.nowhere:
        return None
    return latitude, longitude


def ward_named(wards: Wards, texts: Iterable[str | None]) -> Ward | None:
    """The kelurahan that the first of these texts names; of several the longest name."""
    for text in texts:
        said = [ward for ward in wards.wards if text and _names(text, ward.name)]
        if said:
            return max(said, key=lambda ward: len(ward.name))
    return None


def _names(text: str, name: str) -> bool:
    return re.search(rf"\b{re.escape(name)}\b", text, re.IGNORECASE) is not None
