"""From the tables of mappings/matching/ to what reads and weighs. Raises `ValueError` with what to mend."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import tzinfo
from typing import Any

from hub.domain.matching.gazetteer import Gazetteer, Names, plain
from hub.domain.matching.known import RARE, Knowledge
from hub.domain.matching.matcher import Matcher
from hub.domain.matching.matter import Matters
from hub.domain.matching.reading import Reader
from hub.domain.matching.topics import Sign, Signs, Topic
from hub.domain.matching.weights import Weights
from hub.domain.matching.words import Words
from hub.domain.wards import Wards

Table = Mapping[str, Any]
# The files of mappings/matching/ that are read.
TABLES = ("words", "topics", "facts", "places", "weights")


@dataclass(frozen=True, slots=True)
class Matching:
    """What reads reports and what compares them."""

    reader: Reader
    matcher: Matcher


def matching_of(tables: Mapping[str, Table], *, wards: Wards, zone: tzinfo) -> Matching:
    """`tables`: words, topics, facts, places and weights, as parsed from the files of these names."""
    topics = {
        code: Topic(
            code=code,
            label=topic["label"],
            near=frozenset(topic.get("near", ())),
            lasts=topic.get("lasts", "weeks"),
            person=topic.get("person", False),
        )
        for code, topic in tables["topics"]["topics"].items()
    }
    return Matching(_reader(tables, wards=wards, zone=zone), _matcher(tables, topics))


def _reader(tables: Mapping[str, Table], *, wards: Wards, zone: tzinfo) -> Reader:
    given, details = tables["topics"]["topics"], tables["facts"]["details"]
    topic_signs = [sign for code, topic in given.items() for sign in _signs(code, topic)]
    kind_signs = [sign for code, topic in given.items() for sign in _kind_signs(code, topic)]
    detail_signs = [
        Sign(tuple(words.split()), one["name"], 1.0) for one in details for words in one["words"]
    ]
    return Reader(
        words=_words(tables["words"], (*topic_signs, *kind_signs, *detail_signs)),
        matters=Matters(Signs(topic_signs), _categories(given)),
        kind_signs=Signs(kind_signs),
        detail_signs=Signs(detail_signs),
        detail_topics={one["name"]: one["topic"] for one in details},
        gazetteer=_gazetteer(tables["places"], wards),
        wards=wards,
        zone=zone,
        pin_error=tables["places"].get("pin_error_m", {}),
    )


def _matcher(tables: Mapping[str, Table], topics: Mapping[str, Topic]) -> Matcher:
    weights, details = tables["weights"], tables["facts"]["details"]
    return Matcher(
        known=Knowledge(
            topics=topics,
            aspects={one["name"]: one["aspect"] for one in details if "aspect" in one},
            common=weights.get("common", {}),
            rare=weights.get("rare", RARE),
            street_wards={
                street: frozenset(wards)
                for street, wards in weights.get("street_wards", {}).items()
            },
        ),
        pair=Weights(weights["pair"]["bias"], weights["pair"]["facts"]),
        whole=Weights(weights["whole"]["bias"], weights["whole"]["facts"]),
        sure_from=weights["sure_from"],
        same_from=weights["same_from"],
        perhaps_from=weights["perhaps_from"],
    )


def _categories(topics: Mapping[str, Table]) -> dict[str, str]:
    return {
        word.strip().lower(): code
        for code, topic in topics.items()
        for word in topic.get("categories", ())
    }


def _words(table: Table, signs: Iterable[Sign]) -> Words:
    return Words(
        table["short"],
        _stop(table["stop"]),
        known={word for sign in signs for word in sign.words},
        right=table.get("known", {}).get("words", ()),
    )


def _kind_signs(code: str, topic: Table) -> Iterator[Sign]:
    for name, kind in topic.get("kinds", {}).items():
        yield from _signs(f"{code}.{name}", kind)


def _signs(code: str, table: Table) -> Iterator[Sign]:
    for strength, signs in table.get("signs", {}).items():
        for words in signs:
            yield Sign(tuple(words.split()), code, float(strength))


def _stop(stop: Any) -> set[str]:
    groups = stop.values() if isinstance(stop, Mapping) else [stop]
    return {word for group in groups for word in group}


def _gazetteer(places: Table, wards: Wards) -> Gazetteer:
    names = {ward.name: places["wards"].get(ward.name, ()) for ward in wards.wards}
    names |= {name: others for name, others in places["wards"].items() if name not in names}
    marks, spellings = {}, {}
    for name, mark in places["landmarks"].items():
        for one in (name, *mark.get("also", ())):
            marks[plain(one)] = mark["name"]
            spellings[plain(one)] = name
    outside = places["outside"]
    return Gazetteer(
        streets=Names.of(places["streets"]),
        wards=Names.of(names),
        only_led=frozenset(plain(one) for one in places.get("only_behind_their_word", ())),
        outside=frozenset(plain(one) for one in (*outside["words"], *outside["villages"])),
        outside_led=frozenset(plain(one) for one in outside.get("villages_behind_desa", ())),
        marks=marks,
        mark_spellings=spellings,
        sides={
            plain(word): side
            for side, words in places["relations"].items()
            for word in (side, *words)
        },
        default_pins=tuple((lat, lon) for lat, lon in places.get("default_pins", ())),
    )
