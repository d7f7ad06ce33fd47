"""Which complaint is opened where: rules in order, the first that fits decides. mappings/routes.toml.

    [[route]]      name, when = {channel, category, authority, place, emergency}, to, why
    [[authority]]  name, words, roads: whose road it is, by the first road that the complaint names
    [[sample]]     text, category, channel, expect: what `hub check` tries

A list in `when` is any of, the keys together are all of; a route without `when` fits everything. "-" is a
complaint without category or authority. In `to`, "*" is every system that takes complaints.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from hub.domain.phrases import line_of, words_of

NONE = "-"
EVERYWHERE = "*"
_STREET = {"jl": "jalan", "jln": "jalan", "jalanan": "jalan"}
# Stands between title, text and place, so that no name is read across them.
_BREAK = "| "


def _ways(words: str) -> str:
    return "|".join(map(re.escape, words_of(words)))


# "Bukan jalan provinsi" says whose road it is not; "bukan hanya jalan provinsi" does not.
_NOT = re.compile(
    rf"\b(?:(?:{_ways('bukan bukannya bukanlah')})"
    rf"(?: (?!(?:{_ways('hanya cuma saja tapi tetapi tp melainkan namun ini')}) )\w+){{0,2}}"
    rf"|tidak(?: (?:{_ways('termasuk masuk lewat berada di lagi')})){{1,2}}) $"
)
# Only says where the other road, or the house, is.
_BESIDE = re.compile(
    rf"\b(?:{_ways('dekat pinggir tepi seberang samping sebelah belakang sekitar menuju arah')})"
    r"(?: \w+)? $"
)
# Makes another road of one ("Lingkar Utara Dalam"), unless the sentence goes on with it ("dalam sekali").
_ANOTHER = (
    rf"(?!(?:{_ways('selatan utara timur barat tengah kecil indah permai')}|i|iv|vi?"
    rf"|dalam(?! (?:{_ways('sekali banget kondisi keadaan')}) )|baru(?! (?:saja|aja) )"
    rf"|lama(?! (?:{_ways('sekali tidak belum sudah')}) )) )"
)
# As far back as a word can stand that turns the meaning.
_BACK = 80


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """What is known of a complaint that is to be opened. `texts`: all that was said, its place too."""

    channel: str
    texts: tuple[str, ...] = ()
    category: str | None = None
    emergency: bool = False


@dataclass(frozen=True, slots=True)
class Decision:
    """Which rule fired, and what follows: the connectors, or `EVERYWHERE`."""

    rule: str
    targets: tuple[str, ...]
    why: str

    def includes(self, connector: str) -> bool:
        """Whether the complaint is opened there."""
        return EVERYWHERE in self.targets or connector in self.targets


# What `problems` proves that never happens.
NO_RULE = Decision("tanpa rute", (), "tidak ada rute yang cocok")


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """A subject as the rules see it: its words boiled down to an authority and the places named."""

    channel: str
    category: str
    authority: str
    emergency: bool
    places: frozenset[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Route:
    """One rule."""

    name: str
    to: tuple[str, ...]
    why: str
    channel: frozenset[str] = frozenset()
    category: frozenset[str] = frozenset()
    authority: frozenset[str] = frozenset()
    place: frozenset[str] = frozenset()
    emergency: bool | None = None

    def fits(self, facts: Facts) -> bool:
        """Whether every condition holds."""
        if self.emergency not in (None, facts.emergency):
            return False
        if self.place and not self.place & facts.places:
            return False
        pairs = (
            (self.channel, facts.channel),
            (self.category, facts.category),
            (self.authority, facts.authority),
        )
        return all(not wanted or found in wanted for wanted, found in pairs)


@dataclass(frozen=True, slots=True)
class Authority:
    """Who answers for a road, and the words and the names of roads by which one knows."""

    name: str
    words: tuple[str, ...]
    roads: tuple[str, ...] = ()

    def named_in(self, line: str) -> Iterator[tuple[bool, int, int, str]]:
        """Where its roads stand in a line; the least is what the complaint is about."""
        for names, ends in ((self.words, ""), (self.roads, _ANOTHER)):
            for name in map(_spelt, names):
                for found in re.finditer(rf"(?<!\S){re.escape(name)}{ends}", line):
                    before = line[max(0, found.start() - _BACK) : found.start()]
                    if not _NOT.search(before):
                        beside = _BESIDE.search(before) is not None
                        yield beside, found.start(), -len(name), self.name


@dataclass(frozen=True, slots=True, kw_only=True)
class Sample:
    """A complaint with the rule that it should meet."""

    text: str
    expect: str
    channel: str
    category: str | None = None


@dataclass(frozen=True, slots=True)
class Routes:
    """All rules."""

    rules: tuple[Route, ...]
    authorities: tuple[Authority, ...] = ()
    samples: tuple[Sample, ...] = ()

    @classmethod
    def everywhere(cls) -> "Routes":
        """No file: every system that takes complaints gets them all."""
        return cls((Route(name="semua", to=(EVERYWHERE,), why="tidak ada aturan rute"),))

    def decide(self, subject: Subject) -> Decision:
        """The first rule that fits."""
        facts = self._facts(subject)
        route = self.first(facts)
        return NO_RULE if route is None else Decision(route.name, route.to, route.why)

    def first(self, facts: Facts) -> Route | None:
        """The first rule that fits what the rules see."""
        return next((route for route in self.rules if route.fits(facts)), None)

    def authority_in(self, *texts: str) -> str | None:
        """Whose road it is: the first that is named, but for one that only lies beside another."""
        line = _spelt(*texts)
        found = [each for authority in self.authorities for each in authority.named_in(line)]
        return min(found)[-1] if found else None

    def tried(self, is_emergency: Callable[[str], bool]) -> Iterator[tuple[Sample, Decision]]:
        """Every sample with what becomes of it."""
        for sample in self.samples:
            subject = Subject(
                channel=sample.channel, texts=(sample.text,), category=sample.category,
                emergency=is_emergency(sample.text),
            )  # fmt: skip
            yield sample, self.decide(subject)

    def _facts(self, subject: Subject) -> Facts:
        line = _spelt(*subject.texts)
        named = {place for route in self.rules for place in route.place}
        return Facts(
            channel=subject.channel,
            category=subject.category or NONE,
            authority=self.authority_in(*subject.texts) or NONE,
            emergency=subject.emergency,
            places=frozenset(place for place in named if _stands(_spelt(place), line)),
        )


def _stands(words: str, line: str) -> bool:
    return re.search(rf"(?<!\S){re.escape(words)}", line) is not None


def _spelt(*texts: str) -> str:
    return _BREAK.join(
        line_of(_STREET.get(word, word) for word in words_of(text)) for text in texts
    )
