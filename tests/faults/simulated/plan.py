"""What happens on a simulated day, as data: it can be drawn by a seed, printed, and made shorter."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Step:
    """One thing that happens `at` so many virtual seconds into the day.

    The acts and their facts:

    say             who (a conversation), how ("say" | "photo" ...), text ...: a citizen (`connector`)
    officer         connector, action, of (number of the complaint filed there, from 0) ...
    operator        action ("open" | "move"), of (number of the complaint here) ...: by the public API
    fault           connector, kind, route, share, times, seconds, status, retry_after, until (lasts)
    webhooks        kind ("duplicate" | "reorder" | "delay"), share, times, seconds, until
    kill            awaits (the n-th from now on), down (seconds until the next start)
    second_process  seconds (how long it runs beside the first)
    database_away   seconds
    disk_full       seconds, where ("database" | "files" | "both")
    skew            connector, hours, seconds
    rotate          connector, seconds (until an operator puts it right and the hub is started again)
    drift           connector, kind (one of twists.FITS: "renamed", "missing" ...), route, share, times, until
    page            connector, kind ("partial" | "repeated"), share, times, until
    """

    at: float
    act: str
    facts: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """A whole day. `lists`: SP4N lets us list reports; `matching`: HUB_MATCHING; `mood`: the kind of day."""

    steps: tuple[Step, ...]
    lists: bool = True
    matching: bool = False
    mood: str = ""
