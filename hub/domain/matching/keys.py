"""Keys under which a report is found again: exact look-ups, so that a million others cost nothing.

A key is a place and a topic, a person, a number, a photo, or a band of words that copies share (MinHash).
"""

import zlib
from collections.abc import Iterator
from hashlib import blake2b

from hub.domain.matching.gist import Gist
from hub.domain.matching.photos import bands
from hub.domain.matching.spot import Pin

CELL = 0.003  # degrees; about 330 m
_BANDS, _ROWS = 4, 2
_FEWEST_WORDS = 4
_MASK = (1 << 61) - 1
# Any odd numbers do; they only have to stay the same for ever.
_TURNS = tuple((0x9E3779B97F4A7C15 * (2 * i + 1)) & _MASK | 1 for i in range(_BANDS * _ROWS))
_FINE, _STREET, _WARD, _BESIDE, _SURE, _COPY = 3.0, 2.0, 1.0, 1.5, 6.0, 1.5


def keys_of(gist: Gist) -> frozenset[int]:
    """The keys to keep."""
    numbers = {gist.number, *gist.tickets} - {""}
    return frozenset(
        _hash(name)
        for name in (*(name for name, _ in _names(gist)), *(f"n:{number}" for number in numbers))
    )


def looks_for(gist: Gist) -> dict[int, float]:
    """The keys to look for, and how much each says."""
    wanted = {_hash(name): weight for name, weight in _names(gist)}
    for name, weight in _around(gist):
        wanted.setdefault(_hash(name), weight)
    return wanted


def _names(gist: Gist) -> Iterator[tuple[str, float]]:
    spot = gist.spot
    places: list[tuple[str, float]] = [(f"s:{street}", _STREET) for street in spot.streets]
    places += [(f"m:{mark}", _FINE) for mark in spot.marks]
    wards = set(spot.wards) or ({spot.pin.ward} if spot.pin and spot.pin.ward else set())
    places += [(f"w:{ward}", _WARD) for ward in wards]
    places += [(f"u:{rt}/{rw}", _STREET) for rt in spot.rt for rw in spot.rw]
    if spot.pin:
        places.append((f"c:{_cell(spot.pin, 0, 0)}", _FINE))
    for topic in list(gist.topics)[:2] or ["?"]:
        for place, weight in places:
            yield f"{place}:{topic}", weight
    if gist.person:
        yield f"p:{gist.person}", _SURE
    for photo in gist.photos:
        if photo.startswith("p:"):
            yield from ((f"b:{band}", _STREET) for band in bands(photo.removeprefix("p:")))
        else:
            yield f"f:{photo}", _SURE
    yield from ((f"t:{band}", _COPY) for band in _copies(gist))


def _around(gist: Gist) -> Iterator[tuple[str, float]]:
    """What only a search looks at: the cells around, and the numbers it quotes."""
    yield from ((f"n:{number}", _SURE) for number in gist.quoted)
    if gist.spot.pin:
        for topic in list(gist.topics)[:2] or ["?"]:
            for north in (-1, 0, 1):
                for east in (-1, 0, 1):
                    yield f"c:{_cell(gist.spot.pin, north, east)}:{topic}", _BESIDE


def _cell(pin: Pin, north: int, east: int) -> str:
    return f"{int(pin.latitude // CELL) + north},{int(pin.longitude // CELL) + east}"


def _copies(gist: Gist) -> Iterator[str]:
    if len(gist.words) < _FEWEST_WORDS:
        return
    hashes = [zlib.crc32(word.encode()) * 0x5851F42D4C957F2D & _MASK for word in gist.words]
    least = [min((h * turn) & _MASK for h in hashes) for turn in _TURNS]
    for band in range(_BANDS):
        rows = least[band * _ROWS : (band + 1) * _ROWS]
        yield f"{band}:{':'.join(map(str, rows))}"


def _hash(name: str) -> int:
    return int.from_bytes(blake2b(name.encode(), digest_size=8).digest(), "big", signed=True)
