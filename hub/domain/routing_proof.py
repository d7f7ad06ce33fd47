"""Proves the rules of routing total by trying every combination there can be; sentences for `hub check`."""

from collections.abc import Callable, Collection, Iterable, Iterator
from itertools import product

from hub.domain.routing import EVERYWHERE, NONE, Facts, Route, Routes

WHERE = "mappings/routes.toml"
# A category that somebody adds tomorrow must meet a rule, too.
UNHEARD_OF = "(kategori baru)"


def problems(
    routes: Routes,
    *,
    categories: Collection[str],
    channels: Collection[str],
    targets_known: Collection[str],
    is_emergency: Callable[[str], bool],
) -> tuple[str, ...]:
    """What is missing, doubled, unknown, never used, or not as a sample expects."""
    found = [
        *_doubled(routes),
        *_unknown(routes, categories=categories, channels=channels, targets=targets_known),
        *_gaps_and_shadows(routes, categories, channels),
        *(
            f"contoh «{sample.text}» seharusnya memakai rute {sample.expect!r}, tetapi yang terpakai "
            f"{decision.rule!r}; perbaiki rute atau contohnya"
            for sample, decision in routes.tried(is_emergency)
            if decision.rule != sample.expect
        ),
    ]
    return tuple(f"{WHERE}: {sentence}" for sentence in found)


def remarks(routes: Routes, *, targets_on: Collection[str]) -> tuple[str, ...]:
    """Rules that point to what is off."""
    return tuple(
        f"rute {route.name!r} menunjuk {target}, yang mati: aduan itu tinggal di hub"
        for route in routes.rules
        for target in route.to
        if target != EVERYWHERE and target not in targets_on
    )


def _doubled(routes: Routes) -> Iterator[str]:
    for kind, names in (
        ("[[route]]", [route.name for route in routes.rules]),
        ("[[authority]]", [authority.name for authority in routes.authorities]),
    ):
        for name in sorted({name for name in names if names.count(name) > 1}):
            yield f"{kind} {name!r} ada dua kali; beri nama lain atau hapus salah satunya"


def _unknown(
    routes: Routes,
    *,
    categories: Collection[str],
    channels: Collection[str],
    targets: Collection[str],
) -> Iterator[str]:
    owners = [authority.name for authority in routes.authorities]
    for route in routes.rules:
        for what, words, known in (
            ("kategori", route.category, [*categories, NONE]),
            ("wewenang", route.authority, [*owners, NONE]),
            ("kanal", route.channel, channels),
            ("tujuan", route.to, [*targets, EVERYWHERE]),
        ):
            for word in sorted(set(words) - set(known)):
                yield f"rute {route.name!r}: {what} {word!r} tidak dikenal; yang ada: {_list(known)}"
    for sample in routes.samples:
        if sample.channel not in channels:
            yield f"contoh «{sample.text}»: kanal {sample.channel!r} tidak dikenal"
        if sample.category not in {*categories, None}:
            yield f"contoh «{sample.text}»: kategori {sample.category!r} tidak dikenal"


def _gaps_and_shadows(
    routes: Routes, categories: Collection[str], channels: Collection[str]
) -> Iterator[str]:
    gaps: list[Facts] = []
    used: set[str] = set()
    before: dict[str, set[str]] = {}
    for facts in _every(routes, categories, channels):
        first = routes.first(facts)
        if first is None:
            gaps.append(facts)
            continue
        used.add(first.name)
        for route in routes.rules:
            if route is not first and route.fits(facts):
                before.setdefault(route.name, set()).add(first.name)
    if gaps:
        yield (
            f"tidak ada rute untuk {_told(gaps[0])}, dan {len(gaps) - 1} keadaan lain; "
            "tambahkan rute tanpa when sebagai yang terakhir"
        )
    for route in routes.rules:
        if route.name not in used:
            yield f"rute {route.name!r} tidak pernah terpakai karena {_why_unused(route, before)}"


def _every(
    routes: Routes, categories: Collection[str], channels: Collection[str]
) -> Iterator[Facts]:
    """Naming more places only fits more rules, so no place and each place alone are enough."""
    owners = [authority.name for authority in routes.authorities]
    for channel, category, owner, emergency, places in product(
        channels,
        [*categories, NONE, UNHEARD_OF],
        [*owners, NONE],
        (False, True),
        _places(routes.rules),
    ):
        yield Facts(
            channel=channel, category=category, authority=owner, emergency=emergency, places=places
        )


def _places(rules: Iterable[Route]) -> list[frozenset[str]]:
    """No place, and one of all those that stand in the same rules."""
    standing: dict[tuple[str, ...], str] = {}
    named = sorted({place for route in rules for place in route.place})
    for place in named:
        standing.setdefault(tuple(r.name for r in rules if place in r.place), place)
    return [frozenset(), *(frozenset({place}) for place in standing.values())]


def _why_unused(route: Route, before: dict[str, set[str]]) -> str:
    if route.name in before:
        return (
            f"rute {_list(before[route.name])} selalu mendahuluinya; pindahkan ke atas atau hapus"
        )
    return "tidak ada aduan yang memenuhi syaratnya; periksa kata-kata di when"


def _told(facts: Facts) -> str:
    urgent = "darurat" if facts.emergency else "bukan darurat"
    place = f", tempat {_list(facts.places)}" if facts.places else ""
    return f"kanal {facts.channel}, kategori {facts.category}, wewenang {facts.authority}, {urgent}{place}"


def _list(names: Iterable[str]) -> str:
    return ", ".join(sorted(names))
