"""One row of a file or a query: kept until it is read, or counted at once."""

from collections.abc import Mapping as Table

from connectors.call112 import cdr, payloads
from connectors.call112.fields import Fields, day_of, fields_of
from connectors.call112.kept import Origin, raw_of, uncounted, where
from connectors.call112.kinds import NUISANCE, Decision, Kind, UnknownWord, decision_of
from connectors.call112.profiles import Profile
from connectors.call112.settings import Settings
from hub.contract import Counted, Mapping, Raw, UnreadableError
from hub.contract.mapping import folded


def record_of(
    cells: Table[str, str],
    *,
    profile: Profile,
    origin: Origin,
    settings: Settings,
    mapping: Mapping,
) -> Raw | Counted:
    """What is kept of the row: of a prank, ghost or silent call a day and a word, of the exchange no number.

    Of an emergency it is what it takes to count it. `UnreadableError` for a row of the exchange without
    a call or a day.
    """
    if profile.kind == "cdr":
        return _counted(cells, profile=profile, origin=origin, settings=settings, mapping=mapping)
    if profile.kind != "tickets":
        raise UnreadableError(f"profil {profile.name} hanya untuk berkas, bukan untuk baris tabel")
    fields = fields_of(cells, profile)
    try:
        decision = decision_of(fields, mapping)
    except UnknownWord as unknown:
        # A word nobody knows may be one for a prank; a category alone is none.
        return raw_of(cells, fields, origin, is_bare=unknown.ours == payloads.TYPE)
    if decision.kind not in NUISANCE:
        is_bare = not is_told(decision, settings)
        return raw_of(cells, fields, origin, is_bare=is_bare)
    day = day_of(fields, settings)
    if day is None:
        return uncounted(decision.kind, fields, origin)
    return Counted(key=count_key(fields), word=decision.kind.value, day=day)


def is_told(decision: Decision, settings: Settings) -> bool:
    """Whether the call becomes a report; the others are only counted."""
    asked = decision.kind is Kind.INFORMATION and settings.information == "complaint"
    return decision.kind is Kind.COMPLAINT or asked


def _counted(
    cells: Table[str, str],
    *,
    profile: Profile,
    origin: Origin,
    settings: Settings,
    mapping: Mapping,
) -> Counted:
    names = tuple(map(folded, cells))
    shape = cdr.shape_of(names, profile=profile, settings=settings, mapping=mapping)
    try:
        return cdr.tell(None, tuple(cells.values()), shape).counted()
    except cdr.BadCell as error:
        column = profile.says(str(error))
        raise UnreadableError(
            f"{where(origin.name, origin.row)}, kolom {column} tidak terbaca"
        ) from None


def count_key(fields: Fields) -> str:
    """The same for the same call, whatever it turns out to have been."""
    return f"call:{fields.profile.name}:{fields.call_id()}"
