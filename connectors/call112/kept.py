"""What is kept of a row until it is read: never more than is needed for what becomes of it."""

import json
import re
from collections.abc import Iterator
from collections.abc import Mapping as Table
from dataclasses import dataclass
from hashlib import sha256

from connectors.call112 import payloads
from connectors.call112.fields import LONGEST_ID, Fields
from connectors.call112.kinds import Kind
from connectors.call112.moments import unserial
from connectors.call112.profiles import Profile
from hub.contract import Raw
from hub.contract.mapping import folded
from hub.contract.privacy import MASK, masked

# Shorter ones are parts of other words.
SHORTEST_NAME = 4
# The headers of these are wanted for the sentence that says they are empty.
_NEEDED = (payloads.TIME, payloads.TYPE, payloads.CATEGORY)
_TIMES = (payloads.TIME, payloads.DONE)
# What may stay of a row that is only counted, or of which nobody knows yet whether it is a prank.
_HARMLESS = (
    payloads.TICKET,
    payloads.APPROVE,
    payloads.POINT,
    *_TIMES,
)
# The same, but agents write anything into these.
_WORDS = (
    payloads.TYPE,
    payloads.CATEGORY,
    payloads.SUB_CATEGORY,
    payloads.SUB_CATEGORY_2,
    payloads.LOCATION,
    payloads.VILLAGE,
    payloads.DISTRICT,
    payloads.AGENCY,
    payloads.STATUS,
)


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a row stands: the file and its number there, or the table and what its cursor column says.

    `written`: when that was (ISO), if known.
    """

    name: str
    row: int | str
    written: str = ""


def where(name: str, row: int | str) -> str:
    """The place of a row in a sentence."""
    return f"{name}, baris {row}" if isinstance(row, int) else f"{name}, {row}"


def raw_of(cells: Table[str, str], fields: Fields, origin: Origin, *, is_bare: bool) -> Raw:
    """The row under its own headers; `is_bare`: without number, name and free text."""
    profile = fields.profile
    kept = {
        " ".join(name.split()): _plain(name, cell.strip(), fields)
        for name, cell in cells.items()
        if folded(name) in profile.kept() and (cell.strip() or _is_a(name, _NEEDED, profile))
    }
    if is_bare:
        kept = dict(_bare(kept, profile))
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
    if is_bare and fields.call_id() != fields.ticket:
        # It cannot be told from what is left.
        body["call"] = fields.call_id()
    return Raw(
        key=f"import:{fields.call_id()}:{digest}",
        body=json.dumps(body, ensure_ascii=False).encode(errors="replace"),
        external_id=fields.call_id() if fields.ticket else None,
    )


def uncounted(nuisance: Kind, fields: Fields, origin: Origin) -> Raw:
    """Without a day it cannot be counted, so it is shown; nothing else of it may stay."""
    body: payloads.Body = {
        "profile": fields.profile.name,
        "row": {fields.headers[payloads.TYPE]: nuisance.value, fields.headers[payloads.TIME]: ""},
        "file": origin.name,
        "number": origin.row,
    }
    place = f"{origin.name[-LONGEST_ID:]}:{str(origin.row)[:LONGEST_ID]}"
    known_by = fields.call_id() if fields.ticket else place
    return Raw(
        key=f"import:{known_by}:{nuisance.value}",
        body=json.dumps(body, ensure_ascii=False).encode(errors="replace"),
    )


def _is_a(name: str, kinds: tuple[str, ...], profile: Profile) -> bool:
    return any(folded(name) in profile.columns.get(ours, ()) for ours in kinds)


def _bare(kept: dict[str, str], profile: Profile) -> Iterator[tuple[str, str]]:
    for name, cell in kept.items():
        if _is_a(name, _WORDS, profile):
            yield name, masked(cell)
        elif _is_a(name, _HARMLESS, profile):
            yield name, cell


def _plain(name: str, cell: str, fields: Fields) -> str:
    if _is_a(name, _TIMES, fields.profile):
        # The same row, whether its cell was a date or lost its format.
        return unserial(cell)
    reporter = fields[payloads.REPORTER]
    if len(reporter) < SHORTEST_NAME:
        return cell
    # Agents write the caller's name into their notes as well.
    return re.sub(re.escape(reporter), MASK, cell, flags=re.IGNORECASE)
