"""One row of a file or a query: kept until it is read, or counted at once."""

import json
import re
from collections.abc import Mapping as Table
from dataclasses import dataclass
from hashlib import sha256

from connectors.call112 import cdr, payloads
from connectors.call112.fields import LONGEST_ID, Fields, day_of, fields_of
from connectors.call112.kinds import Kind, nuisance_in
from connectors.call112.moments import unserial
from connectors.call112.profiles import Profile
from connectors.call112.settings import Settings
from hub.contract import Counted, Mapping, Raw, UnreadableError
from hub.contract.mapping import folded
from hub.contract.privacy import MASK

# Shorter ones are parts of other words.
SHORTEST_NAME = 4
# The headers of these are wanted for the sentence that says they are empty.
_NEEDED = (payloads.TIME, payloads.TYPE, payloads.CATEGORY)
_TIMES = (payloads.TIME, payloads.DONE)


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a row stands: the file or table and its number; when that was written (ISO), if known."""

    name: str
    row: int
    written: str = ""


def record_of(
    cells: Table[str, str],
    *,
    profile: Profile,
    origin: Origin,
    settings: Settings,
    mapping: Mapping,
) -> Raw | Counted:
    """What is kept of the row: of a prank, ghost or silent call a day and a word, of the exchange no number.

    `UnreadableError` for a row of the exchange without a call or a day.
    """
    if profile.kind == "cdr":
        return _counted(cells, profile=profile, origin=origin, settings=settings, mapping=mapping)
    if profile.kind != "tickets":
        raise UnreadableError(f"profil {profile.name} hanya untuk berkas, bukan untuk baris tabel")
    fields = fields_of(cells, profile)
    nuisance = nuisance_in(fields[payloads.TYPE], fields[payloads.CATEGORY], mapping)
    if nuisance is None:
        return _raw(cells, fields, origin)
    day = day_of(fields, settings)
    if day is None:
        return _uncounted(nuisance, fields, origin)
    return Counted(key=count_key(fields), word=nuisance.value, day=day)


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
            f"{origin.name}, baris {origin.row}, kolom {column} tidak terbaca"
        ) from None


def count_key(fields: Fields) -> str:
    """The same for the same call, whatever it turns out to have been."""
    return f"call:{fields.profile.name}:{fields.call_id()}"


def _raw(cells: Table[str, str], fields: Fields, origin: Origin) -> Raw:
    profile = fields.profile
    kept = {
        " ".join(name.split()): _plain(name, cell.strip(), fields)
        for name, cell in cells.items()
        if folded(name) in profile.kept() and (cell.strip() or _is_a(name, _NEEDED, profile))
    }
    content = sorted((folded(name), cell) for name, cell in kept.items() if cell)
    digest = sha256(json.dumps([profile.name, content]).encode()).hexdigest()
    body: payloads.Body = {
        "profile": profile.name,
        "row": kept,
        "file": origin.name,
        "number": origin.row,
        # Not in the key: the same row in a later file is the same row.
        "seen": origin.written,
    }
    return Raw(
        key=f"import:{fields.call_id()}:{digest}",
        body=json.dumps(body, ensure_ascii=False).encode(errors="replace"),
        external_id=fields.call_id() if fields.ticket else None,
    )


def _is_a(name: str, kinds: tuple[str, ...], profile: Profile) -> bool:
    return any(folded(name) in profile.columns.get(ours, ()) for ours in kinds)


def _plain(name: str, cell: str, fields: Fields) -> str:
    if _is_a(name, _TIMES, fields.profile):
        # The same row, whether its cell was a date or lost its format.
        return unserial(cell)
    reporter = fields[payloads.REPORTER]
    if len(reporter) < SHORTEST_NAME:
        return cell
    # Agents write the caller's name into their notes as well.
    return re.sub(re.escape(reporter), MASK, cell, flags=re.IGNORECASE)


def _uncounted(nuisance: Kind, fields: Fields, origin: Origin) -> Raw:
    """Without a day it cannot be counted, so it is shown; nothing else of it may stay."""
    body: payloads.Body = {
        "profile": fields.profile.name,
        "row": {fields.headers[payloads.TYPE]: nuisance.value, fields.headers[payloads.TIME]: ""},
        "file": origin.name,
        "number": origin.row,
    }
    known_by = fields.call_id() if fields.ticket else f"{origin.name[-LONGEST_ID:]}:{origin.row}"
    return Raw(
        key=f"import:{known_by}:{nuisance.value}",
        body=json.dumps(body, ensure_ascii=False).encode(errors="replace"),
    )
