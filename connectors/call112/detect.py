"""Which layout a file has: found by the names in its header, and where one is new, by its place."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from connectors.call112.profiles import Profile
from hub.contract.mapping import folded

# Of ten columns seven: fewer, and it is another layout that happens to share some.
ENOUGH = 0.7


@dataclass(frozen=True, slots=True)
class Found:
    """A layout recognised in a file. `number`: the row of its header, 0 if it has none.

    `names` are folded, `shown` as they stand there. `places`: columns whose name is new but whose
    place is known, as (index, usual name).
    """

    profile: Profile
    number: int
    names: tuple[str, ...]
    shown: tuple[str, ...]
    places: tuple[tuple[int, str], ...] = ()

    @property
    def fitting(self) -> int:
        """How many columns are where they are expected, by name."""
        known = self.profile.known()
        return sum(name in known for name in self.names)

    def usual(self) -> tuple[str, ...]:
        """The folded names, those that are new under the name they have elsewhere."""
        new = dict(self.places)
        return tuple(new.get(index, name) for index, name in enumerate(self.names))

    def titles(self) -> tuple[str, ...]:
        """The same as they are written there."""
        new = dict(self.places)
        return tuple(new.get(index, name) for index, name in enumerate(self.shown))

    def explained(self) -> str:
        """Why this layout."""
        total, where = len(self.profile.header), f", tajuk di baris {self.number}"
        return f"{self.fitting} dari {total} kolom{where if self.number else ', tanpa tajuk'}"


def detect(rows: Sequence[Sequence[str]], profiles: Iterable[Profile]) -> Found | None:
    """The layout whose header stands among the first rows and fits best."""
    with_header = [profile for profile in profiles if not profile.headless]
    found = [hit for profile in with_header if (hit := header_in(rows, profile)) is not None]
    return max(found, key=lambda hit: hit.fitting, default=None)


def header_in(rows: Sequence[Sequence[str]], profile: Profile) -> Found | None:
    """The first row that holds the columns to find it by, or has most columns and these in their places."""
    hits = [_hit(number, row, profile) for number, row in enumerate(rows, start=1)]
    for hit in hits:
        if set(profile.find) <= _usual(hit.names, profile):
            return hit
    for hit in hits:
        enough = hit.fitting >= ENOUGH * len(profile.header)
        if enough and set(profile.find) <= _usual(hit.usual(), profile):
            return hit
    return None


def _hit(number: int, row: Sequence[str], profile: Profile) -> Found:
    last = max((index for index, cell in enumerate(row) if cell.strip()), default=-1)
    shown = tuple(" ".join(cell.split()) for cell in row[: last + 1])
    names = tuple(map(folded, shown))
    return Found(profile, number, names, shown, tuple(_by_place(names, profile)))


def missing_in(rows: Sequence[Sequence[str]], profile: Profile) -> tuple[str, ...]:
    """The columns to find it by that even the likeliest row lacks."""
    seen = [_usual(tuple(map(folded, row)), profile) for row in rows] or [set[str]()]
    likeliest = max(seen, key=len)
    return tuple(name for name in profile.find if name not in likeliest)


def _usual(names: Iterable[str], profile: Profile) -> set[str]:
    """The names, each in its usual spelling."""
    usual = {name: each[0] for each in profile.columns.values() for name in each}
    return {usual.get(name, name) for name in names if name}


def _by_place(names: tuple[str, ...], profile: Profile) -> Iterator[tuple[int, str]]:
    """An unknown name, where a name is missing and both neighbours are what they should be."""
    if len(names) < len(profile.header) or profile.headless:
        return
    known, there = profile.known(), _usual(names, profile)
    for index, (name, usual) in enumerate(zip(names, profile.header, strict=False)):
        if name and name not in known and usual not in there and _flanked(index, names, profile):
            yield index, usual


def _flanked(index: int, names: tuple[str, ...], profile: Profile) -> bool:
    sides = [at for at in (index - 1, index + 1) if 0 <= at < len(profile.header)]
    return all(_usual([names[at]], profile) == {profile.header[at]} for at in sides)
