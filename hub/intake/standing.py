"""How a complaint stood before a merge, and where news has brought it since: what un-merging restores."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

from hub.domain.complaint import Complaint
from hub.domain.status import Status
from hub.rows import Heard, Merge

# What a channel said of the status without moving the complaint; who was refused by a rule, or while
# it was held, had no say then and has none now.
NEWS = ("same", "late", "not_allowed")
OPERATOR = "operator:"


def as_kept(complaint: Complaint) -> Mapping[str, Any]:
    """How it stands, for the ledger."""
    return {
        "status": complaint.status,
        "at": complaint.status_at.isoformat(),
        "from": complaint.status_from,
        "agency": complaint.agency,
        "voices": complaint.voices,
        "held_at": complaint.held_at and complaint.held_at.isoformat(),
        "held_why": complaint.held_why,
    }


def heard_here(heard: Sequence[Heard], ledger: Sequence[Merge]) -> list[Heard]:
    """Leave out what sources said before a merge brought them here: it moved another complaint.

    `ledger`: what was merged into this one, oldest first.
    """
    came = {
        source_id: int(row.before["mark"])
        for row in ledger
        if row.undone_at is None
        for source_id in row.source_ids
    }
    return [one for one in heard if one.source_id is None or one.id > came.get(one.source_id, 0)]


def put_back(
    complaint: Complaint,
    kept: Mapping[str, Any],
    heard: Sequence[Heard],
    *,
    of: Collection[int],
    by_operators: bool,
    at: datetime,
) -> bool:
    """Bring it to where it would stand if only these sources had spoken of it since.

    False if it stands there. Otherwise that counts from now on: what the channels were told meanwhile
    comes back older.
    """
    now = complaint.status, complaint.status_at, complaint.status_from, complaint.agency
    complaint.status = Status(kept["status"])
    complaint.status_at = datetime.fromisoformat(kept["at"])
    complaint.status_from = kept["from"]
    for one in heard:
        by_operator = by_operators and one.origin.startswith(OPERATOR)
        if one.outcome == "moved" and (one.source_id in of or by_operator):
            # It was lawful when it happened, also where no lattice leads: a re-opening, a late end.
            complaint.status, complaint.status_at = one.status, one.at
            complaint.status_from = one.origin
        elif one.source_id in of and one.outcome in NEWS:
            complaint.move_to(one.status, at=one.at, origin=one.origin)
    if complaint.status is now[0]:
        complaint.status, complaint.status_at, complaint.status_from, complaint.agency = now
        return False
    complaint.status_at, complaint.agency = at, kept["agency"]
    return True
