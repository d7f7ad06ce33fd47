"""The last decisions of a session, so that they can be taken back one by one."""

from dataclasses import dataclass
from typing import Any

KEY = "undo"
# They travel in the session's cookie, which a browser cuts at four kilobytes.
MOST = 8


@dataclass(frozen=True, slots=True)
class Undo:
    """A decision on a pair; `merge_id`: the row of the ledger, if it merged."""

    match_id: int
    merge_id: int | None
    said: str


def remember(session: dict[str, Any], done: Undo) -> None:
    """Put a decision on top."""
    kept = [each for each in session.get(KEY, []) if each[0] != done.match_id]
    session[KEY] = [*kept, [done.match_id, done.merge_id, done.said]][-MOST:]


def last(session: dict[str, Any]) -> Undo | None:
    """The decision on top, if there is any."""
    kept = session.get(KEY)
    return Undo(*kept[-1]) if kept else None


def forget(session: dict[str, Any]) -> None:
    """Take the decision on top away."""
    session[KEY] = session.get(KEY, [])[:-1]
