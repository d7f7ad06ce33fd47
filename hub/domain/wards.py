"""The kelurahan of the city: which one a point lies in, which one a name or a code means."""

import math
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from typing import Any, Self

Point = tuple[float, float]  # latitude, longitude

EARTH_RADIUS = 6_371_009.0
# Seven decimals of a degree are a centimetre. In whole numbers it is exact on which side of a line
# a point lies.
UNITS = 10_000_000
_KIND = re.compile(r"^\s*(?:kelurahan|kel|desa|ds)\b[.:\s]*", re.IGNORECASE)
_DISTRICT = re.compile(r",.*|\bkec(?:amatan)?\b.*", re.IGNORECASE | re.DOTALL)
_SEPARATORS = re.compile(r"[\W_]+")
# Closed: a triangle comes back to where it began.
_SHORTEST_RING = 4


def distance_m(a: Point, b: Point) -> float:
    """Metres between two points."""
    (lat_a, lon_a), (lat_b, lon_b) = (map(math.radians, point) for point in (a, b))
    half = (
        math.sin((lat_b - lat_a) / 2) ** 2
        + math.cos(lat_a) * math.cos(lat_b) * math.sin((lon_b - lon_a) / 2) ** 2
    )
    return 2 * EARTH_RADIUS * math.asin(math.sqrt(min(1.0, half)))


@dataclass(frozen=True)
class Ward:
    """A kelurahan; `ring` is its outline, closed. What has several pieces is several wards of one code."""

    code: str
    name: str
    district: str
    ring: tuple[Point, ...]

    def holds(self, latitude: float, longitude: float) -> bool:
        """Whether a point lies inside or on the edge."""
        south, west, north, east = self._box
        y, x = _units(latitude), _units(longitude)
        if not (south <= y <= north and west <= x <= east):
            return False
        inside = False
        for (y1, x1), (y2, x2) in pairwise(self._whole):
            side = (x2 - x1) * (y - y1) - (x - x1) * (y2 - y1)
            between = min(y1, y2) <= y <= max(y1, y2) and min(x1, x2) <= x <= max(x1, x2)
            if side == 0 and between:
                return True
            if (y1 > y) != (y2 > y) and (side > 0) == (y2 > y1):
                inside = not inside
        return inside

    @cached_property
    def _whole(self) -> tuple[tuple[int, int], ...]:
        return tuple((_units(latitude), _units(longitude)) for latitude, longitude in self.ring)

    @cached_property
    def _box(self) -> tuple[int, int, int, int]:
        ys, xs = zip(*self._whole, strict=True)
        return min(ys), min(xs), max(ys), max(xs)

    @cached_property
    def extent(self) -> int:
        """How large the box around it is, to compare."""
        south, west, north, east = self._box
        return (north - south) * (east - west)


@dataclass(frozen=True)
class Wards:
    """All kelurahan of the city. `nowhere`: points that operators leave when nobody can say where."""

    wards: tuple[Ward, ...]
    nowhere: frozenset[Point] = frozenset()

    @classmethod
    def none(cls) -> Self:
        """Of a city that has no outlines."""
        return cls(())

    @classmethod
    def from_geojson(cls, mapping: Any) -> Self:
        """From features with `code`, `kelurahan` and `kecamatan`; ValueError says what is wrong."""
        features = mapping.get("features") if isinstance(mapping, dict) else None
        if not isinstance(features, list) or not features:
            raise ValueError("tidak ada 'features' di dalamnya")
        wards = tuple(ward for feature in features for ward in _wards(feature))
        return cls(wards)

    def at(self, latitude: float, longitude: float) -> Ward | None:
        """The kelurahan a point lies in; on an edge, and of an enclave, the smaller one."""
        if not (math.isfinite(latitude) and math.isfinite(longitude)):
            return None
        return next((ward for ward in self._small_first if ward.holds(latitude, longitude)), None)

    def named(self, name: str) -> Ward | None:
        """The kelurahan a name or a code means; None if there is none, or two of that name."""
        return self._by_name.get(_plain(name))

    @cached_property
    def _small_first(self) -> tuple[Ward, ...]:
        return tuple(sorted(self.wards, key=lambda ward: (ward.extent, ward.code)))

    @cached_property
    def _by_name(self) -> Mapping[str, Ward | None]:
        found: dict[str, Ward | None] = {}
        for ward in self.wards:
            for word in (_plain(ward.name), _plain(ward.code)):
                known = found.setdefault(word, ward)
                if known is not None and known.code != ward.code:
                    found[word] = None
        return found


def _units(degrees: float) -> int:
    return round(degrees * UNITS)


def _plain(name: str) -> str:
    return _SEPARATORS.sub("", _DISTRICT.sub("", _KIND.sub("", name))).casefold()


def _wards(feature: Any) -> Iterator[Ward]:
    try:
        properties, geometry = feature["properties"], feature["geometry"]
        code, name, district = (str(properties[key]) for key in ("code", "kelurahan", "kecamatan"))
        for piece in _pieces(geometry["type"], geometry["coordinates"]):
            # A hole needs no care: the enclave in it is the smaller one.
            yield Ward(code, name, district, _ring(piece[0], name))
    except (KeyError, TypeError, IndexError) as error:
        raise ValueError(f"sebuah wilayah tidak lengkap: {error!r}") from error


def _pieces(kind: str, coordinates: Any) -> Any:
    match kind:
        case "Polygon":
            return [coordinates]
        case "MultiPolygon":
            return coordinates
        case _:
            raise ValueError(f"sebuah wilayah berupa {kind}; seharusnya Polygon atau MultiPolygon")


def _ring(points: Any, name: str) -> tuple[Point, ...]:
    ring = tuple((float(latitude), float(longitude)) for longitude, latitude, *_ in points)
    if len(ring) < _SHORTEST_RING or ring[0] != ring[-1]:
        raise ValueError(f"garis batas {name} tidak tertutup")
    if not all(abs(latitude) <= 90 and abs(longitude) <= 180 for latitude, longitude in ring):  # noqa: PLR2004 - degrees
        raise ValueError(f"garis batas {name} di luar bumi; bujur harus ditulis sebelum lintang")
    return ring
