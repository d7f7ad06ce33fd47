"""What the mapping and the profiles get wrong, said before anything is read by them."""

from collections.abc import Iterator

from connectors.call112.columns import NEEDED
from connectors.call112.kinds import Kind
from connectors.call112.profiles import Profile, profile_named
from hub.contract import Mapping, UnreadableError
from hub.contract.mapping import folded

_WHERE = "mappings/call112.toml"
_ORDERS = (None, "dmy", "mdy")


def faults(mapping: Mapping) -> Iterator[str]:
    """Sentences that say where to mend it."""
    for word, kind in mapping.tables.get("types", {}).items():
        if kind not in set(Kind):
            known = ", ".join(Kind)
            yield f"{_WHERE}: [types] {word!r} = {kind!r} bukan salah satu dari {known}"
        if word != folded(word):
            yield f"{_WHERE}: [types] {word!r} harus ditulis {folded(word)!r}"
    for word in mapping.tables.get("emergency", {}).get("categories", ()):
        if folded(word) in mapping.category_in:
            yield f"{_WHERE}: {word!r} ada pada [emergency] dan [category_in]; pilih salah satu"
    for name in mapping.tables.get("profiles", {}):
        try:
            yield from _of_profile(profile_named(mapping, name))
        except UnreadableError as error:
            yield str(error)


def _of_profile(profile: Profile) -> Iterator[str]:
    where = f"mappings/call112/{profile.name}.toml"
    for ours in NEEDED.get(profile.kind, ()):
        if ours not in profile.columns:
            yield f'{where}: [columns] belum punya {ours}; tambahkan {ours} = "..."'
    if not profile.headless and not profile.find:
        yield f"{where}: find belum diisi; tulis kolom yang menandai baris tajuk"
    if profile.type_else is not None and profile.type_else not in set(Kind):
        yield f"{where}: type_else {profile.type_else!r} bukan salah satu dari {', '.join(Kind)}"
    if profile.dates not in _ORDERS:
        yield f'{where}: dates harus "dmy" atau "mdy"'
