"""The columns of a table against those of a layout."""

from collections.abc import Iterable

from connectors.call112 import payloads
from connectors.call112.profiles import Profile
from hub.contract.mapping import folded

# Without one of these no row can be read.
NEEDED = {
    "tickets": (payloads.TIME, payloads.TYPE, payloads.CATEGORY),
    "cdr": (payloads.START, payloads.DISPOSITION, payloads.UNIQUE_ID),
}


def fitted(name: str, profile: Profile) -> str:
    """The name as the layout has it: waktu_lapor is "waktu lapor", where that is a column of it."""
    if folded(name) in profile.known():
        return name
    spaced = name.replace("_", " ")
    return spaced if folded(spaced) in profile.known() else name


def lacking(names: Iterable[str], profile: Profile) -> tuple[str, ...]:
    """The usual names of needed columns that are not there."""
    there = {folded(fitted(name, profile)) for name in names}
    return tuple(
        profile.says(ours)
        for ours in NEEDED.get(profile.kind, ())
        if there.isdisjoint(profile.columns.get(ours, ()))
    )
